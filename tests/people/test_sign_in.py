"""Signing in leads where somebody wanted to go, and whoever named no place to their own desk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from showground.commands.demo_week import week_file
from showground.people.actions import welcome
from showground.weeks.actions import give_duty, open_week, read_week_file

pytestmark = pytest.mark.django_db
AT = 1_790_000_000


@pytest.mark.parametrize(
    ("duty", "wanted", "goal"),
    [
        ("screener", "", "/en/2026/screening/"),
        ("", "", "/en/2026/enter/"),
        ("screener", "/en/2026/works/", "/en/2026/works/"),
        ("", "https://elsewhere.example/", "/en/2026/enter/"),
    ],
)
def test_sign_in_leads_on(duty: str, wanted: str, goal: str, settings: Any, mailoutbox: list[Any]) -> None:
    settings.CLOCK = lambda: AT
    week = open_week(read_week_file(week_file("2026", anchor=AT, name=("Second Look", "再看一眼"))[0]))
    if duty:
        give_duty(week, person=welcome("ada@mail.example", language="en", at=AT), duty=duty)
    visitor = Client()
    visitor.post("/en/2026/sign-in/", {"email": "ada@mail.example", "next": wanted})
    code = re.search(r"\d{3} \d{3}", mailoutbox[0].body)
    answer = visitor.post("/en/2026/sign-in/code/", {"code": code.group() if code else ""}, follow=True)
    assert [hop[0] for hop in answer.redirect_chain][-1].startswith(goal)
