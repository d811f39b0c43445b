"""Our own file: one question a line as canonical JSON, media as lines of their own. The identity for everything."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from showground.interchange.questions.carried import ALL, Carries
from showground.interchange.questions.contract import MOST_MEDIA_BYTES, Basket, Left, Question, Taken
from showground.interchange.questions.words import decode_noted
from showground.rules.questions import KINDS, check_question
from showground.rules.records import canonical
from showground.rules.refused import Refused

CARRIES: Final = Carries(
    kinds=frozenset(KINDS),
    languages=2,
    fields=ALL,
    details=frozenset({"why", "credit", "exact", "case", "area", "true_false", "keys"}),
    words=str,
)


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions and media of a native file; `language` is not asked, every text says its own."""
    basket = Basket("native")
    for number, line in enumerate(decode_noted(data, basket).split("\n")):
        if line.strip():
            _read_line(basket, f"#{number + 1}", line)
    return basket.taken()


def _read_line(basket: Basket, item: str, line: str) -> None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        basket.leave(item, "", "syntax", "JSON")
        return
    if isinstance(value, dict) and "medium" in value:
        _read_medium(basket, item, value)
    elif not isinstance(value, dict):
        basket.leave(item, "", "syntax", type(value).__name__)
    elif not isinstance(value.get("code"), str):
        basket.leave(item, "code", "refused", "code")
    elif not basket.full():
        basket.take(value, value["code"] or item, exact=True)


def _read_medium(basket: Basket, item: str, value: dict[str, Any]) -> None:
    try:
        data = base64.b64decode(str(value.get("data")), validate=True)
    except (binascii.Error, ValueError):
        basket.leave(item, "medium", "damaged", value["medium"])
        return
    if len(data) > MOST_MEDIA_BYTES or hashlib.sha256(data).hexdigest() != value.get("sha256"):
        basket.leave(item, "medium", "too_large" if len(data) > MOST_MEDIA_BYTES else "damaged", value["medium"])
    else:
        basket.medium(str(value["medium"]), data)


def write(
    questions: Sequence[Question], *, language: str, media: Mapping[str, tuple[str, bytes]] | None = None
) -> tuple[bytes, list[Left]]:
    """Returns a native file of whole questions and media; what is no question is left."""
    lines, left = list[bytes](), list[Left]()
    for question in questions:
        try:
            check_question(question)
            lines.append(canonical(question))
        except Refused as no:
            left.append(Left(str(question.get("code", "")), "", "refused", str(no)))
    for digest, (name, data) in sorted((media or {}).items()):
        lines.append(
            json.dumps({"medium": name, "sha256": digest, "data": base64.b64encode(data).decode()}, ensure_ascii=False).encode()
        )
    return b"".join(line + b"\n" for line in lines), left
