"""To trust a week one reads tlog/, rules/ and verify/: standard library and each other, nothing else."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "showground"
CORE = ("tlog", "rules", "verify")


def strangers(here: Path) -> list[str]:
    """Returns what the core imports besides the standard library and itself."""
    found = []
    for part in CORE:
        for file in sorted((here / part).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = (
                    [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else [n.name for n in node.names]
                    if isinstance(node, ast.Import)
                    else []
                )
                for name in names:
                    ours = name == "showground" or name.split(".")[:2] in [["showground", p] for p in CORE]
                    if not ours and name.split(".")[0] not in sys.stdlib_module_names:
                        found.append(f"{part}/{file.name}: {name}")
    return found


def test_the_core_is_standard_library_only() -> None:
    assert strangers(HERE) == []


def test_a_stranger_in_the_core_is_seen(tmp_path: Path) -> None:
    for part in CORE:
        (tmp_path / part).mkdir()
    (tmp_path / "rules" / "tally.py").write_text("import json\nimport numpy\nfrom showground.ledger import queries\n")
    assert strangers(tmp_path) == ["rules/tally.py: numpy", "rules/tally.py: showground.ledger"]


def test_verify_leaves_django_out() -> None:
    code = "import sys\nfrom showground.cli import main\nmain(['verify', '/nowhere'])\nprint('django' in sys.modules, 'cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=HERE.parent)
    assert done.stdout.splitlines()[-1] == "False False", done.stderr
