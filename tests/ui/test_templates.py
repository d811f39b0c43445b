from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from showground.ui import specimen

UI = Path(__file__).parents[2] / "showground" / "ui"
PAGES = sorted(path.relative_to(UI / "templates").as_posix() for path in (UI / "templates").rglob("*.html"))


def drawn(template: str, path: str = "/en/2026/works/", language: str = "en", **context) -> str:
    request = RequestFactory().get(path)
    with override(language):
        return render_to_string(template, context, request=request)


@pytest.mark.parametrize("name", PAGES)
def test_template_can_be_read(name):
    assert get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_template_keeps_to_the_strict_policy(name):
    text = (UI / "templates" / name).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|data:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_frame_says_its_language_and_links_the_same_page_in_the_other(language, tag):
    other = "zh-hans" if language == "en" else "en"
    html = drawn("ui/base.html", f"/{language}/2026/works/?c=video", language, week={"code": "2026", "name": "Second Look"})
    assert f'<html lang="{tag}"' in html
    assert f'href="/{other}/2026/works/?c=video"' in html
    assert html.count("<h1") == 0
    assert ("song.css" in html) == (language == "zh-hans")


def test_frame_stands_without_week_log_or_request():
    html = render_to_string("ui/base.html")
    assert "Showground" in html
    assert 'id="main"' in html


def test_frame_marks_the_room_that_the_page_is_in():
    html = drawn("ui/base.html", week={"code": "2026", "name": "Second Look"}, nav="works")
    assert html.count('href="/en/2026/works/" aria-current="page"') == 2


def test_frame_says_in_red_only_what_is_witnessed():
    week = {"code": "2026", "name": "Second Look"}
    root = specimen.ROOT
    witnessed = drawn(
        "ui/base.html", week=week, log_state={"size": 41208, "root": root, "witnessed_at": specimen.NOON, "notary": "N"}
    )
    waiting = drawn("ui/base.html", week=week, log_state={"size": 41208, "root": root, "witnessed_at": None})
    assert "41,208 records" in witnessed
    assert "seal-word" in witnessed
    assert "seal-word" not in waiting
    assert "No notary has witnessed it yet." in waiting


def test_plan_marks_the_step_that_is_now():
    html = render_to_string("ui/plan.html", {"phases": specimen.context()["phases"], "label": "The week"})
    assert html.count("<li") == 5
    assert html.count('aria-current="step"') == 1


def test_bound_form_ties_every_error_and_hint_to_its_field():
    html = specimen.context()["bad"].render()
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for name in described.split():
            assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'<input[^>]*name="title"[^>]*aria-describedby="bad_title_helptext bad_title_error"', html)
    assert html.count('role="alert"') == 1


def test_group_of_choices_is_a_fieldset_with_its_legend():
    html = specimen.SpecimenForm().render()
    assert re.search(r"<fieldset[^>]*><legend>Made by</legend>", html)
    assert html.count('<label class="choice"') == 1


def test_field_shows_what_a_stranger_typed_as_text():
    class Named(forms.Form):
        name = forms.CharField()

    html = Named({"name": '"><script>'}).render()
    assert "<script>" not in html


@pytest.mark.parametrize("template", ["404.html", "403.html", "403_csrf.html", "ui/refused.html"])
def test_error_page_has_one_heading_and_a_way_on(template):
    html = drawn(template, heading="The vote is closed", reason="It closed on Sunday.")
    assert html.count("<h1") == 1
    assert html.count('class="lk"') >= 1


def test_500_page_needs_no_context():
    assert "<h1" in render_to_string("500.html")
