"""IIIF Presentation 3: a board as a manifest, a hall as a collection, so that any viewer opens them; SPEC iiif presentation 3.0.

A board's picture is painted by level-0 tiles. Every paragraph is an annotation on its region, in each language that it has.
"""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from showground.media import boards
from showground.media.boards import Block, Board

CONTEXT: Final = "http://iiif.io/api/presentation/3/context.json"
Words = Mapping[str, Sequence[str]]
_TAGS = {"zh": "zh-Hans"}
_READ: Final = ("supplementing", "commenting")  # the standard's word for a transcription, and the one viewers show by default
TEXT_ON_BOARD: Final = {"en": ["Text on the board"], "zh-Hans": ["展板上的文字"]}
AUDIO_GUIDE: Final = {"en": ["Audio guide"], "zh-Hans": ["语音导览"]}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What every resource has; empty fields but `items` are left out when it is written."""

    id: str
    type: str
    label: Words = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Resource(Thing):
    """A file: a picture, a sound, a PDF, a data set, a page; `duration` in seconds."""

    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    language: str = ""
    profile: str = ""
    service: Sequence[Resource] = ()


@dataclass(frozen=True, kw_only=True)
class Text:
    """Words in one language."""

    value: str
    language: str
    format: str = "text/plain"
    type: str = "TextualBody"


@dataclass(frozen=True, kw_only=True)
class Annotation(Thing):
    """Something said of (or painted on) a canvas or a region of it."""

    type: str = "Annotation"
    motivation: str | Sequence[str] = "painting"
    body: Resource | Text | None = None
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class AnnotationPage(Thing):
    """Annotations that belong together."""

    type: str = "AnnotationPage"
    items: Sequence[Annotation] = ()


@dataclass(frozen=True, kw_only=True)
class Canvas(Thing):
    """The place for one board, in pixels of its picture."""

    type: str = "Canvas"
    width: int
    height: int
    thumbnail: Sequence[Resource] = ()
    rendering: Sequence[Resource] = ()
    items: Sequence[AnnotationPage] = ()
    annotations: Sequence[AnnotationPage] = ()


@dataclass(frozen=True, kw_only=True)
class Manifest(Thing):
    """A board, or boards that are read one after the other."""

    type: str = "Manifest"
    summary: Words = field(default_factory=dict)
    rights: str = ""
    required_statement: Mapping[str, Words] = field(default_factory=dict)
    homepage: Sequence[Resource] = ()
    see_also: Sequence[Resource] = ()
    rendering: Sequence[Resource] = ()
    thumbnail: Sequence[Resource] = ()
    part_of: Sequence[Thing] = ()
    items: Sequence[Canvas] = ()


@dataclass(frozen=True, kw_only=True)
class Collection(Thing):
    """A hall: its boards' manifests in the order of the route."""

    type: str = "Collection"
    summary: Words = field(default_factory=dict)
    homepage: Sequence[Resource] = ()
    items: Sequence[Thing] = ()


def written(thing: Manifest | Collection | AnnotationPage) -> dict[str, Any]:
    """Returns a manifest, collection or annotation page as the object that is published as JSON."""
    return {"@context": CONTEXT, **_plain(thing)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        pairs = ((spot.name, getattr(value, spot.name)) for spot in dataclasses.fields(value))
        return {_camel(name): _plain(held) for name, held in pairs if name == "items" or held not in ("", 0, None, (), [], {})}
    if isinstance(value, Mapping):
        return {name: _plain(held) for name, held in value.items()}
    return [_plain(held) for held in value] if isinstance(value, (list, tuple)) else value


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(word.capitalize() for word in more)


# ---- from boards ----


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A recording that goes with a board: its address, media type, length in seconds, language, and its captions (WebVTT)."""

    address: str
    type: str
    seconds: float
    lang: str
    captions: str = ""


@dataclass(frozen=True, kw_only=True)
class Hung:
    """A board as it hangs: where it is published (`at`, without a closing slash) and what goes with it; tiles are at `at`/tiles."""

    board: Board
    at: str
    page: str = ""
    pdf: str = ""
    sounds: Sequence[Sound] = ()
    thumbnail: tuple[int, int] | None = None


def tag(lang: str) -> str:
    """Returns the language tag of a board's language: "zh" is simplified Chinese here."""
    return _TAGS.get(lang, lang)


def words(texts: Mapping[str, str], otherwise: str = "") -> Words:
    """Returns texts by language as a language map; `otherwise` without a language if there are none."""
    found = {tag(lang): [text] for lang, text in texts.items() if text}
    return found or ({"none": [otherwise]} if otherwise else {})


def manifest(
    hung: Hung,
    *,
    rights: str = "",
    credit: Mapping[str, str] | None = None,
    hall: str = "",
) -> Manifest:
    """Returns the manifest of one board; `hall` is the address of the collection it is part of, `rights` a licence's address."""
    board = hung.board
    name = words(board["title"], f"{board['source']['page']}")
    thanks = {"label": {"en": ["Credit"], "zh-Hans": ["出处"]}, "value": words(credit)} if credit and any(credit.values()) else {}
    return Manifest(
        id=f"{hung.at}/manifest.json",
        label=name,
        summary=words(board["alt"]),
        rights=rights,
        required_statement=thanks,
        homepage=[Resource(id=hung.page, type="Text", label=name, format="text/html")] if hung.page else [],
        see_also=[
            Resource(id=f"{hung.at}/board.json", type="Dataset", label={"en": ["Board document"]}, format="application/json")
        ],
        rendering=_printed(hung),
        thumbnail=_thumbnail(hung),
        part_of=[Thing(id=hall, type="Collection")] if hall else [],
        items=[canvas(hung)],
    )


def collection(
    at: str, name: Mapping[str, str], members: Iterable[Hung], *, page: str = "", about: Mapping[str, str] | None = None
) -> Collection:
    """Returns the collection of a hall published at `at`/collection.json."""
    listed = [
        Thing(id=f"{one.at}/manifest.json", type="Manifest", label=words(one.board["title"], one.at.rpartition("/")[2]))
        for one in members
    ]
    home = [Resource(id=page, type="Text", label=words(name), format="text/html")] if page else []
    return Collection(id=f"{at}/collection.json", label=words(name, at), summary=words(about or {}), homepage=home, items=listed)


def _printed(hung: Hung) -> Sequence[Resource]:
    label = {"en": ["PDF with text"], "zh-Hans": ["带文字的 PDF"]}
    return [Resource(id=hung.pdf, type="Text", label=label, format="application/pdf")] if hung.pdf else []


def _service(hung: Hung) -> Resource:
    return Resource(id=f"{hung.at}/tiles", type="ImageService3", profile="level0")


def _thumbnail(hung: Hung) -> Sequence[Resource]:
    if hung.thumbnail is None:
        return []
    wide, high = hung.thumbnail
    address = f"{hung.at}/tiles/full/{wide},{high}/0/default.jpg"
    return [Resource(id=address, type="Image", format="image/jpeg", width=wide, height=high, service=[_service(hung)])]


def canvas(hung: Hung) -> Canvas:
    """Returns a board's canvas: the painted picture, its text by language on its regions, its sounds."""
    at, picture = f"{hung.at}/canvas/1", hung.board["picture"]
    painted = [AnnotationPage(id=f"{at}/painting", items=[_painting(hung, at)])] if picture["drawn"] else []
    told = [page for lang in _spoken(hung.board) if (page := _texts(hung.board, lang, at)).items]
    heard = [AnnotationPage(id=f"{at}/sounds", label=AUDIO_GUIDE, items=list(_sounds(hung, at)))] if hung.sounds else []
    return Canvas(
        id=at,
        label=words(hung.board["title"], "1"),
        width=picture["width"],
        height=picture["height"],
        thumbnail=_thumbnail(hung),
        items=painted,
        annotations=[*told, *heard],
    )


def _painting(hung: Hung, at: str) -> Annotation:
    picture = hung.board["picture"]
    image = Resource(
        id=f"{hung.at}/tiles/full/max/0/default.jpg",
        type="Image",
        format="image/jpeg",
        width=picture["width"],
        height=picture["height"],
        service=[_service(hung)],
    )
    return Annotation(id=f"{at}/picture", body=image, target=at)


def _spoken(board: Board) -> list[str]:
    """Returns the languages of a board's blocks, printed ones first."""
    printed = boards.languages(board)
    others = {lang for block in board["blocks"] for lang in block.get("text", block.get("rows", {}))}
    return printed + sorted(others - set(printed))


def _texts(board: Board, lang: str, at: str) -> AnnotationPage:
    items = [_text(block, lang, at) for block in board["blocks"] if boards.plain(block, lang).strip()]
    return AnnotationPage(id=f"{at}/text/{lang}", label=TEXT_ON_BOARD, items=items)


def _text(block: Block, lang: str, at: str) -> Annotation:
    place = f"{at}#xywh={','.join(str(side) for side in block['box'])}" if "box" in block else at
    return Annotation(id=f"{at}/text/{lang}/{block['id']}", motivation=_READ, body=_words_of(block, lang), target=place)


def _words_of(block: Block, lang: str) -> Text:
    if block["kind"] != "table":
        return Text(value=boards.plain(block, lang), language=tag(lang))
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in block["rows"][lang])
    return Text(value=f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>", language=tag(lang), format="text/html")


def _sounds(hung: Hung, at: str) -> Iterable[Annotation]:
    for number, one in enumerate(hung.sounds, 1):
        told = Resource(id=one.address, type="Sound", format=one.type, duration=one.seconds, language=tag(one.lang))
        yield Annotation(id=f"{at}/sound/{number}", motivation="supplementing", body=told, target=at)
        if one.captions:
            read = Resource(id=one.captions, type="Text", format="text/vtt", language=tag(one.lang))
            yield Annotation(id=f"{at}/sound/{number}/captions", motivation="supplementing", body=read, target=at)
