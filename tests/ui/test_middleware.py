from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from showground.ui.middleware import Instant, TrustedProxy, client_address

OURS = ["127.0.0.1", "10.0.0.0/8", "::1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, nonsense", "127.0.0.1"),
        ("127.0.0.1", "nonsense, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", ""),
    ],
)
def test_client_address_believes_trusted_proxies_only(peer, forwarded, client):
    assert client_address(peer, forwarded, OURS) == client


def test_client_address_through_a_unix_socket_needs_the_word():
    assert client_address("", "203.0.113.7", [*OURS, "unix"]) == "203.0.113.7"


def answer(request):
    return HttpResponse(f"{request.META['REMOTE_ADDR']} {getattr(request, 'now', None)}")


def test_trusted_proxy_replaces_the_address_of_the_request(settings):
    settings.TRUSTED_PROXIES = frozenset(["127.0.0.1"])
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert TrustedProxy(answer)(request).content == b"203.0.113.7 None"


def test_instant_is_read_once_per_request(settings):
    ticks = iter([100, 200])
    settings.CLOCK = lambda: next(ticks)
    assert Instant(answer)(RequestFactory().get("/")).content == b"127.0.0.1 100"
