"""Where a form stood, by what browsers of all ages say of it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from showground.ui.origin import sent_from_here

OURS, OTHER = "http://localhost:8300", "https://elsewhere.example"
SAID: list[tuple[dict[str, str], bool]] = [
    ({"Origin": OURS}, True),
    ({"Origin": OTHER}, False),
    ({"Origin": OTHER, "Sec-Fetch-Site": "same-origin", "Referer": f"{OURS}/en/"}, False),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Referer": f"{OURS}/en/"}, False),
    ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
    ({"Referer": f"{OURS}/en/"}, True),
    ({"Referer": f"{OURS}.elsewhere.example/"}, False),
    ({"Origin": "null", "Referer": f"{OTHER}/"}, False),
]


def told(headers: dict[str, str], **how: bool) -> bool:
    return sent_from_here(RequestFactory().post("/x", headers=headers, SERVER_NAME="localhost", SERVER_PORT="8300"), **how)


@pytest.mark.parametrize(("headers", "ours"), SAID)
@pytest.mark.parametrize("unsaid", [False, True])
def test_what_a_browser_says_decides_whatever_is_made_of_silence(headers: dict[str, str], ours: bool, unsaid: bool) -> None:
    assert told(headers, unsaid=unsaid) is ours


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_silence_is_believed_only_where_a_page_says_so(headers: dict[str, str]) -> None:
    assert told(headers, unsaid=True) and not told(headers)


def test_the_share_sheet_is_let_in_only_where_a_page_says_so() -> None:
    shared = {"Origin": "null", "Sec-Fetch-Site": "none"}
    assert told(shared, outside=True) and not told(shared) and not told(shared, unsaid=True)
