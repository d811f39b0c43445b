"""QTI files and packages: many items in one zip with a manifest, found again in their order, languages joined."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lxml import etree

from showground.interchange.questions.carried import ALL, Carries, carried
from showground.interchange.questions.contract import MOST_MEDIA_BYTES, Basket, Left, Taken, Unreadable
from showground.interchange.questions.hardened import Element, unzip
from showground.interchange.questions.qti_media import Medium, kind_of, target
from showground.interchange.questions.qti_read import Item, read_item
from showground.interchange.questions.qti_write import Writer, fit, languages
from showground.interchange.questions.qti_xml import node, read_tree, written
from showground.media.zips import FILES
from showground.rules.questions import KINDS, LANGUAGES, Question, check_question
from showground.rules.refused import Refused

MANIFEST: Final = "imsmanifest.xml"
CARRIES: Final = Carries(
    frozenset(KINDS),
    languages=2,
    fields=ALL,
    details=frozenset({"why", "credit", "exact", "case", "area", "true_false", "keys"}),
    words=str,
)
_SPACES: Final = {
    "2.1": ("http://www.imsglobal.org/xsd/imscp_v1p1", "QTIv2.1 Package", "1.0.0", "v2p1"),
    "2.2": ("http://www.imsglobal.org/xsd/imscp_v1p1", "QTIv2.2 Package", "1.0.0", "v2p2"),
    "3.0": ("http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "QTI Package", "3.0.0", "v3p0"),
}
_ROOTS: Final = frozenset({"assessmentItem", "assessmentTest", "assessmentSection", "assessmentStimulus", "manifest"})
_ARCHIVES: Final = (".zip", ".7z", ".rar", ".gz", ".tar", ".jar")
_MOST: Final = FILES - 3  # so that the package can be read again with its manifest and tests
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


# ---- reading ----


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a QTI item, of several in one file, or of a package; Unreadable for a file that is none of them."""
    basket = Basket("qti")
    if data[:2] == b"PK":
        _package(unzip(data), basket, language)
        return basket.taken()
    root = read_tree(data)
    if root.tag == "questestinterop":
        raise Unreadable(
            "old_qti", "save it as QTI 2.1 or 3.0 in the system it comes from, or read the Moodle XML of the same questions"
        )
    items = [root] if root.tag == "assessmentItem" else list(root.iter("assessmentItem"))
    if not items and root.tag in _ROOTS:
        raise Unreadable("reference", f"{root.tag}: its questions are in other files; give the whole package")
    if not items:
        raise Unreadable("unknown_format", str(root.tag))
    _take([read_item(item, language) for item in items if not basket.full()], basket)
    return basket.taken()


def _package(files: Mapping[str, bytes], basket: Basket, language: str) -> None:
    trees = dict(_trees(files, basket))
    order, used = _order(trees, files, basket)
    items = [read_item(trees[path], language, path, files) for path in order if not basket.full()]
    _take(items, basket)
    shown = {data for item in items for _, data in item.blobs}
    for path, data in files.items():
        if path not in used and path not in trees and data not in shown:
            nested = path.lower().endswith(_ARCHIVES)
            basket.leave("", path, "nested" if nested else "unused")


def _trees(files: Mapping[str, bytes], basket: Basket) -> Iterator[tuple[str, Element]]:
    """Yields the QTI files of a package; a broken one is noted and does not stop the others."""
    for path, data in files.items():
        if not path.lower().endswith((".xml", ".qti")):
            continue
        try:
            root = read_tree(data)
        except Unreadable as no:
            basket.leave(path, "file", no.reason, no.detail)
            continue
        if root.tag == "questestinterop":
            basket.leave(path, "file", "old_qti", "save it as QTI 2.1 or 3.0 in the system it comes from")
        elif root.tag in _ROOTS:
            yield path, root


def _order(trees: Mapping[str, Element], files: Mapping[str, bytes], basket: Basket) -> tuple[list[str], set[str]]:
    """Returns the paths of the items in the order of the one test, else of the manifest, else of the names; and all paths spoken of."""
    items = [path for path, root in trees.items() if root.tag == "assessmentItem"]
    tests = [path for path, root in trees.items() if root.tag == "assessmentTest"]
    manifest = next((path for path in trees if trees[path].tag == "manifest"), "")
    named = _named(manifest, trees[manifest], files, basket) if manifest else []
    if not manifest:
        basket.leave("", MANIFEST, "damaged", "it is not there")
    for path in items:
        if manifest and path not in named:
            basket.leave(path, "file", "unused", "the manifest does not name it; it was read all the same")
    tested = [place for path in tests for place in _tested(path, trees[path], basket)]
    first = tested if len(tests) == 1 else []
    order = list(dict.fromkeys(path for path in [*first, *named, *sorted(items)] if path in items))
    return order, {manifest, *tests, *(path for path in named if not path.lower().endswith(_ARCHIVES))}


def _named(manifest: str, root: Element, files: Mapping[str, bytes], basket: Basket) -> list[str]:
    """Returns the paths that a manifest names and that are there; others are noted."""
    named = []
    for resource in root.iter("resource"):
        hrefs = [resource.get("href"), *(one.get("href") for one in resource.iter("file"))]
        for href in dict.fromkeys(str(href) for href in hrefs if href):
            path = target(manifest, href)
            if path is None or path not in files:
                basket.leave(str(resource.get("identifier", "")), "file", "reference", href)
            else:
                named.append(path)
    return named


def _tested(path: str, root: Element, basket: Basket) -> list[str]:
    """Returns the items of a test in order; what else the test says belongs to a quiz and is noted by name."""
    name, found = str(root.get("identifier", path)), []
    known = {"assessmentTest", "testPart", "assessmentSection", "assessmentItemRef"}
    for element in root.iter():
        if element.tag == "assessmentItemRef":
            href = str(element.get("href", ""))
            found.append(target(path, href) or "")
        elif element.tag not in known and (above := element.getparent()) is not None and above.tag in known:
            reason = "limit" if element.tag in {"timeLimits", "itemSessionControl"} else "unused"
            basket.leave(name, str(element.tag), reason, " ".join("".join(map(str, element.itertext())).split()))
    return found


def _take(items: Sequence[Item], basket: Basket) -> None:
    """Takes the questions of items, those of the same code and other languages joined."""
    open_items: dict[str, list[Item]] = {}
    for item in items:
        open_items.setdefault(item.code, []).append(item)
    for code, group in open_items.items():
        first, *others = group
        questions = list(first.questions)
        for other in others:
            questions += _joined(questions, other, basket)
        for item in group:
            for part, reason, detail in item.notes:
                basket.leave(item.name, part, reason, detail)
            for name, data in item.blobs:
                basket.medium(name, data)
        for question in questions:
            basket.take({"code": code, **question}, first.name)


def _joined(questions: list[Question], other: Item, basket: Basket) -> list[Question]:
    """Joins the other language's questions into ours; returns those that are not the same question in another language."""
    if len(questions) != len(other.questions):
        return other.questions
    apart = []
    for place, more in enumerate(other.questions):
        try:
            questions[place] = join(questions[place], more)
        except ValueError as different:
            basket.leave(other.name, other.language, "twice", f"not the same question in another language: {different}")
            apart.append(more)
    return apart


def join(one: Any, other: Any, place: str = "") -> Any:
    """Returns two readings of one question as one with the languages of both; ValueError with the place where they differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        if set(one) | set(other) <= set(LANGUAGES):
            for language in set(one) & set(other):
                if one[language] != other[language]:
                    raise ValueError(place)
            return {language: {**one, **other}[language] for language in LANGUAGES if language in {**one, **other}}
        texts = {"title", "explanation", "feedback", "why"}
        if (set(one) ^ set(other)) - texts:
            raise ValueError(place or ", ".join(sorted(map(str, set(one) ^ set(other)))))
        return {name: join(one.get(name, {}), other.get(name, {}), f"{place}.{name}") for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [join(a, b, place) for a, b in zip(one, other, strict=True)]
    if one != other:
        raise ValueError(place)
    return one


# ---- writing ----


def write(
    questions: Sequence[Question], version: str, *, language: str, media: Mapping[str, tuple[str, bytes]]
) -> tuple[bytes, list[Left]]:
    """Returns a package of that QTI version and what it does not carry: an item for each language, a test for each language."""
    left, files, kept = list[Left](), dict[str, bytes](), list[tuple[str, list[str], list[str]]]()
    known = {
        digest: _medium(digest, data) for digest, (_, data) in media.items() if kind_of(data)[0] and len(data) <= MOST_MEDIA_BYTES
    }
    for question in questions:
        whole, lost = carried(question, CARRIES, language)
        left += lost
        whole = _fitted(whole, left) if whole else None
        if whole is None:
            continue
        shown = {medium.path: medium.data for medium in _shown(whole, known)}
        if len(files) + len(shown) + 2 > _MOST:
            left.append(Left(whole["code"], "", "too_many", f"{_MOST} files in one package"))
            continue
        files |= shown
        for number, code in enumerate(languages(whole)):
            writer = Writer(whole, code, version, known)
            path = f"items/{whole['code']}.{code}.xml"
            files[path] = written(writer.item(), version)
            kept.append((path, sorted(shown), [code]))
            left += writer.left if number == 0 else []
    for code in LANGUAGES:
        if paths := [path for path, _, said in kept if said == [code]]:
            files[f"test.{code}.xml"] = written(_test(paths, code), version)
            kept.append((f"test.{code}.xml", paths, []))
    return _zipped({MANIFEST: _manifest(kept, version), **files}), left


def _fitted(question: Question, left: list[Left]) -> Question | None:
    """Returns a question without the characters that XML cannot write; None, noted, if it is none without them."""
    made: Question = fit(question)
    if made != question:
        left.append(Left(question["code"], "text", "control_characters"))
        try:
            check_question(made)
        except Refused as no:
            left.append(Left(question["code"], "", "refused", f"{no.facts.get('field')}: {no.facts.get('why')}"))
            return None
    return made


def _medium(digest: str, data: bytes) -> Medium:
    _, mime, ending = kind_of(data)
    return Medium(f"media/{digest[:32]}{ending}", data, mime)


def _shown(question: Question, known: Mapping[str, Medium]) -> list[Medium]:
    return [known[item["sha256"]] for item in question.get("media", []) if item["sha256"] in known]


def _name(path: str) -> str:
    return "R-" + re.sub(r"[^A-Za-z0-9_.-]", "-", path)


def _test(paths: list[str], language: str) -> Element:
    refs = [node("assessmentItemRef", identifier=f"I-{n}", href=path) for n, path in enumerate(paths, 1)]
    section = node("assessmentSection", *refs, identifier="S-1", title="Questions", visible=True)
    part = node("testPart", section, identifier="P-1", navigationMode="nonlinear", submissionMode="simultaneous")
    return node("assessmentTest", part, identifier=f"T-{language}", title="Questions", toolName="Showground")


def _manifest(kept: list[tuple[str, list[str], list[str]]], version: str) -> bytes:
    space, schema, number, short = _SPACES[version]
    root = etree.Element(f"{{{space}}}manifest", nsmap={None: space}, identifier="MANIFEST-1")  # type: ignore[dict-item]
    about = etree.SubElement(root, f"{{{space}}}metadata")
    etree.SubElement(about, f"{{{space}}}schema").text = schema
    etree.SubElement(about, f"{{{space}}}schemaversion").text = number
    etree.SubElement(root, f"{{{space}}}organizations")
    resources = etree.SubElement(root, f"{{{space}}}resources")
    media = sorted({path for _, used, _ in kept for path in used if path.startswith("media/")})
    for path, used, said in [*kept, *((path, [], ["-"]) for path in media)]:
        kind = "webcontent" if said == ["-"] else f"imsqti_{'item' if said else 'test'}_xml{short}"
        resource = etree.SubElement(resources, f"{{{space}}}resource", identifier=_name(path), type=kind, href=path)
        etree.SubElement(resource, f"{{{space}}}file", href=path)
        for other in used:
            etree.SubElement(resource, f"{{{space}}}dependency", identifierref=_name(other))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Returns a zip whose bytes depend on the files only."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)
    return made.getvalue()
