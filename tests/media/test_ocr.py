"""Text recognition: lines become a draft in reading order that says who read it; without the extra, nothing breaks and it is said."""

from __future__ import annotations

import difflib
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from showground.media import boards, easel, ocr
from showground.media.jail import best_available
from showground.media.ocr import Found
from tests.media import made

# As the machine read the columns board of these tests, 2,339 pixels wide; its boxes are drawn around ink and vary in height.
READ = [
    Found("识别与举报：同一张展板上的两栏文字", 1.0, (137, 131, 763, 172)),
    Found("左栏：怎样识别", 1.0, (136, 196, 361, 233)),
    Found("右栏：怎样举报", 1.0, (937, 195, 1162, 232)),
    Found("诈骗分子常用HTTPS链接冒充银行，要求你“立即验证”账户信息。", 1.0, (138, 252, 892, 282)),
    Found("收到中奖通知时不要着急。先看清发件人的域名，再问一问身边", 1.0, (937, 251, 1674, 281)),
    Found("真正的银行从不在短信里索要密码或验证码，遇到这种情况请先", 1.0, (138, 288, 876, 318)),
    Found("的人；任何要求先付保证金的奖都不是奖。2026年全国共接到此", 1.0, (937, 288, 1677, 318)),
    Found("挂断电话，再用App里的官方号码回拨核实。家里的老人和孩子", 0.99, (137, 324, 882, 357)),
    Found("类举报12,345 件。", 0.98, (936, 323, 1137, 356)),
    Found("也要知道这个办法。", 1.0, (138, 360, 362, 390)),
    Found("• 不转账，不透露验证码", 0.94, (136, 420, 424, 450)),
]


def test_lines_become_blocks_in_reading_order_marked_as_read_by_a_machine() -> None:
    blocks = ocr.placed(READ, (2.0, 2.0), 4678, 6624)
    assert [(one["kind"], boards.plain(one)) for one in blocks] == [
        ("heading1", "识别与举报：同一张展板上的两栏文字"),
        ("heading2", "左栏：怎样识别"),
        (
            "paragraph",
            "诈骗分子常用HTTPS链接冒充银行，要求你“立即验证”账户信息。真正的银行从不在短信里索要密码或验证码，遇到这种情况请先"
            "挂断电话，再用App里的官方号码回拨核实。家里的老人和孩子也要知道这个办法。",
        ),
        ("list_item", "不转账，不透露验证码"),
        ("heading2", "右栏：怎样举报"),
        (
            "paragraph",
            "收到中奖通知时不要着急。先看清发件人的域名，再问一问身边的人；任何要求先付保证金的奖都不是奖。2026年全国共接到此类举报12,345 件。",
        ),
    ]
    assert {one["by"] for one in blocks} == {"ocr"}
    left, top, wide, high = blocks[1]["box"]
    assert abs(left - 272) < 6 and abs(top - 392) < 14 and abs(wide - 450) < 8 and abs(high - 74) < 14


def test_nothing_read_is_nothing_said() -> None:
    assert ocr.placed([], (1.0, 1.0), 100, 100) == []


def test_a_line_that_runs_down_says_so() -> None:
    down = [Found("举报电话一二三四五", 0.9, (500 - 60 * n, 100, 540 - 60 * n, 460)) for n in range(3)]
    blocks = ocr.placed(down, (1.0, 1.0), 600, 600)
    assert {one.get("writing") for one in blocks} == {"vertical"}


def scan(folder: Path) -> Path:
    """The bilingual board of these tests as a scan of 100 dots an inch."""
    body, _ = made.bilingual()
    with pdfium.PdfDocument(body) as held:
        held[0].render(scale=100 / 72).to_pil().save(folder / "scan.png")
    return folder / "scan.png"


def test_without_the_extra_a_picture_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    source = made.write(tmp_path, "a.png", made.pixels(300, 400))
    taken = easel.recognised(best_available(), source, easel.read(best_available(), source))
    assert [one["code"] for one in taken.boards[0]["warnings"]] == ["board.no_text", "board.no_ocr"]
    assert taken.boards[0]["blocks"] == []


def test_a_board_with_text_is_never_read_by_a_machine(tmp_path: Path) -> None:
    source = made.write(tmp_path, "a.pdf", made.bilingual()[0])
    taken = easel.read(best_available(), source)
    assert easel.recognised(best_available(), source, taken) == taken


@pytest.mark.skipif(not ocr.available(), reason="text recognition is not installed: uv pip install -r requirements/ocr.lock")
def test_a_scan_is_read_in_the_jail_almost_without_a_mistake(tmp_path: Path) -> None:
    source = scan(tmp_path)
    taken = easel.recognised(best_available(), source, easel.read(best_available(), source))
    (one,) = taken.boards
    told = {warning["code"]: warning["facts"] for warning in one["warnings"]}
    assert told["board.ocr"]["lines"] == 19 and told["board.ocr"]["sure"] > 90
    wanted = "".join("".join(text for _kind, text in made.bilingual()[1]).split())
    said = "".join("".join(boards.plain(block) for block in one["blocks"]).split())
    assert difflib.SequenceMatcher(None, wanted, said, autojunk=False).ratio() > 0.99
    assert one["title"]["zh"] == "什么是电信诈骗"
    assert all(
        block["by"] == "ocr" and boards.inside(block["box"], one["picture"]["width"], one["picture"]["height"])
        for block in one["blocks"]
    )
