"""A notice as X-ARF v4 (xarf.org), for partners whose programs read it. SPEC xarf-v4: core and the types named below.

Harassment, intimate pictures and child safety have no type there, on purpose or by our choice: `report` returns None, and words
alone go out.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from showground.interchange.notices.art16 import Notice, harm_name
from showground.rules.harms import BY_CODE

VERSION: Final = "4.2.0"
_URL = re.compile(r"https?://[^\s]+", re.I)
_MAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[^\s@/]+")
_HOST = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}")
_PHONE = re.compile(r"\+?[\d ()./-]{3,20}")
# What the type wants and the desk does not know is said to be "other": nothing is invented.
_MORE: Final[dict[str, dict[str, Any]]] = {
    "fraud": {"fraud_type": "other"},
    "exposed_data": {"data_types": ["personal_information"], "exposure_method": "other"},
}


def reports(notice: Notice) -> list[dict[str, Any]]:
    """Returns one X-ARF report for each place of the notice that the standard has a type for."""
    found = [report(notice, place) for place in notice["places"]]
    return [one for one in found if one is not None]


def report(notice: Notice, place: str) -> dict[str, Any] | None:
    """Returns the report for one place, None where v4 has no type for the harm or no field for such a place."""
    harm = BY_CODE[notice["category"]]
    if harm.xarf is None:
        return None
    if _URL.fullmatch(place):
        category, kind = harm.xarf
        if kind == "brand_infringement" and not notice.get("original"):
            kind = "fraud"  # the standard wants to know whose site is copied; where nobody said, it is a fraud of another kind
        return _content(notice, place, category, kind)
    if harm.code not in {"scam", "phishing", "malware", "impersonation"}:
        return None
    return _message(notice, place)


def _frame(notice: Notice, place: str, source: str, category: str, kind: str) -> dict[str, Any]:
    sender = {"org": notice["from"]["name"][:200], "contact": notice["from"]["mail"], "domain": notice["from"]["domain"]}
    seed = hashlib.sha256(f"{notice['case']}\n{notice['made_at']}\n{place}".encode()).digest()
    return {
        "xarf_version": VERSION,
        "report_id": str(uuid.UUID(bytes=seed[:16], version=4)),
        "timestamp": datetime.fromtimestamp(notice["made_at"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "reporter": sender,
        "sender": dict(sender),
        "source_identifier": source,
        "category": category,
        "type": kind,
        "evidence_source": "user_report",
        "description": f"{harm_name(notice['category'], 'en')}, case {notice['case']}"[:1000],
        "tags": [f"case:{notice['case'].lower()}"] if re.fullmatch(r"[a-z0-9][a-z0-9_+-]*", notice["case"].lower()) else [],
    }


def _content(notice: Notice, place: str, category: str, kind: str) -> dict[str, Any]:
    host = (urlsplit(place).hostname or "").lower()
    url = quote(place, safe=":/?#[]@!$&'()*+,;=%-._~")
    told = _frame(notice, place, host or place, category, kind)
    if category == "copyright":
        return {**told, "infringing_url": url, "platform_name": host or "unknown"}
    told |= {"url": url, "verification_method": "user_report", **_MORE.get(kind, {})}
    if _HOST.fullmatch(host):
        told["domain"] = host
    if kind == "brand_infringement":
        told |= {"legitimate_site": notice["original"], "infringement_type": "brand_impersonation"}
    return told


def _message(notice: Notice, place: str) -> dict[str, Any] | None:
    """A sender instead of a page: a mail address or a phone number."""
    told = {**_frame(notice, place, place, "messaging", "spam"), "evidence_source": "user_complaint", "sender_name": place[:200]}
    if _MAIL.fullmatch(place):
        return {**told, "protocol": "other"}  # "smtp" wants the port it came from, which nobody knows any more
    if _PHONE.fullmatch(place) and sum(map(str.isdigit, place)) >= 3:
        return {**told, "protocol": "sms"}
    return None
