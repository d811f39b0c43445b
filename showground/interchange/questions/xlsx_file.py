"""Questions as XLSX: the table of table.py on the first sheet. Formulas are noted, never worked out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import WriteOnlyCell

from showground.interchange.questions.carried import Media, fitted
from showground.interchange.questions.contract import MOST_BYTES, Basket, Left, Question, Taken, Unreadable
from showground.interchange.questions.hardened import no_entities, unzip
from showground.interchange.questions.table import CARRIES, COLUMNS, fit, guarded, read_rows, rows

__all__ = ["CARRIES", "fit", "read", "write"]
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 64
# SPEC OOXML ST_Xstring: _x0041_ in a cell stands for a character; the reader here does not undo it.
_TO_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of an XLSX file's first sheet; every row says its own language."""
    basket = Basket("xlsx")
    for path, content in unzip(data, MOST_BYTES).items():
        if path.lower().endswith((".xml", ".rels")):
            no_entities(content[:4096].decode("utf-8", "replace"))
        elif path.lower().endswith((".bin", ".vml")) or "/embeddings/" in path:
            basket.leave("", path, "script")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet, *others = book.worksheets
    except Exception as error:  # the library has as many ways to fail as a workbook has to be broken
        raise Unreadable("damaged", type(error).__name__)
    for other in others:
        basket.leave("", other.title, "unused", "sheet")
    return read_rows(basket, _lines(basket, sheet))


def _lines(basket: Basket, sheet: Any) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS)):
            if number >= MOST_ROWS:
                basket.leave("", "rows", "too_many", f"more than {MOST_ROWS}")
                return
            yield [_cell(basket, number + 1, cell) for cell in row]
    except Exception as error:
        basket.leave("", "rows", "damaged", type(error).__name__)


def _cell(basket: Basket, row: int, cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        basket.leave(f"row {row}", str(cell.coordinate), "formula", value)
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float) and cell.number_format.endswith("%"):
        return f"{value * 100:.6g}%"
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns an XLSX file in both languages, and what of the questions it cannot carry; every cell is text."""
    kept, left = fitted(questions, fit, language, media)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("questions")
    sheet.append([_text_cell(sheet, name) for name in COLUMNS])
    for question in kept:
        for row in rows(question):
            sheet.append([_text_cell(sheet, guarded(row.get(name, ""))) for name in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), left


def _text_cell(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=None)
    if words:
        cell.value = _TO_ESCAPE.sub("_x005F_", words)
        cell.data_type = "s"
    return cell
