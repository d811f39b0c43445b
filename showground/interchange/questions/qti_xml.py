"""QTI trees with one set of names: whatever the version and namespace, elements and attributes are called as in QTI 2.x."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from lxml import etree

from showground.interchange.questions.contract import Unreadable
from showground.interchange.questions.hardened import Element, check_depth, parse_xml

LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
MINE: Final = "showground-"  # classes that name what QTI has no word for
EXACT: Final = MINE + "exact"  # spaces and line breaks of this element are the author's, not the layout of the file
HTML: Final = frozenset("a audio br div img object p source span video".split())
_WRAPPED: Final = frozenset({"modalFeedback", "rubricBlock"})  # QTI 3 puts what they say into a qti-content-body
_ENTRY: Final = re.compile(r"<!ENTITY", re.IGNORECASE)

NAMESPACES: Final = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
TEMPLATES: Final = {
    "2.1": "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
    "2.2": "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
    "3.0": "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
}
SCHEMAS: Final = {
    "2.1": "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    "2.2": "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
    "3.0": "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
}


def read_tree(data: bytes) -> Element:
    """Returns the root of an XML file under plain QTI 2.x names; Unreadable as `parse_xml`, and for any entity."""
    root = parse_xml(data)
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and list(declared.iterentities()):
        raise Unreadable("entities")
    check_depth(root)
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise Unreadable("entities")
        _rename(element)
    for body in list(root.iter("contentBody")):
        _unwrap(body)
    return root


def _rename(element: Element) -> None:
    name = etree.QName(element.tag).localname
    element.tag = _camel(name[4:]) if re.match("qti-[a-z]", name) else name
    if element.tag == "hotText":  # both spellings are in the wild
        element.tag = "hottext"
    for key in [key for key in element.attrib if "-" in str(key) and not str(key).startswith(("data-", "aria-", "{"))]:
        element.set(_camel(str(key)), element.attrib.pop(key))


def _unwrap(body: Element) -> None:
    """Puts the content of an element into its place."""
    above = body.getparent()
    if above is None:
        return
    at = above.index(body)
    before = above[at - 1] if at else None
    if body.text:
        if before is None:
            above.text = (above.text or "") + body.text
        else:
            before.tail = (before.tail or "") + body.text
    children = list(body)
    tail, body.tail = body.tail, None
    for n, child in enumerate(children):
        above.insert(at + n, child)
    above.remove(body)
    if tail and children:
        children[-1].tail = (children[-1].tail or "") + tail


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def kebab(name: str) -> str:
    """Returns a QTI 2.x name as QTI 3 spells it: "simpleChoice" is "simple-choice"."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()


def node(tag: str, *children: Element | str, **attributes: Any) -> Element:
    """Returns a new element; `class_` and `lang` name those attributes, None leaves one out, True and False are written as XML does."""
    element = etree.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            known = {"class_": "class", "lang": LANG}.get(name, name)
            element.set(known, str(value).lower() if isinstance(value, bool) else str(value))
    for child in children:
        if isinstance(child, str):
            element.text = (element.text or "") + child
        else:
            element.append(child)
    return element


def written(root: Element, version: str) -> bytes:
    """Returns the bytes of a tree with plain names as a file of that QTI version."""
    namespace = NAMESPACES[version]
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    made = etree.Element(_spelt(root.tag, version), nsmap={None: namespace, "xsi": xsi})  # type: ignore[dict-item]
    _copy(root, made, version)
    made.set(f"{{{xsi}}}schemaLocation", f"{namespace} {SCHEMAS[version]}")
    return etree.tostring(made, xml_declaration=True, encoding="UTF-8") + b"\n"


def _spelt(tag: str, version: str) -> str:
    name = "qti-" + kebab(tag) if version == "3.0" and tag not in HTML else tag
    return f"{{{NAMESPACES[version]}}}{name}"


def _copy(source: Element, target: Element, version: str) -> None:
    for key, value in source.attrib.items():
        name = str(key)
        target.set(kebab(name) if version == "3.0" and not name.startswith("{") else name, str(value))
    holder = target
    if version == "3.0" and source.tag in _WRAPPED:
        holder = etree.SubElement(target, _spelt("contentBody", version))
    holder.text = source.text
    for child in source:
        made = etree.SubElement(holder, _spelt(child.tag, version))
        _copy(child, made, version)
        made.tail = child.tail


def same(one: Element, other: Element) -> bool:
    """Tells whether two trees say the same, apart from the layout of the file."""
    here, there = (one.text or "").strip(), (other.text or "").strip()
    if (
        one.tag != other.tag
        or here != there
        or sorted(one.attrib.items()) != sorted(other.attrib.items())
        or len(one) != len(other)
    ):
        return False
    return all(same(a, b) for a, b in zip(one, other, strict=True))


def classes(element: Element) -> set[str]:
    """Returns the class names of an element."""
    return set(str(element.get("class", "")).split())


def mine(element: Element, name: str) -> bool:
    """Tells whether an element carries one of our own classes."""
    return MINE + name in classes(element)


# ---- numbers ----


def number(worth: Fraction) -> str:
    """Returns a fraction as an XML double: "1", "0.5", "0.3333333333333333"."""
    return repr(float(worth)).removesuffix(".0")


def fraction(text: object) -> Fraction | None:
    """Returns the fraction that a double was written for: the simplest that fits it, 0.33333 is a third; None for no number."""
    words = str(text or "").strip()
    if not re.fullmatch(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?", words):
        return None
    value = float(words)
    exact = Fraction(words)
    simple = exact.limit_denominator(10_000)
    if float(simple) == value:
        return simple
    digits = len(words.partition(".")[2].lower().partition("e")[0])
    near = exact.limit_denominator(60)
    return near if digits >= 5 and abs(near - exact) < Fraction(1, 10**digits) else exact
