"""A print file on its way to boards: received, opened in the jail, its pages drawn. The state is the queue."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q

from showground.exhibition.actions import wall
from showground.exhibition.actions.write import locked
from showground.exhibition.models import Board, Hall, Intake, Text
from showground.exhibition.queries import contrast, store
from showground.media import board as print_file
from showground.media import boards, easel, sniff
from showground.media.boards import Board as Document
from showground.media.jail import Jail, JailBroken
from showground.people.models import Person
from showground.rules.refused import Refused

TRIES, DPI = 3, 300
SUFFIX = {"image/webp": ".webp", "image/avif": ".avif", "image/jpeg": ".jpg"}
# RULE boards: pages that one file may ask for in all, and that are read at a time, so that no file holds up the others for long.
PAGES, PART = 600, 20
told = logging.getLogger(__name__)


def receive(
    hall: Hall, *, filename: str, size: int, pieces: Iterable[bytes], language: str, by: Person | None, at: int,
    pages: tuple[int, int | None] = (1, None),
) -> Intake:  # fmt: skip
    """The file lies where no page serves it and waits to be read, or is refused by its size or kind; nothing of a refused one stays.

    `pages`: the first and the last that are asked for, None: to the end. The same pages are not hung a second time (`board.brought`).
    """
    if size <= 0:
        raise Refused("work.empty")
    if size > sniff.LARGEST["board"]:
        raise Refused("work.too_large", bytes=size, limit=sniff.LARGEST["board"])
    home = store.original("0").parent
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=home, prefix="part-", delete=False) as part:
        try:
            digest = _copied(pieces, part)
            print_file.check(Path(part.name))
            return _taken_in(
                hall, Path(part.name), digest, pages, filename=Path(filename).name[:255], size=size, language=language, by=by, at=at
            )
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


@transaction.atomic
def _taken_in(hall: Hall, part: Path, digest: str, pages: tuple[int, int | None], **told: Any) -> Intake:
    """The file waits to be read under its hash; whoever brings the same at the same time comes after this one and is refused."""
    Hall.objects.select_for_update().get(pk=hall.pk)
    first, last = pages
    _once(hall, digest, first, last)
    taken = Intake.objects.create(hall=hall, sha256=digest, first=first, last=last, **told)
    os.replace(part, store.original(digest))
    return taken


def _once(hall: Hall, digest: str, first: int, last: int | None) -> None:
    """Raises `board.brought` with the boards that hang already, or `board.brought_now` for pages that wait to be read."""
    for one in hall.intakes.filter(sha256=digest, state=Intake.State.WAITING):
        if one.first <= (last or one.first) and first <= (one.last or first):
            raise Refused("board.brought_now")
    asked = {"page__gte": first} if last is None else {"page__range": (first, last)}
    same = hall.boards.filter(Q(intake__sha256=digest) | Q(picture__key__startswith=digest), **asked)
    if codes := list(same.order_by("place").values_list("code", flat=True)[:4]):
        raise Refused("board.brought", boards=", ".join(codes[:3]) + (" …" if len(codes) > 3 else ""))


def _copied(pieces: Iterable[bytes], part: Any) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        part.write(piece)
        digest.update(piece)
    part.flush()
    os.fsync(part.fileno())
    return digest.hexdigest()


def read(intake: Intake, *, jail: Jail, at: int, ours: frozenset[str] = frozenset(), dpi: int = DPI) -> Intake:
    """The next part of the file hangs at the end of its hall as drafts, each with its picture; or the file is refused with the reason.

    It waits on until its last part is read; what hangs already stays when a later part is refused. Safe to run again after a crash: a
    page that is there already is not made twice. Without a strong jail only files whose SHA-256 is in `ours` are opened.
    `dpi`: how finely pages are drawn; places are in pixels of that.
    """
    if not jail.strong and intake.sha256 not in ours:
        return _refuse(intake, Refused("work.no_jail"))
    try:
        taken = _part(intake, jail, dpi)
        _hang(intake, taken, at)
        _draw(intake, jail, dpi)
    except Refused as refused:
        return _refuse(intake, refused)
    except (JailBroken, OSError) as broken:
        return _later(intake, broken)
    read_to = max(one["source"]["page"] for one in taken.boards)
    over = read_to >= (intake.last or taken.pages)
    state = Intake.State.READ if over else Intake.State.WAITING
    Intake.objects.filter(pk=intake.pk).update(state=state, read_to=read_to, tries=0)
    intake.refresh_from_db()
    return intake


def _part(intake: Intake, jail: Jail, dpi: int) -> easel.Taken:
    """Returns the next pages of a file, with a draft of the text where there is only a picture."""
    source = store.original(intake.sha256)
    taken = easel.read(jail, source, dpi=dpi, first=max(intake.first, intake.read_to + 1), last=intake.last or 0, most=PART)
    asked = (intake.last or taken.pages) - intake.first + 1
    if asked > PAGES:
        raise Refused("board.too_many_pages", pages=asked, limit=PAGES)
    return easel.recognised(jail, source, taken)


@transaction.atomic
def _hang(intake: Intake, taken: easel.Taken, at: int) -> None:
    Intake.objects.filter(pk=intake.pk).update(pages=taken.pages, told=[])
    twin = _slides(intake) if taken.kind == "pdf" else {}
    for document in taken.boards:
        page = document["source"]["page"]
        if page in twin:
            _place(twin[page], intake, document, at)
        elif not Board.objects.filter(intake=intake, page=page).exists():
            hang(intake.hall, document, intake=intake, by=intake.by, at=at)
    intake.refresh_from_db()


def _slides(intake: Intake) -> dict[int, Board]:
    """Returns the boards without a picture that were made from the presentation of the same name in the same hall, by page."""
    stem = Path(intake.filename).stem
    found = Board.objects.filter(hall=intake.hall, intake__filename__in=[f"{stem}.pptx", f"{stem}.pptm"], picture={})
    return {board.page: board for board in found}


def _place(board: Board, printed: Intake, page: Document, at: int) -> None:
    """The slide's text stands on the page that was printed from it; the page makes no board of its own."""
    text = board.texts.select_for_update().filter(state=Text.State.DRAFT).first()
    if text is not None:
        text.document = boards.placed_on(text.document, page)
        text.save(update_fields=["document"])
    board.picture = {"of": printed.pk}
    board.save(update_fields=["picture"])


def hang(hall: Hall, document: Document, *, by: Person | None, at: int, intake: Intake | None = None) -> Board:
    """A new board hangs at the end of the hall with this text as its draft; its code is the next one free, "b7"."""
    boards.checked(document)
    Hall.objects.select_for_update().get(pk=hall.pk)
    place = (Board.objects.filter(hall=hall).aggregate(last=Max("place"))["last"] or 0) + 1
    page = document["source"]["page"]
    board = Board.objects.create(hall=hall, code=next_code(), place=place, intake=intake, page=page, minutes=_minutes(document))
    Text.objects.create(board=board, document=document, written_by=by, written_at=at)
    return board


def next_code() -> str:
    """Returns the next short code: "b" and a number that no board has which was ever shown."""
    taken = [int(code[1:]) for code in Board.objects.values_list("code", flat=True) if code[1:].isdigit()]
    return f"b{max(taken, default=0) + 1}"


def _minutes(document: Document) -> int:
    """How long it takes to read: 200 English words or 400 Chinese characters a minute."""
    spent = {"zh": 0.0, "en": 0.0}
    for block in document["blocks"]:
        text = boards.plain(block)
        spent["zh" if block["lang"] == "zh" else "en"] += len(text) / 400 if block["lang"] == "zh" else len(text.split()) / 200
    return max(1, round(max(spent.values())))


def _draw(intake: Intake, jail: Jail, dpi: int) -> None:
    """Every board of the file that has a picture to draw has its tiles and renditions."""
    waiting = [board for board in Board.objects.filter(intake=intake) if "key" not in board.picture and "of" not in board.picture]
    waiting += [board for board in Board.objects.filter(hall=intake.hall, picture={"of": intake.pk})]
    texts = {board.pk: board.texts.filter(state=Text.State.DRAFT).first() or board.shown for board in waiting}
    documents = {pk: text.document for pk, text in texts.items() if text is not None and text.document["picture"]["drawn"]}
    drawn = [board for board in waiting if board.pk in documents]
    Intake.objects.filter(pk=intake.pk).update(done=F("done") + len(waiting) - len(drawn))
    while drawn:
        drawn = drawn[_draw_run(intake, drawn, documents, jail, dpi) :]


def _draw_run(intake: Intake, waiting: Sequence[Board], documents: Mapping[int, Document], jail: Jail, dpi: int) -> int:
    """The first of the boards have their pictures, as many whose pages follow one another as one run draws; returns how many."""
    first = waiting[0].page
    following = list(takewhile(lambda told: told[1].page == first + told[0], enumerate(waiting)))
    scratch = Path(settings.WORKS) / "scratch"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        source, last = store.original(intake.sha256), first + len(following) - 1
        made = easel.draw_run(jail, source, Path(folder), page=first, last=last, dpi=dpi, kept_only=1)
        for _number, board in following[: len(made)]:
            picture = _picture(intake, documents[board.pk], board.page, made[board.page])
            if not Board.objects.filter(pk=board.pk).update(picture=picture):
                wall.forget(picture)  # taken away while it was drawn
            Intake.objects.filter(pk=intake.pk).update(done=F("done") + 1)
    return len(made)


@transaction.atomic
def ask_reading(board: Board) -> Board:
    """A machine shall read the board's picture; it does so when its turn comes."""
    board = locked(board)
    text = board.texts.filter(state=Text.State.DRAFT).first()
    if text is None or board.intake is None or not easel.unread(text.document):
        raise Refused("board.not_unread")
    if not easel.can_recognise():
        raise Refused("board.no_ocr")
    board.picture = {**board.picture, "asked": True}
    board.save(update_fields=["picture"])
    return board


def read_asked(jail: Jail, at: int, ours: frozenset[str] = frozenset()) -> int:
    """The next board whose picture shall be read has a draft of its text; returns how many were read."""
    board = Board.objects.filter(picture__asked=True, intake__isnull=False).select_related("intake").first()
    if board is None or board.intake is None:
        return 0
    text = board.texts.filter(state=Text.State.DRAFT).first()
    if text is not None and easel.unread(text.document) and (jail.strong or board.intake.sha256 in ours):
        put_draft(text, easel.recognise(jail, store.original(board.intake.sha256), text.document), at)
    _asked_no_more(board)
    return 1


@transaction.atomic
def _asked_no_more(board: Board) -> None:
    for now in Board.objects.select_for_update().filter(pk=board.pk):
        now.picture = {name: held for name, held in now.picture.items() if name != "asked"}
        now.save(update_fields=["picture"])


@transaction.atomic
def put_draft(text: Text, document: Document, at: int) -> bool:
    """What a machine read is the draft and nobody has confirmed it yet; False where a person wrote or published one meanwhile."""
    now = Text.objects.select_for_update().filter(pk=text.pk, state=Text.State.DRAFT).first()
    if now is None or not easel.unread(now.document):
        return False
    now.document, now.confirmed, now.written_at = document, False, at
    now.save(update_fields=["document", "confirmed", "written_at"])
    return True


def _picture(intake: Intake, document: Document, page: int, drawn: easel.Drawn) -> dict[str, Any]:
    """Returns a page's picture as its board names it; tiles and renditions lie where pages find them."""
    key, made = f"{intake.sha256}-{page}", drawn.made
    kept = [publish(one, drawn.home) for one in made["renditions"] if one["type"] in SUFFIX]
    goal = store.drawn(key)
    if not goal.exists():
        goal.mkdir(parents=True)
        shutil.move(drawn.tiles, goal / "tiles")
    picture = {"key": key, "width": made["width"], "height": made["height"], "color": made["color"], "renditions": kept}
    return {**picture, "contrast": contrast.measured(document, store.jpeg(picture))}


def publish(rendition: dict[str, Any], out: Path) -> dict[str, Any]:
    """A rendition lies in the media store under its hash; returns it with that name."""
    name = rendition["sha256"] + SUFFIX[rendition["type"]]
    goal = store.rendition(name)
    goal.parent.mkdir(parents=True, exist_ok=True)
    if not goal.exists():
        shutil.copyfile(out / rendition["name"], goal.with_suffix(".part"))
        os.replace(goal.with_suffix(".part"), goal)
    return {key: rendition[key] for key in ("type", "width", "height")} | {"file": name}


def _refuse(intake: Intake, refused: Refused) -> Intake:
    said = [{"code": refused.code, "facts": {name: str(fact) for name, fact in refused.facts.items()}}]
    Intake.objects.filter(pk=intake.pk).update(state=Intake.State.REFUSED, told=said)
    intake.refresh_from_db()
    return intake


def _later(intake: Intake, broken: Exception) -> Intake:
    told.warning("intake %s: %s", intake.pk, broken)
    if intake.tries + 1 >= TRIES:
        return _refuse(intake, Refused("media.unreadable", tool="board", ended="jail"))
    Intake.objects.filter(pk=intake.pk).update(tries=intake.tries + 1)
    intake.refresh_from_db()
    return intake
