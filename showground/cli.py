"""`showground <command>`: finds commands/<command>.py and hands it the rest of the line; imports nothing else."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent / "commands"


def _names() -> list[str]:
    return sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))


def _first_line(name: str) -> str:
    text = (HERE / f"{name}.py").read_text(encoding="utf-8")
    return text.split('"""', 2)[1].strip().splitlines()[0] if text.startswith('"""') else ""


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit status; without one it lists them."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in {"-h", "--help", "help"}:
        print("showground <command> [options]\n")
        for name in _names():
            print(f"  {name:<10} {_first_line(name)}")
        return 0
    if words[0] not in _names():
        print(f"showground: there is no command '{words[0]}'; 'showground help' lists them.", file=sys.stderr)
        return 2
    command = import_module(f"showground.commands.{words[0]}")
    return int(command.main(words[1:]) or 0)
