"""What the pages say is there is there: links, steps of the walks, commands, addresses, settings."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import generate
from showground import env
from showground.commands import demo_week, run
from showground.exhibition.actions import intake
from showground.exhibition.views import kiosk
from showground.media import picture as pictures
from showground.media import probe, sniff, zips
from showground.rules import draws, harms, records
from showground.ui.typeset import WORDS

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
STEP = re.compile(r"`([A-Za-z0-9_./-]+\.(?:py|js|yml|sh)|Makefile)(?:: ([\w.]+(?:, [\w.]+)*))?`")
ARROW = re.compile(STEP.pattern + r"\s*->\s*(?=" + STEP.pattern + ")")
NUMBERED = re.compile(r"^(\d+)\. (.*?)(?=^\d+\. |^#|\Z)", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
# A line that begins with the command; "showground jury escrow v1" and its like are texts that keys sign.
SHOWGROUND = re.compile(r"^(?:\$ )?(?:\S*python3? -m )?showground (?![a-z ]+ v\d)([a-z_]+)(?: ([a-z][a-z-]+))?", re.MULTILINE)
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/[a-z]+)/|/tmp/(?:bash|plan)")
# Made by `make screenshots` on a machine with a browser; the README shows one.
PICTURES = "docs/pictures/"


def pages(root: Path) -> list[Path]:
    """Returns every page of documentation: the ones at the top and all under docs/."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# ---- links ----


def anchors(text: str) -> set[str]:
    """Returns the anchors of a page's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def broken_links(root: Path) -> list[str]:
    """Returns relative links that lead to no file or to no heading of it."""
    wrong = []
    for page in pages(root):
        for plain, picture in LINK.findall(_text(page)):
            target, _, anchor = (plain or picture).partition("#")
            if re.match(r"[a-z]+:", target) or (picture and PICTURES in f"docs/{target}"):
                continue
            goal = (page.parent / target).resolve() if target else page
            if not goal.exists() or (anchor and anchor not in anchors(_text(goal))):
                wrong.append(f"{page.relative_to(root)}: {plain or picture}")
    return wrong


# ---- places in the code ----


def names_in(file: Path) -> set[str]:
    """Returns what a file defines: functions, classes, their methods, constants; for other languages, its words."""
    text = _text(file)
    if file.suffix != ".py":
        return set(re.findall(r"[A-Za-z_][\w-]*", text))
    found: set[str] = set()

    def walk(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    walk(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(prefix + name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))

    walk(ast.parse(text).body, "")
    return found


def place(root: Path, name: str) -> Path | None:
    """Returns the file that a page names, from the package or the top of the repository; a bare name may lie anywhere there."""
    at = [root / "showground" / name, root / name]
    if "/" not in name:
        at += [path for part in ("showground", "tests") for path in (root / part).rglob(name)]
    return next((path for path in at if path.is_file()), None)


def missing_places(root: Path, text: str) -> list[str]:
    """Returns the places that a page names and that are not there, and arrows along which no name is passed on."""
    wrong = []
    for name, defined in STEP.findall(text):
        file = place(root, name)
        if file is None:
            wrong.append(name)
        else:
            known = names_in(file)
            wrong += [f"{name}: {word}" for word in defined.split(", ") if word and word not in known]
    for first, _, second, called in ARROW.findall(text):
        here, goal = place(root, first), called.split(", ")[0].rpartition(".")[2] or Path(second).stem
        if here is not None and not re.search(rf"\b{re.escape(goal)}\b", _text(here)):
            wrong.append(f"{first} -> {second}: {goal}")
    return wrong


def steps(text: str) -> list[tuple[int, str]]:
    """Returns the numbered steps of a walk."""
    return [(int(number), said) for number, said in NUMBERED.findall(text)]


# ---- commands ----


def _code(page: Path) -> Iterator[str]:
    for block, inline in CODE.findall(_text(page)):
        yield block or inline


def unknown_commands(root: Path) -> list[str]:
    """Returns the make targets and `showground` commands that pages name and that are not there."""
    targets, known, wrong = set(generate.make_targets()), set(generate.commands()) | {"help"}, []
    inner = set(re.findall(r'_add\(what, "([a-z-]+)"', _text(ROOT / "showground/commands/witness.py")))
    inner |= set(re.findall(r'_add_site\(_add\(what, "([a-z-]+)"', _text(ROOT / "showground/commands/witness.py")))
    for page in pages(root):
        for code in _code(page):
            wrong += [f"{page.name}: make {name}" for name in MAKE.findall(code) if name not in targets]
            for name, word in SHOWGROUND.findall(code):
                if name not in known or (name == "witness" and word and word not in inner):
                    wrong.append(f"{page.name}: showground {name} {word}".strip())
    return wrong


def machine_paths(root: Path) -> list[str]:
    """Returns the pages that name a folder of one machine."""
    return [f"{page.name}: {found[0]}" for page in pages(root) if (found := MACHINE.search(_text(page)))]


def unknown_settings(root: Path) -> list[str]:
    """Returns the environment variables that pages and examples name and that env.py does not declare."""
    declared = {v.name for v in env.VARIABLES}
    files = [*pages(root), *(p for p in (root / "deploy").rglob("*") if p.is_file())]
    named = [(f.name, name.removesuffix("_FILE")) for f in files for name in re.findall(r"\bSHOWGROUND_[A-Z0-9_]+\b", _text(f))]
    return [f"{file}: {name}" for file, name in named if name not in declared]


# ---- the tests ----


def test_links_lead_somewhere() -> None:
    assert broken_links(ROOT) == []


def test_every_place_that_a_page_names_is_there() -> None:
    guided = [p for p in pages(ROOT) if "decisions" not in p.parts]
    assert {str(p.relative_to(ROOT)): wrong for p in guided if (wrong := missing_places(ROOT, _text(p)))} == {}


@pytest.mark.parametrize("walk", ["vote.md", "video.md", "draw.md"])
def test_a_walk_is_numbered_and_every_step_names_a_place(walk: str) -> None:
    found = steps(_text(ROOT / "docs" / "walks" / walk))
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    assert len(found) >= 8
    assert [number for number, said in found if not STEP.search(said)] == []


def test_every_question_has_a_place() -> None:
    rows = re.findall(r"^\| ([^|]+\?) \| (.+) \|$", _text(ROOT / "docs" / "where.md"), re.MULTILINE)
    assert len(rows) >= 20
    assert [question for question, answer in rows if not STEP.search(answer)] == []


def test_commands_that_pages_name_are_there() -> None:
    assert unknown_commands(ROOT) == []


def test_settings_that_pages_name_are_declared() -> None:
    assert unknown_settings(ROOT) == []


def test_units_start_what_run_starts() -> None:
    lines = {}
    for unit in (ROOT / "deploy" / "systemd").glob("*.service"):
        [start] = re.findall(r"^ExecStart=((?:.*\\\n)*.*)$", _text(unit), re.MULTILINE)
        lines[unit.name] = start.replace("\\\n", "").split()
    assert lines["showground-web.service"][1:] == run.commands(witness=False, weeks=[])["web"][1:]
    assert lines["showground@.service"][1:] == ["-m", "showground", "%i"]
    wanted = _text(ROOT / "deploy" / "systemd" / "showground.target")
    assert set(re.findall(r"showground@(\w+)\.service", wanted)) == set(run.commands(witness=False, weeks=[])) - {"web"}


def test_pages_name_no_machine() -> None:
    assert machine_paths(ROOT) == []


def test_the_two_commands_of_the_readme_are_there() -> None:
    text = _text(ROOT / "README.md")
    assert "\nmake demo\n" in text and "\nmake test\n" in text
    assert {"demo", "test"} <= set(generate.make_targets())


@pytest.mark.parametrize("name", ["configuration.md", "commands.md", "urls.md"])
def test_reference_is_that_of_the_code(name: str) -> None:
    """If this fails: `make docs`, look at what changed, commit it."""
    assert _text(ROOT / "docs" / "reference" / name) == generate.pages()[name]


def test_formats_name_every_record() -> None:
    text = _text(ROOT / "docs" / "formats" / "records.md")
    assert [kind for kind in records.SCHEMAS if f"`{kind}`" not in text] == []


def test_decisions_are_numbered_and_listed() -> None:
    files = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [name[:4] for name in files] == [f"{n:04d}" for n in range(1, len(files) + 1)]
    assert [name for name in files if f"docs/decisions/{name}" not in _text(ROOT / "ARCHITECTURE.md")] == []


def figures() -> list[tuple[str, str]]:
    """Returns numbers that pages state, each in its words and as the code has it now."""
    limit = {kind: most >> 20 for kind, most in sniff.LARGEST.items()}
    questions = sum(
        len(json.loads(_text(f))) for f in (ROOT / "showground" / "quiz" / "bank").glob("*.json") if f.stem != "categories"
    )
    boards = len(tomllib.loads(_text(ROOT / "showground" / "commands" / "demo_halls" / "hall.toml"))["board"])
    casts = tomllib.loads(demo_week.week_file("sample", anchor=0, name=("A week", "一届"))[0])["rule"]["casts"]
    return [
        ("CHANGELOG.md", f"{len(records.SCHEMAS)} kinds of record"),
        ("CHANGELOG.md", f"{WORDS[len(harms.HARMS)].capitalize()} harms"),
        ("README.md", f"own hall of {boards} boards"),
        ("docs/guides/entrant.md", f"| {limit['picture']} MiB, {pictures.PIXELS // 10**6} megapixels |"),
        ("docs/guides/entrant.md", f"| {limit['video']} MiB, {probe.SECONDS // 60} minutes |"),
        ("docs/guides/entrant.md", f"| {limit['h5']} MiB packed, {zips.UNPACKED >> 20} MiB unpacked, {zips.FILES:,} files |"),
        ("docs/guides/curator.md", f"up to {limit['board']} MiB and {intake.PAGES} pages"),
        ("docs/guides/curator.md", f"{intake.PART} pages at a time"),
        ("docs/guides/curator.md", f"After {kiosk.IDLE} seconds without a touch the screen asks, {kiosk.WARN} seconds later"),
        ("docs/guides/author.md", f"A starter bank of {questions} questions"),
        ("docs/guides/voter.md", f"{casts} times a day in the demo"),
        ("docs/guides/voter.md", f"one of {draws.ORDERS} drawn orders"),
    ]


@pytest.mark.parametrize(("page", "said"), figures())
def test_a_number_that_a_page_states_is_that_of_the_code(page: str, said: str) -> None:
    assert said in " ".join(_text(ROOT / page).split())


# ---- planted faults ----


@pytest.fixture
def a_house(tmp_path: Path) -> Path:
    """A small repository whose pages are right."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "showground" / "rules").mkdir(parents=True)
    (tmp_path / "showground" / "rules" / "tally.py").write_text("from x import admissible\n\nclass A:\n    def b(self): ...\n")
    (tmp_path / "showground" / "rules" / "ballots.py").write_text("LIMIT: int = 1\n\ndef admissible(): ...\n")
    (tmp_path / "README.md").write_text("# A house\n\n[down](docs/a.md#a-room) `make demo` `showground verify x`\n")
    (tmp_path / "docs" / "a.md").write_text("## A room\n`rules/tally.py: A.b` -> `rules/ballots.py: admissible, LIMIT`\n")
    return tmp_path


def _wrong(house: Path) -> list[str]:
    places = [wrong for page in pages(house) for wrong in missing_places(house, _text(page))]
    return [*broken_links(house), *places, *unknown_commands(house), *unknown_settings(house), *machine_paths(house)]


def test_a_good_house_has_no_fault(a_house: Path) -> None:
    assert _wrong(a_house) == []


@pytest.mark.parametrize(
    "fault",
    [
        "[gone](b.md)",
        "[gone](a.md#cellar)",
        "![gone](b.png)",
        "`rules/gone.py`",
        "`rules/tally.py: count`",
        "`rules/tally.py: A.c`",
        "`rules/ballots.py: admissible` -> `rules/tally.py: A.b`",
        "`make gold`",
        "```\nshowground fly\n```",
        "`showground witness sleep`",
        "`SHOWGROUND_MOON=full`",
        "see /home/someone/x",
    ],
)
def test_a_planted_fault_is_seen(a_house: Path, fault: str) -> None:
    page = a_house / "docs" / "a.md"
    page.write_text(f"{_text(page)}\n{fault}\n")
    assert len(_wrong(a_house)) == 1


def test_a_stale_reference_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    before = generate.configuration()
    monkeypatch.setattr(env, "VARIABLES", (*env.VARIABLES, env.Variable("SHOWGROUND_NEW", "text", "", "New.")))
    assert generate.configuration() != before
