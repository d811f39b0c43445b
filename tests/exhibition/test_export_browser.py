"""The exported folder from a bare static server and from a USB stick, in a real browser: the zoom shows the picture, pages are read."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from showground.commands import exhibit
from tests.exhibition.hung import a_board, a_hall, published
from tests.harness.bare import bare_host
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWER = Path(__file__).resolve().parents[2] / "node_modules/openseadragon/build/openseadragon/openseadragon.min.js"
PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Any viewer</title><div id=zoom style="width:900px;height:700px"></div>
<script src=openseadragon.js></script><script>
let loaded = 0, failed = []
const viewer = OpenSeadragon({{id: 'zoom', tileSources: ['{info}'], showNavigationControl: false, immediateRender: true, animationTime: 0,
  blendTime: 0, drawer: 'canvas'}})
viewer.addHandler('tile-loaded', () => loaded++)
viewer.addHandler('tile-load-failed', event => failed.push(event.tile.getUrl()))
viewer.addHandler('open-failed', event => failed.push(String(event.message)))
</script>"""
INK = """() => {
  const canvas = viewer.drawer.canvas, data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
  let dark = 0, light = 0
  for (let at = 0; at < data.length; at += 4) { if (data[at + 3] > 200) { if (data[at] < 90) dark++; else if (data[at] > 200) light++ } }
  return [dark, light]
}"""


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A hall of two boards, written by the command."""
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    settings.CLOCK = lambda: stood.now
    for _ in range(2):
        published(stood, a_board(stood))
    return tmp_path / "usb"


def export(into: Path, at: str, lang: str = "en") -> None:
    assert exhibit.main(["export", "2026", "street", str(into), "--at", at, "--lang", lang]) == 0


def test_any_viewer_opens_the_exported_folder_from_a_bare_server_and_shows_ink(folder: Path, browser: Browser) -> None:
    folder.mkdir()
    with bare_host(folder) as host, tab(browser, width=1000) as page:
        export(folder, host)
        (folder / "openseadragon.js").write_bytes(VIEWER.read_bytes())
        bad: list[str] = []
        page.on("response", lambda answer: bad.append(answer.url) if answer.status >= 400 and "favicon" not in answer.url else None)
        members = [one["id"] for one in json.loads((folder / "collection.json").read_text(encoding="utf-8"))["items"]]
        for member in members:
            manifest = json.loads((folder / member.removeprefix(f"{host}/")).read_text(encoding="utf-8"))
            service = manifest["items"][0]["items"][0]["items"][0]["body"]["service"][0]["id"]
            (folder / "viewer.html").write_text(PAGE.format(info=f"{service}/info.json"), encoding="utf-8")
            page.goto(f"{host}/viewer.html")
            page.wait_for_function("() => viewer.world.getItemCount() === 1 && viewer.world.getItemAt(0).getFullyLoaded()")
            page.evaluate("viewer.viewport.zoomTo(3, new OpenSeadragon.Point(0.4, 0.2), true)")
            page.wait_for_function("() => viewer.world.getItemAt(0).getFullyLoaded()")
            loaded, failed = page.evaluate("[loaded, failed]")
            dark, light = page.evaluate(INK)
            assert failed == [] and loaded > 3
            assert dark > 500 and light > 20 * dark  # black words on white paper, not an empty stage
        assert len(members) == 2 and bad == []


@pytest.mark.parametrize("from_stick", [False, True])
def test_the_exported_pages_are_read_and_zoomed_from_a_server_and_from_a_stick(
    from_stick: bool, folder: Path, browser: Browser
) -> None:
    folder.mkdir()
    export(folder, "https://school.example/hall")
    with bare_host(folder) as host, tab(browser, width=390) as page:
        heard = complaints(page)
        page.goto(f"file://{folder}/index.html" if from_stick else f"{host}/index.html")
        assert page.locator("h1").inner_text() == "The street" and page.locator(".walk h2 a").count() == 2
        assert from_stick or axe(page) == []  # axe itself fetches, which a page on a stick may not
        page.locator(".walk h2 a").first.click()
        assert page.locator("h1").inner_text() == "Telling fraud"
        assert "挂断后拨打96110核实" in str(page.locator("main").text_content())
        assert page.locator(".bd-pane img").evaluate("one => one.complete && one.naturalWidth") > 400
        assert from_stick or axe(page) == []
        zoom, said = page.get_by_role("button", name="Zoom"), page.locator("[data-said]")
        zoom.click()
        expect(said).to_have_text("100 %. Shown: the whole board")
        page.get_by_role("button", name="Closer").click()
        expect(said).to_contain_text("160 %. Shown: ")
        assert inked(page)
        assert from_stick or axe(page) == []
        page.keyboard.press("Escape")
        expect(zoom).to_be_focused()
        page.locator("[rel=next]").click()
        page.get_by_role("link", name="To the hall").click()
        assert page.locator("h1").inner_text() == "The street"
        assert [one for one in heard if "favicon" not in one] == []


def inked(page: Page) -> bool:
    """Waits until a picture of the stage shows dark pixels: the board's words, not an empty ground."""
    for _ in range(300):
        image = Image.open(io.BytesIO(page.locator("#zoom-stage").screenshot())).convert("L")
        if sum(image.histogram()[:90]) > 500:
            return True
        page.wait_for_timeout(100)
    return False


def test_without_scripts_the_zoom_of_an_exported_page_leads_to_the_picture(folder: Path, browser: Browser) -> None:
    folder.mkdir()
    export(folder, "https://school.example/hall")
    with tab(browser, width=390, javascript=False) as page:
        page.goto(f"file://{folder}/b1/index.html")
        page.locator("#zoom").click()
        page.wait_for_url("**/full/max/0/default.jpg")


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_no_exported_page_names_the_site_it_came_from_or_a_file_that_is_not_there(folder: Path, lang: str) -> None:
    folder.mkdir()
    export(folder, "https://school.example/hall", lang)
    assert f'<html lang="{"en" if lang == "en" else "zh-Hans"}">' in (folder / "index.html").read_text(encoding="utf-8")
    for file in folder.rglob("*.html"):
        html = file.read_text(encoding="utf-8").replace("https://school.example/hall/", "")  # the address that it is told
        assert not re.search(r"<script>|<form|<iframe|https?:", html.replace("http://iiif.io/api/image", "")), file
        named = re.findall(r"""(?:src|href|data-script|data-zoom)="([^"#]+)""", html)
        assert [one for one in named if not (file.parent / one).is_file()] == [], file
    for sheet in folder.rglob("*.css"):
        faces = re.findall(r"""url\(["']?([^"')]+)""", sheet.read_text(encoding="utf-8"))
        assert [one for one in faces if not (sheet.parent / one).is_file()] == [], sheet
    for file in folder.rglob("*.json"):
        assert "localhost:8300" not in file.read_text(encoding="utf-8"), file
