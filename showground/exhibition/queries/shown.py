"""A board as a page shows it: its text in the reader's language, tied to its regions on the picture both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import get_language

from showground.exhibition.models import Board, Medium
from showground.media import boards
from showground.media.boards import Block
from showground.weeks.queries import said
from showground.works.queries import Picture as WorkPicture

WIDE = 1000  # units: every picture's drawing of regions is that wide, so that one style sheet fits all
SMALL = 480  # pixels: a picture in a list of large ones
TAGS = {"zh": "zh-Hans"}


@dataclass(frozen=True)
class Region:
    """A part of the picture, in units of the drawing; `up`: its label stands above it because there is no room below."""

    x: int
    y: int
    width: int
    height: int
    total: int

    @property
    def label_x(self) -> int:
        """Where the label begins, so that it stays on the picture."""
        return max(24, min(self.x + 16, WIDE - 400))

    @property
    def up(self) -> bool:
        """Tells whether the label stands above the region."""
        return self.y + self.height > self.total - 110

    @property
    def label_y(self) -> int:
        """The line on which the label stands."""
        return max(46, self.y - 24) if self.up else self.y + self.height + 50

    @property
    def tab_x(self) -> int:
        """Where the ground of the label begins."""
        return self.label_x - 20

    @property
    def tab_y(self) -> int:
        """Where the ground of the label begins, from above; it touches the region."""
        return self.label_y - 48

    @property
    def around(self) -> str:
        """Everything but the region, as a path with a hole."""
        return f"M0 0H{WIDE}V{self.total}H0ZM{self.x} {self.y}V{self.y + self.height}H{self.x + self.width}V{self.y}Z"


@dataclass(frozen=True)
class Part:
    """One block in a language: `tag` is its element ("h2", "p", "li", "table", "figcaption"), `lang` its language tag if foreign."""

    id: str
    tag: str
    text: str
    lang: str
    rows: list[list[str]] = field(default_factory=list)
    heads: int = 0
    mark: str = ""
    dir: str = ""
    region: Region | None = None
    doubtful: bool = False
    marked: bool = False  # a mark beside it leads to its region: not at a heading whose own text follows, where one mark is enough

    @property
    def start(self) -> str:
        """The first words, for those who hear a link without its surroundings."""
        return self.text if len(self.text) <= 40 else self.text[:39] + "…"


@dataclass(frozen=True)
class Group:
    """Parts that stand together: list items in one list, anything else alone."""

    tag: str
    parts: list[Part]


def reader() -> str:
    """Returns the reader's language as boards name it: "zh" or "en"."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def title(document: dict[str, Any], code: str = "") -> str:
    """Returns the title in the reader's language, in another if there is none, or the board's code."""
    return said(document["title"]) or next(iter(document["title"].values()), "") or code


def height(document: dict[str, Any]) -> int:
    """Returns how high the drawing is, in its units."""
    picture = document["picture"]
    return max(1, round(int(picture["height"]) * WIDE / int(picture["width"])))


def parts(document: dict[str, Any], lang: str) -> tuple[list[Part], list[Part]]:
    """Returns the blocks that can be read in a language, and those that cannot, each in their reading order."""
    mine: list[Part] = []
    foreign: list[Part] = []
    last = 1
    for block in document["blocks"]:
        spoken = lang if boards.plain(block, lang).strip() else block["lang"]
        if not boards.plain(block, spoken).strip():
            continue
        part, last = _part(document, block, spoken, lang, last)
        (mine if spoken == lang else foreign).append(part)
    return (_marked(mine), _marked(foreign)) if mine else (_marked(foreign), [])


def _marked(found: list[Part]) -> list[Part]:
    follows = [*found[1:], None]
    return [
        replace(part, marked=part.region is not None and not (_heads(part) and after and not _heads(after)))
        for part, after in zip(found, follows, strict=False)
    ]


def _heads(part: Part) -> bool:
    return part.tag in {"h2", "h3", "h4"}


def _part(document: dict[str, Any], block: Block, spoken: str, lang: str, last: int) -> tuple[Part, int]:
    tag = {"list_item": "li", "caption": "p", "picture": "figcaption", "table": "table"}.get(block["kind"], "p")
    if block["kind"].startswith("heading"):
        last = min(int(block["kind"][-1]) + 1, last + 1)
        tag = f"h{last}"
    text = boards.plain(block, spoken)
    made = Part(
        id=block["id"],
        tag=tag,
        text=text,
        lang="" if spoken == lang else TAGS.get(spoken, spoken),
        rows=block["rows"].get(spoken, []) if tag == "table" else [],
        heads=block.get("heads", 0),
        mark=block.get("mark", ""),
        dir=block.get("dir", ""),
        region=region(document, block),
        doubtful=block.get("by") == "ocr",
    )
    return made, last


def region(document: dict[str, Any], block: Block) -> Region | None:
    """Returns where a block stands on the drawing; None without a place or a picture."""
    if "box" not in block or not document["picture"]["drawn"]:
        return None
    scale = WIDE / document["picture"]["width"]
    x, y, wide, high = (round(side * scale) for side in block["box"])
    return Region(x, y, max(4, wide), max(4, high), height(document))


def grouped(found: Iterable[Part]) -> Iterator[Group]:
    """Yields the parts with list items that follow one another in one group."""
    running: list[Part] = []
    for part in found:
        if running and not (part.tag == "li" and running[-1].tag == "li" and part.lang == running[-1].lang):
            yield _group(running)
            running = []
        running.append(part)
    if running:
        yield _group(running)


def _group(running: list[Part]) -> Group:
    if running[0].tag != "li":
        return Group(running[0].tag, running)
    return Group("ol" if running[0].mark[:1].isdigit() else "ul", running)


def without_title(found: list[Part], name: str) -> tuple[Part | None, list[Part]]:
    """Returns the heading that says the same as the title, which stands above the text already, and the rest."""
    if found and found[0].tag == "h2" and found[0].text == name:
        return found[0], found[1:]
    return None, found


@dataclass(frozen=True)
class Picture:
    """A board's picture as pages show it, all of the media store: `set` for srcset, `src` for old browsers.

    `small` is 480 wide; `thumb` is the smallest there is, for a picture beside a line of text; `phone` is AVIF as wide as a phone's
    page, "" where none was made.
    """

    src: str
    set: str
    width: int
    height: int
    color: str
    small: str
    thumb: str
    phone: str = ""


def picture(board: Board) -> Picture | None:
    """Returns a board's picture; None while it is not drawn, or where there is none."""
    made = board.picture.get("renditions", [])
    webp = sorted((one for one in made if one["type"] == "image/webp"), key=lambda one: one["width"])
    plain = sorted((one for one in made if one["type"] == "image/jpeg"), key=lambda one: one["width"])
    if not webp or not plain:
        return None
    phone = next((f"/media/{one['file']}" for one in made if one["type"] == "image/avif"), "")
    widths = ", ".join(f"/media/{one['file']} {one['width']}w" for one in webp)
    middle = plain[min(1, len(plain) - 1)]
    return Picture(
        src=f"/media/{middle['file']}",
        set=widths,
        width=middle["width"],
        height=middle["height"],
        color=str(board.picture.get("color", "")),
        small=f"/media/{next((one for one in webp if one['width'] >= SMALL), webp[-1])['file']}",
        thumb=f"/media/{webp[0]['file']}",
        phone=phone,
    )


def of_work(made: Sequence[WorkPicture]) -> Picture:
    """Returns a work's pictures, the smallest first, as one that hangs in a hall; there is at least one."""
    middle = made[min(1, len(made) - 1)]
    widths = ", ".join(f"{one.url} {one.width}w" for one in made)
    first = made[0].url
    return Picture(src=middle.url, set=widths, width=middle.width, height=middle.height, color="", small=first, thumb=first)


@dataclass(frozen=True)
class Row:
    """A board in a list: its number on the route, what it is called, two lines, how long it takes, what can be heard and seen."""

    board: Board
    number: int
    title: str
    lines: str
    minutes: int
    audio: bool
    film: bool
    sign: bool
    picture: Picture | None


def rows(hanging: list[Board]) -> list[Row]:
    """Returns boards as a list shows them."""
    media: dict[int, set[str]] = {}
    heard = Medium.objects.filter(board__in=hanging, work__state="safe").exclude(transcript={}, excuse="")
    for board_id, kind in heard.values_list("board_id", "kind"):
        media.setdefault(board_id, set()).add(kind)
    return [_row(board, number, media.get(board.pk, set())) for number, board in enumerate(hanging, 1)]


def _row(board: Board, number: int, kinds: set[str]) -> Row:
    assert board.shown is not None
    document = board.shown.document
    mine, _rest = parts(document, reader())
    body = next((part.text for part in mine if part.tag in {"p", "li"}), "")
    return Row(
        board=board,
        number=number,
        title=title(document, board.code),
        lines=body if len(body) <= 120 else body[:119] + "…",
        minutes=board.minutes,
        audio="audio" in kinds,
        film="video" in kinds,
        sign="sign" in kinds,
        picture=picture(board),
    )
