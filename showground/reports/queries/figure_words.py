"""Published figures in words: blocks, each a table and what is drawn from the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import pgettext

from showground.reports.queries import clocks, harms
from showground.reports.queries.counting import OVER
from showground.rules.harms import HARMS
from showground.ui import plots, typeset

WORDS: dict[str, str] = {
    "online": n_("Online"),
    "mail": n_("By mail"),
    "staff": n_("Written down by staff: booth, phone, paper"),
    "partner": n_("From a partner’s program"),
    "en": "English",
    "zh-hans": "中文",
    "case": n_("Part of a case"),
    "no_case": n_("No case: not ours, or taken back"),
    "junk": n_("Junk"),
    "unread": n_("Not read yet"),
    "1": n_("One report"),
    "2+": n_("Several reports"),
    "refer": n_("Passed on to those who can act"),
    "warn_public": n_("Warned everybody"),
    "act_here": n_("Withheld on this site"),
    "lawful_no_action": n_("Lawful: no action"),
    "insufficient": n_("Not enough to act on"),
    "not_our_remit": n_("Not ours to decide"),
    "duplicate_of": n_("Decided in another case"),
    "unfounded": n_("No sign that it is so"),
    "refused": n_("Refused"),
    "corrected": n_("Corrected by us"),
    "done": n_("Something was done"),
    "open": n_("No answer, or none that ends it"),
    "reporter": n_("By those who reported"),
    "affected": n_("By those affected"),
    "upheld": n_("Decision stands"),
    "partly_reversed": n_("Changed in part"),
    "reversed": n_("Turned round"),
    "omitted": n_("Ended without a decision"),
    "first_look": n_("First look at a report"),
    "decision": n_("Decision of a case"),
    "takedown": n_("Gone after we told a partner"),
    "appeal": n_("Decision of an appeal"),
    "pauses": n_("Pauses, waiting for the reporter"),
}


def word(code: str) -> str:
    """Returns what a row is called; a harm by its own name."""
    if code in WORDS:
        return _(WORDS[code])
    try:
        return harms.shown(code).name
    except KeyError:
        return code


@dataclass(frozen=True)
class Line:
    """A row of a table: its name and its cells as they are read; "" where nothing is told."""

    name: str
    cells: list[str]


@dataclass(frozen=True)
class Block:
    """A table, and what is drawn from the same rows if there is anything to draw; `none` names the rows that tell nothing."""

    caption: str
    heads: list[str]
    lines: list[Line]
    foot: Line | None = None
    title: str = ""
    none: str = ""
    drawn: list[plots.Split] = field(default_factory=list)
    most: int = 0
    finding: str = ""
    bare: bool = False  # its heads are for those who do not see it

    @property
    def cells(self) -> list[tuple[Line, list[tuple[str, str]]]]:
        """Each line with its cells, each beside its head: a narrow page says it again."""
        return [(line, list(zip(self.heads[1:], line.cells, strict=True))) for line in self.lines]


def shown(value: int) -> str:
    """Returns a counted number as it is read: "" for nothing, for that may be a few who wait."""
    return typeset.number(value) if value else ""


def rows(told: dict[str, Any]) -> dict[str, int]:
    """Returns the rows of a table by name."""
    return {str(name): int(value) for name, value in told["rows"]}


def table(told: dict[str, Any], caption: str, head: str, *, title: str = "", draw: bool = False, names: Any = None) -> Block:
    """Returns a table in words; only a drawn one has lines for rows that tell nothing, the others name them under it."""
    named = [((names or {}).get(name) or word(name), value) for name, value in rows(told).items()]
    known = sorted((pair for pair in named if pair[1]), key=lambda pair: -pair[1])
    drawn = [plots.Split(name, (float(value),), shown(value)) for name, value in known] if draw and len(known) > 1 else []
    return Block(
        caption,
        [head, pgettext("how many", "Number")],
        [Line(name, [shown(value)]) for name, value in (named if drawn else known)],
        Line(_("Together"), [shown(told["total"])]),
        title,
        pgettext("between kinds", "; ").join(name for name, value in named if not value),
        drawn,
        top(known[0][1] if known else 0),
        _finding(known),
    )


def _finding(known: Sequence[tuple[str, int]]) -> str:
    if not known:
        return _("Nothing to draw.")
    return _("%(name)s: %(value)s, the most.") % {"name": known[0][0], "value": shown(known[0][1])}


def top(most: int | None) -> int:
    """Returns the end of an axis in quarters: whole numbers at each, the last at least `most`."""
    quarter = -(-(most or 1) // 4)
    power = 10 ** max(0, len(str(quarter)) - 1)
    return 4 * next(
        int(step * power) for step in (1, 1.5, 2, 2.5, 3, 4, 5, 10) if step * power >= quarter and step * power % 1 == 0
    )


def by_week(weeks: Iterable[tuple[int, dict[str, Any]]], now: int) -> list[plots.Bar]:
    """Returns what was counted, a bar for each (first day, figures), in the order given; `now` is the first day of the page's own."""
    told = ((since, int(figures["received"]["category"]["total"])) for since, figures in weeks)
    return [plots.Bar(typeset.day_short(since, UTC), total, since == now) for since, total in told]


# ---- how fast ----


def step(name: str) -> str:
    """Returns a step of time in words."""
    return _("Longer") if name == OVER else _("Within %(time)s") % {"time": typeset.duration(int(name))}


def within(told: dict[str, Any], percent: int) -> str:
    """Returns the step by whose end so many of a hundred were done: "4 hours", "more than 3 days"; "" where nothing is told."""
    so_far, ends = 0, [int(name) for name in rows(told) if name != OVER]
    for name, value in rows(told).items():
        so_far += value
        if value and so_far * 100 >= told["total"] * percent:
            if name == OVER:
                return _("more than %(time)s") % {"time": typeset.duration(ends[-1])}
            return typeset.duration(int(name))
    return ""


def promised(kind: str) -> str:
    """Returns how long a step may take, "" where nothing is promised."""
    if kind == "first_look":
        hours = sorted({harm.look_hours for harm in HARMS})
        return _("%(least)s to %(most)s hours, by kind of harm") % {"least": hours[0], "most": hours[-1]}
    return {"decision": typeset.duration(clocks.DECISION), "appeal": typeset.duration(clocks.APPEAL)}.get(kind, "")


def times(told: dict[str, Any]) -> Block:
    """Returns how fast things went, a line each: how many, half of them, nine of ten, and what is promised."""
    heads = [_("Step"), _("How many"), _("Half took at most"), _("Nine of ten took at most"), _("Promised")]
    lines = [
        Line(word(kind), [shown(told[kind]["total"]), within(told[kind], 50), within(told[kind], 90), promised(kind)])
        for kind in ("first_look", "decision", "takedown", "appeal", "pauses")
    ]
    return Block(_("How long things took"), heads, lines)


def looks(told: dict[str, Any]) -> Block:
    """Returns first looks by how long they took, in the order of time."""
    found = [(step(name), value) for name, value in rows(told["first_look"]).items()]
    most = max((value for _name, value in found), default=0)
    drawn = [plots.Split(name, (float(value),) if value else (), shown(value) or "–") for name, value in found]
    return Block(
        _("Reports by the time until somebody looked at them"), [_("Time"), pgettext("how many", "Number")],
        [Line(name, [shown(value)]) for name, value in found] if most else [], Line(_("Together"), [shown(told["first_look"]["total"])]),
        drawn=drawn if most else [], most=top(most),
        finding=_("Half within %(time)s.") % {"time": within(told["first_look"], 50)},
    )  # fmt: skip
