"""What can be known about a draw: everything here is read from the published log, as anybody could."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.ledger import queries as ledger
from showground.quiz.models import Claim, Draw, Quiz, Sitting
from showground.quiz.queries.sittings import secret_sha256, typed
from showground.rules import draws
from showground.rules.quiz_rules import prize_words
from showground.rules.quizzes import DrawState, QuizState
from showground.weeks.models import Week
from showground.weeks.queries import said as in_words

RULES = (
    ("prizes", n_("Prizes")), ("number", n_("How many")), ("worth", n_("What they are worth")), ("entry", n_("How to take part")),
    ("conditions", n_("Conditions")), ("draw_time", n_("When winners are drawn")), ("draw_method", n_("How winners are drawn")),
    ("claim_time", n_("Time to claim")), ("claim_conditions", n_("What a claim needs")), ("delivery", n_("How prizes are handed over")),
    ("waiver", n_("When a prize is given up")),
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What became of an entry: `word` is unknown, coming, failed, struck, ticket, pool, won, alternate or not_drawn."""

    word: str
    entry: int = 0
    position: int = 0
    prize: str = ""
    claim: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Pick:
    """A drawn ticket as the page lists it; `rank` counts from 1 in the order drawn, over winners and alternates."""

    rank: int
    position: int
    entry: int
    prize: str
    claim: str


@dataclass(frozen=True)
class Step:
    """A published record that made chance: its index, its content, and when witnesses had it."""

    index: int
    record: dict[str, Any]
    witnessed_at: int | None


@dataclass(frozen=True)
class Standing:
    """A draw as its page shows it, as far as it has come."""

    draw: Draw
    quiz: Quiz
    rules: dict[str, Any]
    stage: str  # open, closed, frozen, sealed (seeds in), opened, drawn
    attempts: int = 0
    tickets: int = 0
    struck: dict[int, str] = field(default_factory=dict)
    closed: Step | None = None
    frozen: Step | None = None
    commits: list[Step] = field(default_factory=list)
    opened: list[Step] = field(default_factory=list)
    beacon: Step | None = None
    result: Step | None = None
    revealed: Step | None = None
    winners: list[Pick] = field(default_factory=list)
    alternates: list[Pick] = field(default_factory=list)


def draw_or_404(week: Week, code: str) -> Draw:
    """Returns the draw with this code, of a quiz that is announced."""
    found = Draw.objects.filter(quiz__week=week, code=code).exclude(quiz__state=Quiz.State.DRAFT).select_related("quiz__week")
    draw = found.first()
    if draw is None:
        raise Http404(code)
    return draw


def states(draw: Draw) -> tuple[QuizState | None, DrawState | None]:
    """Returns what the published log says of a draw and its quiz."""
    log = ledger.chronicle(draw.quiz.week.origin)
    return log.quizzes.get(draw.quiz.code), log.draws.get(draw.code)


def _step(origin: str, found: tuple[int, dict[str, Any]] | None) -> Step | None:
    if found is None:
        return None
    head = ledger.covering(origin, found[0])
    return Step(found[0], found[1], head.witnessed_at if head else None)


def _stage(quiz: QuizState, draw: DrawState) -> str:
    if draw.result is not None:
        return "drawn"
    if draw.opened:
        return "opened"
    if draw.commits:
        return "sealed"
    if draw.frozen is not None:
        return "frozen"
    return "closed" if quiz.closed is not None else "open"


def _picks(draw: DrawState) -> tuple[list[Pick], list[Pick]]:
    if draw.result is None:
        return [], []
    words, said = prize_words(draw.rules), draw.result[1]

    def pick(rank: int, position: int, prize: str) -> Pick:
        claim, held = draw.claims.get(position, ("", prize))
        return Pick(rank, position, draw.tickets[position - 1], held, claim)

    winners = [pick(rank, p, words[rank - 1]) for rank, p in enumerate(said["winners"], 1)]
    alternates = [pick(rank, p, "") for rank, p in enumerate(said["alternates"], len(winners) + 1)]
    return winners, alternates


def standing(draw: Draw) -> Standing:
    """Returns how far a draw has come, with the records that made it."""
    quiz, state, origin = *states(draw), draw.quiz.week.origin
    if quiz is None or state is None:
        return Standing(draw, draw.quiz, draw.quiz.rules, "open")
    winners, alternates = _picks(state)
    parties = sorted(state.commits)
    closed = (quiz.closed, ledger.record_at(origin, quiz.closed) or {}) if quiz.closed is not None else None
    return Standing(
        draw,
        draw.quiz,
        quiz.rules,
        _stage(quiz, state),
        attempts=quiz.attempts,
        tickets=state.frozen[1]["count"] if state.frozen else len(quiz.passed) - len(quiz.struck),
        struck=dict(quiz.struck),
        closed=_step(origin, closed),
        frozen=_step(origin, state.frozen),
        commits=[step for party in parties if (step := _step(origin, state.commits[party]))],
        opened=[step for party in sorted(state.opened) if (step := _step(origin, state.opened[party]))],
        beacon=_step(origin, state.beacon),
        result=_step(origin, state.result),
        revealed=_step(origin, quiz.revealed),
        winners=winners,
        alternates=alternates,
    )


def tickets_so_far(draw: Draw) -> int:
    """Returns how many tickets the published log holds."""
    quiz, _state = states(draw)
    return len(quiz.passed) - len(quiz.struck) if quiz else 0


def fate(draw: Draw, entry: int) -> Fate:
    """Returns what became of the entry with this number."""
    quiz, state = states(draw)
    if quiz is None or state is None or not _is_attempt(draw, entry):
        return Fate("unknown", entry)
    if not quiz.has_passed(entry):
        return Fate("failed", entry)
    if entry in quiz.struck:
        return Fate("struck", entry, reason=quiz.struck[entry])
    if state.frozen is None:
        return Fate("ticket", entry)
    position = state.tickets.index(entry) + 1
    if state.result is None:
        return Fate("pool", entry, position)
    return _drawn(state, entry, position)


def _is_attempt(draw: Draw, entry: int) -> bool:
    record = ledger.record_at(draw.quiz.week.origin, entry)
    return record is not None and record["type"] == "quiz.attempt" and record["quiz"] == draw.quiz.code


def _drawn(state: DrawState, entry: int, position: int) -> Fate:
    winners, alternates = _picks(state)
    for word, picks in (("won", winners), ("alternate", alternates)):
        for pick in picks:
            if pick.position == position:
                return Fate("won" if pick.claim and word == "alternate" else word, entry, position, pick.prize, pick.claim)
    return Fate("not_drawn", entry, position)


def entry_of_secret(draw: Draw, secret: str) -> Sitting | None:
    """Returns the submitted sitting whose receipt carries this secret."""
    claim = secret_sha256(typed(secret))
    return Sitting.objects.filter(quiz=draw.quiz, claim_sha256=claim).select_related("minute", "quiz__week").first()


def claim_of_secret(draw: Draw, secret: str) -> Claim | None:
    """Returns the drawn ticket that a secret belongs to."""
    sitting = entry_of_secret(draw, secret)
    if sitting is None or sitting.minute is None or sitting.minute.index is None:
        return None
    return Claim.objects.filter(draw=draw, ticket=sitting.minute.index).select_related("draw__quiz__week").first()


def prize_of(rules: dict[str, Any], word: str) -> dict[str, Any]:
    """Returns the prize of a draw's rules with this word."""
    return next((dict(prize) for prize in rules["draw"]["prizes"] if prize["prize"] == word), {})


def rule_rows(rules: dict[str, Any]) -> list[tuple[str, str]]:
    """Returns what the rules of a promotion say, each field with its name, in the reader's language."""
    return [(_(name), in_words(rules["promotion"][key])) for key, name in RULES]


def prize_rows(rules: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the prizes of a draw with their names in the reader's language."""
    return [{**prize, "said": in_words(prize["name"])} for prize in rules["draw"]["prizes"]]


def chance_time(rules: dict[str, Any]) -> int:
    """Returns when chance speaks at the earliest: the time of the beacon's round, or of the throws."""
    beacon = rules["draw"]["beacon"]
    if beacon["kind"] == "dice":
        return int(rules["draw"]["draws_at"])
    return draws.time_of_round(beacon, draws.round_at(rules))


def waiting(quiz: Quiz) -> bool:
    """Tells whether a record of this quiz is still on its way into the published log."""
    return ledger.on_its_way(quiz.week.origin, "quiz.", "quiz", quiz.code)


def said(origin: str, kind: str, field_name: str, code: str) -> bool:
    """Tells whether the site has written a record of this kind about one quiz or draw."""
    return ledger.written_of(origin, kind, field_name, code)
