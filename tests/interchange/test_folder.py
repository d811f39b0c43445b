"""The folder of one board: what a bare static host serves, checked against the image standard's level 0 and in a real browser."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from showground.interchange import folder
from showground.interchange.iiif import Hung
from showground.media import boards, easel
from showground.media.jail import best_available
from tests.harness.browser import browser as browser
from tests.harness.browser import tab
from tests.media import made

ROOT = Path(__file__).resolve().parents[2]
VIEWER = ROOT / "node_modules/openseadragon/build/openseadragon/openseadragon.min.js"
PAGE = """<!doctype html><meta charset=utf-8><title>Board</title><div id=zoom style="width:900px;height:700px"></div>
<script src=openseadragon.js></script><script>
const asked = [], failed = []
const viewer = OpenSeadragon({id: 'zoom', tileSources: ['tiles/info.json'], showNavigationControl: false, immediateRender: true,
  animationTime: 0, blendTime: 0})
viewer.addHandler('tile-loaded', event => asked.push(event.tile.getUrl()))
viewer.addHandler('tile-load-failed', event => failed.push(event.tile.getUrl()))
viewer.addHandler('open-failed', event => failed.push(String(event.message)))
</script>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A bare static server: its address and its folder."""
    served = tmp_path_factory.mktemp("served")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(served))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", served
        server.shutdown()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, host: tuple[str, Path]) -> tuple[str, Path, boards.Board]:
    """The bilingual board in a folder on the bare host, drawn once."""
    at, served = host
    tmp_path = tmp_path_factory.mktemp("drawn")
    source, out = made.write(tmp_path, "board.pdf", made.bilingual()[0]), tmp_path / "out"
    out.mkdir()
    board = easel.read(best_available(), source).boards[0]
    easel.draw(best_available(), source, out)
    folder.write(Hung(board=board, at=at, thumbnail=folder.thumbnail(out / "tiles")), out, served)
    return at, served, board


def test_folder_holds_all_that_its_files_name(shown: tuple[str, Path, boards.Board]) -> None:
    at, served, board = shown
    manifest = json.loads((served / "manifest.json").read_text(encoding="utf-8"))
    info = json.loads((served / "tiles/info.json").read_text(encoding="utf-8"))
    painted = manifest["items"][0]["items"][0]["items"][0]["body"]
    for address in (manifest["id"], painted["id"], manifest["seeAlso"][0]["id"], manifest["thumbnail"][0]["id"]):
        assert (served / address.removeprefix(f"{at}/")).is_file(), address
    assert info["id"] == f"{at}/tiles" == painted["service"][0]["id"]
    assert (info["width"], info["height"]) == (board["picture"]["width"], board["picture"]["height"])
    assert boards.decoded((served / "board.json").read_bytes()) == board
    assert {f"w{wide}.{end}" for wide in (480, 960, 1600, 2400) for end in ("webp", "avif", "jpg")} <= {
        path.name for path in served.iterdir()
    }


def test_folder_s_tiles_are_all_there_and_as_large_as_their_names_say(shown: tuple[str, Path, boards.Board]) -> None:
    tiles = shown[1] / "tiles"
    info = json.loads((tiles / "info.json").read_text(encoding="utf-8"))
    wanted = (
        set(_tiles(info))
        | {f"full/{one['width']},{one['height']}/0/default.jpg" for one in info["sizes"]}
        | {"full/max/0/default.jpg"}
    )
    missing = [path for path in wanted if not (tiles / path).is_file()]
    assert missing == []
    for path in wanted - {"full/max/0/default.jpg"}:
        with Image.open(tiles / path) as image:
            assert f"{image.width},{image.height}" == path.split("/")[1]


def _tiles(info: dict[str, Any]) -> Iterator[str]:
    """Yields every tile that a viewer may ask for; SPEC iiif image 3.0, implementation notes: tiles, edge tiles cut."""
    side, width, height = info["tiles"][0]["width"], info["width"], info["height"]
    for factor in info["tiles"][0]["scaleFactors"]:
        step = side * factor
        for x in range(0, width, step):
            for y in range(0, height, step):
                wide, high = min(step, width - x), min(step, height - y)
                if (wide, high) != (width, height):
                    yield f"{x},{y},{wide},{high}/{-(-wide // factor)},{-(-high // factor)}/0/default.jpg"


@pytest.mark.browser
def test_folder_opens_in_openseadragon_at_every_zoom(shown: tuple[str, Path, boards.Board], browser: Any) -> None:
    if not VIEWER.is_file():
        pytest.skip("openseadragon is not installed (npm install)")
    at, served, board = shown
    (served / "openseadragon.js").write_bytes(VIEWER.read_bytes())
    (served / "index.html").write_text(PAGE, encoding="utf-8")
    with tab(browser, width=1000) as page:
        bad: list[str] = []
        page.on("response", lambda answer: bad.append(answer.url) if answer.status >= 400 and "favicon" not in answer.url else None)
        page.goto(f"{at}/index.html")
        page.wait_for_function("() => viewer.world.getItemCount() === 1 && viewer.world.getItemAt(0).getFullyLoaded()")
        source = page.evaluate("({width: viewer.source.width, height: viewer.source.height, levels: viewer.source.maxLevel})")
        for zoom in range(source["levels"] + 1):
            for x, y in ((0.02, 0.02), (0.98, 1.4), (0.5, 0.7)):
                page.evaluate(
                    f"viewer.viewport.zoomTo({2**zoom}, null, true); viewer.viewport.panTo(new OpenSeadragon.Point({x}, {y}), true)"
                )
                page.wait_for_function("() => viewer.world.getItemAt(0).getFullyLoaded()")
        loaded, failed = page.evaluate("[asked, failed]")
    assert (source["width"], source["height"]) == (board["picture"]["width"], board["picture"]["height"])
    assert (failed, bad) == ([], [])
    assert len(loaded) > 20
    assert all(url.startswith(f"{at}/tiles/") for url in loaded)
