"""Which format a file is: by its first element, its zip's files, its signs; its name only decides between texts."""

from __future__ import annotations

import json
import re
from typing import Final

from showground.interchange.questions.contract import Unreadable
from showground.interchange.questions.hardened import no_entities, root_tag, unzip
from showground.interchange.questions.words import decode

HEAD: Final = 64 << 10  # characters of a text that are looked at
_QTI: Final = frozenset(
    "assessmentItem assessmentTest assessmentSection manifest qti-assessment-item qti-assessment-test qti-assessment-section "
    "questestinterop".split()
)
_ENDINGS: Final = (
    (".gift", "gift"), (".gift.txt", "gift"), (".aiken", "aiken"), (".aiken.txt", "aiken"), (".missing.txt", "missing_word"),
    (".missingword.txt", "missing_word"), (".cloze", "cloze"), (".cloze.txt", "cloze"), (".csv", "csv"), (".tsv", "csv"), (".jsonl", "native"),
)  # fmt: skip
_EMBEDDED: Final = re.compile(r"\{[0-9]{0,5}:[A-Z_]{2,20}:")
_GIFT: Final = re.compile(r"^\s*(//|::|\$CATEGORY:)|\{\s*(#|T\b|F\b|TRUE\b|FALSE\b|\})|[~=]%|####|->|^\s*[~=]", re.MULTILINE)


def sniff(name: str, data: bytes) -> str:
    """Returns the name of a file's format; Unreadable("unknown_format") for one that none here reads."""
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if data.startswith((b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF", b"\x89PNG")):
        raise Unreadable("unknown_format", "a file of another kind")
    text = decode(data)[0].lstrip("\ufeff \t\r\n\0")[:HEAD]
    return _xml(name, text) if text.startswith("<") else _text(name, text)


def _zip(data: bytes) -> str:
    names = {path.lower() for path in unzip(data)}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(path.rpartition("/")[2] == "imsmanifest.xml" or path.endswith(".xml") for path in names):
        return "qti"
    raise Unreadable("unknown_format", "a zip without imsmanifest.xml")


def _xml(name: str, text: str) -> str:
    no_entities(text)
    tag = root_tag(text)[0]
    if tag == "quiz":
        return "moodle_xml"
    if tag in _QTI:
        return "qti"
    if not text.startswith(("<?xml", "<!")) and "{" in text:
        return _text(name, text)  # a question may begin with a tag
    raise Unreadable("unknown_format", f"<{tag}>")


def _text(name: str, text: str) -> str:
    first = text.partition("\n")[0]
    if first.startswith("{") and _is_json(first):
        return "native"
    if ending := next((format for end, format in _ENDINGS if name.lower().endswith(end)), ""):
        return ending
    if "{" in text and re.search(r"missing[ _-]?word", name, re.IGNORECASE):
        return "missing_word"
    if re.match(r"\"?question\"?[,;\t]\"?part\b", first.lower()):
        return "csv"
    if re.search(r"^ANSWER\s*:", text, re.MULTILINE | re.IGNORECASE) and "{" not in text:
        return "aiken"
    if _EMBEDDED.search(text):
        return "cloze"
    if "{" in text and "}" in text:
        return "gift" if _GIFT.search(text) else "missing_word"
    raise Unreadable("unknown_format", first[:60])


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
