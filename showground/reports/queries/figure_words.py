"""Published figures as the page tells them: tables in words, and the drawings made from the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import pgettext

from showground.reports.queries import clocks, harms
from showground.reports.queries.figures import HIDDEN
from showground.rules.harms import HARMS
from showground.ui import plots, typeset
from showground.weeks.queries import said

WORDS: dict[str, str] = {
    "web": n_("Web page"),
    "share": n_("Shared from a phone"),
    "mail": n_("Mail"),
    "kiosk": n_("Booth"),
    "phone": n_("Phone"),
    "paper": n_("Paper"),
    "partner": n_("A partner’s program"),
    "site": n_("A work on this site"),
    "en": "English",
    "zh-hans": "中文",
    "received": n_("Not read yet"),
    "screened": n_("Read, without a case"),
    "clustered": n_("Part of a case"),
    "rejected_spam": n_("Junk"),
    "out_of_scope": n_("Not ours; told where to go"),
    "withdrawn": n_("Taken back"),
    "1": n_("One report"),
    "2-4": n_("2 to 4 reports"),
    "5-9": n_("5 to 9 reports"),
    "10+": n_("10 reports or more"),
    "refer": n_("Passed on to those who can act"),
    "warn_public": n_("Warned everybody"),
    "act_here": n_("Withheld on this site"),
    "lawful_no_action": n_("Lawful: no action"),
    "insufficient": n_("Not enough to act on"),
    "not_our_remit": n_("Not ours to decide"),
    "duplicate_of": n_("Decided in another case"),
    "unfounded": n_("No sign that it is so"),
    "acted": n_("Acted"),
    "partly": n_("Acted in part"),
    "refused": n_("Refused"),
    "already_gone": n_("Already gone"),
    "need_more": n_("Asked for more"),
    "acknowledged": n_("Received it"),
    "no_answer": n_("No answer"),
    "sent": n_("Not answered yet"),
    "corrected": n_("Corrected by us"),
    "relapsed": n_("Came back"),
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
    """A row of a table: its name and its figure, None where hidden."""

    name: str
    value: int | None


@dataclass(frozen=True)
class Table:
    """A table and, if it has anything to draw, its drawing: greatest first, hidden ones last; `none` names the rows of nothing."""

    lines: list[Line]
    total: int | None
    drawn: list[plots.Split]
    most: int
    finding: str
    none: str

    @property
    def hidden(self) -> bool:
        """True if a figure of it is hidden."""
        return self.total is None or any(line.value is None for line in self.lines)


def _value(cell: int | str) -> int | None:
    return None if cell == HIDDEN else int(cell)


def shown(cell: int | str | None) -> str:
    """Returns a cell as it is read."""
    return _("hidden") if cell in (None, HIDDEN) else typeset.number(int(cell))


def table(told: dict[str, Any], *, all_rows: bool = False) -> Table:
    """Returns a table in words, greatest first as the list has it; rows of nothing are left out unless they say something."""
    rows = [Line(word(name), _value(cell)) for name, cell in told["rows"] if all_rows or cell != 0]
    known = sorted((line for line in rows if line.value), key=lambda line: -(line.value or 0))
    dark = [plots.Split(line.name, (), shown(None)) for line in rows if line.value is None]
    drawn = [plots.Split(line.name, (float(line.value or 0),), shown(line.value)) for line in known] + dark
    finding = _("Nothing to draw.")
    if known:
        finding = _("%(name)s: %(value)s, the most.") % {"name": known[0].name, "value": shown(known[0].value)}
    none = pgettext("between kinds", "; ").join(line.name for line in rows if line.value == 0)
    return Table(rows, _value(told["total"]), drawn if len(known) > 1 else [], top(known[0].value if known else 0), finding, none)


def top(most: int | None) -> int:
    """Returns the end of an axis in quarters: whole numbers at each, the last at least `most`."""
    quarter = -(-(most or 1) // 4)
    power = 10 ** max(0, len(str(quarter)) - 1)
    return 4 * next(
        int(step * power) for step in (1, 1.5, 2, 2.5, 3, 4, 5, 10) if step * power >= quarter and step * power % 1 == 0
    )


def by_week(weeks: Iterable[tuple[int, dict[str, Any]]], now: int) -> list[plots.Bar]:
    """Returns what came in, a bar for each (first day, figures), in the order given; `now` is the first day of the page's own."""
    told = ((since, figures["received"]["category"]["total"]) for since, figures in weeks)
    return [plots.Bar(typeset.day_short(since, UTC), _value(total), since == now) for since, total in told]


def times(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns how fast things went, a row each: how many, the middle one, nine of ten."""
    found = []
    for kind in ("first_look", "decision", "takedown", "appeal", "pauses"):
        row = told[kind]
        found.append(
            {
                "name": word(kind),
                "count": _value(row["count"]),
                "median": _length(row["median"]),
                "p90": _length(row["p90"]),
                "promised": promised(kind),
            }
        )
    return found


def promised(kind: str) -> str:
    """Returns how long a step may take, "" where nothing is promised."""
    if kind == "first_look":
        hours = sorted({harm.look_hours for harm in HARMS})
        return _("%(least)s to %(most)s hours, by kind of harm") % {"least": hours[0], "most": hours[-1]}
    return {"decision": typeset.duration(clocks.DECISION), "appeal": typeset.duration(clocks.APPEAL)}.get(kind, "")


def _length(cell: int | str) -> str:
    return "" if cell == HIDDEN else typeset.duration(int(cell))


def referrals(told: dict[str, Any]) -> dict[str, Any]:
    """Returns the table of referrals: heads, a row for each partner, the totals."""
    rows = [(said(name), [_value(cell) for cell in cells], _value(total)) for _code, name, cells, total in told["partners"]]
    totals = [_value(cell) for cell in told["totals"]]
    return {"heads": [word(answer) for answer in told["answers"]], "rows": rows, "totals": totals, "total": _value(told["total"])}


def page(figures: dict[str, Any]) -> dict[str, Any]:
    """Returns everything the page of one period says."""
    received, decisions, cases = figures["received"], figures["decisions"], figures["cases"]
    junk = dict((name, cell) for name, cell in received["state"]["rows"])["rejected_spam"]
    lawful = dict((name, cell) for name, cell in decisions["outcome"]["rows"])["lawful_no_action"]
    return {
        "received": _value(received["category"]["total"]),
        "junk": _value(junk),
        "cases": _value(cases["category"]["total"]),
        "decided": _value(decisions["outcome"]["total"]),
        "lawful": _value(lawful),
        "by_category": table(received["category"], all_rows=True),
        "by_channel": table(received["channel"]),
        "by_language": table(received["language"]),
        "by_state": table(received["state"]),
        "by_size": table(cases["reports_in_one"]),
        "outcomes": table(decisions["outcome"], all_rows=True),
        "public_cases": _value(cases["by_public_bodies"]),
        "public_decisions": _value(decisions["about_public_bodies"]),
        "doubts": _value(decisions["perhaps_lawful_speech"]),
        "restored": _value(decisions.get("restored_here", 0)),  # figures of before it was counted do not have it
        "referrals": referrals(figures["referrals"]),
        "times": times(figures["times"]),
        "met_late": _value(figures["times"]["met_late"]),
        "lodged": table(figures["appeals"]["lodged"], all_rows=True),
        "appeals": table(figures["appeals"]["outcome"], all_rows=True),
        "openings": figures["openings"],
        "deletions": {name: _value(cell) for name, cell in figures["deletions"].items()},
        "log": figures["log"],
    }
