"""Published figures as Annex I of Implementing Regulation (EU) 2024/2835 wants them: CSV, header rows exactly as in the templates.

Parts 1, 3, 4, 7, 8 and 11; the others are for very large platforms or for own-initiative work, which this desk does not do. Rows
exist for the desk's own categories only (rules/harms.py). A row that counted nothing stays empty, with a word beside it: a few may wait.
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

from showground.reports.queries.counting import OVER, STEPS
from showground.reports.queries.figures import Told
from showground.rules.harms import HARMS
from showground.rules.refused import Refused

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "annex.json"
PARTS: Final = ("1", "3", "4", "7", "8", "11")
TOTAL: Final = "TOTAL"
SMALL: Final = "none, or fewer than five that wait until there are five"
HAND: Final = "No decision is taken, and no report is processed, by automated means alone."
Rows = list[list[str]]


@cache
def _templates() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def part(number: str, told: Told, *, service: str) -> bytes:
    """Returns one part as CSV for a published week or a sum of weeks; refuses (`figures.part`) one the desk does not fill."""
    if number not in PARTS:
        raise Refused("figures.part", part=number[:10])
    template, make = _templates()[number], _MAKE[number]
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(template["header"])
    width = len(template["header"])
    sheet.writerows([*row, *[""] * (width - len(row))] for row in make(template.get("rows", []), told, service))
    return out.getvalue().encode()


def _period(told: Told) -> str:
    return f"{_day(told.since)}/{_day(told.until - 1)}"


def _cell(value: int | str) -> str:
    return str(value or "")


def _why(value: int | str) -> str:
    return "" if value else SMALL


def _cells(table: dict[str, Any]) -> dict[str, int]:
    return {str(name): int(value) for name, value in table["rows"]}


def _summary(rows: Rows, told: Told, service: str) -> Rows:
    values = [
        service, _day(told.published_at), _day(told.before_at) if told.before_at else "", _day(told.since), _day(told.until - 1),
    ]  # fmt: skip
    return [[who, service, indicator, value] for (who, indicator), value in zip(rows, values, strict=True)]


def _categories(told: Told) -> list[tuple[str, str, int]]:
    """The total, then each category of ours: (DSA code, words for "other", notices)."""
    cells = _cells(told.figures["received"]["category"])
    found: list[tuple[str, str, int]] = [(TOTAL, "", told.figures["received"]["category"]["total"])]
    for code in dict.fromkeys(harm.dsa for harm in HARMS):
        found.append((code, "", sum(cells[harm.code] for harm in HARMS if harm.dsa == code)))
        for harm in HARMS:
            if harm.dsa == code:
                other = harm.code if "KEYWORD_OTHER" in harm.keywords else ""
                found.append((harm.keywords[0], other, cells[harm.code]))
    return found


def _orders(rows: Rows, told: Told, service: str) -> Rows:
    """Orders of authorities: the desk acts on complaints and takes none; those for information are the openings of identities."""
    asked = [count for name, count in told.figures["openings"]["reasons"] if name == "court_order"]
    found = [["All", service, _period(told), TOTAL, "", TOTAL, "0", "0", "", "", str(sum(asked))]]
    for code, other, _value in _categories(told)[1:]:
        found.append(["All", service, _period(told), code, other, TOTAL, "0", "0", "", "", "0"])
    return found


def _notices(rows: Rows, told: Told, service: str) -> Rows:
    acted = _cells(told.figures["decisions"]["outcome"])["act_here"]
    median = _median(told.figures["times"]["decision"], STEPS["decision"])
    found = []
    for code, other, value in _categories(told):
        whole = code == TOTAL
        law, time = (_cell(acted), median) if whole else ("", "")
        row = ["All", service, _period(told), code, other, _cell(value), "0", _cell(value), "0", time, "", law, "0"]
        row += ["0" if whole else "", "0", _why(value), "", _why(value), "", _upper(median) if whole else "", ""]
        found.append([*row, _why(acted) if whole else ""])
    return found


def _median(table: dict[str, Any], ends: tuple[int, ...]) -> str:
    """The upper end of the step that holds the middle one, in hours; "" where nothing is told, or it lies beyond the last step."""
    so_far = 0
    for name, value in _cells(table).items():
        so_far += value
        if value and so_far * 2 >= table["total"]:
            return "" if name == OVER else f"{int(name) / 3600:.1f}"
    return ""


def _upper(median: str) -> str:
    return "at most; times are counted by steps" if median else SMALL


_OUTCOMES: Final = {
    "Decisions upheld": "upheld", "Decisions partially reversed": "partly_reversed", "Decisions reversed": "reversed",
    "Decision omitted": "omitted",
}  # fmt: skip


def _complaints(rows: Rows, told: Told, service: str) -> Rows:
    found = []
    for who, section, indicator, scope in rows:
        value, why = "", ""
        if indicator.startswith("Number of complaints submitted"):
            value, why = _complaint(told.figures, scope)
        elif section.startswith("Suspensions"):
            value = "0"
        found.append([who, service, _period(told), section, indicator, scope, value, why])
    return found


def _complaint(figures: dict[str, Any], scope: str) -> tuple[str, str]:
    if scope == "Median time":
        median = _median(figures["times"]["appeal"], STEPS["appeal"])
        return median, _upper(median)
    ended = _cells(figures["appeals"]["outcome"])
    value = figures["appeals"]["lodged"]["total"] if scope == "Total number" else ended[_OUTCOMES[scope]]
    return _cell(value), _why(value)


def _automated(rows: Rows, told: Told, service: str) -> Rows:
    """Nothing is decided by software: zeros, and no accuracy of a thing that is not there."""
    figures, found = told.figures, []
    by_hand = {"Number of measures not taken by automated means": _cells(figures["decisions"]["outcome"])["act_here"],
               "Number of notices not processed by automated means": figures["received"]["category"]["total"]}  # fmt: skip
    for who, section, indicator, scope in rows:
        value, why = "" if indicator.startswith("Accuracy") else "0", HAND
        if indicator.strip() in by_hand and scope.strip() in {"Total number", "NAM Total"}:
            counted = by_hand[indicator.strip()]
            value, why = _cell(counted), _why(counted) or HAND
        found.append([who, service, _period(told), section, indicator, scope, value, why])
    return found


def _words(rows: Rows, told: Told, service: str) -> Rows:
    """The qualitative part: all that there is to say."""
    said = [
        "None: the desk looks at what is reported to it and at nothing else.",
        "None at the provider's own initiative. Each report is read by an officer; what acts on somebody is read by a second one.",
        "None. Reports of the same thing are grouped by matching addresses and texts; a person confirms or undoes each weak match.",
        "None are used to decide, so there is no rate of error to state.",
        "None.",
        "No code path of the desk can write an automated decision; the figures and all steps are committed to a public log.",
    ]
    return [[row[0], service, _period(told), row[1], words] for row, words in zip(rows, said, strict=True)]


_MAKE: Final[dict[str, Callable[[Rows, Told, str], Rows]]] = {
    "1": _summary, "3": _orders, "4": _notices, "7": _complaints, "8": _automated, "11": _words,
}  # fmt: skip
