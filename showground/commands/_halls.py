"""Hangs the demo's halls: the desk's own ten boards, set here from showground/commands/demo_halls and brought in as print files.

    python -m showground.commands._halls WEEK                fills a week of the site whose SHOWGROUND_DATA is set (ten boards, two films, about 25 s)
    python -m showground.commands._halls WEEK --hall winners only the hall that hangs itself from the declared result
    hang(site, "autumn"), hang(site, "spring", ("winners",)) the same from the demo

In a test with a database: `desk_hall(week, by=person, at=now)` and `winners_hall(week, at=now)`. Everything goes through the actions of
the exhibition: the files are read in the jail, a curator writes the texts, the gate lets every board through without an excuse.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from showground.commands import _films

if TYPE_CHECKING:
    from showground.commands._site import Site
    from showground.exhibition.models import Board, Hall
    from showground.people.models import Person
    from showground.weeks.models import Week

HOME = Path(__file__).with_name("demo_halls")
FACES = HOME.parents[1] / "ui/static/ui/dist/print"  # built from npm packages; Chinese is set in the system's Noto
DPI = 100  # A1 is 2339 x 3311 pixels then: sharp when zoomed, and drawn in a second
CURATOR = "curator@demo.example"
HOUR, DAY = 3600, 86400
CREDIT = "The report desk of Harbour City"
ASKED = 60 * DAY  # seconds for which the boards' question is open: as long as anybody leaves a demo running
MINUTES = 2  # to read a board, or to hear its guide
KINDS = ("desk", "winners")


def hang(site: Site, week: str, halls: Sequence[str] = KINDS) -> None:
    """The week of a demo site has these halls, with what visitors left there and a programme."""
    for hall in halls:
        site.command("manage", "shell", "-v", "0", "-c", f"from showground.commands import _halls; _halls.fill({week!r}, {hall!r})")


def fill(week: str, hall: str) -> None:
    """One hall hangs in a week of the site that Django is set up for."""
    from django.conf import settings

    from showground.people.actions import welcome
    from showground.weeks.actions import give_duty
    from showground.weeks.models import Week

    found, at = Week.objects.get(code=week), settings.CLOCK()
    if hall == "winners":
        winners_hall(found, at=at)
        return
    person = welcome(CURATOR, language="zh-hans", at=at)
    give_duty(found, person=person, duty="curator")
    desk_hall(found, by=person, at=at)


def told() -> dict[str, Any]:
    """Returns the halls' data: names, texts, notes of visitors, events."""
    return tomllib.loads((HOME / "hall.toml").read_text(encoding="utf-8"))


def winners_hall(week: Week, *, at: int) -> Hall:
    """The winners' hall is open; it hangs itself."""
    from showground.exhibition.actions import halls
    from showground.exhibition.models import Hall

    own = told()["winners"]
    return halls.build(week, code=own["code"], name=own["name"], about=own["about"], opens=at, kind=Hall.Kind.WINNERS, order=2)


def desk_hall(week: Week, *, by: Person, at: int) -> Hall:
    """The desk's hall is open: ten boards read from print files, written, published; films, hand-outs, guest book, programme."""
    from showground.exhibition.actions import halls

    data = told()
    own = data["hall"]
    hall = halls.build(week, code=own["code"], name=own["name"], about=own["about"], opens=at, order=1)
    boards, quiz = _brought(hall, by, at), _question(week, data["question"], by, at)
    _films.shown(data["film"], boards, by, at)
    for board, one in zip(boards, data["board"], strict=True):
        _written(board, one, by, at, quiz=quiz)
    _left(hall, boards, data["note"], by, at)
    _laid_out(hall, data["handout"], by, at)
    _planned(week, data["event"], at)
    return hall


# ---- the print files ----


@cache
def set_file(name: str, kind: str = "pdf") -> bytes:
    """Returns one of the sources as a print file: "pdf" or "png"."""
    import typst

    made = typst.compile(str(HOME / f"{name}.typ"), root=HOME, font_paths=[FACES], format=kind, ppi=DPI, pdf_tags=False)
    return made if isinstance(made, bytes) else made[0]


def print_files() -> list[tuple[str, bytes]]:
    """Returns the four files as a partner would bring them, in the order of the route; a presentation stands before its PDF."""
    return [
        ("boards.pdf", set_file("boards")),
        ("stickers.png", set_file("stickers", "png")),
        ("voice.pptx", slides()),
        ("voice.pdf", set_file("voice")),
        ("rumour.pdf", set_file("rumour")),
    ]


def slides() -> bytes:
    """Returns the board of the borrowed voice as a presentation of one slide, its speaker notes the audio guide."""
    from pptx import Presentation
    from pptx.util import Mm, Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Mm(594), Mm(841)
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for one in json.loads((HOME / "voice.json").read_text(encoding="utf-8")):
        frame = slide.shapes.add_textbox(*(Mm(side) for side in one["box"])).text_frame
        frame.word_wrap = True
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size = one["text"], Pt(one["size"])
    voice = next(one for one in told()["board"] if one["file"] == "voice.pptx")
    slide.notes_slide.notes_text_frame.text = voice["notes"]["zh"]
    held = io.BytesIO()
    deck.save(held)
    return held.getvalue()


def _brought(hall: Hall, by: Person, at: int) -> list[Board]:
    """Every file is received and read in the jail at once; returns the boards in the order of the route."""
    from showground.exhibition.actions import intake
    from showground.exhibition.models import Board, Intake
    from showground.works import queries as works

    files = print_files()
    ours = frozenset(hashlib.sha256(data).hexdigest() for _, data in files)
    for name, data in files:
        one = intake.receive(hall, filename=name, size=len(data), pieces=[data], language="zh", by=by, at=at)
        read = intake.read(one, jail=works.jail(), at=at, ours=ours, dpi=DPI)
        if read.state != Intake.State.READ:
            raise SystemExit(f"{name} was not read: {read.told}")
    return list(Board.objects.filter(hall=hall).order_by("place"))


# ---- the texts ----


def _written(board: Board, one: dict[str, Any], by: Person, at: int, *, quiz: str = "") -> None:
    """The board has its text in both languages and is on show; without text of its own it says what was read from the file."""
    from showground.exhibition.actions import write

    if "text" in one:
        places = Places(Path(one["file"]).stem, one["page"])
        _told_anew(board, one["text"], places, by, at)
    write.say(board, title=one["title"], alt=one["alt"], notes=one["notes"], by=by, at=at)
    write.settle(board, quiz=quiz, harm=one.get("harm", ""), minutes=MINUTES)
    write.publish(board, excuse="", by=by, at=at)


def _told_anew(board: Board, lines: Sequence[Sequence[Any]], places: Places, by: Person, at: int) -> None:
    """The draft says these lines in this order, each where it stands on the print; what the machine read beyond them is dropped."""
    from showground.exhibition.actions import write
    from showground.exhibition.queries.halls import draft

    text = draft(board)
    assert text is not None
    width = text.document["picture"]["width"]
    names = [block["id"] for block in text.document["blocks"]]
    while len(names) < len(lines):
        names.append(write.add(board, lang="zh", after="", by=by, at=at))
    for name in names[len(lines) :]:
        write.drop(board, name, by=by, at=at)
    for name, (kind, zh, en, *drawn) in zip(names, lines, strict=False):
        box = places.drawn(drawn[0], width) if drawn else places.of([*_cells(zh), *_cells(en)], width)
        write.mend(board, name, kind=kind, texts={"zh": _typed(zh), "en": _typed(en)}, box=box, by=by, at=at)


def _typed(text: str | list[list[str]]) -> str:
    return text if isinstance(text, str) else "\n".join("\t".join(row) for row in text)


def _cells(text: str | list[list[str]]) -> list[str]:
    return [text] if isinstance(text, str) else [cell for row in text for cell in row if len(cell) > 2]


class Places:
    """Where words stand on a page that we set ourselves, found in the PDF; white space does not count."""

    def __init__(self, name: str, page: int) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument(set_file(name))
        sheet = document[page - 1]
        self.width, self.height = sheet.get_size()
        text = sheet.get_textpage()
        found = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
        self.signs = [(sign, box) for sign, box in found if sign.strip()]
        self.said = "".join(sign for sign, _ in self.signs)
        self.last = 0
        document.close()

    def of(self, texts: Iterable[str], width: int) -> list[int] | None:
        """Returns the box around all the texts that are on the page, in pixels of a picture so wide; None if none is."""
        boxes = [box for text in texts for box in self._boxes("".join(text.split()))]
        if not boxes:
            return None
        scale, air = width / self.width, 6
        left, bottom = min(box[0] for box in boxes) - air, min(box[1] for box in boxes) - air
        right, top = max(box[2] for box in boxes) + air, max(box[3] for box in boxes) + air
        sides = (left, self.height - top, right - left, top - bottom)
        return [max(0, round(side * scale)) for side in sides]

    def drawn(self, millimetres: Sequence[int], width: int) -> list[int]:
        """Returns a box told in millimetres, in pixels of a picture so wide."""
        return [round(side * 72 / 25.4 * width / self.width) for side in millimetres]

    def _boxes(self, text: str) -> list[tuple[float, float, float, float]]:
        """Returns the boxes of the text's signs, the next time it is said after what was looked for last, or the first."""
        at = self.said.find(text, self.last)
        at = at if at >= 0 else self.said.find(text)
        if at < 0:
            return []
        self.last = at + len(text)
        return [box for _, box in self.signs[at : self.last]]


def _question(week: Week, told: dict[str, Any], by: Person, at: int) -> str:
    """A practice quiz of one question is open, to which every board leads; returns its code, "" where the bank has no such question."""
    from showground.quiz.actions import compose
    from showground.quiz.models import Quiz

    texts, times = {"name": told["name"], "about": told["about"]}, {"opens": at, "closes": at + ASKED}
    quiz = compose.start_quiz(week, kind=Quiz.Kind.PRACTICE, code=told["code"], at=at, items=1, **texts, **times)
    if not compose.choose_pool(quiz, among=told["pool"], chosen=told["pool"]):
        compose.drop_quiz(quiz)
        return ""
    return compose.publish_quiz(quiz, by=by, at=at).code


# ---- guest book and programme ----


def _left(hall: Hall, boards: Sequence[Board], lines: Iterable[dict[str, Any]], by: Person, at: int) -> None:
    from showground.exhibition.actions import notes

    for back, one in enumerate(lines, 1):
        board = boards[one["board"] - 1] if "board" in one else None
        note = notes.leave(
            hall, kind=one["kind"], words=one["words"], signed=one["signed"], language=one["language"], address="192.0.2.7",
            at=at - back * HOUR, board=board,
        )  # fmt: skip
        notes.decide(note, show=True, answer=one.get("answer", ""), reason="", by=by)


def _laid_out(hall: Hall, things: Iterable[dict[str, Any]], by: Person, at: int) -> None:
    """Each thing to take home has its file, made safe at once."""
    from showground.exhibition.actions import handouts
    from showground.works import queries as works
    from showground.works.actions.make_safe import make_safe
    from showground.works.actions.receive import receive_whole

    for order, one in enumerate(things, 1):
        told = {name: one[name] for name in ("code", "kind", "title", "about")}
        made = handouts.lay_out(hall, **told, language="", credit=CREDIT, licence="CC BY 4.0", order=order)
        data = set_file(one["source"], one["format"])
        name = f"{one['code']}.{one['format']}"
        work = receive_whole(by, category="handout", filename=name, size=len(data), pieces=[data], at=at)
        handouts.attach(made, work)
        make_safe(work, jail=works.jail(), at=at, ours=frozenset({hashlib.sha256(data).hexdigest()}))


def _planned(week: Week, events: Iterable[dict[str, Any]], at: int) -> None:
    from showground.commands.demo_week import midnight
    from showground.exhibition.actions import programme

    for one in events:
        starts = midnight(at) + one["day"] * DAY + one["starts"] * HOUR
        told = {name: one[name] for name in ("code", "kind", "title", "about", "place")}
        programme.announce(week, **told, starts=starts, ends=starts + one["minutes"] * 60, link="", quiz=one.get("quiz", ""), at=at)


def main(argv: list[str]) -> int:
    """Hangs the halls in a week of the site whose data folder is in the environment."""
    import argparse

    from showground.commands._django import ready

    parser = argparse.ArgumentParser(prog="python -m showground.commands._halls", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("week")
    parser.add_argument("--hall", choices=KINDS, action="append", help="only this hall")
    words = parser.parse_args(argv)
    ready()
    for hall in words.hall or KINDS:
        fill(words.week, hall)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
