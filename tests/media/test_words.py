"""Chinese words of one, two and three characters are found, all of them, and nothing else is."""

from __future__ import annotations

import random
import sqlite3
import unicodedata
from collections.abc import Iterator

import psycopg
import pytest

from showground.media import words
from showground.media.script import solid
from tests.harness.postgres import Server
from tests.harness.postgres import postgres as postgres

WORDS = (
    "诈骗 举报 谣言 网络 安全 银行 密码 验证 账户 短信 链接 域名 贴纸 展板 老人 孩子 家长 学校 社区 警察 证据 截图 平台 客服 转账 红包 "
    "中奖 保证 退款 快递 投资 理财 贷款 征信 冒充 熟人 语音 视频 直播 打赏 游戏 未成年 人脸 识别 隐私 个人信息 数据 泄露 备份 升级 漏洞 "
    "木马 病毒 勒索 钓鱼 二维码 验证码 身份证 公安局 派出所 反诈中心 热线 投诉 处置 反馈 核实 辟谣 来源 权威 报道 记者 网站 应用 权限 下载"
).split()
LATIN = "HTTPS VPN App WiFi 12377 96110 phishing Two-factor".split()


def generated(number: int = 300, seed: int = 7) -> list[str]:
    """Returns texts as long as a board's, of sentences from common words, with Latin words and numbers in between."""
    chance = random.Random(seed)
    return ["".join(_sentence(chance) for _ in range(chance.randint(12, 30))) for _ in range(number)]


def _sentence(chance: random.Random) -> str:
    parts = [chance.choice(WORDS) if chance.random() < 0.93 else f" {chance.choice(LATIN)} " for _ in range(chance.randint(4, 9))]
    return "，".join(("".join(parts[:4]), "".join(parts[4:]))).strip("，") + chance.choice("。！？；\n")


def queries(texts: list[str], seed: int = 7) -> list[str]:
    """Returns 50 queries of two and three characters: 30 words and 20 pieces cut from anywhere in a text, word or not."""
    chance, found = random.Random(seed), [word for word in WORDS if len(word) in {2, 3}]
    asked = chance.sample(found, 30)
    while len(asked) < 50:
        text, size = chance.choice(texts), chance.choice((2, 3))
        start = chance.randrange(len(text) - size)
        piece = text[start : start + size]
        if all(solid(char) and char.isalnum() for char in piece) and piece not in asked:
            asked.append(piece)
    return asked


def holding(texts: list[str], query: str) -> set[int]:
    return {place for place, text in enumerate(texts) if query in unicodedata.normalize("NFKC", text)}


@pytest.fixture
def index() -> Iterator[tuple[sqlite3.Connection, list[str]]]:
    texts, base = generated(), sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE board USING fts5(words, tokenize='unicode61 remove_diacritics 0', content='')")
    base.executemany(
        "INSERT INTO board(rowid, words) VALUES (?, ?)", [(place, words.indexed(text)) for place, text in enumerate(texts)]
    )
    yield base, texts
    base.close()


def found(base: sqlite3.Connection, query: str) -> set[int]:
    return {row[0] for row in base.execute("SELECT rowid FROM board WHERE board MATCH ?", (words.match(query),))}


def test_all_of_fifty_chinese_queries_find_exactly_the_boards_that_hold_them(index: tuple[sqlite3.Connection, list[str]]) -> None:
    base, texts = index
    asked = queries(texts)
    assert (len(texts), len(asked), {len(query) for query in asked}) == (300, 50, {2, 3})
    wrong = [query for query in asked if found(base, query) != holding(texts, query)]
    assert wrong == []
    assert all(holding(texts, query) for query in asked)


@pytest.mark.parametrize("query", ["骗", "局", "个人信息泄露", "12377", "https", "ＶＰＮ", "诈骗 举报", "验证码 96110"])
def test_other_queries_find_what_holds_all_their_words(index: tuple[sqlite3.Connection, list[str]], query: str) -> None:
    base, texts = index
    plain = [unicodedata.normalize("NFKC", text).casefold() for text in texts]
    parts = unicodedata.normalize("NFKC", query).casefold().split()
    assert found(base, query) == {place for place, text in enumerate(plain) if all(part in text for part in parts)} != set()


def test_nothing_is_found_across_a_full_stop() -> None:
    assert words.tokens("验证。证码") == ["验证", "证", "证码", "码"]
    assert words.match("验证码") == '"验证 证码"'


@pytest.mark.parametrize("query", ["", "   ", '"*()', "。，"])
def test_query_without_words_asks_for_nothing(query: str) -> None:
    assert (words.match(query), words.tsquery(query)) == ("", "")


@pytest.mark.parametrize("query", ['诈骗" OR "a', "a NEAR(b c)", "words:诈骗", "-诈骗", "诈*骗", "'; DROP TABLE board; --"])
def test_query_s_own_signs_are_never_orders(index: tuple[sqlite3.Connection, list[str]], query: str) -> None:
    base, _ = index
    found(base, query)
    assert set(words.match(query)) & set("():-;") == set()


def test_postgres_gets_places_and_a_query_in_its_own_form() -> None:
    assert words.vector("验证码，App 验证") == "'app':4 '码':3 '证':6 '证码':2 '验证':1,5"
    assert words.tsquery("验证码 app 骗") == "('验证' <-> '证码') & ('app':*) & ('骗':*)"


@pytest.mark.postgres
def test_postgres_finds_the_same_boards(postgres: Server) -> None:
    texts = generated()
    asked = queries(texts)
    with postgres.database() as url, psycopg.connect(url) as base:
        base.execute("CREATE TABLE board (place int, words tsvector)")
        with base.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO board VALUES (%s, %s::tsvector)", [(n, words.vector(text)) for n, text in enumerate(texts)]
            )
        for query in [*asked, "骗", "12377", "验证码 96110"]:
            rows = base.execute("SELECT place FROM board WHERE words @@ %s::tsquery", (words.tsquery(query),)).fetchall()
            assert {row[0] for row in rows} == {n for n, text in enumerate(texts) if all(part in text for part in query.split())}, (
                query
            )
