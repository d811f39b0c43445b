"""The official QTI schemas, loaded once: `wrong(version, data)` is what they say against an item, "" for a valid one.

The main schema of QTI 3 is the published SBAC profile of it: the base without data- attributes. Two of its helpers are published
under namespaces that its own imports do not name; they are given the right ones here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/qti/xsd"
_FILES = {
    "2.1": "qtiv2p1/imsqti_v2p1.xsd",
    "2.2": "qtiv2p2/imsqti_v2p2.xsd",
    "3.0": "qtiv3p0/imsqti_asiv3p0_sbacv1p0_v1p0.xsd",
    "manifest 2": "imscp_v1p1.xsd",
    "manifest 3": "qtiv3p0/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    "usage 2.1": "qtiv2p1/imsqti_usagedata_v2p1.xsd",
    "usage 3.0": "qtiv3p0/imsqti_usagedatav3p0_v1p0.xsd",
}
_XLINK = (
    b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xlink">'
    + b"".join(b'<xs:attribute name="%s" type="xs:string"/>' % n for n in (b"href", b"type", b"title", b"label", b"show", b"role"))
    + b"</xs:schema>"
)


class _Local(etree.Resolver):
    def resolve(self, url: str, public: str, context: Any) -> Any:  # type: ignore[override]
        if url.startswith("http"):
            return self.resolve_string(_XLINK, context)
        if "/qtiv3p0/" in self.asked and "/w3/" in url:
            data = Path(url.removeprefix("file://")).read_bytes()
            data = data.replace(b"w3.org/2010/Math/MathML", b"w3.org/1998/Math/MathML")
            return self.resolve_string(
                data.replace(b"w3.org/2010/10/synthesis", b"w3.org/2001/10/synthesis"), context, base_url=url
            )
        return None

    def __init__(self, asked: str) -> None:
        self.asked = asked


@cache
def schema(name: str) -> etree.XMLSchema:
    """Returns a schema, loaded in 0.1 to 3 s the first time; the test is skipped where the schemas are not beside the project."""
    if not FOLDER.is_dir():
        pytest.skip("the official QTI schemas are not beside the project (shared/data/qti)")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local("/" + _FILES[name]))
    return etree.XMLSchema(etree.parse(str(FOLDER / _FILES[name]), parser))


def wrong(name: str, data: bytes) -> str:
    """Returns the first complaints of a schema about a file, "" if it is valid."""
    known = schema(name)
    return "" if known.validate(etree.fromstring(data)) else "; ".join(str(one.message) for one in list(known.error_log)[:3])
