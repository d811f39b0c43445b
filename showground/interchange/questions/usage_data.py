"""Statistics of questions as QTI usage data: what each was like for those who answered it, in a file other systems can read.

SPEC QTI usage data 2.1 and 3.0: a statistic has a name, a context (where it is valid) and the item it is of. A figure that has no
value, because nobody answered or all answered alike, is not written. Names are ours; what they mean is said at `glossary`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_xml import node

NAMESPACES: Final = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_usagedata_v2p1",
    "3.0": "http://www.imsglobal.org/xsd/imsqti_usagedata_v3p0",
}
SCHEMAS: Final = {
    "2.1": "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_usagedata_v2p1.xsd",
    "3.0": "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_usagedatav3p0_v1p0.xsd",
}


@dataclass(frozen=True)
class ItemUsage:
    """What is known of one question: how many answered it, single figures by name, and by name a figure for each of its options.

    `sd` is the standard deviation of its marks; it stands with each figure. `part` is the response that the options belong to.
    """

    item: str
    count: int
    figures: Mapping[str, float | None] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    sd: float | None = None
    part: str = "RESPONSE"


def usage_data(items: Sequence[ItemUsage], *, context: str, updated: dt.date, glossary: str = "", version: str = "2.1") -> bytes:
    """Returns a QTI usage data file; `context` and `glossary` are addresses, ValueError for a name that QTI cannot write."""
    root = node("usageData", glossary=glossary or None)
    for item in items:
        about = {"context": context, "caseCount": item.count, "stdDeviation": _number(item.sd), "lastUpdated": updated.isoformat()}
        for name, figure in item.figures.items():
            if (value := _number(figure)) is not None:
                root.append(_one(item, _named(name), value, about))
        for name, shares in item.options.items():
            if known := {key: value for key, share in shares.items() if (value := _number(share)) is not None}:
                root.append(_several(item, _named(name), known, about))
    return _written(root, version)


def _named(name: str) -> str:
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum() or not name[0].isalpha():
        raise ValueError(name)
    return name


def _number(figure: float | None) -> str | None:
    return None if figure is None or not math.isfinite(figure) else repr(float(figure))


def _one(item: ItemUsage, name: str, value: str, about: Mapping[str, object]) -> Element:
    target = node("targetObject", identifier=item.item)
    return node("ordinaryStatistic", target, node("value", value, baseType="float"), name=name, **about)


def _several(item: ItemUsage, name: str, shares: Mapping[str, str], about: Mapping[str, object]) -> Element:
    target = node("targetObject", identifier=item.item, partIdentifier=_named(item.part))
    entries = [node("mapEntry", mapKey=key, mappedValue=value) for key, value in shares.items()]
    return node("categorizedStatistic", target, node("mapping", *entries), name=name, **about)


def _written(root: Element, version: str) -> bytes:
    space, xsi = NAMESPACES[version], "http://www.w3.org/2001/XMLSchema-instance"
    made = etree.Element(f"{{{space}}}usageData", nsmap={None: space, "xsi": xsi})  # type: ignore[dict-item]
    made.set(f"{{{xsi}}}schemaLocation", f"{space} {SCHEMAS[version]}")
    made.attrib.update(dict(root.attrib))
    for element in root.iter():
        element.tag = f"{{{space}}}{element.tag}"
    made.extend(list(root))
    return etree.tostring(made, xml_declaration=True, encoding="UTF-8", pretty_print=True)
