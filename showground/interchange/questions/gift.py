"""GIFT, Moodle's question text: `::title:: text {=right ~wrong#why ####explanation}`, items parted by empty lines.

SPEC GIFT (Moodle documentation): escapes `\\~ \\= \\# \\{ \\} \\: \\n`, weights `%50%`, `{#value:tolerance}` and `{#low..high}`,
`{T#if wrong#if right}`, `=left -> right`, `$CATEGORY:`, `[id:]` and `[tag:]` in comments, `[html] [plain] [markdown] [moodle]`, and the
ordering plugin's `{>`. An answer in the midst of a sentence leaves `_____` there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.carried import TRUE_FALSE, Carries, Media, carried, fitted
from showground.interchange.questions.contract import Basket, Left, Question, Taken, key_of
from showground.interchange.questions.numbers import accepted_number
from showground.interchange.questions.percent import from_percent, to_percent
from showground.interchange.questions.words import decode_noted, moodle_words
from showground.rules.questions import as_credit

BLANK: Final = "_____"
# Escaped signs stand apart as characters that no text may contain while the rest is read.
_SIGNS: Final = "~=#{}:\\"
_HIDDEN: Final = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)} | {"n": "\ufddf"}
_SHOWN: Final = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()})
_NONCHARACTERS: Final = re.compile("[\ufdd0-\ufddf]")
CARRIES: Final = Carries(
    kinds=frozenset({"single", "multiple", "true_false", "short", "numeric", "matching", "ordering"}),
    fields=frozenset({"code", "title", "explanation", "category", "tags"}),
    details=frozenset({"why", "credit"}),
    words=lambda text: _NONCHARACTERS.sub("", text).strip(),
)
_FORMAT: Final = re.compile(r"\[(html|moodle|plain|markdown|auto)\]")
_WEIGHT: Final = re.compile(r"%([^%\n]{1,20})%")
_ID: Final = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG: Final = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_ORDER: Final = re.compile(r">\s*(\d*)\s*((?:ALL|RANDOM|REL|RELATED|CONTIGUOUS)?)([^\n]*)", re.IGNORECASE)


# ---- reading ----


@dataclass
class _Block:
    """One item's lines, with what the comments and categories before it said."""

    text: str
    number: int
    category: str = ""
    code: str = ""
    tags: list[str] = field(default_factory=list)
    item: str = ""
    format: str = "moodle"


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a GIFT file."""
    basket = Basket("gift")
    text = decode_noted(data, basket)
    if _NONCHARACTERS.search(text):
        text = _NONCHARACTERS.sub("", text)
        basket.leave("", "characters", "control_characters")
    for block in _blocks(text):
        if not basket.full():
            _read_block(basket, block, language)
    return basket.taken()


def _blocks(text: str) -> Iterator[_Block]:
    block, category, number = _Block("", 1), "", 1
    for line in [*text.split("\n"), ""]:
        bare = line.strip()
        if bare.startswith("//"):
            _comment(block, bare)
        elif bare.startswith("$CATEGORY:") and not block.text:
            category = plain_category(bare[10:])
        elif bare:
            block.text += line + "\n"
        elif block.text:
            block.category = category
            yield block
            number += 1
            block = _Block("", number)


def _comment(block: _Block, line: str) -> None:
    if found := _ID.search(line):
        block.code = found[1].replace("\\]", "]").strip()
    block.tags += [tag.replace("\\]", "]").strip() for tag in _TAG.findall(line)]


def plain_category(path: str) -> str:
    """Returns a category's path without the context that Moodle writes before it."""
    return re.sub(r"\A(\$[a-z]+\$/)?(top(/|\Z))?", "", path.strip()).strip()


def _hide(text: str) -> str:
    return re.sub(r"\\([~=#{}:\\n])", lambda found: _HIDDEN[found[1]], text)


def _show(text: str) -> str:
    return text.translate(_SHOWN)


def _read_block(basket: Basket, block: _Block, language: str) -> None:
    text = _hide(block.text).strip()
    question: Question = {"code": block.code, "category": block.category, "tags": block.tags}
    block.item = f"#{block.number}"
    if text.startswith("::") and "::" in text[2:]:
        title, _, text = text[2:].partition("::")
        if title := _show(title).strip():
            question["title"], block.item = {language: title}, title
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        basket.leave(block.item, "", "kind", "description")
        return
    if start < 0 or end < start:
        basket.leave(block.item, "", "syntax", "{ }")
        return
    asked, answers = text[:start].strip() + _after(text[:start], text[end + 1 :]), text[start + 1 : end].strip()
    question["text"] = {language: _words(basket, block, "text", asked, first=True)}
    answers, _, explained = answers.rpartition("####") if "####" in answers else (answers, "", "")
    if explained.strip():
        question["explanation"] = {language: _words(basket, block, "explanation", explained)}
    question |= _answers(basket, block, answers.strip(), language)
    if "kind" in question:
        basket.take({name: value for name, value in question.items() if value or name == "code"}, block.item)


def _after(before: str, rest: str) -> str:
    if not rest.strip():
        return ""
    return f"{' ' if before[-1:].isspace() else ''}{BLANK}{rest.rstrip()}"


def _words(basket: Basket, block: _Block, part: str, text: str, *, first: bool = False) -> str:
    """Returns the words of a text in its own format or the question's; `first` sets the question's."""
    text, format = text.strip(), block.format
    if found := _FORMAT.match(text):
        format, text = found[1], text[found.end() :]
    if first:
        block.format = format
    return moodle_words(basket, block.item, part, _show(text).strip(), format)


def _answers(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    """Returns the kind and its fields, or {} for an item that is left."""
    verdict = answers.partition("#")[0].strip().upper()
    if not answers:
        basket.leave(block.item, "", "kind", "essay")
    elif answers.startswith("#"):
        return _numeric(basket, block, answers[1:], language)
    elif answers.startswith(">"):
        return _ordering(basket, block, answers, language)
    elif verdict in {"T", "TRUE", "F", "FALSE"}:
        return _true_false(basket, block, answers, verdict[0] == "T", language)
    elif "~" in answers:
        return _choice(basket, block, answers, language)
    elif "=" in answers and "->" in answers:
        return _matching(basket, block, answers, language)
    else:
        return _short(basket, block, answers, language)
    return {}


def _weighed(basket: Basket, block: _Block, part: str, text: str, usual: Fraction) -> tuple[Fraction, str]:
    """Returns the credit before an answer, and the answer."""
    found = _WEIGHT.match(text)
    if not found:
        return usual, text
    worth = from_percent(found[1])
    if worth is None:
        basket.leave(block.item, f"{part}.credit", "credit", found[1])
        return usual, text[found.end() :]
    return worth, text[found.end() :]


def _why(basket: Basket, block: _Block, part: str, text: str, language: str) -> dict[str, Any]:
    words = _words(basket, block, f"{part}.why", text)
    return {"why": {language: words}} if words else {}


def _choice(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    pieces = [piece.strip() for piece in re.split(r"~|(?==)", answers)]
    options: list[dict[str, Any]] = []
    for piece in (piece for piece in pieces if piece):
        part = f"options.{key_of(len(options))}"
        usual, piece = (Fraction(1), piece[1:]) if piece.startswith("=") else (Fraction(0), piece)
        worth, piece = _weighed(basket, block, part, piece.strip(), usual)
        words, _, why = piece.partition("#")
        option = {"key": key_of(len(options)), "text": {language: _words(basket, block, part, words)}, "credit": as_credit(worth)}
        options.append(option | _why(basket, block, part, why, language))
    return {"kind": "single" if "=" in answers else "multiple", "options": options}


def _true_false(basket: Basket, block: _Block, answers: str, right: bool, language: str) -> dict[str, Any]:
    _, wrong_why, right_why = [*answers.split("#", 2), "", ""][:3]
    options = []
    for key in ("true", "false"):
        good = (key == "true") == right
        option = {"key": key, "text": {language: TRUE_FALSE[key][language]}, "credit": [int(good), 1]}
        options.append(option | _why(basket, block, f"options.{key}", right_why if good else wrong_why, language))
    return {"kind": "true_false", "options": options}


def _short(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    accepted = []
    for number, piece in enumerate(piece for piece in answers.split("=") if piece.strip()):
        part = f"accepted.{number + 1}"
        worth, piece = _weighed(basket, block, part, piece.strip(), Fraction(1))
        words, _, why = piece.partition("#")
        text = _words(basket, block, part, words)
        if "\\*" in text:
            basket.leave(block.item, part, "pattern", text)
        else:
            accepted.append({"text": text, "credit": as_credit(worth), **_why(basket, block, part, why, language)})
    return {"kind": "short", "accepted": accepted}


def _numeric(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    answers, _, otherwise = answers.partition("~")
    if otherwise.strip():
        basket.leave(block.item, "accepted", "feedback", _show(otherwise).strip(" #\n"))
    accepted = []
    for number, piece in enumerate(piece for piece in answers.split("=") if piece.strip()):
        part = f"accepted.{number + 1}"
        worth, piece = _weighed(basket, block, part, piece.strip(), Fraction(1))
        words, _, why = piece.partition("#")
        value = accepted_number(_show(words))
        if value is None:
            basket.leave(block.item, part, "syntax", _show(words))
        else:
            accepted.append({**value, "credit": as_credit(worth), **_why(basket, block, part, why, language)})
    return {"kind": "numeric", "accepted": accepted}


def _matching(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    left, right, pairs = list[dict[str, Any]](), dict[str, str](), list[list[str]]()
    for number, piece in enumerate(piece for piece in answers.split("=") if piece.strip()):
        one, arrow, other = piece.partition("->")
        if not arrow or not other.strip():
            basket.leave(block.item, f"pairs.{number + 1}", "syntax", _show(piece))
            continue
        goal = _words(basket, block, f"right.{key_of(len(right))}", other)
        key = right.setdefault(goal, key_of(len(right)))
        if one.strip():
            left.append({"key": key_of(len(left)), "text": {language: _words(basket, block, f"left.{key_of(len(left))}", one)}})
            pairs.append([left[-1]["key"], key])
    sides = [{"key": key, "text": {language: words}} for words, key in right.items()]
    return {"kind": "matching", "left": left, "right": sides, "pairs": pairs}


def _ordering(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    head, _, rest = answers.partition("\n")
    found = _ORDER.match(head)
    if found and found[0].strip("> "):
        basket.leave(block.item, "scoring", "scoring", found[0].strip("> "))
    items = [line for line in rest.split("\n") if line.strip()]
    options = [
        {"key": key_of(place), "text": {language: _words(basket, block, f"options.{key_of(place)}", line)}}
        for place, line in enumerate(items)
    ]
    return {"kind": "ordering", "options": options}


# ---- writing ----


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns a GIFT file in one language, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    parts, category = list[str](), ""
    for question in kept:
        if question.get("category", "") != category:
            category = question.get("category", "")
            parts.append(f"$CATEGORY: {category}\n")
        parts.append(_written(question, language))
    return "\n".join(parts).encode(), left


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what GIFT can carry of a question."""
    kept, left = carried(question, CARRIES, language)
    if kept is None:
        return None, left
    kept, more = _utter(kept)
    return kept, more if kept is None else [*left, *more]


def _utter(question: Question) -> tuple[Question | None, list[Left]]:
    """Takes off what GIFT's signs cannot say: arrows in pairs, brackets in tags, a category that reads as another."""
    code, left = question["code"], list[Left]()
    arrows = [item["text"] for item in question.get("accepted", []) if "text" in item]
    arrows += [words for item in question.get("left", []) for words in item["text"].values()]
    if any("->" in words for words in arrows):
        return None, [Left(code, "", "syntax", "->")]
    if any("\\*" in words for words in arrows if question["kind"] == "short"):
        return None, [Left(code, "", "pattern", "\\*")]
    if "category" in question and ("\n" in question["category"] or plain_category(question["category"]) != question["category"]):
        left.append(Left(code, "category", "syntax", question.pop("category")))
    tags = [tag for tag in question.get("tags", []) if "\n" in tag or tag.endswith("\\") or "\\]" in tag or not tag]
    if tags:
        left += [Left(code, "tags", "syntax", tag) for tag in tags]
        question["tags"] = [tag for tag in question["tags"] if tag not in tags]
        if not question["tags"]:
            del question["tags"]
    return question, left


def _escape(text: str) -> str:
    return re.sub(r"[~=#{}:\\]", lambda found: "\\" + found[0], text).replace("\n", "\\n")


def _safe(text: str) -> str:
    """Returns an escaped text that is not read as a format, a comment, or a weight."""
    plain = _escape(text)
    return f"[plain]{plain}" if plain.startswith(("[", "//", "%", ">", "$")) else plain


def _told(item: Mapping[str, Any], language: str) -> str:
    return f"#{_safe(item['why'][language])}" if "why" in item else ""


def _written(question: Question, language: str) -> str:
    tags = "".join(f" [tag:{tag.replace(']', chr(92) + ']')}]" for tag in question.get("tags", []))
    title = f"::{_escape(question['title'][language])}::" if "title" in question else ""
    explained = f"\t####{_safe(question['explanation'][language])}\n" if "explanation" in question else ""
    body = _OF_KIND[question["kind"]](question, language)
    return f"// [id:{question['code']}]{tags}\n{title}[plain]{_escape(question['text'][language])}{{{body}{explained}}}\n"


def _write_choice(question: Question, language: str) -> str:
    lines = []
    for option in question["options"]:
        worth = Fraction(*option["credit"])
        sign = "=" if worth == 1 and question["kind"] == "single" else "~" if not worth else f"~%{to_percent(worth)}%"
        lines.append(f"\t{sign}{_safe(option['text'][language])}{_told(option, language)}\n")
    return "\n" + "".join(lines)


def _write_true_false(question: Question, language: str) -> str:
    right = next(option for option in question["options"] if option["credit"] == [1, 1])
    wrong = next(option for option in question["options"] if option is not right)
    told = _told(wrong, language) or ("#" if "why" in right else "")
    return str(right["key"]).upper() + told + _told(right, language)


def _write_short(question: Question, language: str) -> str:
    return "\n" + "".join(
        f"\t=%{to_percent(Fraction(*item['credit']))}%{_safe(item['text'])}{_told(item, language)}\n"
        for item in question["accepted"]
    )


def _write_numeric(question: Question, language: str) -> str:
    lines = []
    for item in question["accepted"]:
        value = f"{item['low']}..{item['high']}" if "low" in item else f"{item['value']}:{item['tolerance']}"
        lines.append(f"\t=%{to_percent(Fraction(*item['credit']))}%{value}{_told(item, language)}\n")
    return "#\n" + "".join(lines)


def _write_matching(question: Question, language: str) -> str:
    goals = {item["key"]: _safe(item["text"][language]) for item in question["right"]}
    asked = {item["key"]: _safe(item["text"][language]) for item in question["left"]}
    lines = [f"\t={asked[one]} -> {goals[other]}\n" for one, other in question["pairs"]]
    needed = {other for _, other in question["pairs"]}
    return "\n" + "".join([*lines, *(f"\t= -> {goal}\n" for key, goal in goals.items() if key not in needed)])


def _write_ordering(question: Question, language: str) -> str:
    return ">\n" + "".join(f"\t{_safe(option['text'][language])}\n" for option in question["options"])


_OF_KIND: Final[dict[str, Callable[[Question, str], str]]] = {
    "single": _write_choice,
    "multiple": _write_choice,
    "true_false": _write_true_false,
    "short": _write_short,
    "numeric": _write_numeric,
    "matching": _write_matching,
    "ordering": _write_ordering,
}
