"""Questions of every kind, made by hypothesis: whatever `check_question` lets pass, the awkward things more often than chance."""

from __future__ import annotations

import hashlib
import unicodedata
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from showground.interchange.questions.contract import key_of
from showground.rules.questions import KINDS, MEDIA, ROLES, as_credit, check_question
from showground.rules.refused import Refused

Question = dict[str, Any]
AWKWARD = [
    *(
        "=",
        "~",
        "#",
        "{",
        "}",
        ":",
        "\\",
        "->",
        "//",
        "%50%",
        "[html]",
        "<b>",
        "&amp;",
        "]]>",
        "\n",
        "  ",
        "\t",
        "'=1+1",
        "=SUM(A1)",
        "+1",
        "-1",
    ),
    *(
        "@x",
        "TRUE",
        "_____",
        "A) x",
        "ANSWER: A",
        "$CATEGORY: x",
        "{1:SA:=x}",
        "::",
        "####",
        "* ",
        "\\n",
        '"',
        ",",
        ";",
        "{mlang en}",
        "]",
    ),
    *("\u202e", "\u2028", "\U0001f600", "钓鱼", "é", "\x0b", "\x85", "_x0041_", "{{g1}}", "---", "1..2"),
]
_DRAWN = [b"\x89PNG\r\n\x1a\n one", b"\xff\xd8\xff two"]
PICTURES = {hashlib.sha256(data).hexdigest(): ("file.png", data) for data in _DRAWN}
PIECES = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["word", "two words", "银行"]),
)


def _nfc(parts: list[str]) -> str:
    return unicodedata.normalize("NFC", "".join(parts))


WORDS = st.lists(PIECES, min_size=1, max_size=5).map(_nfc).filter(lambda words: words.strip() != "")
PLAIN = st.sampled_from(["Hang up", "Pay at once", "Ask the bank", "Look at the address", "打电话给银行", "Why?", "3 < 4", "a & b"])
CREDITS = st.sampled_from(["0", "0", "1/3", "2/3", "1/2", "33/100", "-1/4", "-1/3", "5/7", "1", "1/999", "123/1009"]).map(Fraction)
NUMBERS = st.one_of(
    st.integers(-999, 999).map(str),
    st.decimals(-99, 99, places=2, allow_nan=False).map(lambda d: format(d, "f")),
    st.sampled_from(["+5", "0.50", "007"]),
)


@st.composite
def texts(draw: st.DrawFn, words: st.SearchStrategy[str], languages: tuple[str, ...]) -> dict[str, str]:
    return {language: draw(words) for language in languages}


@st.composite
def questions(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, awkward: bool = True) -> Question:
    """Draws a valid question; with `awkward` false its words are plain."""
    words = st.one_of(PLAIN, WORDS) if awkward else PLAIN
    languages = draw(st.sampled_from([("en", "zh"), ("en", "zh"), ("en", "zh"), ("en",), ("zh",)]))
    text = texts(words, languages)
    kind = draw(st.sampled_from(kinds))
    question: Question = {
        "v": 1,
        "code": draw(st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True)),
        "kind": kind,
        "text": draw(text),
    }
    for name in ("title", "explanation", "feedback"):
        if draw(st.booleans()):
            question[name] = draw(text)
    for name in ("source", "category"):
        if draw(st.integers(0, 3)) == 0:
            question[name] = draw(words)[:400]
    if draw(st.integers(0, 3)) == 0:
        question["tags"] = draw(st.lists(words, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        question["fixed"] = draw(st.booleans())
    if draw(st.integers(0, 4)) == 0:
        question["media"] = [draw(_medium(text)) for _ in range(draw(st.integers(0, 2)))]
    question |= draw(_own(kind, text, words))
    if kind == "cloze":
        question["text"] = {
            lang: said.replace("{{g1}}", "") + "".join(f" {{{{{g['key']}}}}}" for g in question["gaps"])
            for lang, said in question["text"].items()
        }
    try:
        check_question(question)
    except Refused:
        from hypothesis import reject

        reject()
    return question


@st.composite
def _medium(draw: st.DrawFn, text: st.SearchStrategy[dict[str, str]]) -> Question:
    kind = draw(st.sampled_from(MEDIA))
    return {
        "kind": kind,
        "sha256": draw(st.sampled_from([*PICTURES, "0" * 64])),
        "name": "file.png",
        "alt" if kind == "picture" else "transcript": draw(text),
    }


@st.composite
def _options(draw: st.DrawFn, text: st.SearchStrategy[dict[str, str]], *, several: bool) -> list[Question]:
    count, names = draw(st.integers(2, 5)), draw(st.booleans())
    rows = [{"key": key_of(n) if names else f"k{n}", "text": draw(text), "credit": as_credit(draw(CREDITS))} for n in range(count)]
    if several:
        rows[0]["credit"] = rows[1]["credit"] = [1, 2]
    else:
        rows[draw(st.integers(0, count - 1))]["credit"] = [1, 1]
    for row in rows:
        if draw(st.booleans()):
            row["why"] = draw(text)
    return rows


@st.composite
def _accepted(
    draw: st.DrawFn, text: st.SearchStrategy[dict[str, str]], words: st.SearchStrategy[str], *, numeric: bool
) -> list[Question]:
    rows: list[Question] = []
    for n in range(draw(st.integers(1, 3))):
        row: Question = {"credit": as_credit(Fraction(1) if n == 0 else draw(CREDITS))}
        if not numeric:
            row["text"] = draw(words)[:400]
        elif draw(st.booleans()):
            row |= {"value": draw(NUMBERS), "tolerance": draw(st.sampled_from(["0", "0.5", "1.00"]))}
        else:
            row |= {"low": draw(st.sampled_from(["-5", "0", "1.50"])), "high": draw(st.sampled_from(["2", "3.10"]))}
        if draw(st.booleans()):
            row["why"] = draw(text)
        rows.append(row)
    return rows


@st.composite
def _own(draw: st.DrawFn, kind: str, text: st.SearchStrategy[dict[str, str]], words: st.SearchStrategy[str]) -> Question:
    if kind in {"single", "multiple"}:
        return {"options": draw(_options(text, several=kind == "multiple"))}
    if kind == "true_false":
        right = draw(st.booleans())
        usual = draw(st.booleans())
        rows = []
        for key, good in (("true", right), ("false", not right)):
            said = draw(text)
            row: Question = {
                "key": key,
                "text": {lang: {"en": key.title(), "zh": "对" if key == "true" else "错"}[lang] for lang in said}
                if usual
                else said,
                "credit": [int(good), 1],
            }
            if draw(st.booleans()):
                row["why"] = draw(text)
            rows.append(row)
        return {"options": rows}
    if kind in {"short", "numeric"}:
        own: Question = {"accepted": draw(_accepted(text, words, numeric=kind == "numeric"))}
        return own | ({"case": draw(st.booleans())} if kind == "short" and draw(st.booleans()) else {})
    if kind == "matching":
        left = [{"key": f"l{n}", "text": draw(text)} for n in range(draw(st.integers(1, 4)))]
        right_side = [{"key": f"r{n}", "text": draw(text)} for n in range(draw(st.integers(2, 4)))]
        return {
            "left": left,
            "right": right_side,
            "pairs": [[item["key"], draw(st.sampled_from(right_side))["key"]] for item in left],
        }
    if kind == "ordering":
        return {"options": [{"key": f"o{n}", "text": draw(text)} for n in range(draw(st.integers(2, 5)))]}
    if kind == "cloze":
        return {"gaps": [draw(_gap(f"g{n + 1}", text, words)) for n in range(draw(st.integers(1, 3)))]}
    return draw(_phish(text))


@st.composite
def _gap(draw: st.DrawFn, key: str, text: st.SearchStrategy[dict[str, str]], words: st.SearchStrategy[str]) -> Question:
    kind = draw(st.sampled_from(["single", "short", "numeric"]))
    gap: Question = {"key": key, "kind": kind, "weight": draw(st.integers(1, 4))}
    if kind == "single":
        return gap | {"options": draw(_options(text, several=False))}
    gap["accepted"] = draw(_accepted(text, words, numeric=kind == "numeric"))
    return gap | ({"case": True} if kind == "short" and draw(st.booleans()) else {})


@st.composite
def _phish(draw: st.DrawFn, text: st.SearchStrategy[dict[str, str]]) -> Question:
    lines: list[Question] = []
    for n in range(draw(st.integers(2, 4))):
        line: Question = {"key": f"l{n}", "role": draw(st.sampled_from(ROLES)), "text": draw(text)}
        line |= {
            name: value
            for name, value in {"leads": draw(WORDS)[:500], "cue": draw(st.booleans()), "why": draw(text)}.items()
            if draw(st.booleans())
        }
        lines.append(line)
    trick = any(line.get("cue") for line in lines)
    own: Question = {"channel": "mail", "trick": trick, "lines": lines}
    if trick and draw(st.booleans()):
        own["enough"] = 1
    return own | ({"premise": "strong"} if draw(st.booleans()) else {})
