"""Two languages in one text, as Moodle's filters write them: {mlang en}...{mlang} and <span lang="en" class="multilang">."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from showground.rules.questions import LANGUAGES

_MLANG: Final = re.compile(r"\{mlang ([\w, -]{2,60})\}(.*?)\{mlang\}", re.DOTALL | re.IGNORECASE)
_SPAN: Final = re.compile(
    r"<span\b(?=[^>]{0,200}\bclass=[\"']multilang)[^>]{0,200}\blang=[\"']([\w-]{2,20})[\"'][^>]{0,200}>(.*?)</span>", re.DOTALL
)
_CODES: Final = {"en": "en", "zh": "zh_cn"}


def _ours(code: str) -> str:
    head = re.split(r"[-_]", code.strip().lower())[0]
    return head if head in LANGUAGES else ""


def split(text: str, language: str) -> tuple[dict[str, str], list[str]]:
    """Returns the text by language and the languages in it that are not ours; words outside of any belong to all.

    A text without such marks is in `language`; one that has only others' languages and "other" gives "other" to `language`.
    """
    pattern = _MLANG if "{mlang" in text.lower() else _SPAN
    blocks = [(code, found) for found in pattern.finditer(text) for code in re.split(r"[,\s]+", found[1]) if code]
    if not blocks:
        return {language: text}, []
    wanted = list(dict.fromkeys(ours for code, _ in blocks if (ours := _ours(code)))) or [language]
    foreign = sorted({code for code, _ in blocks if not _ours(code) and (code.lower() != "other" or wanted != [language])})
    return {one: _only(pattern, text, one, wanted == [language]) for one in wanted}, foreign


def _only(pattern: re.Pattern[str], text: str, language: str, alone: bool) -> str:
    return pattern.sub(lambda found: found[2] if _is(found[1], language, alone) else "", text)


def _is(codes: str, language: str, alone: bool) -> bool:
    listed = re.split(r"[,\s]+", codes)
    return any(_ours(code) == language or (alone and code.lower() == "other") for code in listed)


def joined(text: Mapping[str, str], language: str, *, marked: bool = False) -> str:
    """Returns a text of languages as one text; without marks if it is in `language` only, unless `marked`."""
    if set(text) == {language} and not marked:
        return text[language]
    return "".join(f"{{mlang {_CODES[one]}}}{text[one]}{{mlang}}" for one in LANGUAGES if one in text)
