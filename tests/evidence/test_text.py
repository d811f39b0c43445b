from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.evidence import links, numbers, sketch, text
from showground.evidence.lookalike import Names


def _urls(said: str) -> list[str]:
    return [link["url"] for link in text.read(said)["links"]]


@pytest.mark.parametrize(
    ("said", "urls"),
    [
        ("go to https://evil.example/a?b=1, now", ["https://evil.example/a?b=1"]),
        ("(see https://evil.example/x_(y))", ["https://evil.example/x_(y)"]),
        ("<https://evil.example>", ["https://evil.example/"]),
        ("请点击https://evil.example/a立即验证", ["https://evil.example/a"]),
        ("请点击https://evil.example验证。", ["https://evil.example/"]),
        ("打开evil.example/pay和file.txt。", ["http://evil.example/pay"]),
        ("打开evil。example/pay谢谢", ["http://evil.example/pay"]),
        ("https://例子.test/a 好", ["https://xn--fsqu00a.test/a"]),
        ("https://evil.example。下一句", ["https://evil.example/"]),
        ("hxxps://evil[.]example/x evil[dot]test", ["https://evil.example/x", "http://evil.test/"]),
        ("www.evil.example or evil.co.uk:8080/x", ["http://www.evil.example/", "http://evil.co.uk:8080/x"]),
        ("mail a@evil.example, see report.pdf, e.g. this, v1.2.3, 10.50", []),
        ("javascript:alert(1)", ["javascript:alert(1)"]),
        ("ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ", ["https://evil.example/"]),
    ],
)
def test_links_are_found_in_both_languages(said: str, urls: list[str]) -> None:
    assert _urls(said) == urls


def test_disguised_link_in_text_is_flagged() -> None:
    [link] = text.read("ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ")["links"]
    assert {"code": "link.disguised_text"} in link["flags"]


def _phones(said: str) -> list[tuple[str, str]]:
    return [(one["raw"], one["number"]) for one in text.read(said)["phones"]]


@pytest.mark.parametrize(
    ("said", "phones"),
    [
        ("call +44 20 7946 0018 now", [("+44 20 7946 0018", "+442079460018")]),
        ("请致电400-820-8820", [("400-820-8820", "+864008208820")]),
        ("回拨13800138000", [("13800138000", "+8613800138000")]),
        ("text STOP to 60777", [("60777", "60777")]),
        ("拨打95588", [("95588", "95588")]),
        ("the year 20267 had 12345 days", []),
    ],
)
def test_phones_keep_what_was_written(said: str, phones: list[tuple[str, str]]) -> None:
    assert _phones(said) == phones


def test_number_without_a_plus_belongs_to_the_region_asked_first() -> None:
    said = "call 020 7946 0018"
    assert [text.phones(said, [region])[0]["number"] for region in ("GB", "CN")] == ["+442079460018", "+862079460018"]


def test_drama_number_that_no_plan_knows_is_kept_raw() -> None:
    [phone] = text.read("ring +44 7700 900123")["phones"]
    assert phone == {"raw": "+44 7700 900123", "number": "+447700900123", "valid": False, "kind": "phone"}


def test_senders_and_the_names_they_play(names: Names) -> None:
    assert text.read("【样例银行】您好", names=names)["senders"] == [{"sender": "样例银行", "names": ["examplebank.test"]}]
    assert text.read("From: EXAMPLE BANK\nhello", names=names)["senders"][0]["names"] == ["examplebank.test"]
    assert text.read("发件人：106900001234\n你好")["senders"][0]["sender"] == "106900001234"


@pytest.mark.parametrize(
    ("said", "kind", "account"),
    [
        ("QQ：123456789", "qq", "123456789"), ("加微信：abc_12345", "wechat", "abc_12345"), ("WeChat ID: abcde1", "wechat", "abcde1"),
        ("Telegram @someone_x", "telegram", "someone_x"), ("t.me/someone_x", "telegram", "someone_x"),
        ("wa.me/447700900123", "whatsapp", "447700900123"),
        ("支付宝账号：a@b.example", "alipay", "a@b.example"), ("IBAN GB82 WEST 1234 5698 7654 32", "iban", "GB82WEST12345698765432"),
        ("打款到6222 0212 3456 7890 128", "card", "6222021234567890128"),
    ],
)  # fmt: skip
def test_accounts_are_found(said: str, kind: str, account: str) -> None:
    told = text.read(said)
    assert {"kind": kind, "account": account} in told["accounts"]


def test_digits_of_an_account_are_no_phone() -> None:
    assert text.read("IBAN GB82 WEST 1234 5698 7654 32, card 6222021234567890128, QQ：123456789")["phones"] == []


# The genesis address of Bitcoin, the example of BIP 173, a Tron and an Ethereum address of all the same digits.
@pytest.mark.parametrize(
    ("address", "chain"),
    [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin"), ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", ""),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bitcoin"), ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", ""),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin"), ("0x" + "ab" * 20, "ethereum"),
        ("abcdefghijkmnopqrstuvwxyzABC", ""),
    ],
)  # fmt: skip
def test_wallet_counts_only_with_its_checksum(address: str, chain: str) -> None:
    assert numbers.wallets(f"send to {address}.") == ([(chain, address)] if chain else [])


@given(st.text(max_size=400))
def test_any_text_is_read(said: str) -> None:
    told: dict[str, Any] = text.read(said)
    assert told["characters"] == len(said)


@pytest.mark.parametrize(
    "piece",
    ["a.", "http://", "1", "1 ", "(", "@", "a@", "x-", "【", "微信 ", "A1 ", "www.", "0x", "[.]", "hxxp", "+", "。a", "bc1q"],
)
def test_text_made_to_take_time_takes_little(piece: str) -> None:
    said = piece * (300_000 // len(piece))
    assert text.read(said)["searched"] == len(said)


@pytest.mark.parametrize("run", [" ", "\n", "\t", "\u3000", "-", "a", "1", "样"])
def test_long_runs_after_any_word_take_little(run: str) -> None:
    said = "".join(
        word + run * 20_000
        for word in ("微信", "QQ", "telegram", "支付宝", "from", "text", "【", "a.", "a@", "http://", "GB82", "[", "1")
    )
    assert text.read(said)["searched"] == len(said)
    assert sketch.shingles(said) is not None
    assert links.defang_text(said)


def test_what_is_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "SEARCHED", 20_000)
    told = text.read("".join(f"https://evil.example/{n} " for n in range(1000)))
    assert len(told["links"]) == text.LISTED
    assert [limit["code"] for limit in told["limits"]] == ["limit.links", "limit.text"]
