from __future__ import annotations

import json
from pathlib import Path

import pytest

from showground.verify.bundle import MANIFEST
from tests.harness import mutation
from tests.harness.week import Week


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Week(voters=4, days=1).run().write(tmp_path_factory.mktemp("bundle"))


@pytest.mark.parametrize("recompute", [False, True], ids=["as-it-is", "manifest-recomputed"])
def test_no_changed_byte_passes_unnamed(bundle: Path, recompute: bool) -> None:
    report = mutation.mutate(bundle, 60, 7, recompute)
    assert report["crashed"] == [] and report["caught_without_a_file"] == []
    assert set(report["only_manifest_guards"]) <= ({"README.txt"} if recompute else set())
    assert sum(report["exits"].values()) == 60


def test_no_byte_of_a_small_file_can_be_changed(bundle: Path) -> None:
    """Every byte of the policy and of one checkpoint, MANIFEST recomputed."""
    files = mutation.read_all(bundle)
    oldest = min((name for name in files if name.startswith("checkpoints/")), key=lambda n: int(n.split("/")[1]))
    with mutation.remembered_signatures():
        for name in ("policy", oldest):
            for at, byte in enumerate(files[name]):
                change = mutation.Change(name, at, byte, byte ^ 1)
                said = mutation.named(mutation.verified(mutation.changed(files, change, True)))
                assert name in {file for _, file in said}, change


def test_a_change_that_slipped_through_would_be_reported(bundle: Path) -> None:
    """The drill itself can fail: words for people are guarded by MANIFEST alone, and it says so."""
    files = {name: data for name, data in mutation.read_all(bundle).items()}
    change = mutation.Change("README.txt", 0, files["README.txt"][0], 0)
    assert mutation.named(mutation.verified(mutation.changed(files, change, True))) == []
    assert mutation.named(mutation.verified(mutation.changed(files, change, False))) == [("files", "README.txt")]


def test_drawn_places_are_real_changes_and_never_in_the_file_left_out(bundle: Path) -> None:
    files = mutation.read_all(bundle)
    places = mutation.drawn(files, 200, 3, but=MANIFEST)
    assert all(c.before != c.after and files[c.file][c.offset] == c.before and c.file != MANIFEST for c in places)
    assert places == mutation.drawn(files, 200, 3, but=MANIFEST)
    assert len({c.file for c in places}) > len(files) / 2


@pytest.mark.drill
def test_no_changed_byte_of_many_passes_unnamed(bundle: Path) -> None:
    report = mutation.both(bundle, 300, 1)
    into = Path(__file__).parents[2] / "bench" / "results" / "mutations-synthetic.json"
    into.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert mutation.good(report)
