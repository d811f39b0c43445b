"""What runs inside the jail: opens each file of a folder for what it is and writes what it says as JSON, one file at a time."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import json
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from showground.evidence import lookalike
from showground.evidence.lookalike import Names
from showground.media import sniff
from showground.rules.refused import Refused

Told = dict[str, Any]
# Bytes of a file by which its kind is told, and of an answer.
HEAD, ANSWER = 64 << 10, 16 << 20
LOOKING = 3.0  # seconds of the processor for the pictures of one file of mails
_PICTURES = frozenset(sniff.CATEGORIES["picture"])


class _TooLong(BaseException):  # nobody may take it for a broken mail
    """One file has used its seconds; the others still have theirs."""


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `<name>.json` and working copies for every file of the folder `source`; options: names (text), seconds (a file), kinds."""
    names = lookalike.read_names(str(options.get("names", "")))
    kinds = options.get("kinds", {})
    for file in sorted(source.iterdir()):
        begun = time.process_time()
        told = _told(file, out, names, str(kinds.get(file.name, "")), float(options.get("seconds", 10)))
        told["ms"] = round(1000 * (time.process_time() - begun), 1)
        (out / f"{file.name}.json").write_text(json.dumps(told), encoding="utf-8")
    return {"renditions": [{"name": made.name} for made in sorted(out.iterdir())]}


def _told(file: Path, out: Path, names: Names, kind: str, seconds: float) -> Told:
    """Returns what a file says, or {"opened": false, "why": ...}; one bad file is no reason to leave the others unread."""
    try:
        with _within(seconds):
            return {"opened": True} | _fitting(read(file, out, names, kind))
    except Refused as no:
        return {"opened": False, "why": {"code": no.code, **no.facts}}
    except _TooLong:
        return {"opened": False, "why": {"code": "evidence.too_long", "seconds": seconds}}


def _fitting(told: Told) -> Told:
    """Returns what is told with no more mails than an answer may hold, and says how many were left out."""
    key = "inside" if "inside" in told else "mails"
    left, kept = ANSWER, 0
    for one in told.get(key, []):
        left -= len(json.dumps(one))
        kept += left >= 0
    there = told.get("count", len(told.get(key, [])))
    if kept < there:
        told[key] = told[key][:kept]
        told["limits"].append({"code": "limit.box", "mails": there, "listed": kept})
    return told


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def kind_of(head: bytes) -> str:
    """Returns what a file is by its first 64 kB: "mail", "mbox", "picture", "pdf", "html", "text", or what we do not open."""
    from showground.evidence import mail

    found = sniff.kind_of(head[: sniff.HEAD])
    if found in _PICTURES:
        return "picture"
    if found not in {"text", "html", "unknown", "svg", "bmp", "program"}:
        return found
    if mail.is_box(head):
        return "mbox"
    if mail.is_mail(head):
        return "mail"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text"
    return found if found in {"html", "text"} or b"\0" in head[:1024] else "text"


def read(file: Path, out: Path, names: Names, kind: str = "") -> Told:
    """Returns what one file says; working copies go to `out` under the file's name. Refused for what is not opened here."""
    with file.open("rb") as opened:
        kind = kind or kind_of(opened.read(HEAD))
    if kind == "picture":
        from showground.evidence import picture

        return picture.read(file, out, file.name, names)
    if kind == "pdf":
        from showground.evidence import pdf

        return pdf.read(file, out, file.name, names)
    if kind in {"mail", "mbox", "text", "html"}:
        return _words(file.read_bytes(), kind, names, _Look(out / f"{file.name}.part", names))
    raise Refused("evidence.empty") if not file.stat().st_size else Refused("evidence.not_opened", found=kind)


class _Look:
    """Reads the codes in the pictures that hang on a mail, as long as there is time: a mail is never unread for a picture's sake."""

    def __init__(self, place: Path, names: Names) -> None:
        self.place, self.names, self.until = place, names, time.process_time() + LOOKING

    def __call__(self, data: bytes) -> list[Told]:
        """Returns the codes of one picture; none of one that is broken, too large, or comes too late."""
        from showground.evidence import picture

        if time.process_time() > self.until:
            return []
        try:
            self.place.write_bytes(data)
            return picture.codes_in(self.place, self.names)
        except Exception:  # whatever a decoder meets: the mail is told all the same
            return []
        finally:
            self.place.unlink(missing_ok=True)


def _words(raw: bytes, kind: str, names: Names, look: _Look) -> Told:
    from showground.evidence import headers, hypertext, links, mail, text

    if kind == "mail":
        return mail.read(raw, names, look)
    if kind == "mbox":
        parts, count = mail.box(raw)
        return {"kind": "mbox", "count": count, "limits": [], "inside": [mail.read(part, names, look) for part in parts]}
    said = headers.decoded(raw[: 4 * text.SEARCHED])
    if kind == "html":
        page = hypertext.read(said)
        told = text.read(page.text, names=names)
        seen = [links.read(raw, via=via, visible=visible, names=names) for via, raw, visible in page.links]
        told["links"] = [one for link in seen for one in links.unfolded(link, names)] + told["links"]
        said = page.text
    else:
        told = text.read(said, names=names)
    told["text_sha256"] = hashlib.sha256(" ".join(said.split()).encode("utf-8", "replace")).hexdigest()
    return {"kind": kind, "text": said[:20_000]} | told
