"""Every relation of every model points to a lower floor (foreign keys are strings, invisible to the import linter)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    "ui",
    "ledger",
    "people",
    "weeks",
    "works",
    "entries",
    "voting",
    "jury",
    "quiz",
    "awards",
    "exhibition",
    "reports",
    "showcase",
    "backstage",
]
SAME = {"voting": 10, "jury": 10, "quiz": 10}


def _floor(room: str) -> int:
    return SAME.get(room, FLOORS.index(room))


def upward(models: list[Any]) -> list[str]:
    """Returns the relations that point to a floor not below their own."""
    wrong = []
    for model in models:
        room = model.__module__.split(".")[1]
        if not model.__module__.startswith("showground."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("showground."):
                continue
            other = target.__module__.split(".")[1]
            if other != room and _floor(other) >= _floor(room):
                wrong.append(f"{model.__name__}.{field.name} -> {other}")
    return wrong


def test_relations_point_down() -> None:
    assert upward(apps.get_models()) == []


def test_a_relation_that_points_up_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.entries.models import Entry

    monkeypatch.setattr(Entry, "__module__", "showground.people.models")
    found = upward([Entry])
    assert "Entry.week -> weeks" in found and "Entry.work -> works" in found


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    lint = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(lint), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
    )


def _copy(to: Path) -> Path:
    shutil.copytree(
        ROOT / "showground", to / "showground", ignore=shutil.ignore_patterns("static", "templates", "__pycache__", "h5", "posters")
    )
    shutil.copy(ROOT / ".importlinter", to)
    return to


def test_the_floor_plan_holds_and_a_planted_fault_breaks_it(tmp_path: Path) -> None:
    house = _copy(tmp_path)
    assert _lint(house).returncode == 0
    faults = {
        "rules/tally.py": "from showground.ledger import queries\n",  # a lower floor imports a higher one
        "verify/checks.py": "import django\n",  # the checkable core knows Django
        "weeks/queries.py": "from showground.weeks import actions\n",  # a storey imports the one above it
        "jury/queries.py": "from showground.voting import queries as v\n",  # neighbours
        "people/queries.py": "from showground import env\n",  # the environment read inside a room
        "showcase/queries/plan.py": "from showground.reports import queries as r\n",  # a public page opens the report desk
    }
    for name, line in faults.items():
        file = house / "showground" / name
        kept = file.read_text(encoding="utf-8")
        file.write_text(kept.replace("from __future__ import annotations\n", f"from __future__ import annotations\n{line}", 1))
        assert _lint(house).returncode == 1, name
        file.write_text(kept)
    (house / "showground" / "utils.py").write_text("")
    assert _lint(house).returncode == 1, "an unplanned module"


NAMES = re.compile(
    r"(urls|views|staff|jobs|forms|actions|queries|models|apps|admin|middleware|context|__init__)(\.py)?$"
    r"|migrations$|templatetags$|templates$|static$|bank$|data$|__pycache__$"
)


def unplanned(rooms: list[Path]) -> list[str]:
    """Returns files of rooms whose name the plan does not know."""
    return [f"{room.name}/{file.name}" for room in rooms for file in sorted(room.iterdir()) if not NAMES.match(file.name)]


def test_names_inside_a_room_are_the_plan_s(tmp_path: Path) -> None:
    assert unplanned([ROOT / "showground" / r for r in FLOORS if r != "ui"]) == []
    (tmp_path / "jury").mkdir()
    (tmp_path / "jury" / "helpers.py").touch()
    assert unplanned([tmp_path / "jury"]) == ["jury/helpers.py"]
