"""Links as browsers follow them: cases of the WHATWG URL standard written from its rules, and what is untrue about a link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.evidence import links
from showground.evidence.lookalike import Names

# (as written, as a browser goes there); "" where no browser goes.
WHATWG = [
    ("http://bank.example:80/", "http://bank.example/"),
    ("https://bank.example:443", "https://bank.example/"),
    ("https://bank.example:0443/", "https://bank.example/"),
    ("https://bank.example:80/", "https://bank.example:80/"),
    ("https://bank.example:0/", "https://bank.example:0/"),
    ("https://bank.example:65536/", ""),
    ("https://bank.example:x/", ""),
    ("HTTP://BANK.EXAMPLE/../a/./b", "http://bank.example/a/b"),
    ("http:\\\\bank.example\\y", "http://bank.example/y"),
    ("http:/bank.example/y", "http://bank.example/y"),
    ("http:bank.example/y", "http://bank.example/y"),
    ("https:////bank.example/y", "https://bank.example/y"),
    ("  http://bank.example  ", "http://bank.example/"),
    ("ht\ntp://ba\tnk.example", "http://bank.example/"),
    ("http://1", "http://0.0.0.1/"),
    ("http://256", "http://0.0.1.0/"),
    ("http://2130706433/", "http://127.0.0.1/"),
    ("http://0x7f.1", "http://127.0.0.1/"),
    ("http://0300.168.0xF0", "http://192.168.0.240/"),
    ("http://0x.0x.0", "http://0.0.0.0/"),
    ("http://192.168.257", "http://192.168.1.1/"),
    ("http://192.168.0.257", ""),
    ("http://4294967295", "http://255.255.255.255/"),
    ("http://4294967296", ""),
    ("http://1.2.3.4.5", ""),
    ("http://1.2.3.4.", "http://1.2.3.4/"),
    ("http://1.2.3.08", ""),
    ("http://bank.0x4", ""),
    ("http://bank.09", ""),
    ("http://[::1]", "http://[::1]/"),
    ("http://[0:0::0:1]/a", "http://[::1]/a"),
    ("http://[::127.0.0.1]", "http://[::7f00:1]/"),
    ("http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]/"),
    ("http://[1:2]", ""),
    ("http://[::1", ""),
    ("http://ho st/", ""),
    ("http://ho%20st/", ""),
    ("http://a^b/", ""),
    ("http://a<b/", ""),
    ("http://%00.example", ""),
    ("http://b%61nk.example", "http://bank.example/"),
    ("http://b\u200ban\u2060k.example", "http://bank.example/"),
    ("http://ba\u3000nk.example", ""),
    ("http://\u00ad/", ""),
    ("http://\uff10\uff58\uff17\uff46\uff0e\uff11", "http://127.0.0.1/"),
    ("http://www\u3002bank\uff61example", "http://www.bank.example/"),
    ("http://%EF%BC%85%EF%BC%90%EF%BC%90.example", ""),
    ("https://fa\u00df.ExAmPlE/", "https://xn--fa-hia.example/"),
    ("http://B\u00dcCHER.example", "http://xn--bcher-kva.example/"),
    ("http://user@/www", ""),
    ("http://a:b@bank.example:29/d", "http://a:b@bank.example:29/d"),
    ("http::@bank.example:29", "http://bank.example:29/"),
    ("http://bank.example/\\@evil.example", "http://bank.example//@evil.example"),
    ("http://bank.example\\@evil.example", "http://bank.example/@evil.example"),
    ("http://bank.example#@evil.example/", "http://bank.example/#@evil.example/"),
    ("http://a@b@c.example/", "http://a%40b@c.example/"),
    ("http:///", ""),
    ("https://", ""),
    ("javascript:alert(1)", "javascript:alert(1)"),
    ("JaVa\tScRiPt:alert(1)", "javascript:alert(1)"),
    ("data:text/html,<b>", "data:text/html,<b>"),
    ("//evil.example/x", "http://evil.example/x"),
    ("evil.example:8443/x", "http://evil.example:8443/x"),
]


@pytest.mark.parametrize(("written", "goes"), WHATWG)
def test_link_goes_where_browsers_go(written: str, goes: str) -> None:
    told = links.read(written, via="link")
    assert told["url"] == goes
    assert ("link.unreadable" in {flag["code"] for flag in told["flags"]}) == (goes == "")


@pytest.mark.parametrize(
    "disguised",
    [
        "hxxps://evil[.]example/a", "hXXps://evil(.)example/a", "https[:]//evil.example/a",
        "hxxps[://]evil[dot]example/a", "h**ps://evil{.}example/a",
        "https://evil [.] example/a", "ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ／ａ", "https://ev\u200bil.exa\u00admple/a",
        "https://evil。example/a", "htxps://evil[点]example/a",
    ],
)  # fmt: skip
def test_link_made_harmless_or_disguised_is_read_as_it_was(disguised: str) -> None:
    assert links.read(disguised)["url"] == "https://evil.example/a"


def test_target_for_programs_is_not_taken_for_a_defanged_one() -> None:
    assert links.read("https://evil.example/a[.]b", via="link")["url"] == "https://evil.example/a[.]b"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://evil.example/a.b?c=d", "hxxps://evil[.]example/a.b?c=d"),
        ("http://u:p@evil.example/", "hxxp://u:p[@]evil[.]example/"),
        ("https://evil.example/?u=https://other.test/", "hxxps://evil[.]example/?u=https[://]other.test/"),
        ("ftp://evil.example/", "ftp[:]//evil[.]example/"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("mailto:a@evil.example", "mailto[:]a[@]evil[.]example"),
        ("a@evil.example", "a[@]evil[.]example"),
        ("WIFI:S:net;T:WPA;;", "WIFI[:]S:net;T:WPA;;"),
    ],
)
def test_defanged_link_is_text(url: str, shown: str) -> None:
    assert links.defang(url) == shown


def test_defanged_text_holds_no_link() -> None:
    said = links.defang_text("see https://evil.example/x or (http://other.test), mail a.b@evil.example; file.txt")
    assert said == "see hxxps://evil[.]example/x or (hxxp://other[.]test), mail a[.]b[@]evil[.]example; file[.]txt"


@given(st.from_regex(r"https?://([a-z0-9]{1,8}\.){1,3}(example|test)(:[1-9][0-9]{1,3})?/[a-z0-9/?=&.-]{0,20}", fullmatch=True))
def test_defanged_link_comes_back_the_same(url: str) -> None:
    assert links.refang(links.defang(url)) == url


@given(st.text(max_size=200))
def test_any_text_is_read_as_a_link(raw: str) -> None:
    told = links.read(raw)
    assert told["raw"] == raw
    assert "http://" not in told["defanged"] and "https://" not in told["defanged"]


def _codes(raw: str, names: Names, **more: str) -> set[str]:
    return {flag["code"] for flag in links.read(raw, names=names, **more)["flags"]}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("http://2130706433/", "link.ip"),
        ("http://[::1]/", "link.ip"),
        ("http://0x7f.0.0.1/", "link.disguised_host"),
        ("http://b%61nk.example/", "link.disguised_host"),
        ("http://ｂank.example/", "link.disguised_host"),
        ("https://examplebank.test@evil.example/", "link.user_info"),
        ("https://evil.example:8443/", "link.port"),
        ("https://short.example/x", "link.shortener"),
        ("https://forms.example/x", "link.shared"),
        ("https://go.example/?to=https%3A%2F%2Fevil.test%2Fa", "link.redirector"),
        ("https://go.example/?to=//evil.test/a", "link.redirector"),
        ("javascript:alert(1)", "link.scheme"),
        ("data:text/html,x", "link.scheme"),
        ("https://москва.test/", "link.punycode"),
        ("https://exаmplebank.test/", "host.mixed_script"),
        ("https://exаmplebank.test/", "host.look_alike"),
        ("https://examp1ebank.test/", "host.look_alike"),
        ("https://exarnplebank.test/", "host.look_alike"),
        ("https://examplebnk.test/", "host.one_letter_off"),
        ("https://examplebnak.test/", "host.one_letter_off"),
        ("https://examplebank.invalid/", "host.other_ending"),
        ("https://examplebank.test.evil.invalid/", "host.contains_name"),
        ("https://secure-examplebank.invalid/", "host.contains_name"),
        ("https://my-examplebank-login.invalid/", "host.contains_name"),
    ],
)
def test_untrue_link_is_flagged(raw: str, code: str, names: Names) -> None:
    assert code in _codes(raw, names)


@pytest.mark.parametrize(
    "raw", ["https://examplebank.test/", "https://www.examplebank.test/a", "https://evil.example/", "https://москва.example/"]
)
def test_true_or_unknown_link_is_not_called_a_look_alike(raw: str, names: Names) -> None:
    assert not {code for code in _codes(raw, names) if code.startswith("host.")}


def test_plain_ip_is_not_called_disguised(names: Names) -> None:
    assert _codes("http://192.0.2.7/", names) == {"link.ip"}


@pytest.mark.parametrize(
    ("visible", "other"),
    [("https://www.examplebank.test/login", True), ("examplebank.test", True), ("Log in here", False), ("evil.example/a", False),
     ("report.pdf", False),
     ("www.evil.example", False), ("hxxp://bank[.]test", True)],
)  # fmt: skip
def test_words_that_show_another_site_are_flagged(visible: str, other: bool, names: Names) -> None:
    assert ("link.shown_other" in _codes("https://evil.example/", names, visible=visible, via="link")) == other


def test_links_inside_links_are_unfolded_two_levels() -> None:
    inner = "https%3A%2F%2Fsecond.test%2F%3Fu%3Dhttps%253A%252F%252Fthird.test%252F"
    found = links.unfolded(links.read(f"https://first.example/?u={inner}"))
    assert [one["host"] for one in found] == ["first.example", "second.test", "third.test"]


def test_long_link_is_cut_and_says_so() -> None:
    told = links.read("https://evil.example/" + "a" * 10_000)
    assert len(told["url"]) == links.LONGEST and told["flags"][0] == {"code": "link.long", "characters": 10_021}
