"""Reading what is sealed: with the reporter's code, or with an officer's unlocked key. The site alone reads nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from nacl.public import PrivateKey

from showground.reports.models import Evidence, Report
from showground.reports.queries.keys import Unlocked, desk_key
from showground.rules.refused import Refused
from showground.vault import boxes, codes


@dataclass(frozen=True)
class Held:
    """A report with the key that opens it: in the memory of one request, nowhere else."""

    report: Report
    lock: bytes


def by_code(typed: str) -> Held:
    """Returns the report that a code opens; refuses a mistyped code by name, and any other in the same words (`code.unknown`)."""
    code = codes.read_code(typed)
    opened = codes.open_code(code, salt=bytes(desk_key().code_salt), pepper=settings.DESK_PEPPER)
    report = Report.objects.filter(lookup=opened.lookup).first()
    if report is None:
        raise Refused("code.unknown")
    return Held(report, _unwrapped(report, "reporter", opened.key))


def by_officer(report: Report, who: Unlocked) -> Held:
    """Returns a report that an officer's keys open: wrapped to the officer, or still to the whole desk; else `vault.shut`."""
    own = f"holder/{who.holder.pk}"
    tos = {wrap.to for wrap in report.wraps.all()}
    if own in tos:
        return Held(report, _unwrapped(report, own, who.key))
    if "desk" in tos and who.desk is not None:
        return Held(report, _unwrapped(report, "desk", who.desk))
    raise Refused("vault.shut", purpose="report")


def _unwrapped(report: Report, to: str, key: PrivateKey) -> bytes:
    wrap = next((wrap for wrap in report.wraps.all() if wrap.to == to), None)
    if wrap is None:
        raise Refused("vault.shut", purpose="report")
    return boxes.unwrap(bytes(wrap.wrapped), key)


def body(held: Held) -> dict[str, Any]:
    """Returns the report as it was filed: category, words, standing, the list of its files; {} once it was erased."""
    if not held.report.body_sealed:
        return {}
    return dict(json.loads(boxes.unseal(held.lock, bytes(held.report.body_sealed), "report.body")))


def original(held: Held, evidence: Evidence, number: int) -> bytes:
    """Returns the bytes of a file as it came; `number` is its place in the report."""
    return boxes.unseal(held.lock, stored(evidence.original), f"evidence.original.{number}")


def stored(name: str) -> bytes:
    """Returns sealed bytes from the desk's store."""
    return (Path(settings.DESK_STORE) / name[:2] / name).read_bytes()
