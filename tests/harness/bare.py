"""A bare static server: `python -m http.server` in a folder, as anybody can start it.

with bare_host(folder) as address:      "http://127.0.0.1:PORT"
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def bare_host(folder: Path) -> Iterator[str]:
    """Yields its address; the server is ended afterwards."""
    line = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            told = re.search(r"port (\d+)", server.stdout.readline())
            assert told is not None
            yield f"http://127.0.0.1:{told[1]}"
        finally:
            server.terminate()
