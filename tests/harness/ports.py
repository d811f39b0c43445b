"""Ports for servers that bind seconds after they were told where: nobody else's meanwhile, also with several test runs on one machine.

A port that the system gives out (bind to 0, close) may be given to the next connection; granian shares a port with whoever has it.
"""

from __future__ import annotations

import fcntl
import socket
import tempfile
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

FIRST, LAST = 8700, 16000  # below what Linux gives out by itself
_held: list[TextIOWrapper] = []


def a_port() -> int:
    """Returns a port that is this process's until it ends, together with the one after it."""
    for port in range(FIRST, LAST, 2):
        with suppress(OSError):  # somebody's: held by another run, or a file of another user
            lock = (Path(tempfile.gettempdir()) / f"showground-port-{port}.lock").open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _free(port) and _free(port + 1):
                    _held.append(lock)
                    return port
            finally:
                if lock not in _held:
                    lock.close()
    raise RuntimeError("no port is free")


def _free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False
