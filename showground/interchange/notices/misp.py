"""Signs as a MISP event: plain attributes with their categories, tags for the circle, the confidence and the kind of harm.

SPEC misp-core-format. Identifiers follow from the desk's domain and the case, so that an event imported twice is one event; what the
desk takes back comes again with its attributes deleted.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from showground.interchange.notices.art16 import harm_name
from showground.interchange.notices.places import Sign, host_of
from showground.interchange.notices.share import USUALLY, Item, Share

Event = dict[str, Any]
MEDIA_TYPE: Final = "application/json"
# Kind of a sign: MISP's type and category, and whether a program may raise an alarm on it.
_TYPES: Final[dict[str, tuple[str, str, bool]]] = {
    "url": ("url", "Network activity", True),
    "domain": ("domain", "Network activity", True),
    "hostname": ("hostname", "Network activity", True),
    "ipv4": ("ip-dst", "Network activity", True),
    "ipv6": ("ip-dst", "Network activity", True),
    "mail": ("email-src", "Payload delivery", True),
    "phone": ("phone-number", "Other", False),
    "file": ("sha256", "Payload delivery", True),
}
_HARMS: Final = {
    "phishing": 'rsit:fraud="phishing"',
    "impersonation": 'rsit:fraud="masquerade"',
    "malware": 'rsit:malicious-code="malware-distribution"',
    "scam": 'circl:incident-classification="scam"',
}
_OWN, _COMMUNITY, _AS_THE_EVENT = "0", "1", "5"  # how far an event goes by itself
_UNDEFINED, _COMPLETED = "4", "2"  # threat level, state of the analysis


def event(share: Share) -> Event:
    """Returns the event as MISP imports it."""
    signs = [f"{item.sign.kind} {item.sign.value}" for item in share.items]
    own = share.id_of("event", share.scope, *(signs if share.scope == "notice" else []))
    attributes: dict[str, Event] = {}
    for item in share.items:
        for one in _attributes(share, own, item):
            attributes.setdefault(one["uuid"], one)
    changed = max(share.at, share.gone_at or 0)
    told = {
        "uuid": own,
        "info": f"{harm_name(share.harm, 'en')}, case {share.case}",
        "date": datetime.fromtimestamp(share.first_at, UTC).strftime("%Y-%m-%d"),
        "timestamp": str(changed),
        "published": False,
        "analysis": _COMPLETED,
        "threat_level_id": _UNDEFINED,
        "distribution": _OWN if share.tlp == "amber" else _COMMUNITY,
        "Orgc": {"uuid": share.desk_id(), "name": share.sender.name},
        "Tag": [{"name": one} for one in _tags(share)],
        "Attribute": [*attributes.values(), _plain(share, own, ("text", "Internal reference", False), share.case, share.first_at)],
    }
    return {"Event": told}


def text(share: Share) -> str:
    """Returns the event as a file's text."""
    return json.dumps(event(share), indent=1) + "\n"


def _tags(share: Share) -> list[str]:
    sure = "usually" if max(item.confidence for item in share.items) >= USUALLY else "fairly"
    return [f"tlp:{share.tlp}", _HARMS[share.harm], f'misp:confidence-level="{sure}-confident"']


def _attributes(share: Share, event: str, item: Item) -> list[Event]:
    """Returns a sign as an attribute and, of a link, its host, on which nothing raises an alarm."""
    host = host_of(item.sign)
    told = [_plain(share, event, _type(item.sign), item.sign.value, item.at)]
    return told + ([_plain(share, event, (*_type(host)[:2], False), host.value, item.at)] if host else [])


def _type(sign: Sign) -> tuple[str, str, bool]:
    return _TYPES["hostname" if sign.kind == "domain" and sign.value.count(".") > 1 else sign.kind]


def _plain(share: Share, event: str, kind: tuple[str, str, bool], value: str, at: int) -> Event:
    """Returns one attribute; its identifier is the event's own, for MISP knows each only once."""
    told = {
        "uuid": share.id_of("attribute", event, *kind, value),
        "type": kind[0],
        "category": kind[1],
        "value": value,
        "to_ids": kind[2],
    }
    told |= {"timestamp": str(max(at, share.gone_at or 0)), "distribution": _AS_THE_EVENT, "disable_correlation": kind[0] == "text"}
    return told | ({"deleted": True} if share.gone_at is not None else {})
