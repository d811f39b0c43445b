from __future__ import annotations

import pytest
from django.core.mail import EmailMessage

from showground.ui import letterbox, letters


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "showground.ui.letterbox.FolderBackend"
    settings.LETTERS = tmp_path / "letters"
    return settings.LETTERS


@pytest.fixture
def rooms_letter(settings, tmp_path):
    home = tmp_path / "templates"
    home.mkdir()
    (home / "code.txt").write_text(
        '{% extends "ui/letter.txt" %}{% load i18n %}{% block subject %}Code for {{ who }}{% endblock %}'
        '{% block text %}Your code is {{ code }}. {% translate "Not sent." %}{% endblock %}',
        encoding="utf-8",
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [home]}]
    return "code.txt"


def test_letter_takes_its_subject_from_the_first_line_and_escapes_nothing(rooms_letter):
    subject, text = letters.compose(rooms_letter, {"who": "Ada & Co <x>", "code": "123456"}, "en")
    assert subject == "Code for Ada & Co <x>"
    assert text.startswith("Your code is 123456. Not sent.")
    assert text.endswith("\n")


def test_letter_sent_lands_in_the_folder_and_can_be_read_back(folder, rooms_letter):
    letters.send(rooms_letter, "ada@example.org", {"who": "Ada", "code": "123456"}, "en")
    [letter] = letterbox.read(folder)
    assert (letter.to, letter.subject, letter.at) == ("ada@example.org", "Code for Ada", 1789913400)
    assert "123456" in letter.text


def test_letters_of_one_second_keep_their_order(folder, settings):
    for turn in range(12):
        EmailMessage(subject=f"letter {turn}", body="text", to=["ada@example.org"]).send()
    settings.CLOCK = lambda: 1789913401
    EmailMessage(subject="last", body="text", to=["bo@example.org"]).send()
    assert [letter.subject for letter in letterbox.read(folder)] == ["last", *[f"letter {turn}" for turn in range(11, -1, -1)]]
    assert [letter.subject for letter in letterbox.read(folder, newest=2)] == ["last", "letter 11"]
    assert [letter.subject for letter in letterbox.read(folder, to="bo@example.org")] == ["last"]


def test_strange_address_cannot_leave_the_folder(folder):
    EmailMessage(subject="s", body="b", to=["../../etc/x@example.org"]).send()
    [path] = folder.iterdir()
    assert path.parent == folder
    assert path.name.endswith(".._.._etc_x@example.org.txt")


def test_folder_that_is_not_there_holds_no_letters(tmp_path):
    assert letterbox.read(tmp_path / "none") == []
