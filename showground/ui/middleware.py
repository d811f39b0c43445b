"""What every request carries before a view sees it: its one instant, and the address it truly came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def Instant(answer: Answer) -> Answer:
    """Sets request.now, Unix seconds of the site's clock, once: everything a request does happens at that instant."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = int(settings.CLOCK())
        return answer(request)

    return middleware


def TrustedProxy(answer: Answer) -> Answer:
    """Puts the last address of X-Forwarded-For that is not one of ours into REMOTE_ADDR, if the peer is a trusted proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        request.META["REMOTE_ADDR"] = client_address(peer, forwarded, settings.TRUSTED_PROXIES)
        return answer(request)

    return middleware


def client_address(peer: str, forwarded: str, trusted: Iterable[str]) -> str:
    """Returns the client's address: the peer, or, through trusted proxies only, the last untrusted one that they name.

    `trusted` holds addresses and networks ("127.0.0.1", "10.0.0.0/8") and "unix" for a peer without an address. A word that is
    no address ends the search: what stands before it was not written by a proxy of ours.
    """
    networks = [ip_network(entry, strict=False) for entry in trusted if entry != "unix"]

    def ours(address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in networks)

    at = _address(peer)
    if not ours(at) if at else "unix" not in trusted:
        return peer
    for word in reversed(forwarded.split(",")):
        candidate = _address(word.strip())
        if candidate is None:
            break
        peer = str(candidate)
        if not ours(candidate):
            break
    return peer


def _address(word: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(word)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
