"""What an author types: the editor's fields as a question, unfinished or not, and rows added, dropped and moved.

A field is named by its place: text.en, options.2.text.zh, options.2.why.en, lines.0.role, gaps.1.options.0.text.en. Rows are
numbered as they stand on the page. Nothing is refused here: a draft may be unfinished, and nothing typed is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from showground.rules.questions import CHANNELS, LANGUAGES, MOST_OPTIONS, MOST_TEXT, PREMISES, ROLES, as_credit, credit

Document = dict[str, Any]
ROWS: Final = {  # the lists of each kind
    "single": ("options",), "multiple": ("options",), "true_false": ("options",), "short": ("accepted",), "numeric": ("accepted",),
    "matching": ("left", "right"), "ordering": ("options",), "cloze": ("gaps",), "phish": ("lines",),
}  # fmt: skip
LEAST: Final = {"options": 2, "right": 2, "lines": 2}
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,2})\Z")


def tidy(words: str) -> str:
    """Returns words as canonical bytes need them: NFC, plain line breaks, nothing that cannot be shown, no spaces at the ends."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(c for c in plain if c in "\n\t\u200c\u200d" or unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFC", shown).strip()[:MOST_TEXT]


class Posted:
    """The fields of a posted form, read by place."""

    def __init__(self, fields: Mapping[str, str], prefix: str = "") -> None:
        self._fields, self._prefix = fields, prefix

    def at(self, place: str | int) -> Posted:
        """Returns the fields under a place."""
        return Posted(self._fields, f"{self._prefix}{place}.")

    def words(self, name: str, most: int = MOST_TEXT) -> str:
        """Returns one field as tidy words, "" if there is none."""
        return tidy(str(self._fields.get(self._prefix + name, "")))[:most]

    def number(self, name: str) -> int | None:
        """Returns a field as a whole number from 0 to 999; None for anything else."""
        word = self.words(name, 4)
        return int(word) if _NUMBER.match(word) else None

    def ticked(self, name: str) -> bool:
        """Tells whether a box is ticked."""
        return self.words(name) not in {"", "0"}

    def text(self, name: str) -> dict[str, str]:
        """Returns a text in the languages that say something."""
        said = {language: self.words(f"{name}.{language}") for language in LANGUAGES}
        return {language: words for language, words in said.items() if words}

    def text_pair(self, name: str) -> dict[str, str]:
        """Returns a text whose fields are called name_en and name_zh."""
        said = {language: self.words(f"{name}_{language}", 2000) for language in LANGUAGES}
        return {language: words for language, words in said.items() if words}

    def one_of(self, name: str, known: tuple[str, ...], default: str) -> str:
        """Returns a field that must be one of some words."""
        word = self.words(name)
        return word if word in known else default

    def rows(self, name: str) -> list[Posted]:
        """Returns the rows of a list in their order on the page, at most as many as a question may have."""
        start = f"{self._prefix}{name}."
        numbers = {key[len(start) :].partition(".")[0] for key in self._fields if key.startswith(start)}
        numbered = sorted(int(number) for number in numbers if _NUMBER.match(number))
        return [self.at(name).at(number) for number in numbered[:MOST_OPTIONS]]


def _letter(n: int) -> str:
    return chr(97 + n % 26) + (str(n // 26) if n >= 26 else "")


def _named(rows: list[Posted], prefix: str = "") -> Iterator[tuple[str, Posted]]:
    """Yields (key, row): the key a row brings, or the next free letter; with a prefix g: g1, g2 ..."""
    brought = [row.words("key", 16) for row in rows]
    taken = {key for key in brought if key}
    fresh = (key for n in range(200) if (key := f"{prefix}{n + 1}" if prefix else _letter(n)) not in taken)
    seen = set[str]()
    for key, row in zip(brought, rows, strict=True):
        key = key if key and key not in seen and re.fullmatch(r"[a-z][a-z0-9_]{0,15}", key) else next(fresh)
        seen.add(key)
        yield key, row


def _worth(words: str) -> list[int] | None:
    """Returns a credit as people type it: "1/2", "50 %", "0.5"; None for what is none."""
    plain = words.replace(" ", "").replace("％", "%")
    try:
        worth = Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None
    found = as_credit(worth.limit_denominator(1000))
    return found if credit(found) is not None else None


def _with(item: Document, **more: Any) -> Document:
    """The item with the fields that say something."""
    return item | {name: value for name, value in more.items() if value not in ("", {}, [], None, False)}


def _options(post: Posted, kind: str) -> list[Document]:
    """Options: the key is ticked, or what it is worth is typed."""
    made = []
    right = post.words("right")
    for place, (key, row) in enumerate(_named(post.rows("options"))):
        ticked = row.ticked("right") if kind == "multiple" else right == str(place)
        worth = _worth(row.words("worth"))
        if kind == "multiple":
            share = worth if worth and worth[0] > 0 else None
            given = (share or [1, 1]) if ticked else (worth if worth and worth[0] <= 0 else [0, 1])
        else:
            given = [1, 1] if ticked else (worth or [0, 1])
        made.append(
            _with({"key": key, "text": row.text("text"), "credit": given}, why=row.text("why"), area=_area(row.words("area")))
        )
    if kind == "multiple":
        _share(made, post)
    return made


def _area(words: str) -> list[int] | None:
    numbers = re.findall(r"[0-9]{1,4}", words)
    return [int(number) for number in numbers] if len(numbers) == 4 else None


def _share(options: list[Document], post: Posted) -> None:
    """Right options of a question with several share the point equally unless the author says what each is worth."""
    rows = post.rows("options")
    plain = [o for o, row in zip(options, rows, strict=True) if o["credit"][0] > 0 and not _worth(row.words("worth"))]
    typed = sum((Fraction(*o["credit"]) for o in options if o["credit"][0] > 0 and o not in plain), Fraction(0))
    if plain and typed < 1:
        each = as_credit((1 - typed) / len(plain))
        for option in plain:
            option["credit"] = each


def _accepted(post: Posted, numeric: bool) -> list[Document]:
    return [_answer(row, numeric) for row in post.rows("accepted")]


def _answer(row: Posted, numeric: bool) -> Document:
    worth = _worth(row.words("worth")) or [1, 1]
    if not numeric:
        return _with({"text": row.words("text", 400), "credit": worth}, why=row.text("why"))
    low, high = row.words("low", 62), row.words("high", 62)
    if low or high:
        return _with({"low": low, "high": high, "credit": worth}, why=row.text("why"))
    value = {"value": row.words("value", 62), "tolerance": row.words("tolerance", 62) or "0"}
    return _with({**value, "credit": worth}, why=row.text("why"))


def _matching(post: Posted) -> Document:
    sides = {side: [{"key": k, "text": row.text("text")} for k, row in _named(post.rows(side))] for side in ("left", "right")}
    keys = [item["key"] for item in sides["right"]]
    pairs = []
    for item, row in zip(sides["left"], post.rows("left"), strict=True):
        chosen = row.words("pair")
        if chosen in keys:
            pairs.append([item["key"], chosen])
    return {**sides, "pairs": pairs}


def _gaps(post: Posted) -> list[Document]:
    gaps = []
    for key, row in _named(post.rows("gaps"), "g"):
        kind = row.one_of("kind", ("single", "short", "numeric"), "single")
        gap: Document = {"key": key, "kind": kind, "weight": min(100, max(1, row.number("weight") or 1))}
        if kind == "single":
            gap["options"] = _options(row, "single") or _three()
        else:
            accepted = _accepted(row, kind == "numeric") or [_blank_answer(kind)]
            gap = _with({**gap, "accepted": accepted}, case=kind == "short" and row.ticked("case"))
        gaps.append(gap)
    return gaps


def _three() -> list[Document]:
    return [{"key": key, "text": {}, "credit": [int(key == "a"), 1]} for key in "abc"]


def _blank_answer(kind: str) -> Document:
    return {"value": "", "tolerance": "0", "credit": [1, 1]} if kind == "numeric" else {"text": "", "credit": [1, 1]}


def _lines(post: Posted) -> list[Document]:
    made = []
    for key, row in _named(post.rows("lines")):
        line = {"key": key, "role": row.one_of("role", ROLES, "text"), "text": row.text("text")}
        made.append(_with(line, leads=row.words("leads", 500), cue=row.ticked("cue"), why=row.text("why")))
    return made


def _phish(post: Posted) -> Document:
    made = {"channel": post.one_of("channel", CHANNELS, "mail"), "trick": post.words("trick") != "no", "lines": _lines(post)}
    return _with(made, enough=post.number("enough"), premise=post.one_of("premise", PREMISES, ""))


def _own(kind: str, post: Posted) -> Document:
    """What only this kind has."""
    if kind in {"single", "multiple", "true_false"}:
        return {"options": _options(post, kind)}
    if kind == "ordering":
        return {"options": [{"key": key, "text": row.text("text")} for key, row in _named(post.rows("options"))]}
    if kind == "short":
        return _with({"accepted": _accepted(post, False)}, case=post.ticked("case"))
    if kind == "numeric":
        return {"accepted": _accepted(post, True)}
    if kind == "matching":
        return _matching(post)
    return {"gaps": _gaps(post)} if kind == "cloze" else _phish(post)


def read_question(fields: Mapping[str, str], kept: Document) -> Document:
    """Returns the question as the form says it; what the form does not show (media) stays as it is in `kept`."""
    post, kind = Posted(fields), kept["kind"]
    tags = [tag for tag in re.split(r"[,，、]\s*", post.words("tags", 400)) if tag]
    document = {"v": 1, "code": kept["code"], "kind": kind, "text": post.text("text"), **_own(kind, post)}
    return _with(
        document,
        title=post.text("title"),
        explanation=post.text("explanation"),
        feedback=post.text("feedback"),
        source=post.words("source", 400),
        category=post.words("category", 60),
        tags=list(dict.fromkeys(tags)),
        fixed=post.ticked("fixed"),
        media=_media(post, kept.get("media", [])),
    )


def _media(post: Posted, kept: list[Document]) -> list[Document]:
    """Media keep their bytes; their words are what the author says now."""
    made = []
    for item, row in zip(kept, post.rows("media"), strict=False):
        words = "alt" if item["kind"] == "picture" else "transcript"
        made.append({**item, words: row.text(words) or item[words]})
    return made or kept


# ---- rows ----


def act_on_rows(document: Document, act: str) -> tuple[Document, str]:
    """Returns the document after "add options", "drop lines 2", "up gaps.0.options 1" or "down ...", and the place to go on at."""
    verb, _, rest = act.partition(" ")
    path, _, place = rest.partition(" ")
    rows, kind = _held(document, path)
    at = int(place) if _NUMBER.match(place or "-") else -1
    if rows is None or verb not in {"add", "drop", "up", "down"} or not (verb == "add" or 0 <= at < len(rows)):
        return document, ""
    if verb == "add" and len(rows) < MOST_OPTIONS:
        rows.append(_row(document, path, kind, rows))
        at = len(rows) - 1
    elif verb == "drop" and len(rows) > LEAST.get(path.rpartition(".")[2], 1):
        rows.pop(at)
        at = min(at, len(rows) - 1)
    elif verb in {"up", "down"}:
        to = at - 1 if verb == "up" else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to], at = rows[to], rows[at], to
    return document, f"{path}.{at}"


def _held(document: Document, path: str) -> tuple[list[Document] | None, str]:
    """The list at a path, with the kind of answers it holds."""
    parts = path.split(".")
    holder: Document = document
    if len(parts) == 3 and parts[0] == "gaps" and _NUMBER.match(parts[1]) and int(parts[1]) < len(document.get("gaps", [])):
        holder = document["gaps"][int(parts[1])]
    elif len(parts) != 1 or path not in ROWS[document["kind"]]:
        return None, ""
    found = holder.get(parts[-1])
    return (found, str(holder["kind"])) if isinstance(found, list) else (None, "")


def _row(document: Document, path: str, kind: str, rows: list[Document]) -> Document:
    """A row to fill in, with a key of its own."""
    name = path.rpartition(".")[2]
    if name == "accepted":
        return _blank_answer(kind)
    taken = {row["key"] for row in rows}
    if name == "gaps":
        key = next(f"g{n}" for n in range(1, 200) if f"g{n}" not in taken)
        return {"key": key, "kind": "single", "weight": 1, "options": _three()}
    key = next(_letter(n) for n in range(200) if _letter(n) not in taken)
    row: Document = {"key": key, "text": {}}
    if name == "lines":
        return {**row, "role": "text"}
    return row if document["kind"] in {"matching", "ordering"} else {**row, "credit": [0, 1]}
