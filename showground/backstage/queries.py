"""What waits for whom today."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from showground.awards.queries import result_of
from showground.entries.queries import states
from showground.jury.queries import panel
from showground.ledger.queries import chronicle, find_log, log_state, minutes, stuck, witnessed_size
from showground.weeks.models import Week


@dataclass(frozen=True)
class Step:
    """One step of the week's procedure: `state` is done, now or later; `act` names what the organiser can press."""

    key: str
    name: str
    said: str
    state: str
    act: str = ""


def rail(week: Week, duties: set[str]) -> list[dict[str, object]]:
    """Returns the rooms a person with these duties works in."""
    waiting = states(week)["submitted"]
    rooms = [
        ("desk", _("Today"), "backstage:today", None, {"organiser"}),
        ("panel", _("Jury panel"), "backstage:panel", None, {"organiser"}),
        ("screening", _("Screening"), "entries:screening", waiting, {"screener"}),
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


def trouble(week: Week) -> str:
    """Returns what holds the log up, or nothing."""
    held = stuck(week.origin)
    return f"{held.kind}: {held.refused}" if held else ""


def jurors(week: Week) -> list[dict[str, object]]:
    """Returns the panel for the organiser; no scores."""
    return panel(week)


def to_witness(week: Week) -> tuple[int, int]:
    """Returns how many records are published and how many of them are witnessed."""
    state = log_state(week.origin)
    return (state.size if state else 0, witnessed_size(week.origin))
