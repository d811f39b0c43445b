"""What a place in a notice is for other programs: a link, a host, an address, a sender, a file; never whom it was sent to.

Links that reach one person often carry that person: a mail address behind the number sign, a telephone number or a token of their own
in a parameter. The notice itself has the exact place, for its one reader has to find it; what is passed on further loses such parts.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import ada_url

KINDS: Final = ("url", "domain", "ipv4", "ipv6", "mail", "phone", "file")
LONGEST: Final = 2048
_SCHEMES: Final = frozenset({"http:", "https:", "ftp:"})
_HOST = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_MAIL = re.compile(r"[^\s@/<>\"'()]{1,64}@([a-z0-9-]+\.)+[a-z][a-z0-9-]+")
_SOMEBODY = re.compile(r"[^\s@/=&]{1,64}@[^\s@/=&]{1,255}\.[a-z]{2,}|\d(?:[\s().-]?\d){8,}", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d ()./-]{3,24}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# A token this long that is no word was made for one receiver.
_TOKEN = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_+=-]{20,}")
_RECEIVER = re.compile(
    r"(?:e[-_]?)?mail(?:address)?|rcpt|recipient|to|user(?:name|_?id)?|uid|login|phone|tel|mobile|msisdn|name|subscriber|contact(?:_?id)?"
    r"|mc_eid|fbclid|gclid|_hs\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sign:
    """One thing that a program can match: its kind, one of `KINDS`, and its exact value."""

    kind: str
    value: str


def read(place: str) -> Sign | None:
    """Returns what a place is, None where it is nothing that can be passed on without naming somebody or hitting somebody else."""
    text = place.strip()
    if len(text) > LONGEST:
        return None
    lower = text.lower()
    if _SHA256.fullmatch(lower):
        return Sign("file", lower)
    if _MAIL.fullmatch(lower) and "//" not in text:
        return Sign("mail", lower)
    address = _address(text.strip("[]"))
    if address is not None:
        return address
    if _PHONE.fullmatch(text) and 3 <= sum(map(str.isdigit, text)) <= 15:
        return Sign("phone", ("+" if text.startswith("+") else "") + re.sub(r"\D", "", text))
    return _web(text)


def host_of(link: Sign) -> Sign | None:
    """Returns the host of a link as a sign of its own."""
    name = ada_url.URL(link.value).hostname if link.kind == "url" else ""
    return _host(name)


def _host(name: str) -> Sign | None:
    plain = name.strip("[]").rstrip(".")
    return _address(plain) or (Sign("domain", plain) if _HOST.fullmatch(plain) and len(plain) <= 253 else None)


def _address(text: str) -> Sign | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return Sign(f"ipv{found.version}", str(found)) if found.is_global or _for_teaching(found) else None


# SPEC rfc5737, rfc3849: the addresses of examples; ours are written with them.
_TEACHING = tuple(ipaddress.ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))


def _for_teaching(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _TEACHING)


def _web(text: str) -> Sign | None:
    """Returns a link without what names its receiver, or the bare host that was written."""
    whole = re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE)
    try:
        url = ada_url.URL(text if whole else f"http://{text}")
    except (ValueError, UnicodeError):
        return None
    host = _host(url.hostname) if url.protocol in _SCHEMES else None
    if host is None:
        return None
    if not whole and not re.search(r"[/?#:@\\]", text):
        return host
    query = _kept(url.search.removeprefix("?"))
    if query is None:
        return None
    link = f"{url.protocol}//{url.host}{_path(url.pathname)}{'?' if query else ''}{query}"
    return Sign("url", link) if len(link) <= LONGEST else None


def _path(path: str) -> str:
    """Returns a path up to the part that names somebody."""
    kept: list[str] = []
    for part in path.split("/"):
        if names_somebody(part):
            return "/".join([*kept, ""])
        kept.append(part)
    return "/".join(kept)


def _kept(query: str) -> str | None:
    """Returns the parameters that name nobody; None where one of the others says where the link leads: cut, it would be another's."""
    kept = []
    for one in filter(None, query.split("&")):
        name, equals, value = one.partition("=")
        if not (_RECEIVER.fullmatch(name) or names_somebody(value or name) or _TOKEN.fullmatch(unquote(value if equals else name))):
            kept.append(one)
        elif re.search(r":(?://|%2f%2f)", unquote(value), re.IGNORECASE):
            return None
    return "&".join(kept)


def names_somebody(text: str) -> bool:
    """Tells whether a part of a link holds a mail address or a telephone number, also percent-encoded, in base64 or in hex."""
    return any(_SOMEBODY.search(one) for one in _readings(text))


def _readings(text: str) -> Iterator[str]:
    plain = text
    for _ in range(3):
        yield plain
        yield from _uncoded(plain)
        plain = unquote(plain)


def _uncoded(text: str) -> Iterator[str]:
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", text)[:20]:
        data = run.replace("-", "+").replace("_", "/")
        try:
            yield _words(base64.b64decode(data + "=" * (-len(data) % 4)))
        except binascii.Error:
            pass
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2}){8,}", run):
            yield _words(bytes.fromhex(run))


def _words(data: bytes) -> str:
    """Returns what was hidden in an encoding if it is an address in ASCII, "" for bytes that are no text."""
    return data.decode("ascii") if data.isascii() and b"@" in data and data.decode("ascii").isprintable() else ""
