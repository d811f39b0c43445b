"""What waits for whom today."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from showground.awards.queries import result_of
from showground.entries.queries import states
from showground.exhibition.queries.rail import to_do as exhibition_waiting
from showground.jury.queries import panel
from showground.ledger.queries import chronicle, covering, find_log, log_state, minutes, stuck, witnessed_size
from showground.quiz.queries.rail import to_do as quiz_waiting
from showground.reports.queries.rail import to_do as desk_waiting
from showground.reports.queries.unsent import unsure as notices_unsure
from showground.weeks import queries as weeks
from showground.weeks.models import Week


@dataclass(frozen=True)
class Step:
    """One step of the week's procedure: `state` is done, now or later; `act` names what the organiser can press."""

    key: str
    name: str
    said: str
    state: str
    act: str = ""


def rail(week: Week, duties: set[str], now: int = 0) -> list[dict[str, object]]:
    """Returns the rooms a person with these duties works in."""
    waiting = states(week)["submitted"]
    rooms = [
        ("desk", _("Today"), "backstage:today", None, {"organiser"}),
        ("panel", _("Jury panel"), "backstage:panel", None, {"organiser"}),
        ("screening", _("Screening"), "entries:screening", waiting, {"screener"}),
        ("quiz", _("Quiz"), "quiz:bank", quiz_waiting(week) or None, {"organiser", "author"}),
        ("curator", _("Exhibition"), "exhibition:desk", exhibition_waiting(week) or None, {"organiser", "curator"}),
        ("reports", _("Report desk"), "reports:queue", desk_waiting(now)[0] or None if "officer" in duties else None, {"officer"}),
        ("identities", _("Sealed identities"), "reports:identities", None, {"custodian", "approver"}),
        ("jury", _("Score sheet"), "jury:desk", None, {"juror"}),
        ("notary", _("Notary"), "backstage:notary", None, {"notary"}),
    ]
    return [
        {"key": key, "name": name, "url": reverse(url, args=[week.code]), "count": count}
        for key, name, url, count, needed in rooms
        if needed & duties
    ]


def steps(week: Week, now: int) -> list[Step]:
    """Returns the procedure of the week in order, each step with where it stands."""
    log = chronicle(week.origin) if find_log(week.origin) else None
    written = {m.kind for m in minutes(week.origin)}
    counted = states(week)
    undecided = counted["submitted"]

    def step(key: str, name: str, said: str, done: bool, ready: bool, act: str = "") -> Step:
        return Step(key, name, said, "done" if done else "now" if ready else "later", act if ready and not done else "")

    frozen, opened = "ruleset.frozen" in written, "vote.opened" in written
    jury = "jury.appointed" in written
    closed = bool(log and log.vote_closed is not None)
    listed = bool(log and log.shortlist is not None)
    sheets = bool(log and log.jury_closed is not None)
    tally = bool(log and log.tally is not None)
    return [
        step(
            "freeze",
            _("Freeze the rule"),
            _("Votes and scores become awards by this rule and no other."),
            frozen,
            log is not None,
            "freeze",
        ),
        step("screen", _("Decide on every work"), _("%d waiting") % undecided, opened, counted["submitted"] > 0),
        step("jury", _("Appoint the jury"), _("Jurors stand in the log by number."), jury, frozen),
        step(
            "open",
            _("Close the list and open the vote"),
            _("The vote opens by itself at its hour."),
            opened,
            frozen and jury and not undecided,
            "open",
        ),
        step("vote", _("The vote"), _("The door closes it by itself."), closed, opened),
        step("shortlist", _("Shortlist"), _("Declared as a set once the close is witnessed."), listed, closed),
        step("sheets", _("Score sheets"), _("Sealed by the jurors, opened by the notary."), sheets, listed),
        step("count", _("Count"), _("Ballots and sheets are opened together and counted."), tally, sheets),
        step(
            "declare",
            _("Declare the result"),
            _("Prizes follow from the frozen rule."),
            result_of(week) is not None,
            tally,
            "declare",
        ),
    ]


def trouble(week: Week) -> dict[str, str]:
    """Returns what holds the log up ("kind", "refused"), or nothing."""
    held = stuck(week.origin)
    return {"kind": held.kind, "refused": held.refused} if held else {}


def jurors(week: Week) -> list[dict[str, object]]:
    """Returns the panel for the organiser, categories by name; no scores."""
    return [{**row, "categories": _named(week, row["categories"])} for row in panel(week)]


def _named(week: Week, categories: list[str]) -> list[str]:
    if not categories:
        return [_("all")]
    return [weeks.said(weeks.row(week, "categories", key)["name"]) for key in categories]


def to_witness(week: Week) -> tuple[int, int]:
    """Returns how many records are published and how many of them are witnessed."""
    state = log_state(week.origin)
    return (state.size if state else 0, witnessed_size(week.origin))


@dataclass(frozen=True)
class Wait:
    """One line of "who waits for whom": `due` in Unix seconds; `you` marks the organiser's own."""

    who: str
    what: str
    count: int
    due: int
    you: bool = False


def waits(week: Week, now: int) -> list[Wait]:
    """Returns what waits for whom, the organiser's own first."""
    published, witnessed = to_witness(week)
    rows = [
        Wait(_("You"), step.name, 1, week.vote_opens if step.act != "declare" else week.results_at, you=True)
        for step in steps(week, now)
        if step.act
    ]
    sitting = panel(week)
    if now < week.vote_opens:
        counted = states(week)
        rows.append(Wait(_("Screeners"), _("Works to decide on"), counted["submitted"], week.vote_opens))
        rows.append(Wait(_("Entrants"), _("Returned works to mend"), counted["returned"], week.vote_opens))
    if now < week.jury_closes:
        rows.append(Wait(_("Jurors"), _("Keys to make"), sum(not row["key"] for row in sitting), week.jury_closes))
    if week.vote_closes <= now < week.jury_closes:
        rows.append(Wait(_("Jurors"), _("Score sheets to seal"), sum(not row["sealed"] for row in sitting), week.jury_closes))
    rows.append(Wait(_("Notary"), _("Records to witness"), published - witnessed, now))
    rows.append(Wait(_("Officers"), _("Notices that have not left for certain"), notices_unsure(now), now))
    return [row for row in rows if row.count]


@dataclass(frozen=True)
class Gate:
    """One gate of the week: its record's index and when the first cosigned checkpoint held it, each None until then."""

    name: str
    due: int | None
    index: int | None
    witnessed_at: int | None


def gates(week: Week) -> list[Gate]:
    """Returns the gates of the week in order, as the published log tells them."""
    log = chronicle(week.origin)
    found = [
        (_("The list of works is closed"), None, log.entries_closed),
        (_("The vote opens"), week.vote_opens, log.vote_index),
        (_("The vote is closed"), week.vote_closes, log.vote_closed),
        (_("The shortlist is declared"), None, log.shortlist_index),
        (_("The jury’s deadline"), week.jury_closes, log.jury_closed),
        (_("The count is published"), None, log.tally[0] if log.tally else None),
        (_("The prizes are decided"), week.results_at, log.awards[-1][0] if log.awards else None),
    ]
    return [Gate(name, due, index, _witnessed_at(week, index)) for name, due, index in found]


def _witnessed_at(week: Week, index: int | None) -> int | None:
    head = covering(week.origin, index) if index is not None else None
    return head.witnessed_at if head else None


def statements(week: Week) -> list[dict[str, object]]:
    """Returns the notary's statements in the log: index, covers_size, text."""
    return [{"index": index, **record} for index, record in chronicle(week.origin).statements]


def keys(week: Week) -> list[dict[str, str]]:
    """Returns the keys that the log names: its own and the witness's from leaf 0, then those declared."""
    log = chronicle(week.origin)
    names = {"statement": _("Statements"), "escrow": _("Escrow")}
    declared = [(names.get(role) or _("Juror %s") % role.partition("/")[2], vkey) for role, vkey in log.keys.items()]
    return [{"name": name, "vkey": vkey} for name, vkey in [*((_("Log and witnesses"), v) for v in log.vkeys), *declared]]


def commands(week: Week, site_url: str) -> list[dict[str, str]]:
    """Returns the lines that the notary types, with what each does."""
    log = find_log(week.origin)
    lines = [
        (_("Once: make your three keys."), "init --name notary.example"),
        (_("Once: take on this log from its first record."), f"add-log --vkey {log.vkey if log else ''}"),
        (_("All week: cosign what the log publishes, if nothing in it was changed."), "run"),
        (
            _("After the jury’s deadline: open the sheets; after the prizes: sign the result."),
            f"open-sheets --site {site_url} --week {week.code}={week.origin}",
        ),
        (_("At any time: what was cosigned last, and any evidence of a fork."), "state"),
    ]
    return [{"said": said, "line": f"showground witness {line}"} for said, line in lines]
