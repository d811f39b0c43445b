"""Manifests and collections against the official schema, and against what the board says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from showground.interchange import iiif, oembed
from showground.interchange.iiif import Hung, Sound
from showground.media import board, boards

SCHEMA = Path(__file__).resolve().parents[3] / "shared/data/iiif/iiif_3_0.json"
AT = "https://hall.example/b7"


def block(number: int, kind: str, **more: Any) -> boards.Block:
    return {"id": f"b{number}", "kind": kind, "lang": "zh", **more}


def sample() -> boards.Board:
    """A board with everything that a manifest can carry, in two languages."""
    return {
        **board.bare("pdf", 1, 1, "0" * 64, 7016, 9933, drawn=True),
        "title": {"zh": "识别诈骗", "en": "Telling fraud"},
        "alt": {"zh": "一张蓝色展板", "en": "A blue board"},
        "notes": {"zh": "大家好。"},
        "blocks": [
            block(1, "heading1", text={"zh": "识别诈骗", "en": "Telling fraud"}, box=[100, 100, 2000, 300]),
            block(2, "paragraph", text={"zh": "不要转账。"}, box=[100, 500, 3000, 900]),
            block(3, "table", rows={"zh": [["甲", "<乙>"]], "en": [["a", "<b>"]]}, heads=1, box=[0, 2000, 7016, 800]),
            block(4, "picture", text={"zh": ""}, box=[10, 3000, 10, 10]),
            block(5, "paragraph", lang="ar", text={"ar": "مرحبا"}, dir="rtl"),
        ],
    }


def hung(**more: Any) -> Hung:
    sound = Sound(address=f"{AT}/guide.mp3", type="audio/mpeg", seconds=61.5, lang="zh", captions=f"{AT}/guide.vtt")
    return Hung(
        **{"board": sample(), "at": AT, "page": AT, "pdf": f"{AT}/board.pdf", "sounds": [sound], "thumbnail": (480, 680), **more}
    )


@cache
def schema() -> Any:
    if not SCHEMA.is_file():
        pytest.skip("the official IIIF schema is not beside the project (shared/data/iiif)")
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def wrong(told: dict[str, Any]) -> list[str]:
    return [error.message[:200] for error in schema().iter_errors(json.loads(json.dumps(told)))]


def whole() -> dict[str, Any]:
    licence = "http://creativecommons.org/licenses/by/4.0/"
    return iiif.written(
        iiif.manifest(hung(), rights=licence, credit={"en": "Reporting Centre"}, hall="https://hall.example/collection.json")
    )


def test_manifest_with_everything_is_taken_by_the_official_schema() -> None:
    assert wrong(whole()) == []


def test_manifest_with_little_is_taken_by_the_official_schema() -> None:
    bare = board.bare("pptx", 3, 9, "0" * 64, 1280, 720, drawn=False)
    told = iiif.written(iiif.manifest(Hung(board=bare, at=AT)))
    assert wrong(told) == []
    assert told["label"] == {"none": ["3"]}


def test_collection_is_taken_by_the_official_schema() -> None:
    told = iiif.written(
        iiif.collection(
            "https://hall.example", {"zh": "展厅", "en": "Hall"}, [hung()], page="https://hall.example/", about={"en": "x"}
        )
    )
    assert wrong(told) == []
    assert told["items"] == [
        {"id": f"{AT}/manifest.json", "type": "Manifest", "label": {"zh-Hans": ["识别诈骗"], "en": ["Telling fraud"]}}
    ]


@pytest.mark.parametrize("part", ["id", "type", "label", "items"])
def test_official_schema_refuses_a_manifest_without_a_part(part: str) -> None:
    told = whole()
    del told[part]
    assert wrong(told)


def test_manifest_paints_the_picture_by_level_0_tiles() -> None:
    (canvas,) = whole()["items"]
    (painted,) = canvas["items"][0]["items"]
    assert (canvas["width"], canvas["height"]) == (7016, 9933)
    assert (painted["motivation"], painted["target"]) == ("painting", canvas["id"])
    assert painted["body"]["id"] == f"{AT}/tiles/full/max/0/default.jpg"
    assert painted["body"]["service"] == [{"id": f"{AT}/tiles", "type": "ImageService3", "profile": "level0"}]


def test_manifest_reads_every_block_in_every_language_on_its_region() -> None:
    pages = {page["id"].rpartition("/")[2]: page["items"] for page in whole()["items"][0]["annotations"]}
    canvas = f"{AT}/canvas/1"
    assert list(pages) == ["zh", "ar", "en", "sounds"]
    assert [one["target"] for one in pages["zh"]] == [
        f"{canvas}#xywh={box}" for box in ("100,100,2000,300", "100,500,3000,900", "0,2000,7016,800")
    ]
    assert [one["body"]["value"] for one in pages["en"]] == [
        "Telling fraud",
        "<table><tr><td>a</td><td>&lt;b&gt;</td></tr></table>",
    ]
    assert {one["body"]["language"] for one in pages["zh"]} == {"zh-Hans"}
    assert pages["ar"][0]["target"] == canvas
    assert [one["body"]["type"] for one in pages["sounds"]] == ["Sound", "Text"]


def test_manifest_names_every_resource_once() -> None:
    ids: list[str] = []

    def gather(value: Any) -> None:
        for held in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            gather(held)
        if isinstance(value, dict) and value.get("type") in {"Canvas", "Annotation", "AnnotationPage", "Manifest"}:
            ids.append(value["id"])

    gather(whole())
    assert len(ids) == len(set(ids)) > 10


def test_oembed_frames_the_board_and_escapes_its_title() -> None:
    told = oembed.rich(
        {**sample(), "title": {"en": '"><script>'}}, f"{AT}?frame", "en", site="Hall", home="https://hall.example", most=(400, 300)
    )
    assert (told["width"], told["height"], told["type"]) == (400, 300, "rich")
    assert "<script>" not in told["html"]
