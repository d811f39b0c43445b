"""Reported files through the real jail, many at a time, and a tool that has been taken over."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from showground.evidence import opening, words
from showground.media import harvest, walls
from showground.media.jail import Jail

from . import letters
from .conftest import Open
from .test_picture import pdf, saved, screenshot

MAIL = b"From: Example Bank <x@evil.example>\r\nSubject: hello\r\n\r\nhttps://examp1ebank.test/\r\n"


def _files(folder: Path, *raws: bytes) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for number, raw in enumerate(raws):
        (folder / f"{number}.bin").write_bytes(raw)
    return [folder / f"{number}.bin" for number in range(len(raws))]


def test_many_files_of_all_kinds_are_told_in_order_in_one_run(tmp_path: Path) -> None:
    raws = (
        MAIL,
        saved(screenshot()),
        "请点击evil.example/a".encode(),
        pdf(),
        b"<html><a href=https://evil.example>x</a>",
        b"",
        b"PK\x03\x04zip",
        b"\0\1",
    )
    told = opening.open_files(_files(tmp_path / "in", *raws), names=letters.NAMES)
    assert [one.get("kind") for one in told] == ["mail", "picture", "text", "pdf", "html", None, None, None]
    assert [one["why"] for one in told if not one["opened"]] == [
        {"code": "evidence.empty"}, {"code": "evidence.not_opened", "found": "zip"}, {"code": "evidence.not_opened", "found": "unknown"},
    ]  # fmt: skip
    for raw, one in zip(raws, told, strict=True):
        assert (one["bytes"], one["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())


def test_outlook_message_is_not_opened_and_says_so(opened: Open) -> None:
    told = opened(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert told["why"] == {"code": "evidence.not_opened", "found": "office"}
    assert "kept as it is" in words.say(told["why"])


def test_mailbox_whose_answer_would_be_too_long_is_told_in_part(opened: Open) -> None:
    one = (
        b"From a@b.example Mon Mar  2 10:00:00 2026\n"
        + b"From: a@b.example\n"
        + b"".join(b"X-%d: %s\n" % (n, b"y" * 700) for n in range(300))
        + b"\nx\n\n"
    )
    told = opened(one * 90)
    [limit] = told["limits"]
    assert (told["opened"], told["count"], limit["code"], limit["mails"]) == (True, 90, "limit.box", 90)
    assert len(told["inside"]) == limit["listed"] < 90


def test_caller_may_say_what_a_file_is(opened: Open) -> None:
    assert opened(b"no header at all", kinds=["mail"])["kind"] == "mail"


def test_file_larger_than_is_opened_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST", 100)
    [told] = opening.open_files(_files(tmp_path / "in", b"x" * 101))
    assert told["why"] == {"code": "evidence.too_large", "bytes": 101, "limit": 100}
    assert told["sha256"] == hashlib.sha256(b"x" * 101).hexdigest()


def test_files_that_do_not_fit_one_run_take_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "FILES", 2)
    told = opening.open_files(_files(tmp_path / "in", *(MAIL.replace(b"hello", b"%d" % n) for n in range(5))))
    assert [one["mails"][0]["subject"] for one in told] == ["0", "1", "2", "3", "4"]


def test_copies_are_kept_only_where_wanted(tmp_path: Path) -> None:
    files = _files(tmp_path / "in", saved(screenshot()))
    [told] = opening.open_files(files)
    assert len(told["copies"]) == 1 and [file.name for file in tmp_path.iterdir()] == ["in"]


@pytest.fixture
def taken_over(jail: Jail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the given body, inside the jail, as if a mail had taken over the mail reader."""
    copy = tmp_path / "copy" / "showground"
    for part in ("media", "rules", "evidence"):
        shutil.copytree(walls.PACKAGE / part, copy / part)
    shutil.copy(walls.PACKAGE / "__init__.py", copy)
    monkeypatch.setattr(walls, "PACKAGE", copy)

    def runs(body: str, *raws: bytes) -> list[dict[str, Any]]:
        mail = copy / "evidence/mail.py"
        mail.write_text(mail.read_text(encoding="utf-8") + f"\n\ndef read(raw, names, look=None):\n    {body}\n", encoding="utf-8")
        return opening.open_files(_files(tmp_path / "in", *raws), jail=jail)

    return runs


@pytest.mark.parametrize(
    "death", ["import ctypes; ctypes.string_at(0)", "raise RuntimeError", "bytearray(4 << 30)", "import os; os._exit(0)"]
)
def test_file_that_kills_the_run_is_found_and_the_others_are_read(taken_over: Any, death: str) -> None:
    raws = [MAIL, MAIL + b"bad", MAIL, b"a text", MAIL]
    told = taken_over(f"if raw.endswith(b'bad'): {death}\n    return {{'kind': 'mail', 'bytes': len(raw)}}", *raws)
    assert [one["opened"] for one in told] == [True, False, True, True, True]
    assert told[1]["why"]["code"] in {"media.unreadable", "media.too_large"}
    assert told[1]["sha256"] == hashlib.sha256(raws[1]).hexdigest()


def test_file_that_takes_all_time_leaves_the_others_theirs(taken_over: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SECONDS", 0.5)
    loop = "while raw.endswith(b'bad'):\n        try: re.match(b'(a+)+b', b'a' * 22)\n        except Exception: pass"
    body = f"import re\n    {loop}\n    return {{'kind': 'mail'}}"
    told = taken_over(body, MAIL, MAIL + b"bad", MAIL)
    assert [one["opened"] for one in told] == [True, False, True]
    assert told[1]["why"] == {"code": "evidence.too_long", "seconds": 0.5}


def test_mail_reader_taken_over_reaches_nothing(taken_over: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    body = (
        "import os, socket\n    said = []\n"
        f"    for name in ['/etc/passwd', {str(tmp_path / 'secret')!r}, '/proc/self/environ']: said.append(os.path.isfile(name))\n"
        "    try: socket.socket(); said.append(True)\n    except OSError: said.append(False)\n"
        "    try: os.fork(); said.append(True)\n    except OSError: said.append(False)\n"
        "    return {'kind': 'mail', 'said': said}"
    )
    assert taken_over(body, MAIL)[0]["said"] == [False] * 5


@pytest.mark.parametrize(
    "answer",
    [
        "{'copies': ['../../x'], 'kind': 'mail'}", "{'copies': ['inside.json'], 'kind': 'mail'}", "{'copies': [{'a': 1}], 'kind': 'mail'}",
        "{'copies': 7, 'kind': 'mail'}",
    ],
)  # fmt: skip
def test_reader_that_names_foreign_files_as_copies_gets_none(taken_over: Any, answer: str) -> None:
    assert taken_over(f"return {answer}", MAIL)[0].get("copies") == []


@pytest.mark.parametrize(
    "answer",
    ["{'opened': 'yes'}", "{'bad key!': 1}", "{'a': 1 << 70}", "{'a': float('nan')}", "{'a': [[[[[[[[[[[[[[]]]]]]]]]]]]]]}"],
)
def test_reader_whose_answer_is_strange_is_not_believed(taken_over: Any, answer: str) -> None:
    [told] = taken_over(f"return {answer}", MAIL)
    assert (told["opened"], told["why"]["ended"]) == (False, "strange")


def test_reader_that_lies_about_the_hash_is_measured(taken_over: Any) -> None:
    [told] = taken_over("return {'kind': 'mail', 'sha256': 'f' * 64, 'bytes': 1}", MAIL)
    assert (told["bytes"], told["sha256"]) == (len(MAIL), hashlib.sha256(MAIL).hexdigest())


def test_long_words_of_an_answer_are_cut() -> None:
    assert len(opening.plain("x" * 10**6)) == 40_000
    with pytest.raises(harvest.Untrue):
        opening.plain(object())


def test_every_code_has_a_sentence_whose_facts_are_given() -> None:
    """A planted fault: take a sentence away and this fails."""
    source = "".join(file.read_text(encoding="utf-8") for file in (walls.PACKAGE / "evidence").glob("*.py"))
    import re

    named = set(re.findall(r'"((?:host|link|mail|hop|attachment|limit|evidence)\.[a-z_]+)"', source))
    assert named - set(words.SENTENCES) == set()


@pytest.mark.drill
def test_a_thousand_made_mails_through_the_jail(tmp_path: Path) -> None:
    files = _files(tmp_path / "in", *(raw for _, raw in letters.letters(1000, seed=11)))
    told = opening.open_files(files, names=letters.NAMES, kinds=["mail"] * len(files))
    assert [one["why"] for one in told if not one["opened"]] == []
    assert json.dumps(told)
