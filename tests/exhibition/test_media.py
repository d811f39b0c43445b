"""Sounds and films of a board: brought, made safe in the jail, given words that are read strictly, shown when they are whole."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from showground.exhibition.actions import record, write
from showground.exhibition.actions.export import export_hall
from showground.exhibition.models import Board, Medium
from showground.exhibition.queries import recordings
from showground.exhibition.queries.gate import lacks
from showground.works.actions.make_safe import make_safe
from showground.works.actions.receive import original
from showground.works.models import Work
from showground.works.queries import jail
from tests.exhibition.hung import Hung, a_board, published
from tests.media import corpus
from tests.media.test_sound import recorded

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:00.100 --> 00:00.400\n{}\n"


@pytest.fixture
def board(stood: Hung) -> Board:
    return published(stood, a_board(stood))


def home(board: Board, medium: Medium | None = None, step: str = "") -> str:
    tail = f"{medium.pk}/{step}" if medium else ""
    return f"/en/2026/desk/boards/{board.code}/recordings/{tail}"


def begun(stood: Hung, board: Board, kind: str = "audio", language: str = "zh") -> Medium:
    assert stood.client("curator").post(home(board), {"kind": kind, "language": language}).status_code == 302
    return board.media.get(kind=kind, language=language)


def safe(medium: Medium) -> Medium:
    medium.refresh_from_db()
    assert medium.work is not None
    make_safe(medium.work, jail=jail(), at=1, ours=frozenset({medium.work.sha256}))
    medium.refresh_from_db()
    return medium


def with_file(stood: Hung, board: Board, medium: Medium, file: Path) -> Medium:
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    assert stood.client("curator").post(home(board, medium, "file/"), {"file": upload}).status_code == 302
    return safe(medium)


@pytest.fixture
def sound(stood: Hung, board: Board, tmp_path: Path) -> Medium:
    return with_file(stood, board, begun(stood, board), recorded(tmp_path, "mp3"))


@pytest.fixture
def film(stood: Hung, board: Board, tmp_path: Path) -> Medium:
    return with_file(stood, board, begun(stood, board, "video"), corpus.film(tmp_path / "film.mp4", size="320x180"))


def page(stood: Hung, board: Board, lang: str = "en") -> str:
    return stood.client().get(f"/{lang}/2026/boards/{board.code}/").content.decode()


def test_a_sound_is_heard_once_its_words_are_there_in_both_languages(stood: Hung, board: Board, sound: Medium) -> None:
    assert "<audio" not in page(stood, board)
    assert [(one.code, one.of) for one in lacks(board, board.shown)] == [("transcript", ("audio zh → zh", "audio zh → en"))]
    told = {"transcript_zh": "欢迎。\n\n请看。", "transcript_en": "Welcome.\nLook.", "credit": "Read by Lin"}
    assert stood.client("curator").post(home(board, sound), told).status_code == 302
    assert lacks(board, board.shown) == []
    shown = page(stood, board)
    assert f"/play/{sound.pk}/" in shown and "<p>Welcome.</p>" in shown and "Read by Lin" in shown
    src = shown.partition('<audio controls preload="none" src="')[2].partition('"')[0]
    answer = stood.client().get(stood.client().get(src)["Location"])
    assert answer["Content-Type"] == "audio/mp4" and answer["X-Content-Type-Options"] == "nosniff"
    assert "<p>请看。</p>" in page(stood, board, "zh-hans")


def test_a_film_needs_captions_that_its_player_gets_here_and_in_an_exported_folder(
    stood: Hung, board: Board, film: Medium, tmp_path: Path
) -> None:
    told = {"captions_zh": VTT.format("挂断电话"), "captions_en": VTT.format("<v Lin>Hang up</v>")}
    assert {one.code for one in lacks(board, board.shown)} == {"transcript", "captions"}
    track = f"/en/2026/boards/{board.code}/captions/{film.pk}/en.vtt"
    assert stood.client().get(track).status_code == 404
    assert stood.client("curator").post(home(board, film), told).status_code == 302
    film.refresh_from_db()
    assert film.transcript == {"zh": "挂断电话", "en": "Lin: Hang up"}
    shown = page(stood, board)
    assert "<h2>Film and audio guide</h2>" in shown and "· film" in stood.client().get("/en/2026/halls/street/").content.decode()
    assert f'<track kind="captions" src="{track}" srclang="en" label="English" default>' in shown
    answer = stood.client().get(track)
    assert answer["Content-Type"] == "text/vtt; charset=utf-8" and "<v Lin>Hang up</v>" in answer.content.decode()
    assert stood.client().get(track.replace("en.vtt", "fr.vtt")).status_code == 404
    (home_of,) = export_hall(board.hall, tmp_path / "usb", "https://school.example")
    written = (home_of / "index.html").read_text(encoding="utf-8")
    assert 'src="video-zh-Hans.mp4"' in written and '<track kind="captions" src="video-zh-Hans.en.vtt" srclang="en"' in written
    assert (home_of / "video-zh-Hans.mp4").stat().st_size > 1000 and "<p>Lin: Hang up</p>" in written
    assert (home_of / "video-zh-Hans.en.vtt").read_text(encoding="utf-8") == answer.content.decode()


def test_wrong_captions_change_nothing_and_are_named_by_their_line(stood: Hung, board: Board, film: Medium) -> None:
    told = {"captions_en": "WEBVTT\n\n00:01.000 -> 00:02.000\nHang up", "transcript_en": "Hang up."}
    answer = stood.client("curator").post(home(board, film), told)
    assert answer.status_code == 422 and "Line 3: there is no time before" in answer.content.decode()
    late = stood.client("curator").post(home(board, film), {"captions_en": VTT.format("a").replace("00:00.", "09:00.")})
    assert late.status_code == 422 and "after the end of the recording" in late.content.decode()
    wrong = SimpleUploadedFile("a.vtt", "WEBVTT\n\n00:00.100 --> 00:00.400\n举报".encode("gb18030"))
    file = stood.client("curator").post(home(board, film), {"file_zh": wrong})
    assert file.status_code == 422 and "Line 4: this is not UTF-8." in file.content.decode()
    film.refresh_from_db()
    assert (film.captions, film.transcript) == ({}, {})


def test_captions_come_as_a_file_too_and_are_kept_in_our_own_form(stood: Hung, board: Board, film: Medium) -> None:
    file = SimpleUploadedFile("a.vtt", b"\xef\xbb\xbfWEBVTT\r\n\r\nNOTE of the maker\r\n\r\n00:00.100 --> 00:00.400\r\nHang up\r\n")
    assert stood.client("curator").post(home(board, film), {"file_en": file}).status_code == 302
    film.refresh_from_db()
    assert film.captions == {"en": "WEBVTT\n\n1\n00:00:00.100 --> 00:00:00.400\nHang up\n"}


def test_a_recording_in_each_language_asks_for_its_own_words_only(stood: Hung, board: Board, sound: Medium, tmp_path: Path) -> None:
    other = with_file(stood, board, begun(stood, board, language="en"), recorded(tmp_path, "flac", 1.2))
    found = recordings.of_board(board)
    assert recordings.wants(sound, found) == [("transcript", ("zh",))] and recordings.wants(other, found) == [
        ("transcript", ("en",))
    ]


def test_a_sign_language_film_has_its_words_in_both_languages(stood: Hung, board: Board) -> None:
    signed = begun(stood, board, "sign", "csl")
    assert recordings.wants(signed) == [("transcript", ("zh", "en")), ("captions", ("zh", "en"))]
    assert stood.client("curator").post(home(board), {"kind": "sign", "language": "zh"}).status_code == 422
    assert stood.client("curator").post(home(board), {"kind": "sign", "language": "csl"}).status_code == 422
    assert board.media.count() == 1


def test_a_person_may_let_a_recording_through_in_words(stood: Hung, board: Board, sound: Medium) -> None:
    by = stood.people["curator"]
    write.mend(board, "b1", kind="heading1", texts={"zh": "识别诈骗！", "en": "Telling fraud"}, box=None, by=by, at=stood.now)
    with pytest.raises(record.Refused, match=r"board\.gate"):
        write.publish(board, excuse="", by=by, at=stood.now)
    write.publish(board, excuse="The transcript comes on Monday.", by=by, at=stood.now)
    assert "<audio" in page(stood, board)


def test_a_file_that_is_no_recording_is_refused_in_words(stood: Hung, board: Board) -> None:
    medium = begun(stood, board)
    picture = SimpleUploadedFile("a.mp3", b"\x89PNG\r\n\x1a\n" + bytes(99))
    answer = stood.client("curator").post(home(board, medium, "file/"), {"file": picture})
    assert answer.status_code == 422 and "really PNG" in answer.content.decode()
    assert stood.client("curator").post(home(board, medium, "file/")).status_code == 422
    assert not recordings.on_show(board)


def test_a_large_file_comes_in_pieces_and_another_takes_its_place(
    stood: Hung, board: Board, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    medium, desk = begun(stood, board), stood.client("curator")
    data = recorded(tmp_path, "wav").read_bytes()
    told = desk.post(home(board, medium, "start/"), {"filename": "a.wav", "size": len(data)}).json()
    for at in (0, 40_000):
        piece = data[at : at + 40_000] if at == 0 else data[at:]
        answer = desk.post(f"{told['pieces']}?offset={at}", piece, content_type="application/octet-stream")
    assert answer.json()["state"] == "waiting"
    first = safe(medium).work
    assert first is not None and first.sha256 == hashlib.sha256(data).hexdigest() and original(first).is_file()
    too_large = desk.post(home(board, medium, "start/"), {"filename": "a.wav", "size": 400 << 20})
    assert too_large.status_code == 422 and "too large" in too_large.json()["said"]
    gone = original(first)
    with django_capture_on_commit_callbacks(execute=True):
        with_file(stood, board, medium, recorded(tmp_path, "ogg"))
    assert not gone.exists() and Work.objects.get(pk=first.pk).refusal["code"] == "work.erased"


def test_a_recording_that_is_taken_away_leaves_no_file(
    stood: Hung, board: Board, sound: Medium, django_capture_on_commit_callbacks: Any
) -> None:
    assert sound.work is not None
    kept = original(sound.work)
    with transaction.atomic():
        record.drop(board.media.get())
        transaction.set_rollback(True)
    assert kept.exists(), "what is rolled back has lost no file"
    with django_capture_on_commit_callbacks(execute=True):
        assert stood.client("curator").post(home(board, sound, "drop/")).status_code == 302
    assert not kept.exists() and not board.media.exists()


def test_recordings_of_a_partner_s_hall_are_its_editors_only(stood: Hung, board: Board, sound: Medium) -> None:
    stood.hall.editors.set([stood.people["partner"]])
    told = {"transcript_en": "Not mine."}
    for step in ("", "file/", "start/", "drop/"):
        assert stood.client("curator").post(home(board, sound, step), told).status_code == 404, step
        assert stood.client("author").post(home(board, sound, step), told).status_code == 403, step
    assert stood.client("partner").get(home(board, sound)).status_code == 200
    sound.refresh_from_db()
    assert sound.transcript == {}
