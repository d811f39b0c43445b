"""The way a mail came: a table of Received lines, first server first. Only the lines of servers one trusts are true."""

from __future__ import annotations

import email.utils
import ipaddress
import re
from typing import Any

from showground.evidence import headers, hosts

Told = dict[str, Any]
LISTED = 100
# A later server may be this much earlier by its clock before we call it skewed; a wait longer than this is worth a word.
BACKWARDS, LONG_WAIT = 60, 6 * 3600
_FROM = re.compile(r"\bfrom\s+([^\s;()\[\]]{1,255}|\[[^\]\s]{1,80}\])", re.IGNORECASE)
_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.IGNORECASE)
_WITH = re.compile(r"\bwith\s+(?:Microsoft\s+)?([A-Za-z][\w.+-]{1,40})", re.IGNORECASE)
_IP = re.compile(
    r"(?<![\w.:])(?:IPv6:)?((?:\d{1,3}\.){3}\d{1,3}|(?=[0-9A-F:]*:[0-9A-F:]*:)[0-9A-F:]{2,39}(?:\d+\.\d+\.\d+\.\d+)?)(?![\w.:])",
    re.IGNORECASE,
)


def table(lines: list[tuple[str, str]]) -> list[Told]:
    """Returns the hops, oldest first: {from, ip, where, by, with, at, seconds, flags}; `at` in Unix seconds, `seconds` since the hop before."""
    found = [_hop(headers.words(value)) for value in reversed(headers.every(lines, "received")[:LISTED])]
    before = None
    for hop in found:
        if hop["at"] is not None and before is not None:
            hop["seconds"] = hop["at"] - before
            if hop["seconds"] < -BACKWARDS:
                hop["flags"].append({"code": "hop.backwards", "seconds": -hop["seconds"]})
            elif hop["seconds"] > LONG_WAIT:
                hop["flags"].append({"code": "hop.long_wait", "seconds": hop["seconds"]})
        before = hop["at"] if hop["at"] is not None else before
    return found


def _hop(value: str) -> Told:
    route, _, date = value.rpartition(";")
    route = route or value
    came, by, protocol = _FROM.search(route), _BY.search(route), _WITH.search(route)
    ip = address(route[came.start() : by.start() if by and by.start() > came.start() else len(route)]) if came else ""
    at = seconds(date)
    hop: Told = {
        "from": came[1].strip("[]").lower() if came else "",
        "ip": ip,
        "where": where(ip),
        "by": by[1].lower() if by else "",
        "with": protocol[1].upper() if protocol else "",
        "at": at,
        "seconds": None,
        "flags": [],
    }
    if at is None:
        hop["flags"].append({"code": "hop.no_time"})
    return hop


def address(route: str) -> str:
    """Returns the last IP address that is one, for servers write what they saw after what they were told."""
    for hit in reversed(_IP.findall(route)):
        try:
            return str(ipaddress.ip_address(hit))
        except ValueError:
            continue
    return ""


def where(ip: str) -> str:
    """Returns "public", "private", "documentation" (hosts.py: where), or "" for no address."""
    try:
        return hosts.where(ipaddress.ip_address(ip)) if ip else ""
    except ValueError:
        return ""


def seconds(date: str) -> int | None:
    """Returns the Unix second of a mail date, or None if it is none that can be."""
    try:
        parsed = email.utils.parsedate_tz(re.sub(r"\s+", " ", date)[:100].strip())
        moment = email.utils.mktime_tz(parsed) if parsed else None
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return int(moment) if moment is not None and 0 <= moment < 1 << 33 else None
