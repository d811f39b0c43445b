"""What the modules of the site remember is known by name: it is the same for everybody, or each test begins without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.harness.memories import FORGOTTEN

PACKAGE = Path(__file__).resolve().parents[2] / "showground"
KEEPS = {"cache", "lru_cache"}
PERHAPS = re.compile(
    r"^(?:@(?:lru_)?cache\b|[a-z_]\w*(?:: [^=\n]+)? = (?:[\[{]|\w+(?:\[[^\n]*\])?\())", re.MULTILINE
)  # worth parsing
MAKES = {"dict", "list", "set", "Counter", "defaultdict", "deque", "OrderedDict"}  # or a thing of our own, made with nothing in it
# The answer depends on the question and on files of the package or programs of the machine alone; of `_reading`: a lock is a lock.
SAME = set(
    """
    commands._films:film commands._halls:set_file commands.demo_works.clips:_letters commands.demo_works.clips:_stars
    commands.demo_works.clips:_code commands.demo_works.make:_recipe evidence.fingerprint:_cosines evidence.headers:_codec
    evidence.hosts:_suffixes evidence.hosts:_known_suffixes evidence.hosts:site evidence.hosts:_list evidence.lookalike:skeleton
    evidence.lookalike:_prototypes exhibition.queries.kept:_faces exhibition.queries.kept:_static_size exhibition.views.keep:_worker
    ledger.queries:_reading media.jail:best_available quiz.queries.bank:category_names quiz.queries.figures:_fraction
    reports.queries.annex:_templates reports.queries.channels:_starter rules.answers:_visible sandbox.app:_manifest
    tlog.bls:_sixth works.queries:jail
    """.split()
)


def remembered(package: Path) -> Iterator[str]:
    """Yields "module:name" of every container that a module fills as it runs, and of every answer that it keeps."""
    for file in sorted(package.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if file.name == "urls.py" or not PERHAPS.search(text):  # addresses are lists that are written once
            continue
        module = ".".join(file.relative_to(package).with_suffix("").parts)
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(one).split("(")[0] in KEEPS for one in node.decorator_list):
                yield f"{module}:{node.name}"
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if isinstance(target, ast.Name) and target.id.islower() and not target.id.startswith("__") and _fills(node.value):
                    yield f"{module}:{target.id}"


def _fills(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        made = ast.unparse(value.func).split("[")[0]
        return made in MAKES or (isinstance(value.func, ast.Name) and made[0].isupper() and not value.args)
    return isinstance(value, ast.Dict | ast.List | ast.Set)


def test_every_memory_of_the_site_is_forgotten_between_tests_or_the_same_for_all() -> None:
    forgotten, found = {f"{module}:{name}" for module, names in FORGOTTEN.items() for name in names}, set(remembered(PACKAGE))
    assert sorted(found - SAME) == sorted(forgotten)


def test_a_planted_memory_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "NAMES = {}\n_seen: dict[int, int] = {}\nline = Line()\n@lru_cache(8)\ndef rows(pk): ...\n", encoding="utf-8"
    )
    assert list(remembered(tmp_path)) == ["a:_seen", "a:line", "a:rows"]
