"""`showground desk inspect` as an officer runs it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import segno

from showground.commands import desk

MAIL = (
    b"From: Example Bank <x@evil.example>\r\nReply-To: y@other.test\r\nSubject: \x1b[2Jcome \xe2\x80\xaein\r\n"
    b"Received: from a (a [8.8.8.8]) by mx.example with ESMTP; Mon, 2 Mar 2026 10:00:00 +0000\r\n"
    b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/html\r\n\r\n"
    b"<a href='https://login.examp1ebank.test/a'>www.examplebank.test</a>\r\n--q\r\nContent-Type: application/pdf; name=a.pdf.exe\r\n\r\nx\r\n--q--"
)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "mail.eml").write_bytes(MAIL)
    held = io.BytesIO()
    segno.make("https://evil.example/qr").save(held, kind="png", scale=6)
    (tmp_path / "code.png").write_bytes(held.getvalue())
    (tmp_path / "names.txt").write_text("examplebank.test = Example Bank\n", encoding="utf-8")
    return [str(tmp_path / "mail.eml"), str(tmp_path / "code.png"), "--names", str(tmp_path / "names.txt")]


def test_page_says_everything_and_holds_nothing_to_click(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.main(["inspect", *files]) == 0
    said = capsys.readouterr().out
    for wanted in (
        "from: Example Bank <x[@]evil[.]example>",
        "hop 1: from a [8.8.8.8 public] by mx[.]example with ESMTP at 2026-03-02 10:00:00Z",
        "Answers go to other[.]test, not to evil[.]example.",
        "link (link): hxxps://login[.]examp1ebank[.]test/a  [examp1ebank.test]",
        "shown as: www[.]examplebank[.]test",
        "! login[.]examp1ebank[.]test looks like examplebank[.]test and is not.",
        "attachment a.pdf.exe: application/pdf, 1 bytes, sha256 2d711642b726b044",
        "The name has two endings; the file is a program.",
        "code QRCode: hxxps://evil[.]example/qr",
    ):
        assert wanted in said
    assert "http://" not in said and "https://" not in said and "\x1b" not in said and "\u202e" not in said


def test_json_is_a_line_a_file_with_exact_links(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.main(["inspect", "--json", *files]) == 0
    mail, code = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert mail["mails"][0]["links"][0]["url"] == "https://login.examp1ebank.test/a"
    assert code["codes"][0]["link"]["url"] == "https://evil.example/qr" and code["file"].endswith("code.png")


def test_file_that_is_not_opened_is_named_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.msg").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert desk.main(["inspect", str(tmp_path / "a.msg")]) == 1
    assert "not opened: A file of this kind (office) is not opened here; it is kept as it is." in capsys.readouterr().out


def test_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.main(["inspect", str(tmp_path / "gone.eml")]) == 2
    assert "gone.eml" in capsys.readouterr().err


def test_copies_are_written_where_asked(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "copies").mkdir()
    assert desk.main(["inspect", *files, "--copies", str(tmp_path / "copies")]) == 0
    assert [file.suffix for file in (tmp_path / "copies").iterdir()] == [".png"]


def test_inspect_leaves_django_out(files: list[str]) -> None:
    code = "import sys\nfrom showground.cli import main\nmain(['desk', 'inspect', *sys.argv[1:]])\nprint('django' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, cwd=root)
    assert done.stdout.splitlines()[-1] == "False", done.stderr


def test_nothing_that_moves_the_cursor_is_printed_whatever_the_file_or_its_text_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a\x1b[2J\u202e\x9b31m.txt"
    file.write_text("go to https://a.example/\u202egpj.exe \x9b2J \x1b]0;owned\x07", encoding="utf-8")
    for more in ([], ["--json"]):
        desk.main(["inspect", str(file), *more])
        said = capsys.readouterr().out
        assert said and not [char for char in said if not char.isprintable() and char != "\n"]
    assert desk.main(["inspect", f"{file}-\x1b[2J"]) == 2 and "\x1b" not in capsys.readouterr().err


def notice(place: Path, **more: object) -> str:
    told = {
        "format": "showground-notice-1", "case": "C-000017", "category": "phishing", "made_at": 1_790_000_000, "ask": "remove",
        "places": ["https://bad.example/a?email=anna@home.example"], "explanation": "Anna says so",
        "from": {"name": "D\x1b[2J", "mail": "d@d.example", "domain": "d.example"}, **more,
    }  # fmt: skip
    place.write_text(json.dumps(told), encoding="utf-8")
    return str(place)


def test_notices_become_a_file_for_other_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = notice(tmp_path / "1.json")
    two = notice(tmp_path / "2.json", made_at=1_790_000_009, places=["bad2.example", "nothing at all"])
    assert desk.main(["share", one]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["type"] == "bundle" and "campaign" not in str(first) and "Anna" not in str(first) and "anna" not in str(first)
    assert desk.main(["share", one, two]) == 0
    both = capsys.readouterr()
    assert "campaign" in both.out and "bad2.example" in both.out and "1 places left out" in both.err
    assert not [char for char in both.out if not char.isprintable() and char != "\n"]
    assert desk.main(["share", one, "--form", "misp", "--taken-back", "1790009999"]) == 0
    assert all(attribute["deleted"] for attribute in json.loads(capsys.readouterr().out)["Event"]["Attribute"])
    for wrong in (notice(tmp_path / "3.json", category="child"), notice(tmp_path / "4.json", format="x")):
        assert desk.main(["share", wrong]) == 1 and capsys.readouterr().out == ""
    assert desk.main(["share", one, notice(tmp_path / "5.json", case="C-000018")]) == 1
