"""Whose host is it: registrable domains, link shorteners, and hosts that so many share that they say nothing about anyone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from publicsuffixlist import PublicSuffixList

LISTS = Path(__file__).parent / "lists"
# SPEC rfc2606: names for teaching and testing. Our samples live there.
_RESERVED = frozenset({"example", "test", "invalid"})
# SPEC rfc5737, rfc3849, rfc9637: addresses for documentation. Nobody's network has them, inside or outside.
_DOCUMENTATION = tuple(
    ipaddress.ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _known_suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


@lru_cache(maxsize=8192)
def site(host: str) -> str:
    """Returns the registrable domain of an ASCII host by the public suffix list, "" for an address or a bare suffix."""
    if not host or address(host) is not None:
        return ""
    return _suffixes().privatesuffix(host.strip(".").lower()) or ""


def label(host: str) -> str:
    """Returns the part of the registrable domain that its owner chose: "bank" of "www.bank.co.uk"; "" if there is none."""
    return site(host).partition(".")[0]


def real_ending(host: str) -> bool:
    """Tells whether a host in running text ends in a public suffix that exists (or is reserved for examples) below a name."""
    name, _, last = host.rpartition(".")
    return bool(name) and (last in _RESERVED or bool(_known_suffixes().privatesuffix(host)))


def where(ip: Address) -> str:
    """Returns "public", "documentation" (of examples), or "private" (also loopback, link-local and all else that is not public)."""
    if any(ip in network for network in _DOCUMENTATION):
        return "documentation"
    return "public" if ip.is_global else "private"


def address(host: str) -> Address | None:
    """Returns the IP address that a host as the URL standard writes it is, or None for a name."""
    if not host[-1:].isdigit() and not host.endswith("]") and ":" not in host:
        return None  # most hosts are names
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_shortener(host: str) -> bool:
    """Tells whether a host hides where its links lead."""
    return _within(host, _list("shorteners"))


def is_shared(host: str) -> bool:
    """Tells whether so many unrelated people use a host that to have it in common means little (RULE reports 3.6)."""
    return _within(host, _list("shared")) or is_shortener(host)


def _within(host: str, names: frozenset[str]) -> bool:
    """Tells whether a host or one of its parents is listed."""
    labels = host.lower().strip(".").split(".")
    return any(".".join(labels[at:]) in names for at in range(max(0, len(labels) - 6), len(labels)))


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(lines((LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()))


def lines(text: Iterable[str]) -> Iterable[str]:
    """Yields the lines of a list without comments and blanks, in lower case."""
    bare = (line.partition("#")[0].strip().lower() for line in text)
    return (line for line in bare if line)
