"""Builds showground-verify.pyz: the verifier as one file, the same bytes wherever and whenever it is built.

python -m showground.verify.pyz [dist/showground-verify.pyz]
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PARTS: Final = ("tlog", "rules", "verify")
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
START: Final = b"#!/usr/bin/env python3\n"
MAIN: Final = b"import sys\n\nfrom showground.verify.__main__ import main\n\nsys.exit(main())\n"


def _sources() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", MAIN
    yield "showground/__init__.py", (ROOT / "__init__.py").read_bytes()
    for part in PARTS:
        for path in sorted((ROOT / part).glob("*.py")):
            yield f"showground/{part}/{path.name}", path.read_bytes()


def build(into: Path) -> str:
    """The zipapp is at `into`; returns its SHA-256 in hex. Stored without compression: no zlib version can change a byte."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.open("wb") as out:
        out.write(START)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, data in sorted(_sources()):
                info = zipfile.ZipInfo(name, EPOCH)
                info.create_system, info.external_attr = 3, 0o644 << 16
                archive.writestr(info, data)
    into.chmod(0o755)
    return hashlib.sha256(into.read_bytes()).hexdigest()


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "dist/showground-verify.pyz")
    print(f"{build(target)}  {target}")
