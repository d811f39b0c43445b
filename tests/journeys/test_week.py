"""A whole little week through the real processes, and what strangers, forgers and nervous people make of it."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from showground.commands._desk_play import DeskPlay
from showground.commands._rehearse import Play
from showground.commands._site import FINISHED, Site, export
from showground.commands._visitor import Visitor
from showground.commands.demo_week import DAY
from showground.rules import records
from showground.tlog import merkle, note, proof
from tests.harness import independent
from tests.harness.browser import PATIENCE, axe, chromium
from tests.harness.little_week import a_site, processes, quiet, up_to_the_vote
from tests.harness.mutation import mutate


@dataclass
class Played:
    """The site after the week, with what was seen on the way."""

    site: Site
    play: Play
    bundle: Path
    seen: dict[str, Any]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("week")
    with a_site(folder / "site") as (site, play):
        up_to_the_vote(play, folder / "works", each=2)
        seen = while_the_vote_is_open(site, play)
        desk = DeskPlay(site.environment, say=quiet).beside(play)
        play.vote(24, [1, 2, 10], dawn=desk.dawn)
        play.trouble_at_the_door()
        play.close()
        seen["late"] = play.stage.visitor().post_json("/cast", {"log": play.reader.week.log, "choices": [], "salt": "A" * 43})
        play.score()
        play.finish()
        desk.end()
        desk.stop()
        bundle = export(site, FINISHED)
        yield Played(site, play, bundle, seen | {"desk": desk.done})


def a_voter(play: Play, name: str) -> Visitor:
    """Returns the browser of a voter who holds a paper."""
    visitor = play.stage.visitor()
    address = f"{name}@{play.code}.example"
    visitor.get(f"{play.home}/vote/")
    visitor.post(f"{play.home}/vote/address/", {"email": address})
    visitor.post(f"{play.home}/vote/code/", {"code": play.stage.letter_code(address)})
    return visitor


def one_of_each_category_first(play: Play) -> list[str]:
    """Returns the works, so that whoever votes for the first three gives every category a short list."""
    log = play.reader.read()
    category = log.category_of()
    works = sorted(log.votable())
    ahead = sorted({category[work]: work for work in works}.values())
    return ahead + [work for work in works if work not in ahead]


def while_the_vote_is_open(site: Site, play: Play) -> dict[str, Any]:
    """Votes without JavaScript, on two devices, with the wrong things; and a witness that sleeps."""
    seen: dict[str, Any] = {}
    works = one_of_each_category_first(play)
    visitor = a_voter(play, "plain")
    page = visitor.get(f"{play.home}/vote/")
    fields = {"choice": works[:3], "salt": _field(page, "salt")}
    told, _ = visitor.post(f"{play.home}/vote/cast/", fields)
    index = int(re.search(r"/receipt/(\d+)/", told["location"])[1])  # type: ignore[index]
    again, _ = visitor.post(f"{play.home}/vote/cast/", fields)
    seen["double click"] = told["location"] == again["location"]
    play.reader.wait("the ballot", lambda week: index if week.size > index else None, witnessed=False)
    seen["plain receipt"] = visitor.get(f"{play.home}/receipt/{index}/")
    seen["counted in the booth"] = visitor.get(f"{play.home}/vote/")
    os.kill(processes(site)["witness"], signal.SIGKILL)  # it starts again and cosigns the next head
    seen["index"], seen["works"] = index, works
    _, overtaken = visitor.post(f"{play.home}/vote/cast/", {"choice": works[2:3], "salt": "B" * 42 + "A"}, expect=409)
    seen["overtaken"] = overtaken
    for what, choices in (("unknown", ["zzzzzz"]), ("too many", works[:4])):
        _, seen[what] = visitor.post(
            f"{play.home}/vote/cast/", {"choice": choices, "salt": "B" * 42 + "A", "replaces": index}, expect=422
        )
    play.stage.clock.move_to(play.stage.clock() + 61)  # a head is cosigned once a minute
    seen["receipt file"] = _until(lambda: visitor.ask("GET", f"{play.home}/receipt/{index}/file"), lambda got: got[0] == 200)
    seen["stranger's receipt"] = play.stage.visitor().get(f"{play.home}/receipt/{index}/")
    return seen


def _until(ask: Any, good: Any) -> Any:
    """Asks until the answer is good, for a minute and a half: a witness may just start again on a busy machine."""
    ends = time.monotonic() + 90
    while time.monotonic() < ends:
        got = ask()
        if good(got):
            return got
        time.sleep(0.5)
    return got


def _field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]


# ---- the verdict ----


def verify(bundle: Path, pyz: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(pyz), str(bundle), *more], capture_output=True, text=True, env={"PATH": "/usr/bin"}
    )


def test_a_stranger_verifies_the_week_with_one_file(week: Played) -> None:
    done = verify(week.bundle, week.bundle.parent / "showground-verify.pyz")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("VERIFIED (rehearsal: times are invented)")
    assert "GAP" not in done.stdout.split("Numbers")[0]


def test_the_desk_beside_the_week_kept_its_hours_and_its_figures(week: Played) -> None:
    """Thirteen days of a desk: the clock stopped before each Monday, and what it published is witnessed in time."""
    done = verify(week.bundle, week.bundle.parent / "showground-verify.pyz", "--json")
    told = json.loads(done.stdout)["numbers"]["desk"]
    log = week.play.reader.read()
    assert week.seen["desk"]["filed"] >= 40 and told["steps"] > 5 * week.seen["desk"]["filed"]
    assert told["figures"] == len(log.figures) >= 2
    assert all(later["from"] == before["to"] for (_, before), (_, later) in itertools.pairwise(log.figures))


def test_an_independent_reader_finds_the_same_root_and_good_signatures(week: Played, tmp_path: Path) -> None:
    with zipfile.ZipFile(week.bundle) as archive:
        archive.extractall(tmp_path)
    origin, size, root, signatures = independent.read_week(tmp_path)
    head = (tmp_path / "checkpoint").read_text(encoding="utf-8").splitlines()
    assert (origin, str(size), base64.b64encode(root).decode()) == tuple(head[:3])
    assert len(signatures) == 2 and all(signatures.values()), signatures


def test_no_changed_byte_of_the_real_bundle_goes_unseen(week: Played, tmp_path: Path) -> None:
    with zipfile.ZipFile(week.bundle) as archive:
        archive.extractall(tmp_path)
    for recompute in (False, True):
        told = mutate(tmp_path, 12, 3, recompute)
        assert set(told["only_manifest_guards"]) <= ({"README.txt"} if recompute else set()), told
        assert not told["crashed"] and not told["caught_without_a_file"], told


def test_the_result_page_shows_the_prizes_of_the_log(week: Played) -> None:
    page = week.play.stage.visitor().get(f"{week.play.home}/result/")
    first = {r["category"]: r["entry"] for _, r in week.play.reader.week.awards if r["prize"] == "first"}
    assert set(first) == {"picture", "video", "h5"}
    assert all(f"/works/{code}/" in page for code in first.values())


def test_the_notary_counted_again_before_signing(week: Played) -> None:
    log = week.play.reader.week
    text = log.statements[-1][1]["text"]
    assert log.tally[1]["table_sha256"] in text and log.awards[0][1]["basis"]["result_sha256"] in text  # type: ignore[index]


# ---- the voter ----


def test_a_plain_form_votes_and_a_double_click_is_one_ballot(week: Played) -> None:
    assert week.seen["double click"] is True
    assert len(set(re.findall(r"Work (?:picture|video|h5) \d", week.seen["plain receipt"]))) == 3
    expected = 'name="replaces" value="{}"'.format(week.seen["index"])
    assert expected in week.seen["counted in the booth"]


def test_the_receipt_file_proves_the_ballot_offline(week: Played) -> None:
    status, _, data = week.seen["receipt file"]
    assert status == 200, data[:300]
    receipt = proof.parse(data)
    extra = records.parse(receipt.extra or b"")
    leaf = records.canonical(extra["leaf"])
    log = week.play.reader.week
    witness = note.parse_vkey(next(v for v in log.vkeys if "notary" in v))
    signed = proof.check(receipt, merkle.leaf_hash(leaf), note.parse_vkey(log.vkeys[0]), [witness])
    assert len(signed.cosigned) == 1
    assert records.commitment(extra["opening"]) == extra["leaf"]["commit"]
    assert extra["opening"]["choices"] == week.seen["works"][:3]


def test_nobody_else_sees_what_the_ballot_names(week: Played) -> None:
    assert "Work picture" not in week.seen["stranger's receipt"] and "Work video" not in week.seen["stranger's receipt"]


def test_refusals_say_what_and_what_to_do(week: Played) -> None:
    assert "another ballot in between" in week.seen["overtaken"]
    assert "not on the list (zzzzzz)" in week.seen["unknown"]
    assert "at most 3 works; you chose 4" in week.seen["too many"]
    assert week.seen["late"][0] in {401, 422}


def test_the_log_knows_no_address(week: Played) -> None:
    """No record and no asset holds an e-mail address, a name of a voter or an IP address."""
    with zipfile.ZipFile(week.bundle) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert not re.search(rb"[\w.+-]+@[\w.-]+\.example", everything)
    assert b"2001:db8" not in everything


def test_turnout_is_public_and_choices_are_not_while_sealed(week: Played) -> None:
    entries = [records.parse(e) for e in _bundle_entries(week.bundle)]
    opened = next(i for i, r in enumerate(entries) if r["type"] == "ballots.opened")
    assert all("choices" not in r for r in entries[:opened])
    assert sum(r["type"] == "ballot.cast" for r in entries) >= 25


def _bundle_entries(bundle: Path) -> list[bytes]:
    from showground.tlog import tiles

    with zipfile.ZipFile(bundle) as archive:
        size = int(archive.read("checkpoint").decode().splitlines()[1])
        found: list[bytes] = []
        while len(found) < size:
            width = min(256, size - len(found))
            found += tiles.decode_entries(archive.read(tiles.entries_path(len(found) // 256, width)), width)
    return found


# ---- trouble ----


def test_a_publisher_behind_its_own_checkpoint_refuses_to_sign(week: Played, tmp_path: Path) -> None:
    """Restoring the door from an old copy is a fork: nothing may be signed over it."""
    from showground.ledger.actions.publish import Forked, Publisher

    class Shorter:
        def get(self, *_: Any, **__: Any) -> dict[str, Any]:
            return {"size": 3, "entries": []}

    home = tmp_path / "log"
    shutil.copytree(week.site.data / "log" / f"{FINISHED}.demo.rehearsal.invalid", home)
    publisher = Publisher.__new__(Publisher)
    publisher.log = type("L", (), {"origin": "x", "vkey": week.play.reader.week.vkeys[0]})()
    publisher.home, publisher.door = home, Shorter()
    publisher.builder = publisher._resume()
    with pytest.raises(Forked):
        publisher.publish(at=0)


def test_clock_of_the_rehearsal_never_runs_ahead(week: Played) -> None:
    week.play.stage.clock.move_to(int(time.time()) + 30 * DAY)
    assert week.play.stage.clock() <= int(time.time())
    assert json.loads((week.site.data / "clock.json").read_text())["offset"] == 0


@pytest.mark.browser
def test_axe_finds_nothing_on_the_public_pages(week: Played) -> None:
    with chromium() as browser:
        for width, theme, language in ((390, "dark", "en"), (1280, "light", "zh-hans")):
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            home, work = f"{week.site.url}/{language}/{FINISHED}", week.seen["works"][0]
            receipt = f"/receipt/{week.seen['index']}/"
            for path in ("/", "/works/?o=3", f"/works/{work}/", "/vote/", receipt, "/result/", "/call/", "/check/", "/sign-in/"):
                page.goto(home + path)
                assert axe(page) == [], (path, language, theme)
            context.close()


@pytest.mark.browser
def test_an_interactive_work_runs_only_when_started_and_only_on_its_own_address(week: Played) -> None:
    games = [
        r["entry"]
        for r in map(records.parse, _bundle_entries(week.bundle))
        if r["type"] == "entry.accepted" and r["category"] == "h5"
    ]
    with chromium() as browser:
        page = browser.new_context().new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{week.site.url}/en/{FINISHED}/works/{games[0]}/")
        assert page.locator("iframe").count() == 0
        page.locator("a", has_text="Start").first.click()
        frame = page.frame_locator("iframe").locator("h1")
        frame.wait_for()
        assert frame.inner_text().startswith("Package")
        source = page.locator("iframe").get_attribute("src") or ""
        assert re.match(r"http://w[a-z2-7]{32}\.h5\.localhost:\d+/", source)
        page.goto(source)
        assert page.url.startswith(week.site.url + "/en/"), "opened by itself it leads to the work's page"
