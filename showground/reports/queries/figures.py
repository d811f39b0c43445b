"""The figures of a period, counted from the desk's own rows: what came in, what was done, how fast. Nothing here reads a report.

`counted` returns them as they are published: small numbers hidden (queries/hidden.py), times in seconds, no name of a person. A
period is a whole week from Monday 00:00 UTC; periods never overlap, so that no difference of two of them shows one report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet

from showground.reports.models import (
    Appeal,
    Batch,
    Case,
    Clock,
    Decision,
    Deletion,
    DeskKey,
    Event,
    FigureSnapshot,
    IdentityAccess,
    Partner,
    Referral,
    Report,
)
from showground.reports.queries import hidden
from showground.rules.harms import CODES
from showground.rules.records import canonical, sha256_hex

DAY: Final = 86400
EVERY: Final = 7 * DAY
MONDAY: Final = 4 * DAY  # 1970-01-05, the first Monday of Unix time
DUE_WITHIN: Final = DAY  # after the end of a period
OVERDUE: Final = 7 * DAY  # after which referrals stop: in the code, so that nobody can set it longer
ANSWERS: Final = (
    "acted",
    "partly",
    "refused",
    "already_gone",
    "need_more",
    "acknowledged",
    "no_answer",
    "sent",
    "corrected",
    "relapsed",
)
SENT: Final = tuple(state for state in Referral.State.values if state not in {"drafted", "second_read"})
HIDDEN: Final = "hidden"
DONE: Final = ("acted", "partly", "already_gone")
LANGUAGES: Final = ("en", "zh-hans")


def week_of(at: int) -> int:
    """Returns the Monday 00:00 UTC at or before an instant."""
    return at - (at - MONDAY) % EVERY


def first_opened() -> int | None:
    """Returns when the desk first opened, None before."""
    key = DeskKey.objects.order_by("made_at").first()
    return key.made_at if key else None


def next_period(at: int) -> tuple[int, int] | None:
    """Returns the oldest period that is over and not published, None if there is none."""
    newest = FigureSnapshot.objects.order_by("-period_to").first()
    opened = first_opened()
    if newest is None and opened is None:
        return None
    since = newest.period_to if newest else week_of(opened or 0)
    return (since, since + EVERY) if since + EVERY <= at else None


def overdue_since(at: int) -> int | None:
    """Returns since when figures are overdue, None while they are in time."""
    waiting = next_period(at)
    if waiting is None or at <= waiting[1] + DUE_WITHIN:
        return None
    return waiting[1] + DUE_WITHIN


def referrals_stop(at: int) -> bool:
    """True once figures are so late that nothing is referred until they are out. RULE reports 3.9, the ninth."""
    late = overdue_since(at)
    return late is not None and at > late + OVERDUE


def percentile(values: Sequence[int], percent: int) -> int | None:
    """Returns the nearest-rank percentile of whole seconds; None of fewer than five values."""
    if len(values) < hidden.LEAST:
        return None
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def _times(values: Iterable[int]) -> dict[str, int | None]:
    found = [max(0, value) for value in values]
    return {"count": hidden.number(len(found)), "median": percentile(found, 50), "p90": percentile(found, 90)}


def _table(names: Iterable[str], counts: Counter[str]) -> dict[str, Any]:
    """One table: every name of its closed list, then whatever else occurs, and the total."""
    rows = {name: counts.get(name, 0) for name in [*names, *sorted(set(counts) - set(names))]}
    cells, total = hidden.row(rows)
    return {"rows": [[name, value] for name, value in cells.items()], "total": total}


def _by(rows: QuerySet[Any], field: str) -> Counter[str]:
    return Counter(str(value) for value in rows.values_list(field, flat=True))


def counted(since: int, until: int) -> dict[str, Any]:
    """Returns the figures of [since, until), ready to be hashed; what is hidden is the word "hidden"."""
    found: dict[str, Any] = _said({
        "format": "showground-figures-1",
        "from": since,
        "to": until,
        "hidden_below": hidden.LEAST,
        "received": _received(since, until),
        "cases": _cases(since, until),
        "decisions": _decisions(since, until),
        "referrals": _referrals(since, until),
        "times": _all_times(since, until),
        "appeals": _appeals(since, until),
        "openings": _openings(since, until),
        "deletions": _deletions(since, until),
        "log": _log(since, until),
        "automation": {"decisions": 0, "said": "none"},
    })  # fmt: skip
    return found


def _said(value: Any) -> Any:
    """Canonical JSON knows no null, and a reader should not have to guess what it means."""
    if isinstance(value, dict):
        return {name: _said(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_said(one) for one in value]
    return HIDDEN if value is None else value


def _in(field: str, since: int, until: int) -> Q:
    return Q(**{f"{field}__gte": since, f"{field}__lt": until})


def _received(since: int, until: int) -> dict[str, Any]:
    rows = Report.objects.filter(_in("received_at", since, until))
    return {
        "category": _table(CODES, _by(rows, "category")),
        "channel": _table(Report.Channel.values, _by(rows, "channel")),
        "language": _table(LANGUAGES, _by(rows, "language")),
        "state": _table(Report.State.values, _by(rows, "state")),
    }


def _cases(since: int, until: int) -> dict[str, Any]:
    rows = Case.objects.filter(_in("opened_at", since, until))
    sizes = Counter(Report.objects.filter(case__in=rows).values_list("case", flat=True))
    steps = ("1", "2-4", "5-9", "10+")
    size = Counter(steps[sum(count >= least for least in (2, 5, 10))] for count in sizes.values())
    return {
        "category": _table(CODES, _by(rows, "category")),
        "reports_in_one": _table(steps, size),
        "by_public_bodies": hidden.number(rows.filter(by_public_body=True).count()),
    }


def _decisions(since: int, until: int) -> dict[str, Any]:
    rows = Decision.objects.filter(_in("decided_at", since, until))
    doubts = sum(any(answers.values()) for answers in rows.values_list("lawful_speech", flat=True))
    return {
        "outcome": _table(Decision.Outcome.values, _by(rows, "outcome")),
        "about_public_bodies": hidden.number(rows.filter(case__by_public_body=True).count()),
        "perhaps_lawful_speech": hidden.number(doubts),
        "restored_here": hidden.number(_restored(rows)),
    }


def _restored(rows: QuerySet[Decision]) -> int:
    """How many of these decisions show again what an earlier one had withheld on this site."""
    act_here = Decision.Outcome.ACT_HERE
    return rows.filter(replaces__outcome=act_here).exclude(outcome=act_here).count()


def _referrals(since: int, until: int) -> dict[str, Any]:
    """Referrals sent in the period, by partner and by what the partner had answered when these figures were made."""
    rows = Referral.objects.filter(_in("sent_at", since, until), state__in=SENT).select_related("partner")
    cells = {partner.code: dict.fromkeys(ANSWERS, 0) for partner in Partner.objects.order_by("code")}
    for row in rows:
        cells[row.partner.code][row.state] += 1
    cells = {code: values for code, values in cells.items() if any(values.values())}
    answers = [answer for answer in ANSWERS if any(values[answer] for values in cells.values())]
    shown = hidden.grid({code: {answer: values[answer] for answer in answers} for code, values in cells.items()})
    names = {partner.code: partner.name for partner in Partner.objects.filter(code__in=cells)}
    return {
        "answers": answers,
        "partners": [[code, names[code], [shown[code][a] for a in answers], shown[code][hidden.TOTAL]] for code in cells],
        "totals": [shown[hidden.TOTAL].get(answer) for answer in answers],
        "total": shown[hidden.TOTAL][hidden.TOTAL],
    }


def _clocks(thing: str, kind: str, since: int, until: int) -> QuerySet[Clock]:
    return Clock.objects.filter(_in("met_at", since, until), thing=thing, kind__startswith=kind)


def _took(clocks: Iterable[Clock]) -> list[int]:
    return [clock.met_at - clock.started_at - clock.paused_for for clock in clocks if clock.met_at is not None]


def _all_times(since: int, until: int) -> dict[str, Any]:
    taken_back = Report.objects.filter(state=Report.State.WITHDRAWN, case=None)  # before anybody looked
    looks = list(_clocks("report", "first_look", since, until).exclude(thing_id__in=taken_back.values("pk")))
    decided = list(_clocks("case", "decision", since, until).filter(thing_id__in=Decision.objects.values("case")))
    gone = Referral.objects.filter(_in("answered_at", since, until), state__in=DONE, sent_at__isnull=False)
    late = sum((clock.met_at or 0) > clock.due_at for clock in [*looks, *decided])
    paused = [clock.paused_for for clock in decided if clock.paused_for]
    return {
        "first_look": _times(_took(looks)),
        "decision": _times(_took(decided)),
        "takedown": _times((row.answered_at or 0) - (row.sent_at or 0) for row in gone),
        "appeal": _times(_took(_clocks("appeal", "decision", since, until))),
        "met_late": hidden.number(late),
        "pauses": _times(paused),
    }


def _appeals(since: int, until: int) -> dict[str, Any]:
    lodged = Appeal.objects.filter(_in("lodged_at", since, until))
    decided = Appeal.objects.filter(_in("decided_at", since, until))
    return {
        "lodged": _table(("reporter", "affected"), _by(lodged, "by")),
        "outcome": _table(Appeal.Outcome.values, _by(decided, "outcome")),
    }


def _openings(since: int, until: int) -> dict[str, Any]:
    """How often somebody wanted to know who reported: these are never hidden, for they count acts of the desk, not persons."""
    asked = IdentityAccess.objects.filter(_in("asked_at", since, until))
    return {
        "asked": asked.count(),
        "agreed": IdentityAccess.objects.filter(_in("decided_at", since, until), agreed=True).count(),
        "opened": IdentityAccess.objects.filter(_in("opened_at", since, until)).count(),
        "reasons": [[name, count] for name, count in sorted(_by(asked, "reason_code").items())],
    }


def _deletions(since: int, until: int) -> dict[str, Any]:
    events = Event.objects.filter(_in("at", since, until))
    return {
        "by_reporters": hidden.number(Report.objects.filter(_in("erased_at", since, until)).count()),
        "by_time": hidden.number(events.filter(thing="report", verb="shredded").count()),
        "by_two_persons": hidden.number(Deletion.objects.filter(_in("done_at", since, until)).count()),
    }


def _log(since: int, until: int) -> dict[str, int]:
    rows = Batch.objects.filter(_in("at", since, until))
    return {"batches": rows.count(), "steps": sum(rows.values_list("count", flat=True))}


# ---- what was published ----


def file_of(snapshot: FigureSnapshot) -> bytes:
    """Returns the published bytes, whose SHA-256 stands in the log; raises ValueError if the row no longer gives that hash."""
    data = canonical(snapshot.figures)
    if sha256_hex(data) != snapshot.sha256:
        raise ValueError(f"figures {snapshot.pk} are not those that were published")
    return data


def snapshots() -> QuerySet[FigureSnapshot]:
    """Returns everything published, newest period first."""
    return FigureSnapshot.objects.select_related("minute__log").order_by("-period_to")


def lines(figures: dict[str, Any]) -> list[tuple[str, str, str, int | str]]:
    """Returns figures as rows (part, table, name, value) for a table sheet."""
    found: list[tuple[str, str, str, int | str]] = []
    for part in ("received", "cases", "decisions", "times", "appeals", "openings", "deletions", "log"):
        for name, value in figures[part].items():
            found += _lines(part, name, value)
    told = figures["referrals"]
    for code, _name, cells, total in told["partners"]:
        found += [("referrals", code, answer, cell) for answer, cell in zip(told["answers"], cells, strict=True)]
        found.append(("referrals", code, "total", total))
    found += [("referrals", "total", answer, cell) for answer, cell in zip(told["answers"], told["totals"], strict=True)]
    return [
        *found,
        ("referrals", "total", "total", told["total"]),
        ("automation", "decisions", "", figures["automation"]["decisions"]),
    ]


def _lines(part: str, name: str, value: Any) -> list[tuple[str, str, str, int | str]]:
    if isinstance(value, dict) and "rows" in value:
        return [*[(part, name, key, cell) for key, cell in value["rows"]], (part, name, "total", value["total"])]
    if isinstance(value, dict):
        return [(part, name, key, cell) for key, cell in value.items()]
    if isinstance(value, list):
        return [(part, name, key, cell) for key, cell in value]
    return [(part, name, "", value)]
