"""What a hosted round is doing, what its screens may know, and how the room answered once a question is closed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.http import Http404

from showground.quiz.models import Player, PoolItem, Quiz, Round
from showground.quiz.queries.shown import Said, Shown, said, shown, told
from showground.quiz.queries.sittings import token_hash
from showground.rules import answers
from showground.rules.answers import Answer
from showground.rules.questions import Question, Text, cues
from showground.weeks.models import Week

# None is taken for another (0 O Q, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V), and without vowels no words come out.
SIGNS = "34679CDFHJKMNPRTWXY"
LENGTH = 6
LASTS = 12 * 3600
FIT = ("single", "multiple", "true_false", "phish", "short", "numeric")
CHOICES = ("single", "multiple", "true_false")
TAGS = {"en": "en", "zh": "zh-Hans"}


# ---- rounds ----


def typed_code(text: str) -> str:
    """Returns a code as it was typed: capitals, narrow letters, nothing between them."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in narrow if sign.isalnum())[:LENGTH]


def by_code(code: str) -> Round | None:
    """Returns the round with this code."""
    return Round.objects.filter(join=typed_code(code)).select_related("quiz__week").first()


def hosted_or_404(week: Week, code: str) -> Round:
    """Returns the round of a week with this code."""
    found = by_code(code)
    if found is None or found.quiz.week_id != week.pk:
        raise Http404(code)
    found.quiz.week = week
    return found


def run_out(round_: Round, now: int) -> bool:
    """Tells whether a round has lasted twelve hours, after which nobody continues it."""
    return now >= round_.started_at + LASTS


def over(round_: Round, now: int) -> bool:
    """Tells whether a round is over, by its host or by its time."""
    return round_.stage == Round.Stage.OVER or run_out(round_, now)


def _where(stage: str, place: int, started_at: int, now: int) -> str:
    if now >= started_at + LASTS:
        return "over"
    return f"{stage}-{place + 1}" if stage in {"asking", "showing"} else stage


def where(round_: Round, now: int) -> str:
    """Returns the state of a round in a word that screens compare: lobby, asking-3, showing-3 or over."""
    return _where(round_.stage, round_.place, round_.started_at, now)


def glance(code: str, now: int) -> str:
    """Returns the state of the round with this code, by one read of one row; "gone" if there is none."""
    row = Round.objects.filter(join=code).values_list("stage", "place", "started_at").first()
    return _where(*row, now) if row else "gone"


def running(week: Week, now: int) -> list[Round]:
    """Returns the rounds of a week that have not run out, the newest first."""
    found = Round.objects.filter(quiz__week=week, started_at__gt=now - LASTS).exclude(stage=Round.Stage.OVER)
    return list(found.select_related("quiz").order_by("-pk"))


def hostable(week: Week, now: int) -> list[Quiz]:
    """Returns the quizzes of a week that a round can be made of now."""
    found = Quiz.objects.filter(week=week, kind=Quiz.Kind.CLASSROOM, state=Quiz.State.ANNOUNCED, closes__gt=now)
    return list(found.order_by("opens", "code"))


def fitting(quiz: Quiz) -> list[str]:
    """Returns the codes of a quiz's questions that suit a room, sorted; matching, ordering and gaps do not."""
    found = PoolItem.objects.filter(quiz=quiz).order_by("code").values_list("code", "version__document")
    return [code for code, document in found if document["kind"] in FIT]


def left_out(quiz: Quiz) -> int:
    """Returns how many questions of a quiz no round asks."""
    return quiz.pool.count() - len(fitting(quiz))


def questions(round_: Round) -> list[Question]:
    """Returns the questions of a round in their order."""
    found = PoolItem.objects.filter(quiz_id=round_.quiz_id, code__in=round_.items).values_list("code", "version__document")
    by_name = dict(found)
    return [dict(by_name[code]) for code in round_.items]


def question(round_: Round) -> Question:
    """Returns the question that is asked or shown."""
    found = PoolItem.objects.filter(quiz_id=round_.quiz_id, code=round_.items[round_.place]).order_by()
    return dict(found.values_list("version__document", flat=True)[0])


# ---- phones ----


def player_of(round_: Round, token: str) -> Player | None:
    """Returns the phone that holds this token."""
    return Player.objects.filter(round=round_, token_sha256=token_hash(token)).first() if token else None


def joined(round_: Round) -> int:
    """Returns how many phones are in a round."""
    return Player.objects.filter(round=round_).count()


def answered(round_: Round) -> int:
    """Returns how many phones have answered the question that is asked."""
    return Player.objects.filter(round=round_, answers__has_key=round_.items[round_.place]).count()


def given(round_: Round, code: str) -> list[Answer]:
    """Returns the room's answers to a question."""
    rows = Player.objects.filter(round=round_, answers__has_key=code).values_list("answers", flat=True)
    return [answer[code] for answer in rows]


# ---- what the host's screen shows ----


def texts(text: Text | None, languages: Sequence[str]) -> list[Said]:
    """Returns a text in the languages of the screen ("en", "zh"), the page's own first; what is missing or the same is left out."""
    found = [said(text, languages[0])]
    for language in languages[1:]:
        other = Said((text or {}).get(language, ""))
        other.lang = TAGS[language]
        if other and other != found[0]:
            found.append(other)
    return [one for one in found if one]


def screen(question: Question, seed: str, languages: Sequence[str], room: list[Answer] | None = None) -> Shown:
    """Returns a question for the host's screen: without the key while it is asked; with it and the room's answers (`room`) after."""
    own = languages[0]
    found = shown(question, seed, {}, own) if room is None else told(question, seed, {}, own)
    found["words"] = texts(question["text"], languages)
    if question["kind"] in CHOICES:
        _say_options(found, answers.slots(question, seed), languages, key=room is not None)
    if question["kind"] == "phish":
        _say_lines(found, question, languages, key=room is not None)
    if room is not None:
        found["because"] = texts(question.get("explanation") or question.get("feedback"), languages)
        _count(found, question, seed, room)
    return found


def _say_options(found: Shown, options: list[dict[str, Any]], languages: Sequence[str], *, key: bool) -> None:
    for option, source in zip(found["options"], options, strict=True):
        option["words"] = texts(source["text"], languages)
        if key:
            option["whys"] = texts(source.get("why"), languages)


def _say_lines(found: Shown, question: Question, languages: Sequence[str], *, key: bool) -> None:
    for line, source in zip(found["lines"], question["lines"], strict=True):
        line["words"] = texts(source["text"], languages)
        if key:
            line["whys"] = texts(source.get("why"), languages)
            line["cue"] = source["key"] in cues(question)


def _share(count: int, of: int) -> dict[str, int]:
    return {"count": count, "percent": round(100 * count / of) if of else 0}


def _count(found: Shown, question: Question, seed: str, room: list[Answer]) -> None:
    """Counts by option, by verdict and line, or by worth: what people typed is not put on a wall."""
    of = len(room)
    found["room"] = of
    found["right_share"] = _share(sum(answers.score(question, answer, seed) == 1 for answer in room), of)
    for option in found.get("options", []):
        option |= _share(sum(option["slot"] in _slots(answer) for answer in room), of)
    if question["kind"] == "phish":
        found["verdicts"] = [
            {"key": key, "right": question["trick"] == (key == "trick"), **_share(sum(a["verdict"] == key for a in room), of)}
            for key in ("trick", "genuine")
        ]
        for line in found["lines"]:
            line |= _share(sum(line["place"] in answer["marks"] for answer in room), of)
    elif question["kind"] in {"short", "numeric"}:
        worth = [answers.score(question, answer, seed) for answer in room]
        sums = {"right": worth.count(1), "part": sum(0 < one < 1 for one in worth), "wrong": sum(one <= 0 for one in worth)}
        found["worths"] = [{"key": key, **_share(n, of)} for key, n in sums.items() if n or key != "part"]


def _slots(answer: Answer) -> list[int]:
    return [answer["choice"]] if "choice" in answer else list(answer.get("choices", []))


def summary(round_: Round, languages: Sequence[str]) -> list[Shown]:
    """Returns for every closed question how many of those who answered had it right; nobody is named, timed or ranked."""
    rows = []
    for number, one in enumerate(questions(round_)[: round_.closed], 1):
        room = given(round_, one["code"])
        right = sum(answers.score(one, answer, round_.seed) == 1 for answer in room)
        rows.append({"number": number, "words": texts(one["text"], languages), "room": len(room), **_share(right, len(room))})
    return rows


# ---- what a phone shows ----


def phone(round_: Round, player: Player, language: str) -> Shown:
    """Returns the question of the moment for a phone: the key only once the host has closed it."""
    one = question(round_)
    answer = player.answers.get(one["code"], {})
    make = shown if round_.stage == Round.Stage.ASKING else told
    return make(one, round_.seed, answer, language)


def own_rows(round_: Round, player: Player, language: str) -> list[Shown]:
    """Returns the closed questions as a phone answered them, with what was right."""
    asked = questions(round_)[: round_.closed]
    return [told(one, round_.seed, player.answers.get(one["code"], {}), language) for one in asked]
