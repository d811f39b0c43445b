"""The matter of a case, for its page: the evidence in words, why the reports are one thing, what is asked of the reporter."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import get_language_info, ngettext, pgettext
from django.utils.translation import gettext as _

from showground.reports.forms import officer as words
from showground.reports.models import Case, CaseLink, Report
from showground.reports.queries import case as queries
from showground.reports.queries.harms import shown
from showground.reports.staff import evidence
from showground.reports.staff.frame import DeskRequest
from showground.ui import typeset
from showground.ui.plots import Bar

LISTED = 60
DAYS_DRAWN = 21


def spoken(report: Report | None) -> str:
    """Returns the name of the language that a report is written in, in the reader's language; its code where it has none."""
    if report is None:
        return ""
    try:
        return str(get_language_info(report.language)["name_translated"])
    except KeyError:
        return report.language


def seen(one: queries.Opened | None) -> dict[str, Any]:
    """Returns the evidence of an open report: its words, files, pixels, where links lead, what else is named."""
    if one is None or one.shut:
        return {}
    readings = [one.told, *(file.told for file in one.files)]
    files = [evidence.file(file) for file in one.files]
    return {
        "words": evidence.text(one.words),
        "files": files,
        "pictures": sum(len(file["copies"]) for file in files),
        "links": evidence.where_links_lead(readings),
        "things": evidence.said_things(one),
    }


def templates(current: Report | None) -> list[dict[str, Any]]:
    """Returns the messages that officers send often, in the language of the report."""
    zh = current is not None and current.language.startswith("zh")
    return [{"code": one.code, "name": one.name, "words": one.zh if zh else one.en, "asks": one.asks} for one in words.TEMPLATES]


def cluster(case: Case, reports: list[Report], current: Report | None, request: DeskRequest) -> dict[str, Any]:
    """Returns the reports of a case with why each is in it, how they came day by day, and what else may belong to it."""
    standing: dict[int, CaseLink] = {}
    for one in CaseLink.objects.filter(report__in=reports, suggested=False, undone_at=None).select_related("by").order_by("pk"):
        standing[one.report_id] = one
    days = Counter(report.received_at // 86400 for report in reports)
    return {
        "rows": [_row(report, standing.get(report.pk), current) for report in listed(reports, current)],
        "more": max(0, len(reports) - LISTED),
        "bars": _bars(days, current),
        "spread": _spread(reports, len(days)),
        "suggested": [
            {"link": one, "why": words.rule_words(one.rule), "name": shown(one.case.category).name, "state": words.STATES[one.case.state]}
            for one in queries.suggestions(case, request.user)
        ],
    }  # fmt: skip


def listed(reports: list[Report], current: Report | None) -> list[Report]:
    """Returns the reports that the table has: the first ones, and the open one wherever it stands."""
    first = reports[:LISTED]
    return first if current is None or current in first else [*first[:-1], current]


def _row(report: Report, link: CaseLink | None, current: Report | None) -> dict[str, Any]:
    return {
        "report": report,
        "link": link,
        "why": words.rule_words(link.rule) if link else "",
        "undoable": link is not None and link.rule not in {"first", "apart"},
        "channel": words.CHANNELS[report.channel],
        "now": current is not None and report.pk == current.pk,
    }


def _bars(days: Counter[int], current: Report | None) -> list[Bar]:
    first, last = (min(days), max(days)) if days else (0, 0)
    here = current.received_at // 86400 if current else 0
    span = range(max(first, last - DAYS_DRAWN + 1), last + 1)
    if len(span) < 2:
        return []
    return [Bar(typeset.day_short(day * 86400 + 43200), days.get(day, 0), day == here) for day in span]


def _spread(reports: list[Report], days: int) -> str:
    """Returns how many reports there are, over how many days and channels."""
    count, channels = len(reports), len({report.channel for report in reports})
    parts = [ngettext("%(shown)s report", "%(shown)s reports", count) % {"shown": typeset.number(count)}]
    parts += [_("%(days)s days") % {"days": days}] if days > 1 else []
    parts += [_("%(channels)s channels") % {"channels": channels}] if channels > 1 else []
    return pgettext("between values", ", ").join([*parts, _("names hidden")])
