from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from showground.awards.models import Result
from showground.entries.models import Entry
from showground.exhibition.actions import halls
from showground.rules.records import SCHEMAS
from showground.showcase.queries import works
from showground.showcase.queries.log import KINDS, ROWS, bundle_place, kinds_of_records
from showground.showcase.queries.plan import plan
from showground.showcase.queries.result import result_page
from showground.showcase.queries.works import gallery
from showground.showcase.views.entrance import in_short
from showground.weeks.models import Week as Row
from showground.works.models import Work
from tests.harness.site import calendar
from tests.harness.week import DAY, Week
from tests.harness.words import english_left, text
from tests.showcase.conftest import Hang

At = Callable[[int], Client]
PAGES = ("", "works/?o=3", "call/", "result/", "check/")
# Names and formats that stay as they are in Chinese.
NAMES = ("JPEG", "WebP", "AVIF", "WebM", "index.html", "Maker", "Python", "SHA-256", "C2SP", "2026.week.rehearsal.invalid")


def instant(week: Row, phase: str) -> int:
    """An instant in the middle of a phase of the calendar."""
    return {
        "announced": week.call_opens - DAY,
        "call": week.call_opens + DAY,
        "screening": week.call_closes + 60,
        "vote": week.vote_opens + 3600,
        "jury": week.vote_closes + 3600,
        "counting": week.jury_closes + 3600,
        "results": week.results_at + 3600,
    }[phase]


FIRST_LINES = {
    "announced": "The call opens on",
    "call": "Send in a work.",
    "screening": "The works are being hung.",
    "vote": "Three votes today.",
    "jury": "The vote is closed.",
    "counting": "The result is out.",
    "results": "The result is out.",
}


@pytest.mark.parametrize("phase", FIRST_LINES)
def test_the_first_line_says_what_can_be_done_now(hang: Hang, at: At, phase: str) -> None:
    _, row = hang()
    found = at(instant(row, phase)).get("/en/2026/")
    assert found.status_code == 200
    heading = re.search(rb"<h1[^>]*>(.*?)</h1>", found.content, re.S)
    assert heading and FIRST_LINES[phase] in heading[1].decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("phase", FIRST_LINES)
def test_every_page_stands_in_every_phase(hang: Hang, at: At, phase: str, language: str) -> None:
    until = {"announced": "call", "call": "call", "screening": "announced", "vote": "vote", "jury": "jury"}.get(phase, "done")
    week, row = hang(until=until)
    visitor = at(instant(row, phase))
    code = next(e.entry for e in week.week.entries.values() if e.withdrawn is None)
    for page in (*PAGES, f"works/{code}/"):
        found = visitor.get(f"/{language}/2026/{page}")
        assert found.status_code == 200, page
        policy = found["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert b' style="' not in found.content
        if language == "zh-hans":
            assert english_left(found.content, (*NAMES, *week.week.entries)) == [], page


def test_a_week_without_works_and_log_stands(hang: Hang, at: At) -> None:
    _, row = hang(until="call")
    Entry.objects.all().delete()
    found = at(instant(row, "call")).get("/en/2026/works/?o=3")
    assert "Nothing hangs here." in text(found.content)
    assert "hang" not in re.findall(rb'<ul class="(\w+)"', at(instant(row, "call")).get("/en/2026/").content)


def test_no_week_at_all_is_said(db: None, at: At) -> None:
    found = at(1).get("/en/")
    assert found.status_code == 200 and "No week has been set up" in text(found.content)


def test_front_leads_to_the_week_that_is_on(hang: Hang, at: At) -> None:
    _, row = hang(until="call")
    assert at(row.call_opens).get("/en/").headers["Location"] == "/en/2026/"


# ---- gallery ----


def titles(page: bytes) -> list[str]:
    return re.findall(r'class="t" href="[^"]*">([^<]+)', page.decode())


def test_entrance_leads_to_the_desk_and_to_the_halls_that_are_open(hang: Hang, at: At) -> None:
    _, row = hang()
    now = instant(row, "vote")
    before = at(now).get("/en/2026/").content.decode()
    assert "/en/2026/report/" in before and "Walk the exhibition" not in before
    for code, name, opens in (("inside", "From inside", now), ("later", "Not yet", now + DAY)):
        halls.build(row, code=code, name={"en": name, "zh": name}, about={}, opens=opens)
    found = text(at(now).get("/en/2026/").content)
    assert "From inside." in found and "Not yet" not in found


def test_the_wall_says_what_the_week_is_and_the_rooms_stand_before_the_figures(hang: Hang, at: At) -> None:
    _, row = hang()
    found = text(at(instant(row, "vote")).get("/en/2026/").content)
    wall, _, floor = found.partition("Also open")
    assert in_short(row.document["about"]["en"]) in wall.partition("Three votes today.")[0]
    assert floor.index("Report something") < floor.index("What this week is") < floor.index("Witnessed")


@pytest.mark.parametrize(
    ("about", "short"),
    [
        ("Posters by 2.5 million. And more.", "Posters by 2.5 million."),
        ("市民作品。人人投票。", "市民作品。"),
        ("A" * 121, ""),
        ("", ""),
    ],
)
def test_the_sentence_on_the_wall_is_the_first_one_and_short(about: str, short: str) -> None:
    assert in_short(about) == short


def test_gallery_without_an_order_gets_one_in_its_address(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    found = at(instant(row, "vote")).get("/en/2026/works/?c=picture")
    assert found.status_code == 302 and re.fullmatch(r"/en/2026/works/\?c=picture&o=\d+", found.headers["Location"])


def test_gallery_hangs_the_same_works_in_other_orders(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    visitor = at(instant(row, "vote"))
    one, again, other = (titles(visitor.get(f"/en/2026/works/?o={o}").content) for o in (3, 67, 4))
    assert one == again != other
    assert sorted(one) == sorted(other) and len(one) == 11


def test_gallery_counts_and_filters_by_category_and_genre(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    visitor = at(instant(row, "vote"))
    page = visitor.get("/en/2026/works/?c=video&o=1").content
    assert len(titles(page)) == 4 and b"Nothing hangs here" not in page
    assert b'aria-current="true">Video' in page
    assert len(titles(visitor.get("/en/2026/works/?g=game&o=1").content)) == 3
    assert "No work of this kind is on show." in text(visitor.get("/en/2026/works/?g=comic&o=1").content)


def test_works_lead_to_the_booth_only_while_the_vote_is_open(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    code = Entry.objects.filter(state="accepted").first().code
    for phase, there in (("screening", False), ("vote", True), ("jury", False)):
        visitor = at(instant(row, phase))
        for address in ("/en/2026/works/?o=3", f"/en/2026/works/{code}/?o=3"):
            page = visitor.get(address).content.decode()
            assert (f"/en/2026/vote/?add={code}&amp;o=3#w-{code}" in page) is there


def test_gallery_is_cacheable_and_sets_no_cookie(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    found = at(instant(row, "vote")).get("/en/2026/works/?o=3")
    assert found["Cache-Control"] == "public, max-age=10" and not found.cookies


# ---- a work ----


def test_withdrawn_and_unknown_works_hang_nowhere(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    gone = Entry.objects.get(state="withdrawn").code
    for code in (gone, "zzzzzz"):
        found = at(instant(row, "vote")).get(f"/en/2026/works/{code}/")
        assert found.status_code == 404 and "Nothing hangs here." in text(found.content)


def test_a_picture_frames_nothing(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    code = Entry.objects.filter(category="picture", state="accepted").first().code
    found = at(instant(row, "vote")).get(f"/en/2026/works/{code}/?run=1")
    assert "frame-src 'none'" in found["Content-Security-Policy"] and b"<iframe" not in found.content


def test_an_interactive_work_frames_its_own_origin_alone(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    code = Entry.objects.filter(category="h5", state="accepted").first().code
    visitor = at(instant(row, "vote"))
    origin = f"http://w{'a' * 32}.h5.localhost:8300"
    shut, run = (visitor.get(f"/en/2026/works/{code}/{query}") for query in ("", "?run=1"))
    for page in (shut, run):
        directive = re.search(r"frame-src ([^;]+)", page["Content-Security-Policy"])
        assert directive and directive[1].split() == [origin]
        assert "runs its maker’s own code" in text(page.content)
    assert b"<iframe" not in shut.content and b"?run=1#stage" in shut.content
    frame = re.search(r"<iframe ([^>]+)>", run.content.decode())
    assert frame and f'src="{origin}/"' in frame[1] and "allow-top-navigation" not in frame[1]
    assert "Leave the work" in text(run.content)


def test_a_film_plays_without_preloading(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    entry = Entry.objects.filter(category="video", state="accepted").first()
    made = entry.work.media["renditions"]
    film = {**made[0], "use": "video", "type": "video/mp4", "file": "f" * 64 + ".mp4"}
    Work.objects.filter(pk=entry.work.pk).update(media={"renditions": [*made, film], "duration_ms": 118000})
    page = at(instant(row, "vote")).get(f"/en/2026/works/{entry.code}/").content.decode()
    assert '<video controls preload="metadata"' in page and f"/media/{'f' * 64}.mp4" in page and "1:58" in page


def test_a_work_tells_other_sites_about_itself(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    entry = Entry.objects.filter(category="picture", state="accepted").first()
    page = at(instant(row, "vote")).get(f"/en/2026/works/{entry.code}/").content.decode()
    picture = re.search(r'property="og:image" content="([^"]+)"', page)
    assert picture and picture[1].startswith("http://localhost:8300/media/") and picture[1].endswith(".jpg")


def test_next_and_before_follow_the_visitors_order(hang: Hang, at: At) -> None:
    _, row = hang(until="announced")
    visitor = at(instant(row, "vote"))
    listed = [w.code for w in gallery(row, order=9)]
    page = visitor.get(f"/en/2026/works/{listed[1]}/?o=9").content.decode()
    assert f'rel="prev" href="/en/2026/works/{listed[0]}/?o=9"' in page
    assert f'rel="next" href="/en/2026/works/{listed[2]}/?o=9"' in page
    assert 'rel="prev"' not in visitor.get(f"/en/2026/works/{listed[0]}/?o=9").content.decode()


# ---- call, result, check ----


def test_the_call_says_prizes_and_the_hash_of_the_frozen_rule(hang: Hang, at: At) -> None:
    week, row = hang(until="announced")
    said = text(at(instant(row, "vote")).get("/en/2026/call/").content)
    assert "10,000 yuan" in said and "This rule is frozen." in said
    digest = week.week.ruleset_sha256
    assert " ".join(digest[i : i + 8] for i in range(0, 64, 8)) in said


def test_the_call_without_a_frozen_rule_says_so(hang: Hang, at: At) -> None:
    _, row = hang(until="call")
    said = text(at(instant(row, "call")).get("/en/2026/call/").content)
    assert "The rule is not frozen yet." in said and "Enter a work" in said


def test_before_the_result_the_page_says_when(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    page = at(instant(row, "vote")).get("/en/2026/result/")
    assert "Nobody can see who is ahead." in text(page.content) and b"shutbox" in page.content


def test_the_result_shows_every_number_of_every_shortlisted_work(hang: Hang, at: At) -> None:
    week, row = hang()
    page = at(instant(row, "results")).get("/en/2026/result/")
    said = text(page.content)
    for rows in week.result.categories.values():
        for found in rows:
            shown = f"{found.votes:,} {found.vote_points / 100:.2f} {found.jury_points / 100:.2f} {found.combined / 100:.2f}"
            assert shown in said
    digest = Result.objects.get().table_sha256
    assert " ".join(digest[i : i + 8] for i in range(0, 64, 8)) in said
    assert "python3 showground-verify.pyz 2026.zip" in page.content.decode()


@pytest.mark.parametrize(
    ("kept", "said"),
    [("", "some minutes after the notary’s first signature"), ("1252 1790000000", "holds the first 1,252 records, as of")],
)
def test_the_check_says_what_the_file_of_the_week_holds(hang: Hang, at: At, kept: str, said: str) -> None:
    _, row = hang(until="vote")
    mark = bundle_place(row)[1]
    mark.parent.mkdir(parents=True, exist_ok=True)
    if kept:
        mark.write_text(kept, encoding="ascii")
    page = at(instant(row, "vote")).get("/en/2026/check/").content
    assert said in text(page) and (b"bundle.zip" in page) == bool(kept)


def test_a_work_goes_on_in_the_order_of_its_visitor(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    around = [work.code for work in gallery(row, order=9)]
    page = at(instant(row, "vote")).get(f"/en/2026/works/{around[1]}/?o=9").content.decode()
    for code in (around[0], around[2]):
        assert f'/en/2026/works/{code}/?o=9"' in page
    assert f"/en/2026/vote/?add={around[1]}&amp;o=9#w-{around[1]}" in page


def test_a_tie_is_shown_step_by_step(hang: Hang, at: At) -> None:
    _, row = hang()
    kept = Result.objects.get()
    rows = kept.table["categories"][0]["rows"]
    assert len(rows) > 1
    for at_place, votes in ((0, 7), (1, 7)):
        rows[at_place].update(combined=7600, score=[80, 1], votes=votes, first_places=2 - at_place, decided_by="first_places")
    kept.save()
    said = text(at(instant(row, "results")).get("/en/2026/result/").content)
    assert "How places 1 to 2 were decided" in said
    steps = said[said.index("The rule names these steps") :]
    assert re.search(r"Higher jury points .*? Undecided\. More votes .*? 7, .*? 7 ?\. Undecided\.", steps)
    assert re.search(r"Put first by more jurors .*? 2, .*? 1 ?\. Admitted earlier Not needed\.", steps)


def test_winners_hang_at_the_entrance_with_their_prize(hang: Hang, at: At) -> None:
    _, row = hang()
    first = Result.objects.get().table["categories"][0]["rows"][0]["entry"]
    page = at(instant(row, "results")).get("/en/2026/").content.decode()
    hung = page[page.index('<ul class="hang"') :]
    assert f"/works/{first}/" in hung and "First prize · Picture" in hung


def test_check_shows_the_newest_witnessed_head(hang: Hang, at: At) -> None:
    week, row = hang()
    page = at(instant(row, "results")).get("/en/2026/check/")
    said, size = text(page.content), max(week.notes)
    assert f"{size} records, and this is their seal." in said and "What this does not solve" in said
    assert f"/log/2026/checkpoints/{size}" in page.content.decode()
    assert str(week.week.ballots) in said


def test_check_counts_every_record_once(hang: Hang) -> None:
    week, _row = hang()
    assert sum(number for _, number in kinds_of_records(week.origin)) == len(week.entries)


def test_every_kind_of_record_has_its_row_in_the_check() -> None:
    by_the_door = {"ballot", "ballots", "credentials", "scope"}
    assert {kind.split(".")[0] for kind in SCHEMAS} - by_the_door == set(KINDS)
    page = (Path(works.__file__).parents[1] / "templates/showcase/check.html").read_text(encoding="utf-8")
    assert [row for row in ROWS[:-1] if f'key == "{row}"' not in page] == []  # the last one is the rest


def test_log_files_are_the_published_bytes(hang: Hang, at: At, tmp_path: Path) -> None:
    week, row = hang()
    visitor = at(instant(row, "results"))
    files = week.files()
    for name in ("checkpoint", "tile/entries/000.p/" + str(max(week.notes) % 256), f"checkpoints/{max(week.notes)}", "policy"):
        found = visitor.get(f"/log/2026/{name}")
        assert found.status_code == 200 and found.getvalue() == files[name], name
    for name in ("../app.sqlite3", "tile/../../keys", "checkpoints/9999", "assets/" + "0" * 64):
        assert visitor.get(f"/log/2026/{name}").status_code == 404


# ---- the plan ----


def test_plan_names_one_room_as_now(hang: Hang) -> None:
    week, row = hang(until="call")
    for phase in ("call", "vote", "jury", "results"):
        states = {room["key"]: room["state"] for room in plan(row, instant(row, phase), sent_in=3)}
        assert [key for key, state in states.items() if state == "now"] == [phase]
    assert set(calendar(week)) == {"call_opens", "call_closes", "vote_opens", "vote_closes", "jury_closes", "results_at"}


@pytest.mark.parametrize("works", [4, 12])
def test_gallery_asks_the_database_as_often_for_many_works(
    hang: Hang, django_assert_num_queries: Callable[..., object], works: int
) -> None:
    _, row = hang(until="announced", works=works)
    with django_assert_num_queries(1):
        assert len(gallery(row, order=2)) == works - 1


def test_result_page_asks_the_database_twice(hang: Hang, django_assert_num_queries: Callable[..., object]) -> None:
    _, row = hang()
    with django_assert_num_queries(2):
        assert result_page(row)


def test_words_of_the_harness_see_english_on_a_page() -> None:
    assert english_left("<p>已记录。</p><code>sha256sum</code>".encode()) == []
    assert english_left('<img alt="A red poster"><p>已记录。</p>'.encode()) == ["A red poster"]
    assert json.dumps(english_left(b"<b>Recorded</b>")) == '["Recorded"]'


def test_week_of_the_harness_is_whole(hang: Hang) -> None:
    week, row = hang()
    assert isinstance(week, Week) and row.origin == week.origin


def test_public_pages_are_compressed_for_the_phone_that_asks(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    client = at(instant(row, "vote"))
    for path in PAGES:
        assert client.get(f"/en/2026/{path}", headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
        assert "csrfmiddlewaretoken" not in client.get(f"/en/2026/{path}").content.decode(), (
            "a page with a secret is not compressed"
        )
