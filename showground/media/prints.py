"""Printed things from board documents: a board, a catalogue, a sheet of QR signs, all as tagged PDF (PDF/UA-1) in both scripts."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import segno
import typst

from showground.media import boards, script
from showground.media.boards import Block, Board
from showground.rules.refused import Refused

_FORM = Path(__file__).with_name("prints.typ")
_NUMBERED = "0123456789①②③④⑤⑥⑦⑧⑨⑩"
MODULE: Final = 0.9  # millimetres a QR module is printed at: it reads from a step away
SMALLEST: Final = 5
CONTENTS: Final = {"zh": "目录", "en": "Contents"}
HINTS: Final = {
    "zh": "如果这里贴着另一张贴纸，请不要扫码，并告诉工作人员。",
    "en": "If there is a sticker over this code, do not scan it: tell us.",
}


@dataclass(frozen=True)
class Sign:
    """One QR sign: the address it opens, the board's number on the wall, its title by language."""

    address: str
    number: str
    title: Mapping[str, str] = field(default_factory=dict)


# ---- codes ----


def code(address: str) -> segno.QRCode:
    """Returns the QR code of an address with the most error correction there is, never smaller than version 5.

    In a smaller one a patch over 15 % of the area touches more code words than can be put right.
    """
    least = segno.make_qr(address, error="h", boost_error=False)
    return least if int(least.version) >= SMALLEST else segno.make_qr(address, error="h", boost_error=False, version=SMALLEST)


def code_svg(address: str) -> str:
    """Returns the code as SVG, a module a unit, with the quiet zone of four modules that readers need."""
    held = io.BytesIO()
    code(address).save(held, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return held.getvalue().decode()


def signs(listed: Sequence[Sign], *, title: str, lang: str = "zh", author: str = "") -> bytes:
    """Returns a PDF of QR signs, two in a row: number, titles, code, the address in words, and what to do about stickers."""
    told = {"kind": "signs", "signs": [_sign(one) for one in listed], **_head(title, lang, author)}
    return _compiled(told)


def _sign(one: Sign) -> dict[str, Any]:
    modules = code(one.address).symbol_size(scale=1, border=4)[0]
    return {
        "number": one.number,
        "titles": [{"lang": lang, "text": text} for lang, text in one.title.items() if text],
        "code": code_svg(one.address),
        "alt": f"QR: {one.address}",
        "address": one.address.removeprefix("https://"),
        "millimetres": modules * MODULE,
        "hints": [{"lang": lang, "text": text} for lang, text in HINTS.items()],
    }


# ---- boards ----


def board(one: Board, lang: str = "", *, picture: bytes = b"", author: str = "", foot: str = "") -> bytes:
    """Returns a board's text as a PDF in a language (all printed ones if none is named), its picture (JPEG) first."""
    main = lang or next(iter(boards.languages(one)), "en")
    title = one["title"].get(main) or next(iter(one["title"].values()), "") or foot or "Board"
    told = {**_head(title, main, author, foot), "kind": "boards", "contents": "", "parts": [_part(one, lang, picture, 1)]}
    return _compiled(told)


def catalogue(many: Sequence[tuple[Board, bytes]], lang: str = "", *, title: str, author: str = "", foot: str = "") -> bytes:
    """Returns a catalogue of boards with their pictures (JPEG or nothing): a list of contents, each board on a new page."""
    main = lang or "zh"
    parts = [_part(one, lang, picture, 1, named=True) for one, picture in many]
    told = {**_head(title, main, author, foot), "kind": "boards", "contents": CONTENTS.get(main, CONTENTS["en"]), "parts": parts}
    return _compiled(told)


def _head(title: str, lang: str, author: str, foot: str = "") -> dict[str, Any]:
    return {"title": title, "lang": lang, "author": author or title, "about": title, "foot": foot}


def _part(one: Board, lang: str, picture: bytes, top: int, *, named: bool = False) -> list[dict[str, Any]]:
    """Returns what is printed of one board: its picture, and its text with headings that leave no level out."""
    text = list(_levelled(_listed(_wanted(one, lang)), top))
    if (named or picture) and (not text or text[0]["kind"] != "heading"):
        name = one["title"].get(lang) or next(iter(one["title"].values()), "") or str(one["source"]["page"])
        text.insert(0, {"kind": "heading", "level": top, "text": name, "lang": script.language(name, lang or "en")})
    if picture:
        alt = one["alt"].get(lang) or next(iter(one["alt"].values()), "") or text[0]["text"]
        text.insert(1, {"kind": "image", "bytes": picture, "text": alt})
    return text


def _wanted(one: Board, lang: str) -> Iterable[tuple[Block, str]]:
    """Yields the blocks that say something, each with the language it is to be printed in."""
    for block in one["blocks"]:
        spoken = lang if lang and boards.plain(block, lang).strip() else block["lang"]
        if boards.plain(block, spoken).strip() and block["kind"] != "picture":
            yield block, spoken


def _listed(wanted: Iterable[tuple[Block, str]]) -> Iterable[dict[str, Any]]:
    """Yields things to print; list items that follow one another become one list."""
    running: dict[str, Any] | None = None
    for block, lang in wanted:
        made = _thing(block, lang)
        if made["kind"] in {"list", "steps"} and running and (running["kind"], running["lang"]) == (made["kind"], lang):
            running["items"] += made["items"]
            continue
        if running:
            yield running
        running = made
    if running:
        yield running


def _thing(block: Block, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": block["kind"], "lang": lang}
    if block["kind"] == "table":
        return {**told, "rows": block["rows"][lang], "heads": min(block.get("heads", 0), len(block["rows"][lang]) - 1)}
    text = block["text"][lang]
    told["rtl"] = script.backwards(text)
    if block["kind"] == "list_item":
        numbered = block.get("mark", "")[:1] in _NUMBERED and bool(block.get("mark"))
        return {**told, "kind": "steps" if numbered else "list", "items": [text]}
    if block["kind"].startswith("heading"):
        return {**told, "kind": "heading", "level": int(block["kind"][-1]), "text": text}
    return {**told, "text": text}


def _levelled(things: Iterable[dict[str, Any]], top: int) -> Iterable[dict[str, Any]]:
    """Yields things whose headings begin at `top` and never go down by more than one level at once, as PDF/UA asks."""
    last = top - 1
    for one in things:
        if one["kind"] == "heading":
            one["level"] = last = max(top, min(last + 1, top - 1 + one["level"]))
        yield one


# ---- typst ----


def _compiled(told: dict[str, Any]) -> bytes:
    """Returns the PDF; raises board.unprintable with what the typesetter says (a sign that no font has, for one).

    The typesetter sees one folder, with the form and the pictures in it.
    """
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(one for part in told.get("parts", []) for one in part if one["kind"] == "image"):
            one["file"] = f"/{number}.jpg"
            (Path(folder) / f"{number}.jpg").write_bytes(one.pop("bytes"))
        words = {"told": json.dumps(told, ensure_ascii=False)}
        form = str(Path(folder) / "form.typ")
        Path(form).write_bytes(_FORM.read_bytes())
        try:
            made = typst.compile(form, root=folder, format="pdf", pdf_standards="ua-1", sys_inputs=words)
        except (typst.TypstError, RuntimeError) as no:
            raise Refused("board.unprintable", reason=str(no)[:200])
    return made
