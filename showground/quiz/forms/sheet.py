"""How the editor lays a question out: blocks of rows, each row with its words in both languages side by side.

sheet(document, warnings) -> [Block, ...]       what bank_edit.html draws; the names of fields are those author.py reads
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from showground.quiz.forms.words import (
    CHANNEL_NAMES,
    GAP_NAMES,
    LANGUAGE_NAMES,
    PREMISE_NAMES,
    ROLE_NAMES,
    WARNINGS,
    Said,
)
from showground.quiz.queries.bank import Warning
from showground.rules.questions import LANGUAGES, MOST_OPTIONS, cues

Document = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One control: `kind` is area, line, select, check, radio or hidden; `lang` the language that is typed in it."""

    name: str
    label: Said
    value: str = ""
    kind: str = "area"
    lang: str = ""
    rows: int = 2
    choices: tuple[tuple[str, Said], ...] = ()
    checked: bool = False
    hint: Said = ""
    since: int = 0
    warnings: tuple[Said, ...] = ()

    @property
    def id(self) -> str:
        """The element's id: unlike the name it may tell radio buttons apart."""
        return f"f-{self.name}-{self.value}" if self.kind == "radio" else f"f-{self.name}"


@dataclass(frozen=True)
class Row:
    """One line of the sheet: its words side by side, marks beside the label, `more` folded under it, verbs on the row."""

    place: str
    label: Said
    words: tuple[Field, ...] = ()
    marks: tuple[Field, ...] = ()
    more: tuple[Field, ...] = ()
    acts: tuple[tuple[str, Said, Said], ...] = ()
    hidden: tuple[Field, ...] = ()
    warnings: tuple[Said, ...] = ()
    right: bool = False
    more_label: Said = ""

    @property
    def more_open(self) -> bool:
        """Whether what is folded under the row says something already."""
        return any(one.value for one in self.more if one.kind in {"area", "line"}) or any(one.warnings for one in self.more)


@dataclass(frozen=True)
class Block:
    """Rows that belong together; `add` is the verb that makes one more."""

    key: str
    title: Said
    rows: tuple[Row, ...]
    add: tuple[str, Said] | None = None
    hint: Said = ""
    settings: tuple[Field, ...] = field(default=())


class Sheet:
    """Lays out one document; warnings are looked up by place and language."""

    def __init__(self, document: Document, warnings: Iterable[Warning] = (), numbers: Sequence[int] = ()) -> None:
        self.document, self._numbers = document, numbers
        self._warnings: dict[tuple[str, str], list[Warning]] = {}
        for warning in warnings:
            self._warnings.setdefault((warning.place, warning.language), []).append(warning)

    def said(self, place: str, language: str = "") -> tuple[Said, ...]:
        """Returns the warnings of a place in words."""
        told = self._warnings.get((place, language), [])
        return tuple(WARNINGS[f"{w.what}_{dict(w.facts)['other']}" if w.what == "changed_after" else w.what] for w in told)

    def _since(self, place: str, language: str) -> int:
        """The number of the version since which the other language changed; 0 if it did not."""
        ages = [int(str(dict(w.facts)["since"])) for w in self._warnings.get((place, language), []) if w.what == "changed_after"]
        return self._numbers[ages[0]] if ages and ages[0] < len(self._numbers) else 0

    def words(self, name: str, label: Said, text: Any, place: str = "", kind: str = "area", rows: int = 2) -> tuple[Field, ...]:
        """Returns the fields of a text, one for each language."""
        place = place or name
        return tuple(
            Field(
                f"{name}.{language}", _("%(field)s, %(language)s") % {"field": label, "language": LANGUAGE_NAMES[language]},
                (text or {}).get(language, ""), kind, language, rows, since=self._since(place, language),
                warnings=self.said(place, language),
            )
            for language in LANGUAGES
        )  # fmt: skip

    # ---- blocks of every question ----

    def asked(self) -> Block:
        """The title and the question itself."""
        rows = (
            Row("title", _("Title"), self.words("title", _("Title"), self.document.get("title"), kind="line")),
            Row("text", _("Question"), self.words("text", _("Question"), self.document["text"], rows=3)),
        )
        return Block("asked", "", rows)

    def told(self) -> Block:
        """What is said after the answer, and where it comes from."""
        source = Field("source", _("Source"), self.document.get("source", ""), "line", warnings=self.said("source"))
        rows = (
            Row(
                "explanation", _("Why"), self.words("explanation", _("Why"), self.document.get("explanation"), rows=3),
                warnings=self.said("explanation"),
            ),
            Row("source", _("Source"), (source,)),
        )  # fmt: skip
        return Block("told", _("Said after the answer"), rows)

    def shelf(self) -> Block:
        """Where the question stands in the bank."""
        fields = (
            Field("category", _("Category"), self.document.get("category", ""), "line"),
            Field("tags", _("Tags"), ", ".join(self.document.get("tags", [])), "line", hint=_("separated by commas")),
        )
        return Block("shelf", _("In the bank"), (), settings=fields)

    def media(self) -> list[Block]:
        """The words of pictures, sounds and films for those who cannot see or hear them."""
        rows = []
        for at, item in enumerate(self.document.get("media", [])):
            words = "alt" if item["kind"] == "picture" else "transcript"
            label = _("What can be seen") if words == "alt" else _("What is said")
            rows.append(Row(f"media.{at}", label, self.words(f"media.{at}.{words}", label, item[words], f"media.{words}")))
        return [Block("media", _("Pictures and sound"), tuple(rows))] if rows else []

    # ---- blocks of single kinds ----

    def options(self, options: list[Document], path: str, place: str, kind: str) -> Block:
        """Options with their keys; those of a true or false question stay as they are."""
        fixed = kind == "true_false"
        rows = tuple(self._option(options, at, path, place, kind) for at in range(len(options)))
        add = None if fixed or len(options) >= MOST_OPTIONS else (f"add {path}", _("Add an option"))
        hint = _("Tick every option that is right.") if kind == "multiple" else _("Mark the one that is right.")
        settings: tuple[Field, ...] = ()
        if path == "options" and kind in {"single", "multiple"}:
            settings = (self._tick("fixed", _("Options keep this order")),)
        return Block(path, _("Options"), rows, add, hint, settings)

    def _tick(self, name: str, label: Said) -> Field:
        return Field(name, label, "1", "check", checked=bool(self.document.get(name)))

    def _option(self, options: list[Document], at: int, path: str, place: str, kind: str) -> Row:
        option, letter = options[at], _row_name(at)
        name = f"{path}.{at}"
        right, worth = _right(options, at, kind)
        label = _("Option %(letter)s") % {"letter": letter}
        prefix = path.removesuffix("options")
        mark = (
            Field(f"{name}.right", _("%(option)s is right") % {"option": label}, "1", "check", checked=right)
            if kind == "multiple"
            else Field(f"{prefix}right", _("%(option)s is right") % {"option": label}, str(at), "radio", checked=right)
        )
        more = [
            *self.words(f"{name}.why", _("%(option)s, why") % {"option": label}, option.get("why"), f"{place}.{option['key']}.why")
        ]
        more.append(Field(f"{name}.worth", _("Worth"), worth, "line", hint=_("such as 1/2 or −50 %; empty is right or wrong")))
        if any(item["kind"] == "picture" for item in self.document.get("media", [])):
            area = " ".join(map(str, option.get("area", [])))
            more.append(Field(f"{name}.area", _("Place in the picture"), area, "line", hint=_("x y width height, in thousandths")))
        return Row(
            name, letter, self.words(f"{name}.text", label, option["text"], f"{place}.{option['key']}"), (mark,), tuple(more),
            () if kind == "true_false" else _acts(path, at, len(options), letter), (Field(f"{name}.key", "", option["key"], "hidden"),),
            right=right, more_label=_("why, worth"),
        )  # fmt: skip

    def ordering(self) -> Block:
        """Options in the right order."""
        rows = self._plain("options", _("Step %(number)s"), numbered=True)
        return Block(
            "options", _("In the right order"), rows, ("add options", _("Add a step")), _("People see them in any other order.")
        )

    def _plain(self, path: str, label: Said, numbered: bool = False) -> tuple[Row, ...]:
        items, rows = self.document[path], []
        for at, item in enumerate(items):
            name = str(at + 1) if numbered else _row_name(at)
            said = str(label) % {"number": name}
            words = self.words(f"{path}.{at}.text", said, item["text"], f"{path}.{item['key']}")
            acts = _acts(path, at, len(items), name)
            rows.append(Row(f"{path}.{at}", name, words, acts=acts, hidden=(Field(f"{path}.{at}.key", "", item["key"], "hidden"),)))
        return tuple(rows)

    def matching(self) -> list[Block]:
        """Two lists; each left item names its right one."""
        add = {"left": ("add left", _("Add a line at the left")), "right": ("add right", _("Add a line at the right"))}
        rows = self._plain("left", _("Left %(number)s"), numbered=True)
        left = tuple(replace(row, marks=(self._pair(at, row),)) for at, row in enumerate(rows))
        right = self._plain("right", _("Right %(number)s"))
        return [
            Block("left", _("Left"), left, add["left"], _("Choose which right line each goes with.")),
            Block("right", _("Right"), right, add["right"], _("One without a partner makes it harder.")),
        ]

    def _pair(self, at: int, row: Row) -> Field:
        """Which right item the left item at a place goes with."""
        choices = (("", "–"), *((item["key"], _row_name(place)) for place, item in enumerate(self.document["right"])))
        chosen = dict(self.document["pairs"]).get(self.document["left"][at]["key"], "")
        return Field(f"left.{at}.pair", _("%(number)s goes with") % {"number": row.label}, chosen, "select", choices=choices)

    def accepted(self, accepted: list[Document], path: str, kind: str, holder: Document) -> Block:
        """Answers that are taken."""
        rows = tuple(self._answer(accepted, at, path, kind) for at in range(len(accepted)))
        hint = _("* stands for anything. Full-width letters and spaces make no difference.")
        settings: tuple[Field, ...] = ()
        if kind == "short":
            name = f"{path.removesuffix('accepted')}case"
            settings = (Field(name, _("Capitals count"), "1", "check", checked=bool(holder.get("case"))),)
        return Block(
            path, _("Answers that are taken"), rows, (f"add {path}", _("Add an answer")), hint if kind == "short" else "", settings
        )

    def _answer(self, accepted: list[Document], at: int, path: str, kind: str) -> Row:
        item, name, label = accepted[at], f"{path}.{at}", _("Answer %(number)s") % {"number": at + 1}
        if kind == "short":
            words: tuple[Field, ...] = (Field(f"{name}.text", label, item["text"], "line"),)
        else:
            figures = (("value", _("Value")), ("tolerance", _("give or take")), ("low", _("or from")), ("high", _("to")))
            words = tuple(
                Field(f"{name}.{key}", f"{label}, {said}", item.get(key, ""), "figure", hint=said) for key, said in figures
            )
        worth = "" if item["credit"] == [1, 1] else worth_words(item["credit"])
        more = (
            *self.words(f"{name}.why", _("%(option)s, why") % {"option": label}, item.get("why"), f"{name}.why"),
            Field(f"{name}.worth", _("Worth"), worth, "line", hint=_("such as 1/2 or 50 %; empty is the whole point")),
        )
        return Row(name, str(at + 1), words, more=more, acts=_acts(path, at, len(accepted), label), more_label=_("why, worth"))

    def cloze(self) -> list[Block]:
        """Each gap with its own answers."""
        return [self._gap(at, gap) for at, gap in enumerate(self.document["gaps"])]

    def _gap(self, at: int, gap: Document) -> Block:
        path = f"gaps.{at}"
        if gap["kind"] == "single":
            inner = self.options(gap["options"], f"{path}.options", f"gaps.{gap['key']}", "single")
        else:
            inner = self.accepted(gap["accepted"], f"{path}.accepted", gap["kind"], gap)
        settings = (
            Field(f"{path}.key", "", gap["key"], "hidden"),
            Field(f"{path}.kind", _("What people do"), gap["kind"], "select", choices=tuple(GAP_NAMES.items())),
            Field(f"{path}.weight", _("Weight"), str(gap["weight"]), "line"),
            *inner.settings,
        )
        mark = "{{" + gap["key"] + "}}"
        title = _("Gap %(mark)s") % {"mark": mark}
        hint = _("Write %(mark)s into the question, in both languages, where the gap stands.") % {"mark": mark}
        return Block(path, title, inner.rows, inner.add, hint, settings)

    def phish(self) -> list[Block]:
        """The message in lines, each with its part, whether it gives the trick away, and why."""
        lines = self.document["lines"]
        rows = tuple(self._line(lines, at) for at in range(len(lines)))
        hint = _("In reading order. Mark the lines that give it away; a genuine message has none.")
        return [Block("lines", _("The message"), rows, ("add lines", _("Add a line")), hint, self._message())]

    def _message(self) -> tuple[Field, ...]:
        """What the message is as a whole."""
        said, most = self.document, len(cues(self.document))
        trick = (("yes", _("a trick")), ("no", _("genuine")))
        enough = _("of %(most)s; empty is half of them") % {"most": most}
        premises = (("", "–"), *PREMISE_NAMES.items())
        return (
            Field("channel", _("It comes as"), said["channel"], "select", choices=tuple(CHANNEL_NAMES.items())),
            Field("trick", _("It is"), "yes" if said["trick"] else "no", "select", choices=trick),
            Field("enough", _("Cues to find"), str(said.get("enough", "")), "line", hint=enough),
            Field("premise", _("How well it fits people’s day"), said.get("premise", ""), "select", choices=premises),
        )

    def _line(self, lines: list[Document], at: int) -> Row:
        line, path = lines[at], f"lines.{at}"
        label, place = _("Line %(number)s") % {"number": at + 1}, f"lines.{line['key']}"
        marks = (
            Field(f"{path}.role", _("%(line)s is") % {"line": label}, line["role"], "select", choices=tuple(ROLE_NAMES.items())),
            Field(f"{path}.cue", _("%(line)s gives it away") % {"line": label}, "1", "check", checked=bool(line.get("cue"))),
        )  # fmt: skip
        more = (
            *self.words(f"{path}.why", _("%(option)s, why") % {"option": label}, line.get("why"), f"{place}.why"),
            Field(f"{path}.leads", _("Leads to"), line.get("leads", ""), "line", hint=_("the true address; use example names")),
        )
        return Row(
            path, str(at + 1), self.words(f"{path}.text", label, line["text"], place, rows=1), marks, more,
            _acts("lines", at, len(lines), label), (Field(f"{path}.key", "", line["key"], "hidden"),), self.said(place),
            right=bool(line.get("cue")), more_label=_("why, leads to"),
        )  # fmt: skip

    def own(self) -> list[Block]:
        """The blocks that only this kind has."""
        kind = self.document["kind"]
        if kind in {"single", "multiple", "true_false"}:
            return [self.options(self.document["options"], "options", "options", kind)]
        if kind in {"short", "numeric"}:
            return [self.accepted(self.document["accepted"], "accepted", kind, self.document)]
        if kind == "ordering":
            return [self.ordering()]
        return {"matching": self.matching, "cloze": self.cloze, "phish": self.phish}[kind]()


def sheet(document: Document, warnings: Iterable[Warning] = (), numbers: Sequence[int] = ()) -> list[Block]:
    """Returns the whole page of a question in blocks; `numbers` are those of its versions, the newest first."""
    laid = Sheet(document, warnings, numbers)
    return [laid.asked(), *laid.media(), *laid.own(), laid.told(), laid.shelf()]


def _row_name(at: int) -> str:
    return chr(65 + at % 26) + (str(at // 26) if at >= 26 else "")


def _acts(path: str, at: int, count: int, label: Said) -> tuple[tuple[str, Said, Said], ...]:
    """The verbs on a row: (what is sent, sign, words)."""
    said = {"row": label}
    up = (f"up {path} {at}", "↑", _("Move %(row)s up") % said)
    down = (f"down {path} {at}", "↓", _("Move %(row)s down") % said)
    drop = (f"drop {path} {at}", "×", _("Take %(row)s away") % said)
    return tuple(act for act, shown in ((up, at > 0), (down, at + 1 < count), (drop, count > 1)) if shown)


def worth_words(credit: Sequence[int]) -> str:
    """Returns a credit as it is typed: "1", "1/2", "-1/3"."""
    return str(Fraction(credit[0], credit[1]))


def _right(options: list[Document], at: int, kind: str) -> tuple[bool, str]:
    """Whether the option is marked as right, and its worth if that is not what the mark alone says."""
    worths = [Fraction(*option["credit"]) for option in options]
    mine = worths[at]
    if kind == "multiple":
        winners = sum(worth > 0 for worth in worths)
        usual = Fraction(1, winners) if mine > 0 else Fraction(0)
        return mine > 0, "" if mine == usual else str(mine)
    right = next((place for place, worth in enumerate(worths) if worth == 1), -1) == at
    return right, "" if right or mine == 0 else str(mine)
