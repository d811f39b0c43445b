"""What museums get, fetched from a running site by address: the official schema takes every document, the picture is level 0 whole."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image

from tests.exhibition.test_crawl import fetch
from tests.harness.hall import HallSite

SHARED = Path(__file__).resolve().parents[3] / "shared/data/iiif"
GRID = SHARED / "67352ccc-d1b0-11e1-89ae-279075081939.png"
HANG = """
from pathlib import Path
from django.conf import settings
from showground.exhibition.actions import intake, write
from showground.exhibition.models import Board, Hall
from showground.media.jail import best_available
from showground.people.models import Person
import hashlib
hall, by, now = Hall.objects.get(code="street"), Person.objects.get(email="curator@sample.example"), settings.CLOCK()
data = Path({path!r}).read_bytes()
one = intake.receive(hall, filename="grid.png", size=len(data), pieces=[data], language="en", by=by, at=now)
intake.read(one, jail=best_available(), at=now, ours=frozenset({{hashlib.sha256(data).hexdigest()}}))
board = Board.objects.order_by("pk").last()
write.say(board, title={{"en": "Grid", "zh": "方格"}}, alt={{"en": "Squares.", "zh": "方格。"}}, notes={{}}, by=by, at=now)
write.publish(board, excuse="A picture of squares has no text.", by=by, at=now)
print("code", board.code)
"""


@pytest.fixture(scope="module")
def schema() -> Any:
    if not SHARED.is_dir():
        pytest.skip("the official IIIF schema is not beside the project (shared/data/iiif)")
    return jsonschema.Draft7Validator(json.loads((SHARED / "iiif_3_0.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def grid(running: HallSite) -> str:
    """The official test picture as a board of the running site: its image service's address."""
    if not GRID.is_file():
        pytest.skip("the official test picture is not beside the project (shared/data/iiif)")
    told = running.site.shell(HANG.format(path=str(GRID)))
    return f"{running.url}/iiif/{re.findall(r'code (b[0-9]+)', told)[0]}/tiles"


def asked(url: str) -> dict[str, Any]:
    """Returns a document as any viewer gets it: from another origin, without a cookie."""
    status, headers, body = fetch(url, Origin="https://viewer.example", **{"Accept-Encoding": "identity"})
    assert (status, headers["access-control-allow-origin"]) == (200, ["*"]), url
    assert headers["content-type"][0].startswith(("application/json", "application/ld+json")) and "set-cookie" not in headers
    told = json.loads(body)
    assert isinstance(told, dict)
    return told


def test_every_manifest_collection_and_annotation_page_is_taken_by_the_official_schema(running: HallSite, schema: Any) -> None:
    collection = asked(f"{running.url}/iiif/halls/sample/street/collection.json")
    manifests = [asked(one["id"]) for one in collection["items"]]
    pages = [page for told in manifests for canvas in told["items"] for page in [*canvas["items"], *canvas["annotations"]]]
    alone = [asked(page["id"]) for page in pages]
    assert len(manifests) >= len(running.boards) and len(alone) >= 3 * len(running.boards)
    for told in (collection, *manifests, *alone):
        assert [error.message[:200] for error in schema.iter_errors(told)] == [], told["id"]
    for told, page in zip(alone, pages, strict=True):
        assert told.pop("@context") and told == page
    for told in manifests:
        assert told["partOf"][0]["id"] == collection["id"] and asked(told["seeAlso"][0]["id"])["blocks"]


@pytest.mark.parametrize("part", ["id", "type", "items"])
def test_the_schema_refuses_a_live_page_without_a_part(part: str, running: HallSite, schema: Any) -> None:
    told = asked(f"{running.url}/iiif/{running.boards[0]}/canvas/1/text/zh")
    del told[part]
    assert list(schema.iter_errors(told))


# ---- level 0 of the image standard: the five tests of its validator, on live addresses ----


def picture(url: str) -> Image.Image:
    status, headers, body = fetch(url)
    assert (status, headers["content-type"]) == (200, ["image/jpeg"]), url
    return Image.open(io.BytesIO(body))


def near(one: Any, other: Any) -> bool:
    return all(abs(a - b) < 6 for a, b in zip(one[:3], other[:3], strict=True))


def test_format_jpg_and_id_basic(grid: str) -> None:
    whole = picture(f"{grid}/full/max/0/default.jpg")
    assert (whole.format, whole.size) == ("JPEG", (1000, 1000))


def test_id_squares(grid: str) -> None:
    whole, original = picture(f"{grid}/full/max/0/default.jpg").convert("RGB"), Image.open(GRID).convert("RGB")
    assert all(
        near(whole.getpixel(spot), original.getpixel(spot))
        for spot in [(x, y) for x in range(50, 1000, 100) for y in range(50, 1000, 100)]
    )


def test_info_json(grid: str) -> None:
    told = asked(f"{grid}/info.json")
    assert told["id"] == grid and (told["width"], told["height"]) == (1000, 1000)
    assert (told["@context"], told["type"], told["protocol"], told["profile"]) == (
        "http://iiif.io/api/image/3/context.json", "ImageService3", "http://iiif.io/api/image", "level0",
    )  # fmt: skip
    for size in told["sizes"]:
        assert picture(f"{grid}/full/{size['width']},{size['height']}/0/default.jpg").size == (size["width"], size["height"])
    assert picture(f"{grid}/512,512,488,488/488,488/0/default.jpg").size == (488, 488)


def test_size_nofull(grid: str) -> None:
    status, _, _ = fetch(f"{grid}/full/full/0/default.jpg")
    assert status in {400, 404}
