"""One report in a little week, from the first page to its proof: what a person, officers, a partner and a stranger see."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from showground.commands._desk_walk import GROUNDS, TOLD, DeskWalk
from showground.commands._rehearse import Play
from showground.commands._site import FINISHED, Site, export, policy_file
from showground.commands.demo import DESK_FILE
from showground.commands.demo_week import DAY
from showground.rules import records
from tests.harness.little_week import a_site, up_to_the_vote


@dataclass
class Walked:
    """The site after the walk."""

    site: Site
    play: Play
    walk: DeskWalk
    bundle: Path


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    folder = tmp_path_factory.mktemp("desk-week")
    with a_site(folder / "site") as (site, play):
        site.command("desk_setup", FINISHED, str(DESK_FILE))
        up_to_the_vote(play, folder / "works", each=1)
        walk = DeskWalk(play)
        # The desk opens on the second day; whichever weekday that is, the Monday that ends a week of figures lies in the next seven.
        play.vote(3, [1], beside=walk.days(), until=play.calendar["vote_opens"] + 9 * DAY)
        walk.end()
        yield Walked(site, play, walk, export(site, FINISHED))


def test_the_whole_life_of_a_case_was_walked(walked: Walked) -> None:
    done = walked.walk.done
    assert done["keys made"] == 5 and done["officers let in"] == 2
    for once in (
        "reports",
        "questions",
        "answers",
        "decisions by two",
        "notices sent",
        "appeals",
        "reversals by a third officer",
        "corrections",
    ):
        assert done[once] == 1, (once, done)
    assert done["figures published"] >= 1


def test_a_stranger_checks_the_proof_of_filing(walked: Walked, tmp_path: Path) -> None:
    pyz = walked.bundle.parent / "showground-verify.pyz"
    told = walked.walk.check_proof(pyz, policy_file(walked.site, FINISHED), tmp_path)
    assert told.startswith("VERIFIED") and "filed: before" in told and "witnessed:" in told


def test_a_proof_of_another_report_is_refused(walked: Walked, tmp_path: Path) -> None:
    file = tmp_path / "filed.tlog-proof"
    digest = re.search(rb'"report_sha256":"([0-9a-f]{64})"', __import__("base64").b64decode(_extra(walked.walk.proof)))
    assert digest is not None
    changed = _extra_changed(walked.walk.proof, digest[1], b"0" * 64)
    file.write_bytes(changed)
    line = [sys.executable, "-I", str(walked.bundle.parent / "showground-verify.pyz"), "--receipt", str(file)]
    done = subprocess.run([*line, "--policy", str(policy_file(walked.site, FINISHED))], capture_output=True, text=True)
    assert done.returncode == 1 and "does not hold this report" in done.stdout


def _extra(proof: bytes) -> bytes:
    return next(line for line in proof.splitlines() if line.startswith(b"extra ")).removeprefix(b"extra ")


def _extra_changed(proof: bytes, old: bytes, new: bytes) -> bytes:
    import base64

    extra = _extra(proof)
    return proof.replace(extra, base64.b64encode(base64.b64decode(extra).replace(old, new)))


def test_the_bundle_says_that_the_desk_kept_its_hours(walked: Walked) -> None:
    pyz = walked.bundle.parent / "showground-verify.pyz"
    line = [sys.executable, "-I", str(pyz), str(walked.bundle), "--json"]
    done = subprocess.run(line, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    told = json.loads(done.stdout)
    assert told["exit"] == 0, done.stdout[-2000:]
    log = walked.play.reader.read()
    assert len(log.batches) >= 4 and log.figures
    assert told["numbers"]["desk"]["figures"] == len(log.figures)


def test_nothing_of_the_report_is_public(walked: Walked) -> None:
    """Neither the bundle nor a public page holds a word of the report, of the appeal, or the officer's question."""
    with zipfile.ZipFile(walked.bundle) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for words in (TOLD, GROUNDS, "harbourbank-card-check", walked.walk.case, walked.walk.code.replace(" ", "")):
        assert words.encode() not in everything, words
    types = {records.parse(entry)["type"] for entry in _entries(walked)}
    assert {kind for kind in types if "desk" in kind or "figures" in kind} == {"desk.batch", "figures.published"}


def _entries(walked: Walked) -> list[bytes]:
    from tests.harness.little_week import final_entries

    return final_entries(walked.play)
