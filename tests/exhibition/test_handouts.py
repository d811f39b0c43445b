"""Hand-outs: laid out with their makers and licences, written anew, taken home as files, counted without anybody in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from showground.exhibition.actions import visits
from showground.exhibition.models import Handout, Visits
from showground.works.actions.make_safe import make_safe
from showground.works.queries import jail
from tests.exhibition.hung import Hung, a_hall
from tests.media import bad_boards, corpus

pytestmark = pytest.mark.django_db
HOME = "/en/2026/desk/halls/street/hand-outs/"
TABLE = "/en/2026/halls/street/hand-outs/"
TOLD = {
    "kind": "leaflet", "code": "hang-up", "title_zh": "先挂断", "title_en": "Hang up first", "about_zh": "三件事。", "about_en": "Three things.",
    "language": "", "credit": "The desk", "licence": "CC BY 4.0", "order": "1",
}  # fmt: skip


@pytest.fixture
def stood(settings: Any, tmp_path: Path) -> Hung:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    visits._waiting.clear()
    made = a_hall()
    settings.CLOCK = lambda: made.now
    return made


def laid(stood: Hung, data: bytes | None = None, **more: str) -> Handout:
    told = {**TOLD, **more}
    assert stood.client("curator").post(f"{HOME}new/", told).status_code == 302
    made = Handout.objects.get(code=told["code"])
    if data is not None:
        file = SimpleUploadedFile("a", data)
        assert stood.client("curator").post(f"{HOME}{made.code}/file/", {"file": file}).status_code == 302
        made.refresh_from_db()
        assert made.work is not None
        make_safe(made.work, jail=jail(), at=1, ours=frozenset({made.work.sha256}))
        made.refresh_from_db()
    return made


def test_a_leaflet_goes_home_as_a_file_that_is_ours(stood: Hung) -> None:
    laid(stood, bad_boards.scripted())
    page = stood.client().get(TABLE).content.decode()
    assert "Hang up first" in page and "Three things." in page and "The desk" in page
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in page
    answer = stood.client().get(f"{TABLE}hang-up/")
    assert answer["Content-Disposition"] == 'attachment; filename="2026-street-hang-up.pdf"'
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"%PDF-") and b"JavaScript" not in body
    assert "Set-Cookie" not in answer.headers
    assert "先挂断" in stood.client().get(TABLE.replace("/en/", "/zh-hans/")).content.decode()


@pytest.mark.parametrize(
    ("kind", "data", "ending"),
    [("poster", corpus.picture(2000, 1400), "jpg"), ("wallpaper", corpus.picture(1600, 900, "PNG"), "jpg")],
)
def test_pictures_go_home_in_full_size(stood: Hung, kind: str, data: bytes, ending: str) -> None:
    laid(stood, data, kind=kind)
    page = stood.client().get(TABLE).content.decode()
    assert "JPEG, 2000 × 1400" in page or "JPEG, 1600 × 900" in page
    assert stood.client().get(f"{TABLE}hang-up/")["Content-Disposition"].endswith(f'.{ending}"')


def test_a_film_goes_home_too_and_the_kind_of_file_stays(stood: Hung, tmp_path: Path) -> None:
    laid(stood, corpus.film(tmp_path / "a.mp4", size="160x90").read_bytes(), kind="film")
    assert stood.client().get(f"{TABLE}hang-up/")["Content-Type"] == "video/mp4"
    answer = stood.client("curator").post(f"{HOME}hang-up/", {**TOLD, "kind": "poster"})
    assert answer.status_code == 422 and "of another kind" in answer.content.decode()


def test_nothing_is_shown_without_its_file_or_before_its_hall_opens(stood: Hung) -> None:
    laid(stood)
    assert "Nothing lies here yet." in stood.client().get(TABLE).content.decode()
    assert stood.client().get(f"{TABLE}hang-up/").status_code == 404
    stood.hall.opens = stood.now + 9
    stood.hall.save()
    assert stood.client().get(TABLE).status_code == 404


def test_what_is_taken_is_counted_and_small_numbers_are_hidden(stood: Hung) -> None:
    laid(stood, corpus.picture(), kind="poster")
    for _ in range(3):
        stood.client().get(f"{TABLE}hang-up/")
    assert stood.client().head(f"{TABLE}hang-up/").status_code == 200
    page = stood.client("curator").get(HOME).content.decode()
    row = Visits.objects.get(deed="take")
    assert (row.thing, row.count) == ("street/hang-up", 3) and "&lt;10" in page


def test_what_is_missing_or_twice_is_said_beside_its_field(stood: Hung) -> None:
    laid(stood)
    desk = stood.client("curator")
    assert "of this short name already" in desk.post(f"{HOME}new/", TOLD).content.decode()
    bare = desk.post(f"{HOME}new/", {**TOLD, "code": "b", "about_en": "", "licence": "mine"})
    assert bare.status_code == 422 and Handout.objects.count() == 1
    wrong = desk.post(f"{HOME}hang-up/file/", {"file": SimpleUploadedFile("a.pdf", b"MZ" + bytes(99))})
    assert wrong.status_code == 422 and "really a program" in wrong.content.decode()


def test_a_hand_out_is_changed_and_taken_away(stood: Hung) -> None:
    made = laid(stood, corpus.picture(), kind="poster")
    assert stood.client("curator").post(f"{HOME}hang-up/", {**TOLD, "kind": "wallpaper", "title_en": "New"}).status_code == 302
    made.refresh_from_db()
    assert (made.kind, made.title["en"]) == ("wallpaper", "New")
    assert stood.client("curator").post(f"{HOME}hang-up/drop/").status_code == 302
    assert not Handout.objects.exists()


def test_hand_outs_of_a_partner_s_hall_are_its_editors_only(stood: Hung) -> None:
    made = laid(stood)
    stood.hall.editors.set([stood.people["partner"]])
    for step in ("", "new/", "hang-up/", "hang-up/file/", "hang-up/start/", "hang-up/drop/"):
        assert stood.client("curator").post(f"{HOME}{step}", TOLD).status_code in {404, 405}, step
    assert stood.client("curator").get(HOME).status_code == 404 and stood.client("partner").get(HOME).status_code == 200
    assert Handout.objects.get() == made
