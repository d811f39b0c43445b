"""Questions as CSV: the table of table.py, UTF-8 with a mark so that spreadsheets see it, commas (or semicolons and tabs on the way in)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from showground.interchange.questions.carried import Media, fitted
from showground.interchange.questions.contract import Basket, Left, Question, Taken
from showground.interchange.questions.table import CARRIES, COLUMNS, fit, guarded, read_rows, rows
from showground.interchange.questions.words import decode_noted

__all__ = ["CARRIES", "fit", "read", "write"]


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a CSV file; every row says its own language, so `language` is not asked."""
    basket = Basket("csv")
    text = decode_noted(data, basket)
    head = text.partition("\n")[0]
    sign = max(",;\t", key=head.count)
    return read_rows(basket, _lines(basket, text, sign))


def _lines(basket: Basket, text: str, sign: str) -> Iterator[list[str]]:
    csv.field_size_limit(1 << 20)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    except csv.Error as error:
        basket.leave("", "file", "damaged", error)


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns a CSV file in both languages, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for question in kept:
        for row in rows(question):
            table.writerow([guarded(row.get(name, "")) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode(), left
