"""XML and zip from strangers: nothing is resolved, fetched or expanded, and everything has a limit with a name."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from showground.interchange.questions.contract import MOST_BYTES, MOST_DEPTH, Unreadable
from showground.interchange.questions.words import decode
from showground.media import names, zips
from showground.rules.refused import Refused

Element = etree._Element
_MISC: Final = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DECLARED: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
# What the zip reader says no with, in the words of contract.REASONS.
_OF_ZIP: Final = {
    "package.encrypted": "encrypted",
    "package.bomb": "bomb",
    "package.too_large": "bomb",
    "package.file_too_large": "bomb",
    "package.too_many_files": "too_many",
    "package.name": "bad_name",
    "package.duplicate": "bad_name",
    "package.special": "bad_name",
    "package.empty": "empty",
}


def root_tag(text: str) -> tuple[str, str]:
    """Returns (local name, the rest of the first element's tag) of an XML text without parsing it; ("", "") if it has none."""
    at = _after_misc(text)
    if text.startswith("<!DOCTYPE", at):
        at = _after_misc(text, text.find(">", at) + 1 or len(text))
    found = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)([^>]{0,4000})").match(text, at)
    return (found[1], found[2]) if found else ("", "")


def _after_misc(text: str, at: int = 0) -> int:
    while found := _MISC.match(text, at):
        at = found.end()
    return at


def no_entities(text: str) -> None:
    """Refuses a document type with a body: it is the only place where entities can be defined."""
    at = _after_misc(text)
    if text.startswith("<!DOCTYPE", at) and "[" in text[at : text.find(">", at)]:
        raise Unreadable("entities")


def parse_xml(data: bytes) -> Element:
    """Returns the root of an XML file; Unreadable with too_large, entities, too_deep, encoding or damaged.

    The file's own encoding is believed only if the bytes agree with it. Comments and processing instructions are gone.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", f"{len(data)} bytes")
    text = decode(data)[0]
    no_entities(text)
    if "\0" in text:
        raise Unreadable("damaged", "NUL")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(_DECLARED.sub("", text, count=1).lstrip("\ufeff \t\r\n").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise _trouble(str(error))
    if root is None:
        raise Unreadable("damaged")
    if next(root.iter(etree.Entity), None) is not None:  # of a document type that is never fetched
        raise Unreadable("entities")
    return root


def _trouble(said: str) -> Unreadable:
    if "depth" in said.lower():
        return Unreadable("too_deep", said)
    if "huge text" in said.lower() or "too long" in said.lower() or "buffer" in said.lower():
        return Unreadable("too_large", said)
    return Unreadable("entities" if "ntity" in said and "not defined" in said else "damaged", said)


def check_depth(root: Element, most: int = MOST_DEPTH) -> None:
    """Refuses (Unreadable too_deep) a tree with elements more than `most` deep; recursion below it is then safe."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise Unreadable("too_deep")


def unzip(data: bytes, most: int = MOST_BYTES) -> dict[str, bytes]:
    """Returns the files of a zip by their safe names; Unreadable with bomb, bad_name, encrypted, too_many, empty or damaged."""
    try:
        members = [member for member in zips.members(data) if not member.is_folder]
        if sum(member.size for member in members) > most:
            raise Unreadable("bomb", f"{sum(member.size for member in members)} bytes unpacked")
        return {names.safe(member.name): b"".join(zips.inflated(data, member)) for member in members}
    except Refused as no:
        raise Unreadable(_OF_ZIP.get(no.code, "damaged"), str(no))
