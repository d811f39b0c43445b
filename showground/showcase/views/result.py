"""The result with its working, and how anyone can check it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.ledger import queries as ledger
from showground.showcase.queries.log import kept_bundle, kinds_of_records
from showground.showcase.queries.result import result_page, weights
from showground.ui.pages import page
from showground.ui.typeset import in_groups
from showground.voting.queries import count_of
from showground.weeks import queries as weeks


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def result(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the result and how each number came about, or when it will be there."""
    found, count = result_page(request.week), count_of(request.week)
    return page(
        request,
        "showcase/result.html",
        {
            "result": found,
            "count": count,
            "rule": request.week.document["rule"],
            "calendar": request.week,
            "phase": weeks.phase(request.week, request.now),
            "weights": weights(request.week.document["rule"]),
            "head": next(iter(ledger.checkpoints(request.week.origin, most=1)), None),
            "result_parts": in_groups(found["sha256"] if found else ""),
            "statements": (statements := ledger.chronicle(request.week.origin).statements if found else []),
            "statement_index": statements[-1][0] if statements else None,
            "others": found["others"] if found else [],
            "dropped": sorted(count.table["dropped"].items()) if count else [],
            "nav": "result",
        },
    )


def _key_name(name: str) -> str:
    if name.startswith("juror/"):
        return _("Juror %(number)s") % {"number": name.removeprefix("juror/")}
    return {"statement": _("The notary’s statements"), "escrow": _("The notary’s box for jury sheets")}.get(name, name)


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def check(request: HttpRequest, week: str) -> HttpResponse:
    """Says how anyone can check the week, and what the log says now."""
    origin = request.week.origin
    log = ledger.find_log(origin)
    return page(
        request,
        "showcase/check.html",
        {
            "log": log,
            "origin": origin,
            "heads": (heads := ledger.checkpoints(origin, most=12) if log else []),
            "head": heads[0] if heads else None,
            "head_parts": in_groups(heads[0].root if heads else ""),
            "kinds": (kinds := kinds_of_records(origin) if log else []),
            "kinds_total": sum(number for _kind, number in kinds),
            "keys": [(_key_name(name), key) for name, key in ledger.chronicle(origin).keys.items()] if log else [],
            "chronicle": ledger.chronicle(origin) if log else None,
            "kept": kept_bundle(request.week),
            "nav": "check",
        },
    )
