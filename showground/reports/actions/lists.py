"""The desk's lists: the laws it may cite and the partners it may tell. What is named nowhere here, no decision can use."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from showground.interchange.notices.share import FORMS
from showground.reports.models import LegalBasis, Partner
from showground.rules.harms import CODES
from showground.rules.refused import Refused

Told = dict[str, Any]


def _both(told: Told, name: str, place: str) -> dict[str, str]:
    value = told.get(name)
    if not isinstance(value, dict) or not all(str(value.get(language, "")).strip() for language in ("en", "zh")):
        raise Refused("week.field", field=f"{place}.{name}", wanted="text in en and zh")
    return {language: str(value[language]).strip() for language in ("en", "zh")}


def _one_of(told: Told, name: str, values: list[str], place: str) -> str:
    if told.get(name) not in values:
        raise Refused("week.field", field=f"{place}.{name}", wanted=" or ".join(values))
    return str(told[name])


def _day(value: object, place: str) -> int:
    if not isinstance(value, date):
        raise Refused("week.field", field=place, wanted="a day such as 2026-09-11")
    return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())


@transaction.atomic
def put_law(told: Told, *, place: str = "laws") -> LegalBasis:
    """The provision can be cited from its day on, until a day if it has one; found again by jurisdiction and citation.

    Refuses (`week.field`) what is missing, by its `place`, and kinds of harm that are none.
    """
    citation = _both(told, "citation", place)
    categories = [str(code) for code in told.get("categories", [])]
    if not set(categories) <= set(CODES):
        raise Refused("week.field", field=f"{place}.categories", wanted=", ".join(CODES))
    kept, _ = LegalBasis.objects.update_or_create(
        jurisdiction=str(told.get("jurisdiction", ""))[:40],
        citation=citation,
        defaults={
            "kind": _one_of(told, "kind", LegalBasis.Kind.values, place),
            "url": str(told.get("url", "")),
            "categories": categories,
            "valid_from": _day(told.get("since"), f"{place}.since"),
            "valid_to": _day(told["until"], f"{place}.until") if "until" in told else None,
        },
    )
    return kept


@transaction.atomic
def put_partner(told: Told, *, at: int, place: str = "partners") -> Partner:
    """The partner can be told, and its true hosts are protected: no notice asks against them, and look-alikes are named.

    Refuses (`week.field`) what is missing, by its `place`.
    """
    code, mail, forms = str(told.get("code", "")), str(told.get("mail", "")), told.get("forms", [])
    if not code or not re.fullmatch(r"[^\s@<>,;:\x00-\x1f]{1,64}@[^\s@<>,;:\x00-\x1f]{1,253}", mail):
        raise Refused("week.field", field=f"{place}.{'mail' if code else 'code'}", wanted="text")
    if not isinstance(forms, list) or not all(one in FORMS for one in forms):
        raise Refused("week.field", field=f"{place}.forms", wanted=", ".join(FORMS))
    kept, _ = Partner.objects.update_or_create(
        code=code,
        defaults={
            "kind": _one_of(told, "kind", Partner.Kind.values, place),
            "name": _both(told, "name", place),
            "mail": mail,
            "formats": sorted(set(forms)),
            "legitimate_hosts": [str(host).lower().strip(".") for host in told.get("hosts", [])],
            "verified_at": at,
        },
    )
    return kept
