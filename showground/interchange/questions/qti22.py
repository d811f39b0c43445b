"""QTI 2.2: packages written here; reading is the same for all versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from showground.interchange.questions.contract import Left, Question
from showground.interchange.questions.qti_package import read
from showground.interchange.questions.qti_package import write as write_package

__all__ = ["read", "write"]


def write(questions: Sequence[Question], *, language: str, media: Mapping[str, tuple[str, bytes]]) -> tuple[bytes, list[Left]]:
    """Returns a QTI 2.2 package with an item for each language of each question, and what it does not carry."""
    return write_package(questions, "2.2", language=language, media=media)
