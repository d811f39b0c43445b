"""Another implementation reads what the product publishes: the root from the files, both signatures, with no line in common."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.harness import independent
from tests.harness.quiz_week import QuizWeek
from tests.harness.week import Week


@pytest.mark.parametrize("voters", [3, 150])
def test_an_independent_reader_rebuilds_the_root_and_finds_the_signatures_good(tmp_path: Path, voters: int) -> None:
    week = Week(voters=voters, days=1).run("vote")
    origin, size, _, signed = independent.read_week(week.write(tmp_path))
    assert (origin, size) == (week.origin, max(week.notes))
    assert signed == {week.origin: True, "notary.example/witness-1": True}


def test_the_independent_reader_notices_a_changed_entry_and_a_bad_signature(tmp_path: Path) -> None:
    files = Week(voters=3, days=0).run("vote").files()
    entries = next(name for name in files if name.startswith("tile/entries/"))
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "checkpoint").write_bytes(files["checkpoint"][:-12] + b"AAAA" + files["checkpoint"][-8:])
    assert not all(independent.read_week(tmp_path)[3].values())
    (tmp_path / entries).write_bytes(files[entries][:-1] + b"?")
    with pytest.raises(AssertionError, match="another root"):
        independent.read_week(tmp_path)


@pytest.mark.parametrize(
    "made", [{}, {"beacon": "drand"}, {"seed": 7, "entrants": 60, "alternates": 20}, {"entrants": 1, "losers": 0}]
)
def test_an_independent_reader_draws_the_same_winners(tmp_path: Path, made: dict) -> None:
    [(published, found)] = independent.draw_again(QuizWeek(**made).play("result").write(tmp_path))
    assert published == found != []


def test_the_independent_reader_notices_other_winners(tmp_path: Path) -> None:
    def lucky(_: int, record: dict) -> dict:
        return record | {"winners": record["winners"][::-1]} if record["type"] == "draw.result" else record

    [(published, found)] = independent.draw_again(QuizWeek(edit=lucky).play("result").write(tmp_path))
    assert published != found


def test_the_independent_reader_imports_nothing_of_the_product() -> None:
    tree = ast.parse(Path(independent.__file__).read_text(encoding="utf-8"))
    names = [n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert names and not any(name.startswith(("showground", "tests")) for name in names)
