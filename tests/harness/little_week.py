"""A little week on a real site: every process runs, a few small works, played over HTTP by the rehearsal clock."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw

from showground import clock
from showground.commands._rehearse import Play
from showground.commands._site import FINISHED, STAFF, Site, open_week, prepare_site
from showground.commands._stage import Stage
from showground.commands.demo_week import DAY, midnight
from showground.commands.demo_works.make import DemoWork
from tests.environment import began
from tests.harness.ports import a_port
from tests.harness.prepared import prepared

ROOT = Path(__file__).resolve().parents[2]


def _picture(path: Path, color: str, size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, color)
    ImageDraw.Draw(picture).ellipse((10, 10, size[0] - 10, size[1] - 10), fill="white")
    picture.save(path)


def _film(path: Path) -> None:
    line = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=1", str(path)]
    subprocess.run(line, check=True)


def _package(path: Path, number: int) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        out.writestr("index.html", f"<!doctype html><title>{number}</title><h1>Package {number}</h1>")
    path.write_bytes(data.getvalue())


def works(folder: Path, each: int = 2) -> list[DemoWork]:
    """Returns `each` small works of every category, as files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number in range(each):
        for category, genre, suffix in (("picture", "poster", ".png"), ("video", "animation", ".mp4"), ("h5", "game", ".zip")):
            file = folder / f"{category}{number}{suffix}"
            if category == "picture":
                _picture(file, f"hsl({number * 70 % 360},60%,40%)", (320 + 40 * number, 400))
            elif category == "video":
                _film(file)
            else:
                _package(file, number)
            words = {"en": f"Work {category} {number}", "zh": f"作品 {number}"}
            found.append(
                DemoWork(
                    file.stem,
                    category,
                    genre,
                    words,
                    words,
                    words,
                    {"name": "A maker", "kind": "person"},
                    "",
                    "CC0",
                    file,
                    file.name,
                    None,
                )
            )
    return found


def quiet(_: str) -> None:
    """Says nothing."""


def _little(folder: Path) -> None:
    """The folder is a site as the demo prepares it; its clock is wound by whoever copies it."""
    clock.Rehearsal(folder / "clock.json").move_to(midnight(began()) - 120 * DAY)
    prepare_site(Site(folder, a_port(), say=quiet))
    (folder / "clock.json").unlink()


@contextmanager
def a_site(folder: Path, **more: str) -> Iterator[tuple[Site, Play]]:
    """A running site with one week whose call is open, and the play that goes with it; `more` is added to its environment."""
    static = ROOT / "showground" / "ui" / "static" / "ui" / "dist"
    assert static.is_dir(), "front-end assets are missing: run `sh deploy/setup.sh test`"
    shutil.copytree(prepared("little-site", _little), folder, dirs_exist_ok=True)
    site = Site(folder, a_port(), say=quiet)
    site.environment |= more
    today = midnight(began())
    clock.Rehearsal(site.data / "clock.json").move_to(today - 120 * DAY)
    calendar = open_week(site, FINISHED, today - 80 * DAY)
    site.start([FINISHED])
    try:
        yield site, Play(Stage(site.url, site.data, say=quiet), FINISHED, calendar, STAFF)
    finally:
        site.stop()


def up_to_the_vote(play: Play, folder: Path, each: int = 2) -> None:
    """Works are in, screened and listed; the vote is open."""
    play.enter_all(works(folder, each))
    play.screen_all()
    play.prepare_vote()
    play.stage.clock.move_to(play.calendar["vote_opens"] + 60)
    play.reader.wait("the vote to be open", lambda week: week.scopes[0][0] if week.scopes else None)


def processes(site: Site) -> dict[str, int]:
    """Returns the process ids of the site's processes."""
    lines = (site.data / "run" / "pids").read_text(encoding="ascii").splitlines()
    return {name: int(pid) for name, pid in (line.split() for line in lines)}


def final_entries(play: Play, seconds: float = 60) -> list[bytes]:
    """Returns every record of the log as published, once the publisher has caught up with the door."""
    from showground.intake.client import Door
    from showground.tlog import tiles

    door = Door(play.stage.data / "run" / "door-private.sock")
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        size = door.get("/state", log=play.reader.week.log)["size"]
        if play.reader.read().size == size:
            break
        time.sleep(0.2)
    found: list[bytes] = []
    size = play.reader.week.size
    while len(found) < size:
        width = min(256, size - len(found))
        _, _, data = play.reader.visitor.ask("GET", f"/log/{play.code}/{tiles.entries_path(len(found) // 256, width)}")
        found += tiles.decode_entries(data, width)
    return found
