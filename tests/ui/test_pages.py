from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from showground.ui.pages import page


@pytest.fixture(autouse=True)
def booth(settings, tmp_path):
    home = tmp_path / "templates" / "voting"
    home.mkdir(parents=True)
    (home / "booth.html").write_text('<html>{% include "voting/_standing.html" %}</html>')
    (home / "_standing.html").write_text("<p>{{ left }} left</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [home.parent]}]


def ask(htmx: bool, boosted: bool = False):
    request = RequestFactory().get("/")
    request.htmx = SimpleNamespace(boosted=boosted) if htmx else False
    return request


def test_page_is_whole_for_a_browser_and_a_part_for_htmx():
    whole = page(ask(False), "voting/booth.html", {"left": 2}, part="_standing.html")
    part = page(ask(True), "voting/booth.html", {"left": 2}, part="_standing.html")
    assert whole.content == b"<html><p>2 left</p></html>"
    assert part.content == b"<p>2 left</p>"


def test_boosted_link_gets_the_whole_page():
    assert page(ask(True, boosted=True), "voting/booth.html", part="_standing.html").content.startswith(b"<html>")


def test_page_without_parts_is_whole_for_htmx_too():
    assert page(ask(True), "voting/booth.html").content.startswith(b"<html>")


def test_every_answer_varies_on_the_htmx_header():
    assert "HX-Request" in page(ask(False), "voting/booth.html")["Vary"]
    assert "HX-Request" in page(ask(True), "voting/booth.html", part="_standing.html")["Vary"]


def test_refusal_keeps_its_status():
    assert page(ask(True), "voting/booth.html", part="_standing.html", status=422).status_code == 422
