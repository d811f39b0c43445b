"""A wire to a server that can be cut: to a browser, and to what works for it behind the page, that is a network that is gone.

with wire(port) as line:      line.url; line.cut(); line.mend()
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class Wire:
    """Passes bytes between a port of its own and a server's; after `cut` every connection ends at once."""

    def __init__(self, to: int) -> None:
        self.to, self.whole, self.open = to, True, set[socket.socket]()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.door.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Nothing goes through any more."""
        self.whole = False
        for end in list(self.open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """What comes now goes through again."""
        self.whole = True

    def _answer(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:  # nobody is there
                near.close()
                continue
            self.open |= {near, far}
            if not self.whole:  # cut while it was made
                self.cut()
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            self.open.discard(end)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def wire(to: int) -> Iterator[Wire]:
    """Yields a wire to the server at this port of this machine."""
    line = Wire(to)
    try:
        yield line
    finally:
        line.cut()
        line.door.close()
