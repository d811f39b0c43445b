"""`showground exhibit import`: what a person at a terminal is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from showground.commands import exhibit
from showground.media import board_pdf, boards, ocr
from showground.media.notices import SENTENCES
from tests.media import bad_boards, made
from tests.media.test_ocr import scan

ROOT = Path(__file__).resolve().parents[2]


def test_import_prints_what_it_found_and_what_it_could_not_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, slides, locked = (
        made.write(tmp_path, name, body)
        for name, body in (("a.pdf", made.table()[0]), ("b.pptx", made.slides()[0]), ("c.pdf", bad_boards.locked()))
    )
    assert exhibit.main(["import", str(good), str(slides), str(locked)]) == 1
    told, moaned = capsys.readouterr()
    assert "a.pdf: pdf, 1 page(s), 1 board(s) read" in told
    assert re.search(r"page 1: 举报渠道 \[7016 x 9933 px; (zh, en|en, zh); sha256 [0-9a-f]{16}\]", told)
    assert "3 table" in told
    assert f"{len(made.NOTES)} characters of notes" in told
    assert "! A slide is not drawn here." in told
    assert moaned == f"{locked}: The file is locked with a password. Save a copy without one.\n"


def test_import_says_when_a_name_is_not_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exhibit.main(["import", str(made.write(tmp_path, "poster.pdf", made.pixels()))]) == 0
    assert "! Its name says pdf, but it is png." in capsys.readouterr().out


def test_import_of_slides_beside_their_pdf_writes_folders_with_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slides = made.write(tmp_path, "talk.pptx", made.slides()[0])
    pages = made.write(tmp_path, "talk.pdf", made.pdf("#set page(width: 338.7mm, height: 190.5mm)\nA#pagebreak()B"))
    into = tmp_path / "hall"
    assert (
        exhibit.main(["import", str(slides), str(pages), "--into", str(into), "--at", "https://hall.example/", "--dpi", "72"]) == 0
    )
    assert capsys.readouterr().out.count("board(s) read") == 1
    assert sorted(path.name for path in into.iterdir()) == ["talk-1", "talk-2"]
    board = boards.decoded((into / "talk-1/board.json").read_bytes())
    manifest = json.loads((into / "talk-1/manifest.json").read_text(encoding="utf-8"))
    assert (board["notes"], board["picture"]) == ({"zh": made.NOTES}, {"width": 960, "height": 540, "drawn": True})
    assert manifest["id"] == "https://hall.example/talk-1/manifest.json"
    assert (into / "talk-2/tiles/full/max/0/default.jpg").is_file()


def test_import_of_a_part_of_many_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.write(tmp_path, "many.pdf", bad_boards.many_pages(70))
    assert exhibit.main(["import", str(path)]) == 1
    assert capsys.readouterr().err.endswith("70 pages were asked for; at most 60 are read at once. Name a part of them.\n")
    assert exhibit.main(["import", str(path), "--pages", "61-62"]) == 0
    assert "page 62: " in capsys.readouterr().out


def test_import_of_a_picture_without_text_recognition_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    assert exhibit.main(["import", str(made.write(tmp_path, "poster.png", made.pixels()))]) == 0
    assert 'pip install "showground[ocr]"' in capsys.readouterr().out


@pytest.mark.skipif(not ocr.available(), reason="text recognition is not installed: uv pip install -r requirements/ocr.lock")
def test_import_of_a_scan_prints_what_a_machine_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exhibit.main(["import", str(scan(tmp_path)), "--into", str(tmp_path / "out"), "--dpi", "72"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"! A machine read \d+ lines", told) and len(re.findall(r"^    \? .*\w", told, re.MULTILINE)) >= 3
    (document,) = (tmp_path / "out").rglob("board.json")
    assert {block["by"] for block in boards.decoded(document.read_bytes())["blocks"]} == {"ocr"}


def test_every_code_that_a_board_can_raise_has_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "showground/media").glob("*.py"))
    codes = set(re.findall(r'\((?:\s*)"(board\.[a-z_]+)"', source)) | set(re.findall(r'else "(board\.[a-z_]+)"', source))
    codes |= {f"board.{word}" for _, word in board_pdf._MARKS}
    assert len(codes) > 15
    assert codes - SENTENCES.keys() == set()


def test_command_runs_without_django(tmp_path: Path) -> None:
    path = made.write(tmp_path, "a.pdf", made.table()[0])
    code = (
        f"import sys; from showground.cli import main; print(main(['exhibit', 'import', {str(path)!r}]), 'django' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert told.stdout.splitlines()[-1] == "0 False", told.stderr
