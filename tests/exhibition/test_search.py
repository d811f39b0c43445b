"""Chinese search over 300 boards: every two- and three-character query finds every board that says it, and no other."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from showground.exhibition.actions import halls
from showground.exhibition.models import Board, Text
from showground.exhibition.queries import search
from showground.media import board as reading
from showground.media import boards
from tests.exhibition.hung import Hung, a_hall

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db
SIGNS = "诈骗银行验证码电话短信转账密码网址链接公安举报核实老人孩子照片中奖客服贷款投资退款快递包裹二维扫描账户冻结安全防范"


def _board(stood: Hung, number: int, said: list[str]) -> Board:
    blocks = [{"id": f"b{at}", "kind": "paragraph", "lang": "zh", "text": {"zh": text}} for at, text in enumerate(said, 1)]
    document = {**reading.bare("pdf", 1, 1, "0" * 64, 100, 100, drawn=False), "title": {"zh": f"第{number}块"}, "blocks": blocks}
    board = Board.objects.create(hall=stood.hall, code=f"b{number}", place=number)
    board.shown = Text.objects.create(
        board=board, document=document, sha256=boards.sha256(document), state="published", number=1, written_at=0
    )
    board.save()
    return board


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.drill)])
def test_fifty_short_chinese_queries_find_all_and_only_what_says_them(db: Any, count: int, tmp_path: Path) -> None:
    stood, chance = a_hall(), random.Random(7)
    said = [["".join(chance.choices(SIGNS, k=60)) + "。" for _ in range(8)] for _ in range(count)]
    listed = [_board(stood, number, texts) for number, texts in enumerate(said, 1)]
    halls.change(stood.hall, name={"zh": "厅"}, about={}, partner={}, opens=0, closes=None, order=1)
    wanted, got, times = 0, 0, []
    for query in _queries(said, chance):
        start = time.perf_counter()
        found = {one.row.board.pk for one in search.find(listed, query)}
        times.append(1000 * (time.perf_counter() - start))
        true = {board.pk for board, texts in zip(listed, said, strict=True) if any(query in one for one in texts)}
        assert found == true, query
        wanted, got = wanted + len(true), got + len(found & true)
    if count == 300:
        _record(count, len(times), f"{got} of {wanted}", times)


def _queries(said: list[list[str]], chance: random.Random) -> Iterator[str]:
    """Yields 25 queries of two and 25 of three characters, cut out of what the boards say."""
    for length in (2, 3):
        for _ in range(25):
            text = chance.choice(chance.choice(said))
            at = chance.randrange(len(text) - 1 - length)
            yield text[at : at + length]


def _record(count: int, asked: int, recall: str, times: list[float]) -> None:
    ran = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    result = {
        "note": "the page's own search, rows and quotations included; the first query also reads every text into memory",
        **{"boards": count, "queries": asked, "recall": recall, "others_found": 0, "seed": 7, "commit": ran.stdout.strip()},
        **{
            "ms_first": round(times[0], 1),
            "ms_median": round(statistics.median(times[1:]), 1),
            "ms_max_after": round(max(times[1:]), 1),
        },
    }
    (ROOT / "bench/results/search.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
