"""Scripts and languages of printed text: which letters stand without spaces, which run from right to left."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Letters and signs that are set solid: Han, kana, CJK and full-width punctuation.
_SOLID = re.compile(
    r"[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_HEBREW = re.compile(r"[\u0590-\u05ff]")
_UYGHUR = re.compile(r"[\u06c6\u06c7\u06c8\u06cb\u06d0\u06d5\u06ad]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")


def solid(char: str) -> bool:
    """Tells whether a character is written without spaces to its neighbours."""
    return bool(_SOLID.match(char))


def backwards(text: str) -> bool:
    """Tells whether most letters of a text run from right to left."""
    right = len(_RTL.findall(text))
    return right > len(_WORD.findall(text)) + len(_HAN.findall(text))


def has_rtl(text: str) -> bool:
    """Tells whether a text has any letter that runs from right to left."""
    return bool(_RTL.search(text))


def language(text: str, otherwise: str = "en") -> str:
    """Returns the language a text is most likely in: "zh", "en", "ar", "he", "ug" or "ja"; `otherwise` if it has no letters."""
    if backwards(text):
        return "he" if _HEBREW.search(text) else "ug" if _UYGHUR.search(text) else "ar"
    han, words = len(_HAN.findall(text)), len(_WORD.findall(text))
    if _KANA.search(text) and han + words:
        return "ja"
    if not han and not words:
        return otherwise
    return "zh" if han >= words else "en"


def joined(lines: list[str], spaced: bool = False) -> str:
    """Returns lines as one text: a space between words, none inside Chinese; `spaced` if this text parts Chinese from Latin."""
    text = ""
    for line in (one.strip() for one in lines):
        if not line:
            continue
        text = _hung(text, line) or text + _between(text, line, spaced) + line
    return text


def _hung(text: str, line: str) -> str:
    """Returns the text with a word put together that was parted at the end of a line, or "" if none was."""
    if len(text) > 1 and text[-1] in "\u00ad\ufffe\x02" and text[-2].isalpha():
        return text[:-1] + ("" if line[0].islower() else "-") + line
    return ""


def _between(text: str, line: str, spaced: bool) -> str:
    if not text:
        return ""
    before, after = solid(text[-1]), solid(line[0])
    if before != after:
        return " " if spaced and text[-1].isalnum() and line[0].isalnum() else ""
    if before or (text[-1] in "-/" and len(text) > 1 and text[-2].isalpha() and line[0].isalpha()):
        return ""
    return " "
