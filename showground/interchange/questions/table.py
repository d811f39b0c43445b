"""A question as rows of a table: one row a part, both languages side by side, so that whoever translates sees them together.

Columns: question, part, key, en, zh, credit, value. The first row of a question has the part "kind". The parts:

    kind      value: single, multiple, ...            option     key, en, zh, credit        gap      key, value: kind, credit: weight
    title, text, explanation, feedback   en, zh       accepted   key: 1, 2, ..., value (short: the words; numeric: 5:0.5 or 1..2), credit
    source, category, channel, premise, enough  value left, right  key, en, zh              line     key, en, zh, value: role
    tag       value, a row each                       pair       key: left, value: right    media    key: 1, 2, ..., value: kind SHA-256 name
    fixed, case, trick   value: yes or no             why, area, leads, cue, alt, transcript, case   key: of what they belong to

What belongs to a gap has the gap before it: `option` key `g1.a`, `why` key `g1.a` or `g1.1`. A cell that a spreadsheet would work
out (= + - @ tab) has a ' before it, which is taken off again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.carried import ALL, Carries, Media, carried
from showground.interchange.questions.contract import Basket, Left, Question, Taken
from showground.interchange.questions.numbers import accepted_number
from showground.interchange.questions.percent import from_percent, to_percent
from showground.rules.questions import KINDS, LANGUAGES, as_credit

COLUMNS: Final = ("question", "part", "key", "en", "zh", "credit", "value")
_NO_CELL: Final[re.Pattern[str]] = re.compile("[\ufffe\uffff]")
CARRIES: Final = Carries(
    kinds=frozenset(KINDS),
    languages=2,
    fields=ALL,
    details=frozenset({"why", "credit", "exact", "case", "area", "true_false", "keys"}),
    words=lambda text: _NO_CELL.sub("", text),
)
_TEXTS: Final = ("title", "text", "explanation", "feedback")
_VALUES: Final = ("source", "category", "channel", "premise")
_LISTS: Final = {"option": "options", "left": "left", "right": "right", "line": "lines"}
_DANGER: Final = re.compile(r"'*[=+\-@\t\r]")
Row = dict[str, str]


def guarded(cell: str) -> str:
    """Returns a cell that no spreadsheet works out."""
    return f"'{cell}" if _DANGER.match(cell) else cell


def unguarded(cell: str) -> str:
    """Returns what `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _DANGER.match(cell[1:]) else cell


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what a table can carry of a question: all but characters that no cell may hold; media by their SHA-256 only."""
    kept, left = carried(question, CARRIES, language)
    for number, item in enumerate((kept or {}).get("media", [])):
        left.append(
            Left(question["code"], f"media.{number}", "picture" if item["kind"] == "picture" else "medium", "named by its SHA-256")
        )
        if "\n" in item.get("name", "") or item.get("name", "").strip() != item.get("name", ""):
            left.append(Left(question["code"], f"media.{number}", "not_carried", item.pop("name")))
    return kept, left


# ---- writing ----


def rows(question: Question) -> Iterator[Row]:
    """Yields the rows of a question."""
    for row in _rows(question):
        yield {"question": question["code"], **row}


def _rows(question: Question) -> Iterator[Row]:
    yield {"part": "kind", "value": question["kind"]}
    for name in _TEXTS:
        if name in question:
            yield {"part": name, **question[name]}
    for name in (*_VALUES, "enough"):
        if name in question:
            yield {"part": name, "value": str(question[name])}
    for tag in question.get("tags", []):
        yield {"part": "tag", "value": tag}
    for name in ("fixed", "case", "trick"):
        if name in question:
            yield {"part": name, "value": "yes" if question[name] else "no"}
    for part, name in _LISTS.items():
        for item in question.get(name, []):
            yield from _item(part, item["key"], item)
    for one, other in question.get("pairs", []):
        yield {"part": "pair", "key": one, "value": other}
    yield from _accepted("", question)
    for gap in question.get("gaps", []):
        yield {"part": "gap", "key": gap["key"], "value": gap["kind"], "credit": str(gap["weight"])}
        if "case" in gap:
            yield {"part": "case", "key": gap["key"], "value": "yes" if gap["case"] else "no"}
        for item in gap.get("options", []):
            yield from _item("option", f"{gap['key']}.{item['key']}", item)
        yield from _accepted(f"{gap['key']}.", gap)
    for number, item in enumerate(question.get("media", [])):
        yield {"part": "media", "key": str(number + 1), "value": f"{item['kind']} {item['sha256']} {item.get('name', '')}".rstrip()}
        for name in ("alt", "transcript"):
            if name in item:
                yield {"part": name, "key": str(number + 1), **item[name]}


def _item(part: str, key: str, item: Mapping[str, Any]) -> Iterator[Row]:
    row: Row = {"part": part, "key": key, **item["text"]}
    if "credit" in item:
        row["credit"] = _credit(item["credit"])
    if "role" in item:
        row["value"] = item["role"]
    yield row
    if "area" in item:
        yield {"part": "area", "key": key, "value": " ".join(map(str, item["area"]))}
    if item.get("leads"):
        yield {"part": "leads", "key": key, "value": item["leads"]}
    if "cue" in item:
        yield {"part": "cue", "key": key, "value": "yes" if item["cue"] else "no"}
    if "why" in item:
        yield {"part": "why", "key": key, **item["why"]}


def _accepted(before: str, holder: Mapping[str, Any]) -> Iterator[Row]:
    for number, item in enumerate(holder.get("accepted", [])):
        key = f"{before}{number + 1}"
        if "text" in item:
            value = item["text"]
        else:
            value = f"{item['low']}..{item['high']}" if "low" in item else f"{item['value']}:{item['tolerance']}"
        yield {"part": "accepted", "key": key, "value": value, "credit": _credit(item["credit"])}
        if "why" in item:
            yield {"part": "why", "key": key, **item["why"]}


def _credit(worth: Sequence[int]) -> str:
    percent = to_percent(Fraction(*worth))
    return f"{worth[0]}/{worth[1]}" if "." in percent else f"{percent}%"


# ---- reading ----


def read_rows(basket: Basket, table: Iterable[Sequence[str]]) -> Taken:
    """Takes the questions of a table whose first row names its columns."""
    lines = iter(table)
    head = [cell.strip().lower() for cell in next(lines, [])]
    for name in head:
        if name and name not in COLUMNS:
            basket.leave("", name, "unused", "column")
    if not {"question", "part"} <= set(head):
        basket.leave("", "file", "damaged", "the first row must name the columns: " + ", ".join(COLUMNS))
        return basket.taken()
    group: list[Row] = []
    for number, cells in enumerate(lines):
        row = {name: unguarded(cell) for name, cell in zip(head, cells, strict=False) if name in COLUMNS and cell.strip()}
        for extra in cells[len(head) :]:
            if extra.strip():
                basket.leave(f"row {number + 2}", "", "unused", extra)
        if not row:
            continue
        begins = row.get("part") == "kind" or ("question" in row and group and row["question"] != group[0].get("question"))
        if begins and group:
            _take(basket, group)
            group = []
        group.append(row)
    if group:
        _take(basket, group)
    return basket.taken()


def _take(basket: Basket, group: Sequence[Row]) -> None:
    if basket.full():
        return
    reader = _Reader(basket, group[0].get("question", "").strip() or f"#{basket.items}")
    for row in group:
        reader.row(row)
    basket.take(reader.whole(), reader.item)


class _Reader:
    """Puts one question together again."""

    def __init__(self, basket: Basket, item: str) -> None:
        self.basket, self.item = basket, item
        self.question: Question = {"code": item if re.fullmatch(r"[a-z][a-z0-9_.-]{0,63}", item) else ""}
        self.items: dict[str, dict[str, Any]] = {}  # whatever another row may belong to, by its key
        self.late: list[tuple[str, str, Row]] = []

    def leave(self, part: str, reason: str, detail: str = "") -> None:
        self.basket.leave(self.item, part, reason, detail)

    def row(self, row: Row) -> None:
        part, key, value = row.get("part", "").strip(), row.get("key", "").strip(), row.get("value", "")
        text: dict[str, str] = {language: row[language] for language in LANGUAGES if language in row}
        if part in _TEXTS:
            self.question[part] = text
        elif part == "kind" or part in _VALUES:
            self.question[part] = value
        elif part == "enough":
            self.question[part] = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else value
        elif part == "tag":
            self.question.setdefault("tags", []).append(value)
        elif part in {"fixed", "trick"} or (part == "case" and not key):
            self.question[part] = self._switch(part, value)
        elif part in _ADDS:
            _ADDS[part](self, part, key, text, row)
        else:
            self.leave(part or "row", "unused", value or next(iter(text.values()), ""))

    def _switch(self, part: str, value: str) -> bool:
        if value.strip().lower() not in {"yes", "no", "true", "false", "1", "0"}:
            self.leave(part, "syntax", value)
        return value.strip().lower() in {"yes", "true", "1"}

    def _credit(self, part: str, cell: str) -> list[int]:
        worth: Fraction | None
        if found := re.fullmatch(r"\s*(-?[0-9]{1,9})/([0-9]{1,9})\s*", cell):
            worth = Fraction(int(found[1]), int(found[2])) if int(found[2]) else None
        else:
            worth = from_percent(cell.strip().removesuffix("%") or "0")
        if worth is None or not -1 <= worth <= 1:
            self.leave(f"{part}.credit", "credit", cell)
            worth = Fraction(0)
        return as_credit(worth)

    def holder(self, key: str) -> tuple[Question, str]:
        """Returns the question or the gap that a key belongs to, and the key inside it."""
        gap, dot, inner = key.partition(".")
        found = next((one for one in self.question.get("gaps", []) if one["key"] == gap), None) if dot else None
        return (self.question, key) if found is None else (found, inner)

    def item_row(self, part: str, key: str, text: dict[str, str], row: Row) -> None:
        holder, inner = self.holder(key)
        item: dict[str, Any] = {"key": inner, "text": text}
        if part == "option" and (self.question.get("kind") != "ordering" or "credit" in row):
            item["credit"] = self._credit(key, row.get("credit", ""))
        if part == "line":
            item["role"] = row.get("value", "")
        holder.setdefault(_LISTS[part], []).append(item)
        self.items[key] = item

    def accepted(self, part: str, key: str, text: dict[str, str], row: Row) -> None:
        holder, _ = self.holder(key)
        numeric, value = (holder if holder is not self.question else self.question).get("kind") == "numeric", row.get("value", "")
        item: dict[str, Any] = (accepted_number(value) or {"value": value, "tolerance": "0"}) if numeric else {"text": value}
        item["credit"] = self._credit(f"accepted.{key}", row.get("credit", "100"))
        holder.setdefault("accepted", []).append(item)
        self.items[key] = item

    def pair(self, part: str, key: str, text: dict[str, str], row: Row) -> None:
        self.question.setdefault("pairs", []).append([key, row.get("value", "").strip()])

    def gap(self, part: str, key: str, text: dict[str, str], row: Row) -> None:
        weight = row.get("credit", "1").strip()
        gap = {"key": key, "kind": row.get("value", "").strip(), "weight": int(weight) if re.fullmatch("[0-9]{1,4}", weight) else 0}
        self.question.setdefault("gaps", []).append(gap)
        self.items[f"gap {key}"] = gap

    def media(self, part: str, key: str, text: dict[str, str], row: Row) -> None:
        kind, digest, name = [*row.get("value", "").split(" ", 2), "", ""][:3]
        item = {"kind": kind, "sha256": digest} | ({"name": name} if name else {})
        self.question.setdefault("media", []).append(item)
        self.items[f"media {key}"] = item

    def belongs(self, part: str, key: str, text: dict[str, str], row: Row) -> None:
        """Adds to the item with this key; "case" belongs to a gap, the words of a medium to that."""
        self.late.append((part, key, row))

    def whole(self) -> Question:
        for part, key, row in self.late:
            place = {"case": f"gap {key}", "alt": f"media {key}", "transcript": f"media {key}"}.get(part, key)
            if place not in self.items:
                self.leave(f"{part} {key}", "unused", row.get("value", ""))
                continue
            self.items[place][part] = self._belonging(part, row)
        return self.question

    def _belonging(self, part: str, row: Row) -> Any:
        value = row.get("value", "")
        if part in {"why", "alt", "transcript"}:
            return {language: row[language] for language in LANGUAGES if language in row}
        if part == "area":
            return [int(n) if n.isascii() and n.isdigit() and len(n) < 6 else n for n in value.split()]
        return value if part == "leads" else self._switch(part, value)


_ADDS: Final[dict[str, Callable[[_Reader, str, str, dict[str, str], Row], None]]] = {
    **dict.fromkeys(_LISTS, _Reader.item_row),
    "accepted": _Reader.accepted,
    "pair": _Reader.pair,
    "gap": _Reader.gap,
    "media": _Reader.media,
    **dict.fromkeys(("why", "area", "leads", "cue", "case", "alt", "transcript"), _Reader.belongs),
}
