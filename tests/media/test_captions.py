"""WebVTT is read strictly: every refusal names its line; what is written again is read the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.media import captions
from showground.media.captions import Cue
from showground.rules.refused import Refused

GOOD = """\ufeffWEBVTT - the call

NOTE nobody hears this

one
00:01.000 --> 00:04.500 line:85% align:center
<v Officer Lin>Hang up &amp; call <i>96110</i>

00:05.000 --> 01:00:06.000
不要告诉任何人
<c.loud>验证码</c>
"""


def refused(text: str, **more: int) -> tuple[str, object]:
    with pytest.raises(Refused) as no:
        captions.read(text, **more)
    return no.value.code, no.value.facts.get("line")


def test_cues_are_read_with_their_times_voices_and_words() -> None:
    first, second = captions.read(GOOD)
    assert (first.starts, first.ends, first.settings) == (1_000, 4_500, "line:85% align:center")
    assert (first.words, first.voices) == ("Hang up & call 96110", ("Officer Lin",))
    assert (second.ends, second.words) == (3_606_000, "不要告诉任何人\n验证码")


def test_what_is_written_is_read_the_same_and_holds_no_marks_but_ours() -> None:
    cues = captions.read(GOOD)
    told = captions.written(cues)
    assert captions.read(told) == cues
    assert "<v Officer Lin>Hang up &amp; call <i>96110</i></v>" in told
    assert "NOTE" not in told and "<c" not in told


def test_a_transcript_has_a_line_for_each_voice_and_none_of_the_marks() -> None:
    assert captions.transcript(captions.read(GOOD)) == "Officer Lin: Hang up & call 96110\n不要告诉任何人 验证码"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "captions.head", 1),
        ("Webvtt\n\n00:01.000 --> 00:02.000\na", "captions.head", 1),
        ("1\n00:00:01,000 --> 00:00:02,000\na", "captions.subrip", 1),
        ("WEBVTT\n00:01.000 --> 00:02.000\na", "captions.gap", 2),
        ("WEBVTT\n\n", "captions.none", None),
        ("WEBVTT\n\nSTYLE\n::cue { color: url(//evil.example) }", "captions.style", 3),
        ("WEBVTT\n\nREGION\nid:a", "captions.style", 3),
        ("WEBVTT\n\nwords without a time", "captions.no_time", 3),
        ("WEBVTT\n\n00:01,000 --> 00:02.000\na", "captions.time", 3),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\na", "captions.time", 3),
        ("WEBVTT\n\n00:01.000-->00:02.000\na", "captions.time", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 color:red\na", "captions.setting", 3),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\na", "captions.backwards", 3),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb", "captions.order", 6),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "captions.empty", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>", "captions.empty", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb", "captions.gap", 5),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n<script>alert(1)</script>", "captions.mark", 5),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<b>a</i>", "captions.mark", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n1 < 2", "captions.mark", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<b>a", "captions.open_mark", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n&rarr; a", "captions.letter", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\x07", "captions.letter", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a" * 401, "captions.long", 4),
        ("WEBVTT\n\n" + "00:01.000 --> 00:02.000\na\n\n" * 3001, "captions.too_many", None),
        ("WEBVTT\n\n" + "NOTE\n" + "a" * (513 << 10), "captions.too_large", None),
    ],
)
def test_what_is_not_webvtt_is_refused_with_its_line(text: str, code: str, line: int | None) -> None:
    assert refused(text) == (code, line)


def test_a_cue_after_the_end_of_the_film_is_refused() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:09.000 --> 00:10.000\nb"
    assert refused(text, length_ms=8_000) == ("captions.late", 6)
    assert len(captions.read(text, length_ms=9_500)) == 2


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    with pytest.raises(Refused) as no:
        captions.decoded("WEBVTT\n\n00:01.000 --> 00:02.000\n举报".encode("gb18030"))
    assert (no.value.code, no.value.facts["line"]) == ("captions.encoding", 4)


@given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(1, 9_000), st.text(min_size=1, max_size=40)), min_size=1, max_size=6))
def test_any_words_survive_writing_and_reading(told: list[tuple[int, int, str]]) -> None:
    cues = []
    for starts, lasts, said in sorted(told):
        plain = " ".join(captions._unescaped("".join(char for char in said if char.isprintable() and char != "&"), 1).split())
        if plain:
            cues.append(Cue(starts, starts + lasts, "", captions._escaped(plain), plain))
    if cues:
        assert captions.read(captions.written(cues)) == cues
