"""What reports are matched by: keyed values only, under keys made from the desk's own, in the memory of one request."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from nacl.public import PrivateKey

from showground.evidence import cluster
from showground.reports.models import Evidence, Mark, Partner, Report
from showground.reports.queries.states import LIVE_REPORTS
from showground.rules.refused import Refused
from showground.vault import boxes

SINCE, MOST = 180 * 86400, 20_000


def match_lock(desk: PrivateKey) -> bytes:
    """Returns the key under which sketches and fingerprints of all reports lie."""
    return hmac.digest(bytes(desk), b"showground matching v1", hashlib.sha256)


def sketch_key(desk: PrivateKey) -> bytes:
    """Returns the key under which sketches of texts are made."""
    return hmac.digest(bytes(desk), b"showground sketches v1", hashlib.sha256)


def protected_names() -> str:
    """Returns the names that partners protect, as evidence/lookalike.py reads them: one line a domain."""
    lines = []
    for partner in Partner.objects.all():
        said = ", ".join(str(value).replace("=", " ").replace("\n", " ") for value in dict(partner.name).values())
        lines += [f"{host} = {said}" for host in partner.legitimate_hosts if isinstance(host, str)]
    return "\n".join(lines)


def index(desk: PrivateKey, *, now: int) -> cluster.Index:
    """Returns every report of the last 180 days that has a case and is alive, or was decided, as clustering sees it."""
    known = cluster.Index()
    reports = list(
        Report.objects.filter(case__isnull=False, state__in=LIVE_REPORTS, received_at__gt=now - SINCE)
        .order_by("-pk")
        .values_list("pk", "number")[:MOST]
    )
    for item in items(dict(reports), desk):
        known.know(item)
    return known


def items(numbers: dict[int, str], desk: PrivateKey) -> Iterable[cluster.Item]:
    """Returns reports (by row: number) as clustering sees them, oldest first."""
    keys: dict[int, list[cluster.Key]] = defaultdict(list)
    for report, kind, mark, strong in Mark.objects.filter(report__in=numbers).values_list("report", "kind", "mark", "strong"):
        keys[report].append(cluster.Key(kind, mark, weak=not strong))
    lock = match_lock(desk)
    sketches: dict[int, tuple[int, ...]] = {}
    pictures: dict[int, list[str]] = defaultdict(list)
    for report, sealed in (
        Evidence.objects.filter(report__in=numbers).exclude(match_sealed=b"").values_list("report", "match_sealed")
    ):
        try:
            told = json.loads(boxes.unseal(lock, bytes(sealed), "match"))
        except Refused:
            continue  # sealed under a desk key that is retired
        if told["sketch"] and report not in sketches:
            sketches[report] = tuple(told["sketch"])
        if told["picture"]:
            pictures[report].append(told["picture"])
    return [
        cluster.Item(number, tuple(keys[pk]), sketches.get(pk, ()), tuple(pictures[pk])) for pk, number in sorted(numbers.items())
    ]


def waiting(now: int, *, held: bool = False) -> int:
    """Returns how many reports wait to be taken in, or with `held` how many are still held back."""
    rows = Report.objects.filter(state=Report.State.RECEIVED, case=None)
    ready = Q(held_until=None) | Q(held_until__lte=now)
    return rows.exclude(ready).count() if held else rows.filter(ready).count()
