"""Published figures as Annex I of Implementing Regulation (EU) 2024/2835 wants them: CSV, header rows exactly as in the templates.

Parts 1, 3, 4, 7, 8 and 11; the others are for very large platforms or for own-initiative work, which this desk does not do. Rows
exist for the desk's own categories only (rules/harms.py). What the desk hides stays empty, with a word beside it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from showground.reports.models import FigureSnapshot
from showground.reports.queries.figures import HIDDEN
from showground.rules.harms import HARMS
from showground.rules.refused import Refused

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "annex.json"
PARTS: Final = ("1", "3", "4", "7", "8", "11")
TOTAL: Final = "TOTAL"
SMALL: Final = "hidden: fewer than five, or beside such a number"
HAND: Final = "No decision is taken, and no report is processed, by automated means alone."
Rows = list[list[str]]


@cache
def _templates() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def part(number: str, snapshot: FigureSnapshot, *, service: str) -> bytes:
    """Returns one part as CSV for a published period; refuses (`figures.part`) one the desk does not fill."""
    if number not in PARTS:
        raise Refused("figures.part", part=number[:10])
    template, make = _templates()[number], _MAKE[number]
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(template["header"])
    width = len(template["header"])
    sheet.writerows([*row, *[""] * (width - len(row))] for row in make(template.get("rows", []), snapshot, service))
    return out.getvalue().encode()


def _period(snapshot: FigureSnapshot) -> str:
    return f"{_day(snapshot.period_from)}/{_day(snapshot.period_to - 1)}"


def _cell(value: Any) -> str:
    return "" if value == HIDDEN else str(value)


def _why(value: Any) -> str:
    return SMALL if value == HIDDEN else ""


def _cells(told: dict[str, Any]) -> dict[str, Any]:
    return dict(told["rows"])


def _summary(rows: Rows, snapshot: FigureSnapshot, service: str) -> Rows:
    before = FigureSnapshot.objects.filter(period_to__lte=snapshot.period_from).order_by("-period_to").first()
    values = [
        service, _day(snapshot.published_at), _day(before.published_at) if before else "", _day(snapshot.period_from),
        _day(snapshot.period_to - 1),
    ]  # fmt: skip
    return [[who, service, indicator, value] for (who, indicator), value in zip(rows, values, strict=True)]


def _categories(snapshot: FigureSnapshot) -> list[tuple[str, str, Any]]:
    """The total, then each category of ours: (DSA code, words for "other", notices). A sum with a hidden part is hidden itself."""
    cells = _cells(snapshot.figures["received"]["category"])
    found: list[tuple[str, str, Any]] = [(TOTAL, "", snapshot.figures["received"]["category"]["total"])]
    for code in dict.fromkeys(harm.dsa for harm in HARMS):
        values = [cells[harm.code] for harm in HARMS if harm.dsa == code]
        found.append((code, "", HIDDEN if HIDDEN in values else sum(values)))
        for harm in HARMS:
            if harm.dsa == code:
                other = harm.code if "KEYWORD_OTHER" in harm.keywords else ""
                found.append((harm.keywords[0], other, cells[harm.code]))
    return found


def _orders(rows: Rows, snapshot: FigureSnapshot, service: str) -> Rows:
    """Orders of authorities: the desk acts on complaints and takes none; those for information are the openings of identities."""
    asked = [count for name, count in snapshot.figures["openings"]["reasons"] if name == "court_order"]
    told = [["All", service, _period(snapshot), TOTAL, "", TOTAL, "0", "0", "", "", str(sum(asked))]]
    for code, other, _value in _categories(snapshot)[1:]:
        told.append(["All", service, _period(snapshot), code, other, TOTAL, "0", "0", "", "", "0"])
    return told


def _notices(rows: Rows, snapshot: FigureSnapshot, service: str) -> Rows:
    acted = _cells(snapshot.figures["decisions"]["outcome"])["act_here"]
    median = snapshot.figures["times"]["decision"]["median"]
    told = []
    for code, other, value in _categories(snapshot):
        whole = code == TOTAL
        law, time = (acted if whole else ""), (_hours(median) if whole else "")
        row = ["All", service, _period(snapshot), code, other, _cell(value), "0", _cell(value), "0", time, "", _cell(law), "0"]
        row += ["0" if whole else "", "0", _why(value), "", _why(value), "", _why(median) if whole else "", "", _why(law)]
        told.append(row)
    return told


def _hours(seconds: Any) -> str:
    return "" if seconds == HIDDEN else f"{int(seconds) / 3600:.1f}"


_OUTCOMES: Final = {
    "Decisions upheld": "upheld", "Decisions partially reversed": "partly_reversed", "Decisions reversed": "reversed",
    "Decision omitted": "omitted",
}  # fmt: skip


def _complaints(rows: Rows, snapshot: FigureSnapshot, service: str) -> Rows:
    told, figures = [], snapshot.figures
    for who, section, indicator, scope in rows:
        value: Any = ""
        if indicator.startswith("Number of complaints submitted"):
            value = _complaint(figures, scope)
        elif section.startswith("Suspensions"):
            value = 0
        told.append([who, service, _period(snapshot), section, indicator, scope, _cell(value), _why(value)])
    return told


def _complaint(figures: dict[str, Any], scope: str) -> Any:
    if scope == "Total number":
        return figures["appeals"]["lodged"]["total"]
    if scope == "Median time":
        median = figures["times"]["appeal"]["median"]
        return HIDDEN if median == HIDDEN else _hours(median)
    return _cells(figures["appeals"]["outcome"])[_OUTCOMES[scope]]


def _automated(rows: Rows, snapshot: FigureSnapshot, service: str) -> Rows:
    """Nothing is decided by software: zeros, and no accuracy of a thing that is not there."""
    figures, told = snapshot.figures, []
    by_hand = {"Number of measures not taken by automated means": _cells(figures["decisions"]["outcome"])["act_here"],
               "Number of notices not processed by automated means": figures["received"]["category"]["total"]}  # fmt: skip
    for who, section, indicator, scope in rows:
        whole = scope.strip() in {"Total number", "NAM Total"}
        value: Any = "" if indicator.startswith("Accuracy") else by_hand.get(indicator.strip(), 0) if whole else 0
        told.append([who, service, _period(snapshot), section, indicator, scope, _cell(value), _why(value) or HAND])
    return told


def _words(rows: Rows, snapshot: FigureSnapshot, service: str) -> Rows:
    """The qualitative part: all that there is to say."""
    said = [
        "None: the desk looks at what is reported to it and at nothing else.",
        "None at the provider's own initiative. Each report is read by an officer; what acts on somebody is read by a second one.",
        "None. Reports of the same thing are grouped by matching addresses and texts; a person confirms or undoes each weak match.",
        "None are used to decide, so there is no rate of error to state.",
        "None.",
        "No code path of the desk can write an automated decision; the figures and all steps are committed to a public log.",
    ]
    return [[row[0], service, _period(snapshot), row[1], words] for row, words in zip(rows, said, strict=True)]


_MAKE: Final[dict[str, Callable[[Rows, FigureSnapshot, str], Rows]]] = {
    "1": _summary, "3": _orders, "4": _notices, "7": _complaints, "8": _automated, "11": _words,
}  # fmt: skip
