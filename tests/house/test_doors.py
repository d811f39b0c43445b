"""From another room only actions and queries; models cross rooms as values, never as a way to the other room's rows."""

from __future__ import annotations

import ast
from pathlib import Path

ROOMS = (
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
)
HERE = Path(__file__).resolve().parents[2] / "showground"
DOORS = {"actions", "queries", "models", "staff", "forms", "middleware"}
# weeks/staff.py holds the guard of working pages, weeks/forms.py the field of an instant, people/forms.py the two forms that prove an
# address, weeks/middleware.py the type of a request of a week: all are made to be shared.
SHARED = {
    "showground.weeks.staff",
    "showground.weeks.middleware",
    "showground.weeks.forms",
    "showground.people.forms",
    "showground.works.forms",
}


def _imports(file: Path) -> list[tuple[str, list[str]]]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("showground."):
            found.append((node.module, [name.name for name in node.names]))
    return found


def wrong_doors(here: Path = HERE) -> list[str]:
    """Returns imports that go into another room by a window, and uses of another room's rows."""
    wrong = []
    for room in ROOMS:
        for file in sorted((here / room).rglob("*.py")):
            if "migrations" in file.parts:
                continue
            text = file.read_text(encoding="utf-8")
            for module, names in _imports(file):
                parts = module.split(".")
                if len(parts) < 2 or parts[1] not in ROOMS or parts[1] == room:
                    continue
                door = parts[2] if len(parts) > 2 else names[0]
                if door not in DOORS or (door in {"staff", "forms", "middleware"} and module not in SHARED):
                    wrong.append(f"{room}/{file.name}: {module}")
                if door == "models":
                    wrong += [f"{room}/{file.name}: {name}.objects" for name in names if f"{name}.objects" in text]
    return wrong


def test_rooms_are_entered_by_their_doors() -> None:
    assert wrong_doors() == []


def test_a_window_is_seen(tmp_path: Path) -> None:
    (tmp_path / "jury").mkdir()
    (tmp_path / "jury" / "queries.py").write_text(
        "from showground.entries.views import entry\nfrom showground.weeks.models import Week\nx = Week.objects\n"
    )
    assert wrong_doors(tmp_path) == ["jury/queries.py: showground.entries.views", "jury/queries.py: Week.objects"]
