from __future__ import annotations

import pytest

from showground.sandbox import headers

HASH = "abcdefghijklmnopqrstuvwxyz234567"


@pytest.mark.parametrize(
    ("site", "domain", "origin"),
    [
        ("http://localhost:8300", "h5.localhost", f"http://w{HASH}.h5.localhost:8300"),
        ("https://week.example.org/", "h5.example.net", f"https://w{HASH}.h5.example.net"),
    ],
)
def test_frame_origin_has_the_site_s_scheme_and_port(site: str, domain: str, origin: str) -> None:
    assert headers.frame_origin(HASH, site, domain) == origin
    assert headers.frame(HASH, site, domain)["src"] == f"{origin}/index.html"


@pytest.mark.parametrize("bad", ["", "a" * 31, "A" * 32, "a" * 31 + "1", "a" * 31 + "/", "a" * 32 + "\n"])
def test_frame_origin_of_a_strange_hash_is_not_made(bad: str) -> None:
    with pytest.raises(ValueError, match="base32"):
        headers.frame_origin(bad, "http://localhost", "h5.localhost")


def test_frame_may_not_leave_open_or_load_anything() -> None:
    allowed = set(headers.FRAME_SANDBOX.split())
    assert not {word for word in allowed if "navigation" in word or "popups" in word or "downloads" in word}
    assert not {"camera", "microphone", "geolocation", "*"} & set(headers.FRAME_ALLOW.replace(";", " ").split())
