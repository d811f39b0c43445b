"""The words of the queue: its views and lines, which of them a page shows, what the last act did and its way back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from showground.reports.forms.officer import CHANNELS, STATE_MARKS, STATES
from showground.reports.queries import queue
from showground.reports.queries.harms import shown
from showground.reports.queries.unsent import Unsent
from showground.reports.staff.frame import DeskRequest
from showground.ui import typeset
from showground.ui.templatetags.sentence import gap
from showground.weeks.queries import said as in_words


def severity(level: int) -> str:
    """Returns a severity in a word."""
    return {1: _("slight"), 2: _("moderate"), 3: _("severe"), 4: _("grave"), 5: _("gravest")}[level]


def views(counts: dict[str, int], now: str) -> list[dict[str, Any]]:
    """Returns the views of the queue with their counts."""
    names = {
        "open": _("All open"), "mine": _("Mine"), "free": _("Not assigned"), "read": _("To read as second"), "wait": _("Waiting for reporters"),
        "unproved": _("Unverified"), "decided": pgettext("cases", "Decided"), "closed": _("Closed"),
    }  # fmt: skip
    return [{"key": key, "name": names[key], "count": counts.get(key), "now": key == now} for key in queue.VIEWS]


def unsent_said(parts: list[Unsent]) -> list[dict[str, Any]]:
    """Returns the notices that have not gone, with their partners by name."""
    return [
        {
            "state": part.state,
            "count": part.count,
            "rows": [{"row": row, "partner": in_words(row.partner.name) or row.partner.code} for row in part.rows],
            "more": part.count - len(part.rows),
        }
        for part in parts
    ]


def line(row: queue.Row) -> dict[str, Any]:
    """Returns one line of the queue in words."""
    case = row.case
    return {
        "row": row,
        "case": case,
        "name": shown(case.category).name,
        "severity": severity(case.severity),
        "state": STATES[case.state],
        "mark": STATE_MARKS[case.state],
        "count": _count(row),
        "channels": pgettext("between hosts", ", ").join(str(CHANNELS[name]) for name in row.channels),
    }


def _count(row: queue.Row) -> str:
    """How many reports, and over how many days if over more than one."""
    said = [ngettext("%(shown)s report", "%(shown)s reports", row.reports) % {"shown": typeset.number(row.reports)}]
    if row.days > 1:
        said.append(_("%(days)s days") % {"days": row.days})
    return pgettext("between values", ", ").join(said)


def pages(asked: queue.Asked, count: int) -> dict[str, Any]:
    """Returns which lines of how many this page shows, and the addresses of those before and after."""
    first, last = queue.SHOWN * (asked.page - 1) + 1, min(queue.SHOWN * asked.page, count)

    def at(page: int) -> str:
        return "?" + urlencode({"view": asked.view, **({"category": asked.category} if asked.category else {}), "page": page})

    return {
        "first": first,
        "last": last,
        "before": at(asked.page - 1) if asked.page > 1 else "",
        "after": at(asked.page + 1) if last < count else "",
    }


def way_back(request: DeskRequest) -> dict[str, Any] | None:
    """Returns what the button “Undo” sends, and where: {"to", "fields"}; None where nothing is to be undone."""
    told, week = request.GET, request.week.code
    here = {name: told[name] for name in ("view", "category", "page") if name in told}
    if "was" in told:
        here["view"] = told["was"]
    numbers = [one for one in told.get("undo", "").split(",") if one.isalnum()][: queue.SHOWN]
    if numbers and "taken" in told:
        return {
            "to": reverse("reports:many", args=[week]),
            "fields": [("do", "give_back"), *(("case", one) for one in numbers), *here.items()],
        }
    if numbers and "spam" in told:
        return {"to": reverse("reports:take_back", args=[week]), "fields": [("numbers", ",".join(numbers)), *here.items()]}
    if told.get("folded", "0") != "0" and told.get("into", "").isalnum() and told.get("when", "").isdecimal():
        return {
            "to": reverse("reports:take_back", args=[week]),
            "fields": [("into", told["into"]), ("when", told["when"]), *here.items()],
        }
    return None


DONE = ("read", "joined", "left", "spam", "back", "folded", "taken", "given", "apart", "aside", "none")


def did(told: QueryDict) -> str:
    """Returns what the last act did, from the counts in the address; "" without one."""
    counts = {name: int(value) for name in DONE if (value := told.get(name, "")).isdecimal() and len(value) < 10}
    if "read" in counts:
        return _taken_in(counts)
    return next((_counted(name, count) for name, count in counts.items() if name not in {"joined", "left"}), "")


def _taken_in(counts: dict[str, int]) -> str:
    read, joined, left = counts["read"], counts.get("joined", 0), counts.get("left", 0)
    said = [
        ngettext("%(count)d report taken in.", "%(count)d reports taken in.", read) % {"count": read},
        ngettext("%(count)d of them joined a case.", "%(count)d of them joined cases that were there.", joined) % {"count": joined},
        ngettext("%(count)d still waits: take in once more.", "%(count)d still wait: take in once more.", left) % {"count": left},
    ]
    return gap().join(one for one, there in zip(said, (True, joined, left), strict=True) if there)


def _counted(name: str, count: int) -> str:
    sentences = {
        "spam": ngettext(
            "%(count)d report rejected. It is kept for 14 days.", "%(count)d reports rejected. They are kept for 14 days.", count
        ),
        "back": ngettext("%(count)d report is back.", "%(count)d reports are back.", count),
        "folded": ngettext(
            "%(count)d report folded into one case; each link can be undone there.",
            "%(count)d reports folded into one case; each link can be undone there.",
            count,
        ),
        "taken": ngettext("%(count)d case is yours and in work.", "%(count)d cases are yours and in work.", count),
        "given": ngettext("%(count)d case waits in the queue again.", "%(count)d cases wait in the queue again.", count),
        "apart": ngettext("%(count)d report is in its own case again.", "%(count)d reports are in their own cases again.", count),
        "aside": _("You stay out of that case: no page shows it to you any more, and somebody else takes it up."),
        "none": _("No case is left to take up: yours wait for others, and none is free."),
    }
    return sentences[name] % {"count": count}
