"""A mail server on loopback that says what a test wants, when it wants it: takes a letter, refuses it, or goes silent with it."""

from __future__ import annotations

import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message


@dataclass
class MailServer:
    """`letters` are those that came whole; `said` is what the next ones are answered: "" for silence until the other side is gone,
    "." for a line that ends there without a word."""

    port: int = 0
    said: str = "250 2.0.0 taken"
    to: str = "250 2.1.5 ok"
    letters: list[Message] = field(default_factory=list)
    has_one: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def talk(self, line: socket.socket) -> None:
        """One conversation."""
        with line, line.makefile("rwb") as file, suppress(OSError):
            self._say(file, "220 mail.example")
            while word := file.readline().decode().strip():
                if word.upper() == "DATA":
                    self._say(file, "354 go on")
                    self._take(file)
                elif word.upper() == "QUIT":
                    return self._say(file, "221 bye")
                else:
                    self._say(file, self.to if word.upper().startswith("RCPT") else "250 ok")

    def _take(self, file: socket.SocketIO) -> None:
        lines = iter(file.readline, b".\r\n")
        self.letters.append(email.message_from_bytes(b"".join(lines)))
        self.has_one.release()
        if self.said == ".":
            raise ConnectionAbortedError
        if self.said:
            self._say(file, self.said)
        else:
            file.read(1)  # ends when the other side is gone

    @staticmethod
    def _say(file: socket.SocketIO, words: str) -> None:
        file.write(f"{words}\r\n".encode())
        file.flush()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that listens until the block ends."""
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = door.getsockname()[1]

        def listen() -> None:
            with suppress(OSError):
                while True:
                    line, _ = door.accept()
                    threading.Thread(target=server.talk, args=(line,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        yield server
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
