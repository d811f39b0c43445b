"""Captions: WebVTT read strictly, line by line, and written anew in one plain form; no styles, regions or scripts come through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from showground.rules.refused import Refused

# RULE exhibition: bytes of a file, cues in it, characters of one cue, hours that a cue may lie at.
BYTES, CUES, LETTERS, HOURS = 512 << 10, 3_000, 400, 4
_ARROW: Final = "-->"
# SPEC WebVTT 4.1: hours of two digits or more may be left out, minutes and seconds have two, thousandths three.
_TIME = re.compile(r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})\Z")
_SETTING = re.compile(
    r"(vertical:(rl|lr)|line:(-?\d{1,3}|\d{1,3}(\.\d+)?%)(,(start|center|end))?|position:\d{1,3}(\.\d+)?%"
    r"(,(line-left|center|line-right))?|size:\d{1,3}(\.\d+)?%|align:(start|center|end|left|right))\Z"
)
_TAG = re.compile(r"<(/?)([a-z]*)((?:\.[\w-]+)*)(?:[ \t]([^>]*))?>\Z")
_PARTS = re.compile(r"<[^>]*>|[^<]+|<")
_KEPT: Final = frozenset({"b", "i", "u", "ruby", "rt", "v", "c", "lang"})
_WRITTEN: Final = frozenset({"b", "i", "u", "ruby", "rt", "v"})
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "nbsp": "\u00a0", "lrm": "\u200e", "rlm": "\u200f"}
_ENTITY = re.compile(r"&([a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")


@dataclass(frozen=True)
class Cue:
    """Words and when they stand, in ms; `voices` are who speaks, `words` the text without marks."""

    starts: int
    ends: int
    settings: str
    marked: str
    words: str
    voices: tuple[str, ...] = ()


def read(text: str, *, length_ms: int = 0) -> list[Cue]:
    """Returns the cues of a WebVTT text; raises captions.* with the line (from 1) and the reason. `length_ms`: of the film, if known."""
    if len(text.encode("utf-8", "surrogatepass")) > BYTES:
        raise Refused("captions.too_large", limit=BYTES)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _check_head(lines)
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        cue = _cue(number, block)
        if cue is not None:
            _check_place(cue, cues, number, length_ms)
            cues.append(cue)
    if not cues:
        raise Refused("captions.none")
    return cues


def decoded(data: bytes) -> str:
    """Returns the text of a file; SPEC WebVTT 4.1: UTF-8 and nothing else."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Refused("captions.encoding", line=data[: wrong.start].count(b"\n") + 1)


def written(cues: Sequence[Cue]) -> str:
    """Returns the cues as WebVTT in our own form: what pages serve."""
    told = [
        f"{number}\n{_stamp(cue.starts)} {_ARROW} {_stamp(cue.ends)}{' ' + cue.settings if cue.settings else ''}\n{cue.marked}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(["WEBVTT\n", *told])


def transcript(cues: Sequence[Cue]) -> str:
    """Returns what the cues say as a text to read: a new line where another voice begins or a pause of two seconds lies."""
    lines: list[str] = []
    before: Cue | None = None
    for cue in cues:
        voice = "".join(cue.voices[:1])
        words = " ".join(cue.words.split())
        if before is None or voice != "".join(before.voices[:1]) or cue.starts - before.ends > 2_000:
            lines.append(f"{voice}: {words}" if voice else words)
        else:
            lines[-1] += ("" if _solid(lines[-1][-1:]) and _solid(words[:1]) else " ") + words
        before = cue
    return "\n".join(lines)


def _solid(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) in "WF"


def _check_head(lines: Sequence[str]) -> None:
    """SPEC WebVTT 4.1: the first line is WEBVTT, alone or with words after a space, and an empty line follows."""
    head = lines[0]
    if head != "WEBVTT" and not head.startswith(("WEBVTT ", "WEBVTT\t")):
        srt = head.strip().isdigit() and len(lines) > 1 and _ARROW in lines[1]
        raise Refused("captions.subrip" if srt else "captions.head", line=1)
    if _ARROW in head:
        raise Refused("captions.head", line=1)
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            return
        if _ARROW in line:
            raise Refused("captions.gap", line=number)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yields what stands between empty lines after the head, with the number of its first line."""
    held: list[str] = []
    begun, past_head = 0, False
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            begun = begun if held else number
            held.append(line)
            continue
        if held and past_head:
            yield begun, held
        past_head = past_head or bool(held)
        held = []


def _cue(number: int, block: Sequence[str]) -> Cue | None:
    """Returns the cue of a block, or None for a note; anything else is refused by its line."""
    first = block[0].split(" ")[0].split("\t")[0]
    if first in {"STYLE", "REGION"} and _ARROW not in block[0]:
        raise Refused("captions.style", line=number, found=first)
    timed = next((place for place, line in enumerate(block[:2]) if _ARROW in line), -1)
    if timed < 0:
        if first == "NOTE":
            return None
        raise Refused("captions.no_time", line=number, found=block[0][:60])
    at = number + timed
    starts, ends, settings = _times(block[timed], at)
    body = block[timed + 1 :]
    if not body:
        raise Refused("captions.empty", line=at)
    for more, line in enumerate(body, at + 1):
        if _ARROW in line:
            raise Refused("captions.gap", line=more)
    marked, words, voices = _payload(body, at + 1)
    return Cue(starts, ends, settings, marked, words, voices)


def _times(line: str, number: int) -> tuple[int, int, str]:
    left, _, right = line.partition(_ARROW)
    told = right.split()
    if not left.strip() or not told or left[-1:] not in {" ", "\t"} or right[:1] not in {" ", "\t"}:
        raise Refused("captions.time", line=number, found=line.strip()[:60])
    for one in told[1:]:
        if not _SETTING.match(one):
            raise Refused("captions.setting", line=number, found=one[:60])
    return _ms(left.strip(), number), _ms(told[0], number), " ".join(told[1:])


def _ms(told: str, number: int) -> int:
    found = _TIME.match(told)
    if not found or int(found[1] or 0) >= HOURS:
        raise Refused("captions.time", line=number, found=told[:60])
    return ((int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])) * 1000 + int(found[4])


def _check_place(cue: Cue, cues: Sequence[Cue], number: int, length_ms: int) -> None:
    if cue.ends <= cue.starts:
        raise Refused("captions.backwards", line=number, found=f"{_stamp(cue.starts)} {_ARROW} {_stamp(cue.ends)}")
    if cues and cue.starts < cues[-1].starts:
        raise Refused("captions.order", line=number, found=_stamp(cue.starts))
    if length_ms and cue.starts > length_ms:
        raise Refused("captions.late", line=number, found=_stamp(cue.starts), length=_stamp(length_ms))
    if len(cues) >= CUES:
        raise Refused("captions.too_many", limit=CUES)


def _payload(lines: Sequence[str], number: int) -> tuple[str, str, tuple[str, ...]]:
    """Returns the cue's text with the marks that we keep, without any, and who speaks; every other mark is refused by its line."""
    marked: list[str] = []
    words: list[str] = []
    voices: list[str] = []
    open_marks: list[str] = []
    for at, line in enumerate(lines, number):
        kept, plain = "", ""
        for part in _PARTS.findall(line):
            if part.startswith("<"):
                kept += _mark(part, at, open_marks, voices)
            else:
                said = _unescaped(part, at)
                kept, plain = kept + _escaped(said), plain + said
        marked.append(kept.strip())
        words.append(plain.strip())
    if open_marks and open_marks != ["v"]:  # SPEC WebVTT 4.2.2: a voice that lasts to the cue's end need not be closed
        raise Refused("captions.open_mark", line=number + len(lines) - 1, found=f"<{open_marks[-1]}>")
    text = "\n".join(words)
    if not text.strip():
        raise Refused("captions.empty", line=number - 1)
    if len(text) > LETTERS:
        raise Refused("captions.long", line=number, limit=LETTERS)
    return "\n".join(line for line in marked if line) + ("</v>" if open_marks else ""), text, tuple(voices)


def _mark(part: str, number: int, open_marks: list[str], voices: list[str]) -> str:
    """Keeps track of what is open; returns the mark as it is written, or "" for one whose meaning no player shows."""
    if _TIME.match(part[1:-1]):
        return ""
    found = _TAG.match(part)
    if not found or found[2] not in _KEPT or (found[1] and (found[3] or found[4])):
        raise Refused("captions.mark", line=number, found=part[:60])
    name, said = found[2], " ".join((found[4] or "").split())
    if found[1]:
        if not open_marks or open_marks.pop() != name:
            raise Refused("captions.mark", line=number, found=part[:60])
        return f"</{name}>" if name in _WRITTEN else ""
    if (name == "v" and not said) or (name in {"b", "i", "u", "ruby", "rt"} and said):
        raise Refused("captions.mark", line=number, found=part[:60])
    open_marks.append(name)
    if name == "v":
        voices.append(_unescaped(said, number))
        return f"<v {_escaped(voices[-1])}>"
    return f"<{name}>" if name in _WRITTEN else ""


def _unescaped(text: str, number: int) -> str:
    def letter(found: re.Match[str]) -> str:
        name = found[1]
        if name.startswith("#"):
            point = int(name[2:], 16) if name[1] == "x" else int(name[1:])
            if not 31 < point < 0x110000 or 0xD800 <= point < 0xE000:
                raise Refused("captions.letter", line=number, found=found[0])
            return chr(point)
        if name not in _ENTITIES:
            raise Refused("captions.letter", line=number, found=found[0])
        return _ENTITIES[name]

    told = _ENTITY.sub(letter, text)
    odd = next((char for char in told if unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} and char != "\t"), "")
    if odd:
        raise Refused("captions.letter", line=number, found=f"U+{ord(odd):04X}")
    return unicodedata.normalize("NFC", told)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
