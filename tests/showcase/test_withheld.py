"""While a work is withheld no public page, file or bundle shows a word, a name or a byte of it; then everything is back."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import showground
from showground.entries import actions
from showground.entries.models import Entry
from showground.exhibition.actions import halls
from showground.exhibition.models import Hall
from showground.people.models import Person
from showground.showcase import jobs
from showground.showcase.actions import entries_json
from showground.showcase.queries.log import bundle_place
from showground.showcase.queries.result import result_page, winners
from showground.voting.queries import paper_groups
from showground.weeks.actions import give_duty
from showground.weeks.models import Week as Row
from tests.harness.week import DAY, START
from tests.harness.words import english_left, text
from tests.showcase.conftest import Hang
from tests.showcase.test_views import NAMES, instant

At = Callable[[int], Client]
WORDS = {"en": "It copies a poster of another school.", "zh": "它照搬了另一所学校的海报。"}


def winner(row: Row) -> Entry:
    """The work that hangs first in the result: it is named on more pages than any other."""
    result = result_page(row)
    assert result is not None
    return Entry.objects.get(code=winners(result)[0].code)


def withhold(entry: Entry, at: int, **more: Any) -> Entry:
    by = Person.objects.create(email="second@desk.example")
    return actions.withhold_entry(entry, reason_code="rights", by=by, at=at, words=more.get("words", {}))


def traces(entry: Entry) -> list[str]:
    """What would give the work away in a page."""
    assert entry.work is not None
    files = [rendition["file"] for rendition in entry.work.media["renditions"]]
    return [entry.title_en, entry.title_zh, entry.maker_name, *files]


def pages(row: Row, entry: Entry) -> list[str]:
    won = ["halls/", "halls/won/"]
    return ["", "works/?o=3", f"works/?c={entry.category}&o=3", f"works/{entry.code}/", "call/", "result/", "check/", *won]


@pytest.fixture
def hall(hang: Hang) -> Row:
    """A finished week with a winners' hall."""
    _, row = hang()
    told: dict[str, Any] = {"name": {"en": "Winners", "zh": "获奖厅"}, "about": {}, "opens": START, "kind": Hall.Kind.WINNERS}
    halls.build(row, code="won", **told)
    return row


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_shows_anything_of_a_withheld_work_and_then_all_do_again(hall: Row, at: At, language: str) -> None:
    entry, now = winner(hall), instant(hall, "results")
    visitor = at(now)

    def shown() -> dict[str, list[str]]:
        found = {page: visitor.get(f"/{language}/2026/{page}").content.decode() for page in pages(hall, entry)}
        return {page: [trace for trace in traces(entry) if trace in html] for page, html in found.items()}

    before = shown()
    assert {page for page, found in before.items() if found} >= {"", "works/?o=3", f"works/{entry.code}/", "result/", "halls/won/"}
    withhold(entry, now)
    assert {page: found for page, found in shown().items() if found} == {}
    actions.restore_entry(Entry.objects.get(pk=entry.pk), reason_code="appeal", by=entry.person, at=now)
    assert shown() == before


def test_the_page_of_the_work_says_so_calmly_since_when_and_why(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    entry, now = Entry.objects.filter(state="accepted").first(), instant(row, "vote")
    withhold(entry, now, words=WORDS)
    found = at(now + 60).get(f"/en/2026/works/{entry.code}/")
    said = text(found.content)
    assert found.status_code == 451 and found["Cache-Control"] == "private, no-store" and 'rel="blocked-by"' in found["Link"]
    assert "This work is not shown at present." in said and "Withheld since" in said and "without leave" in said
    assert WORDS["en"] in said and "may appeal" in said and "votes for it are counted" in said
    assert not found.cookies and b"noindex" in found.content
    chinese = at(now + 60).get(f"/zh-hans/2026/works/{entry.code}/").content
    assert english_left(chinese, (*NAMES, entry.code)) == [] and WORDS["zh"] in text(chinese)


def test_its_maker_the_jury_and_the_notary_go_on_seeing_it_and_no_cache_keeps_that(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    entry, now = Entry.objects.filter(state="accepted").first(), instant(row, "vote")
    withhold(entry, now)
    people = {name: Person.objects.create(email=f"{name}@x.example") for name in ("juror", "notary", "stranger")}
    for duty in ("juror", "notary"):
        give_duty(row, person=people[duty], duty=duty)
    status = {}
    for name, person in {**people, "maker": entry.person}.items():
        client = at(now)
        client.force_login(person)
        found = client.get(f"/en/2026/works/{entry.code}/")
        status[name] = found.status_code
        assert (entry.title_en in text(found.content)) is (found.status_code == 200)
        assert found["Cache-Control"] == "private, no-store"
        if found.status_code == 200:
            source = found.content.decode().split('class="hung" src="')[1].split('"')[0]
            assert client.get(source).status_code == 200 and client.get(source.split("?")[0]).status_code == 451
    assert status == {"juror": 200, "notary": 200, "maker": 200, "stranger": 451}


def test_the_ballot_paper_keeps_its_line_without_its_content(hang: Hang, at: At) -> None:
    """RULE entries 5: a voter who had marked it does not lose that vote by casting again."""
    _, row = hang(until="vote")
    entry = Entry.objects.filter(state="accepted").first()
    listed = [cell.work.code for group in paper_groups(row, marked=[], order=3) for cell in group.cells]
    withhold(entry, instant(row, "vote"))
    rows = {cell.work.code: cell.work for group in paper_groups(row, marked=[entry.code], order=3) for cell in group.cells}
    assert list(rows) == listed
    line = rows[entry.code]
    assert line.on and line.picture is None and line.number == entry.number and entry.title_en not in f"{line.title}{line.maker}"


def test_the_gallery_hangs_an_empty_frame_and_offers_no_vote_for_it(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    entry, now = Entry.objects.filter(state="accepted").first(), instant(row, "vote")
    withhold(entry, now)
    page = at(now).get("/en/2026/works/?o=3").content.decode()
    assert "Withheld work" in page and f"add={entry.code}" not in page
    assert page.count('class="lab"') == Entry.objects.filter(state="accepted").count()


def test_its_address_for_an_interactive_work_leads_to_the_page_that_says_so(hang: Hang, at: At) -> None:
    _, row = hang(until="vote")
    entry, now = Entry.objects.filter(category="h5", state="accepted").first(), instant(row, "vote")
    withhold(entry, now)
    found = at(now).get(f"/en/2026/works/{entry.code}/")
    assert found.status_code == 451 and b"iframe" not in found.content and b"a" * 32 not in found.content
    assert "frame-src 'none'" in found["Content-Security-Policy"] or "frame-src" not in found["Content-Security-Policy"]


# ---- what strangers download ----


def names_in(row: Row) -> set[str]:
    return {item["entry"] for item in json.loads(entries_json(row))}


def test_the_bundle_names_it_no_more_and_an_old_one_is_not_sent(hall: Row, at: At, settings: Any) -> None:
    entry, now = winner(hall), calendar_end(hall)
    Entry.objects.update(salts={"title": "A" * 43, "files": "A" * 43, "submitter": "A" * 43})
    assert jobs.refresh_downloads(now) == 1 and entry.code in names_in(hall)
    place = bundle_place(hall)[0]
    assert entry.code in told_in(place.read_bytes())
    withhold(entry, now)
    late = at(now + 1).get("/log/2026/bundle.zip")
    assert (late.status_code, late["Retry-After"]) == (503, "10")
    assert jobs.refresh_downloads(now + 3) == 1 and jobs.refresh_downloads(now + 6) == 0
    fresh = b"".join(at(now + 9).get("/log/2026/bundle.zip").streaming_content)
    assert entry.code not in told_in(fresh) and told_in(fresh)
    actions.restore_entry(Entry.objects.get(pk=entry.pk), reason_code="appeal", by=entry.person, at=now + 10)
    assert jobs.refresh_downloads(now + 12) == 1 and entry.code in told_in(place.read_bytes())


def told_in(bundle: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as zipped:
        name = next(name for name in zipped.namelist() if name.endswith("entries.json"))
        return {item["entry"] for item in json.loads(zipped.read(name))}


def calendar_end(row: Row) -> int:
    return int(row.results_at + DAY)


# ---- the rule itself ----

ROOMS = ("showcase", "voting", "exhibition", "awards", "quiz")
HERE = Path(showground.__file__).parent


def words_of_works(here: Path = HERE) -> list[str]:
    """Files of public rooms that read the words, the name or the file of an entry and never ask whether it is withheld."""
    reads = re.compile(r"\bentry\.(?:title_en|maker_name|statement_en|work\b)")
    files = [file for name in ROOMS for file in sorted((here / name).rglob("*.py"))]
    return [str(file.relative_to(here)) for file in files if reads.search(code := file.read_text("utf-8")) and "withheld" not in code
            and "as_shown" not in code]  # fmt: skip


def test_whatever_shows_a_work_to_the_public_asks_whether_it_is_withheld(tmp_path: Path) -> None:
    assert words_of_works() == []
    (tmp_path / "showcase").mkdir()
    (tmp_path / "showcase" / "feeds.py").write_text("title = entry.title_en\n")
    assert words_of_works(tmp_path) == ["showcase/feeds.py"]
