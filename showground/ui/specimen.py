"""Invented matter for the specimen page, which shows every component in all its states."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms

from showground.ui.justify import cells, hang_class
from showground.ui.plots import Bar, Split
from showground.ui.typeset import chinese

ROOT = "afc06bd53aa1eba3806cf2e0ea3fcbdaa55d25258cec180ca7c1a5d52709fc66"
OTHER_ROOT = "7c1e90b25d44a8f031c6e27b0f9d6e15afc06bd53aa1eba3806cf2e0ea3fcbda"
NOON = 1789913400
WORKS = [
    ("yi-zi-yi-mi", "One Character, One Lock", "一字一密", "Gu Yuanhe", 600, 840, ""),
    ("one-bite", "One Bite", "一口", "Ines Varga", 600, 840, ""),
    ("blur-first", "Blur First", "晒娃先打码", "Lin Qiao", 600, 800, ""),
    ("second-question", "The Second Question", "第二个问题", "Room 204, Selden School", 800, 450, "1:58"),
    ("three-seconds", "Three Seconds", "先等三秒", "He Manlin", 600, 800, ""),
    ("rn", "rn Is Not m", "rn 不是 m", "Ada", 800, 600, ""),
    ("dear-you", "Dear You", "亲爱的你", "Tomas Reyl", 600, 910, ""),
    ("tabs", "27 Tabs", "二十七个标签页", "Wei and Sons", 800, 450, "H5"),
]


WEEK = {
    "code": "2026", "name": "Second Look", "line": "Selden cyber week 2026", "notary": "The City Notary",
    "hosts": ["City of Selden"], "partners": ["Harbour Museum", "Selden University"],
}  # fmt: skip
WEEK_ZH = {
    "code": "2026", "name": "再看一眼", "line": "塞尔登网络安全周 2026", "notary": "市公证处",
    "hosts": ["塞尔登市"], "partners": ["海港博物馆", "塞尔登大学"],
}  # fmt: skip
PHASE = ("key", "name", "when", "state")
PHASES = [
    ("call", "Call", "412 works sent in", "past"), ("vote", "Vote", "until Sunday 20:00", "now"),
    ("jury", "Jury", "from 21 Sept", "shut"), ("results", "Results", "25 Sept, 18:00", "shut"),
    ("show", "Show", "open now", "open"),
]  # fmt: skip
PHASES_ZH = [
    ("call", "征集", "收到 412 件作品", "past"), ("vote", "投票", "周日 20:00 截止", "now"),
    ("jury", "评审", "9 月 21 日起", "shut"), ("results", "结果", "9 月 25 日 18:00", "shut"), ("show", "展览", "现已开放", "open"),
]  # fmt: skip


class SpecimenForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(help_text="As it stands on the work. At most 60 letters.", max_length=60)
    address = forms.EmailField(label="Your e-mail address")
    words = forms.CharField(label="What the work says", widget=forms.Textarea, required=False)
    genre = forms.ChoiceField(choices=[("", "Choose one"), ("poster", "Poster"), ("comic", "Comic")])
    maker = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("one", "One person"), ("group", "A named group")], label="Made by"
    )
    upload = forms.FileField(label="The file", help_text="JPEG, PNG or WebP, at most 20 MB.", required=False)
    pledge = forms.BooleanField(label="I made this work myself and nobody else holds rights in it.")


def works() -> list[SimpleNamespace]:
    """Returns eight invented works."""
    return [
        SimpleNamespace(
            file=f"ui/specimen/{file}.svg",
            title=zh if chinese() else title,
            maker=maker,
            width=width,
            height=height,
            tag=tag,
            code=f"{100 + 7 * place}",
            hang=hang_class(width / height),
            on=place == 2,
        )
        for place, (file, title, zh, maker, width, height, tag) in enumerate(WORKS)
    ]


def context() -> dict[str, Any]:
    """Returns all that ui/specimen.html shows."""
    hung = works()
    bad = SpecimenForm({"title": "", "address": "ada at example", "genre": "poster", "maker": "one"}, auto_id="bad_%s")
    bad.add_error(None, "The call closed on Friday 20:00. What you typed is kept here.")
    return {
        "week": WEEK_ZH if chinese() else WEEK,
        "log_state": {"size": 41208, "root": ROOT, "witnessed_at": NOON},
        "nav": "works",
        "phase_line": "Vote, day 4 of 7, closes Sunday 20:00",
        "rail": [
            {"key": "today", "name": "Today", "url": "#today"},
            {"key": "works", "name": "Entries", "url": "#entries", "count": 412},
            {"key": "screening", "name": "Screening", "url": "#screening", "count": 17, "late": True},
            {"key": "letters", "name": "Letters", "url": "#letters"},
        ],
        "phases": [dict(zip(PHASE, phase, strict=True)) for phase in (PHASES_ZH if chinese() else PHASES)],
        "bars": [Bar(str(12 + place), value) for place, value in enumerate([2140, 2980, 3410, 3022, 3790, 3060, None, None, None])],
        "splits": [
            Split("Blur First", (42.6, 46.5), "89.11"), Split("Dear You", (50, 37.25), "87.25"),
            Split("One Character, One Lock", (31.9, 44.1), "76.00"), Split("One Bite", (36.9, 39.1), "76.00"),
        ],
        "works": hung,
        "cells": cells(hung * 2, [work.width / work.height for work in hung * 2]),
        "lights": {
            "recorded": {"said": "As record 40,877. It cannot be taken out without everyone noticing."},
            "witnessed": {"said": "By the City Notary, Thursday 15:12:31.", "root": OTHER_ROOT},
            "counted": {"off": True, "said": "All ballots are opened on Monday. This page will then say how yours was counted."},
        },
        "root": ROOT, "other_root": OTHER_ROOT, "noon": NOON,
        "form": SpecimenForm(), "bad": bad,
        "seals": [f"{number:064x}" for number in range(1, 13)],
    }  # fmt: skip
