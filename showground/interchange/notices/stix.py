"""Signs as a STIX 2.1 bundle: an indicator each, the thing itself, and a report around them. SPEC stix-v2.1 (OASIS).

Identifiers follow from the content: of things by the standard's own rule (2.9, UUIDv5), of all else from the desk's domain and the case,
so that the same sign sent twice is one object and can be taken back. What STIX has no object for (a telephone number) is left out.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from showground.interchange.notices.art16 import harm_name
from showground.interchange.notices.places import Sign, host_of
from showground.interchange.notices.share import Item, Share

Object = dict[str, Any]
MEDIA_TYPE: Final = "application/stix+json;version=2.1"
LIVES: Final = 180 * 86400  # after so long an address is often somebody else's
# SPEC stix-v2.1 2.9: the namespace of things that were observed.
_THINGS: Final = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
_TYPES: Final = {
    "url": "url",
    "domain": "domain-name",
    "ipv4": "ipv4-addr",
    "ipv6": "ipv6-addr",
    "mail": "email-addr",
    "file": "file",
}
# SPEC stix-v2.1 7.2.1.4: the markings exist once, in the standard.
_TLP: Final = {
    "green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "amber": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
}
_WHO_SAYS_SO: Final = "Reported by people, decided by two officers. No software decided on it."


def bundle(share: Share) -> Object | None:
    """Returns the bundle, None where STIX has no object for any of the signs."""
    items = [item for item in share.items if item.sign.kind in _TYPES]
    if not items:
        return None
    told: dict[str, Object] = {}
    for one in [_desk(share), *(_marking(tlp) for tlp in sorted({share.tlp, *(item.tlp for item in items)}))]:
        told[one["id"]] = one
    around = len(told)
    for item in items:
        for one in (_indicator(share, item), *_things(item)):
            told.setdefault(one["id"], one)
    inside = list(told)[around:]
    if share.scope == "case":
        for one in _campaign(share, [key for key in inside if key.startswith("indicator--")]):
            told[one["id"]] = one
        inside = list(told)[around:]
    report = _report(share, inside)
    return {"type": "bundle", "id": f"bundle--{share.id_of('bundle', *inside, share.gone_at)}", "objects": [*told.values(), report]}


def text(share: Share) -> str | None:
    """Returns the bundle as a file's text."""
    made = bundle(share)
    return json.dumps(made, indent=1) + "\n" if made else None


def thing_id(kind: str, part: Object) -> str:
    """Returns the identifier of a thing by its contributing properties (SPEC stix-v2.1 2.9, RFC 8785 for what we write)."""
    plain = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{kind}--{uuid.uuid5(_THINGS, plain)}"


def pattern(sign: Sign) -> str:
    """Returns the pattern that a sign is matched by."""
    value = sign.value.replace("\\", "\\\\").replace("'", "\\'")
    return f"[{_TYPES[sign.kind]}:{'hashes.' + chr(39) + 'SHA-256' + chr(39) if sign.kind == 'file' else 'value'} = '{value}']"


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _desk(share: Share) -> Object:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{share.desk_id()}",
        "created": _time(0),
        "modified": _time(0),
        "name": share.sender.name,
        "identity_class": "organization",
        "contact_information": share.sender.mail,
    }


def _marking(tlp: str) -> Object:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": _TLP[tlp],
        "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp",
        "name": f"TLP:{tlp.upper()}",
        "definition": {"tlp": tlp},
    }


def _said(share: Share, kind: str, key: str, item: Item | None = None) -> Object:
    """Returns what a statement begins with, of one sign or of all; what is taken back is revoked (SPEC stix-v2.1 3.6)."""
    at, changed = (item.at, item.at) if item else (share.first_at, share.at)
    told: Object = {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{key}",
        "created_by_ref": f"identity--{share.desk_id()}",
        "created": _time(at),
        "modified": _time(max(changed, share.gone_at or 0)),
        "confidence": item.confidence if item else max(one.confidence for one in share.items),
        "object_marking_refs": [_TLP[item.tlp if item else share.tlp]],
    }
    return told | ({"revoked": True} if share.gone_at is not None else {})


def _name(share: Share) -> str:
    return f"{harm_name(share.harm, 'en')}, case {share.case}"


def _indicator(share: Share, item: Item) -> Object:
    key = share.id_of("indicator", item.at, item.sign.kind, item.sign.value)
    return _said(share, "indicator", key, item) | {
        "name": _name(share),
        "description": _WHO_SAYS_SO,
        "indicator_types": ["malicious-activity"],
        "pattern": pattern(item.sign),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": _time(item.at),
        "valid_until": _time(item.at + LIVES),
        "labels": [share.harm],
    }


def _things(item: Item) -> list[Object]:
    """Returns the thing itself and, of a link, its host: that one is only told, no indicator stands for it."""
    host = host_of(item.sign)
    return [_thing(sign) for sign in (item.sign, host) if sign is not None]


def _thing(sign: Sign) -> Object:
    part: Object = {"hashes": {"SHA-256": sign.value}} if sign.kind == "file" else {"value": sign.value}
    kind = _TYPES[sign.kind]
    return {"type": kind, "spec_version": "2.1", "id": thing_id(kind, part), **part}


def _campaign(share: Share, indicators: list[str]) -> list[Object]:
    """Returns the case as one campaign, and that each indicator points to it."""
    campaign = _said(share, "campaign", share.id_of("campaign")) | {"name": _name(share)}
    told = [campaign]
    for one in indicators:
        link = _said(share, "relationship", share.id_of("indicates", one))
        told.append(link | {"relationship_type": "indicates", "source_ref": one, "target_ref": campaign["id"]})
    return told


def _report(share: Share, inside: list[str]) -> Object:
    key = share.id_of("report", share.scope, *(() if share.scope == "case" else sorted(inside)))
    return _said(share, "report", key) | {
        "name": _name(share),
        "report_types": ["campaign" if share.scope == "case" else "indicator"],
        "published": _time(share.first_at),
        "object_refs": inside,
        "labels": [share.harm],
        "external_references": [{"source_name": share.sender.name, "external_id": share.case}],
    }
