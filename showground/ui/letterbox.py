"""Where letters land in a demo: one text file per letter in the folder settings.LETTERS, names in the order of time."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


@dataclass(frozen=True)
class Letter:
    """A letter as it lies in the folder; `at` in Unix seconds."""

    name: str
    at: int
    to: str
    subject: str
    text: str


class FolderBackend(BaseEmailBackend):
    """Writes each message into settings.LETTERS; a letter is complete or not there."""

    def open(self) -> bool:
        """The folder is there; where it cannot be, no letter leaves."""
        Path(settings.LETTERS).mkdir(parents=True, exist_ok=True)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()
        for message in email_messages:
            _drop(Path(settings.LETTERS), message, int(settings.CLOCK()))
        return len(email_messages)


def read(folder: Path, *, newest: int = 100, to: str = "") -> list[Letter]:
    """Returns the newest letters first, at most `newest`, only those to the address `to` if one is given."""
    found: list[Letter] = []
    for path in sorted(folder.glob("*.txt"), reverse=True):
        letter = _open(path)
        if not to or letter.to == to:
            found.append(letter)
        if len(found) >= newest:
            break
    return found


def _drop(folder: Path, message: EmailMessage, now: int) -> None:
    whom = re.sub(r"[^a-z0-9.@+-]", "_", message.to[0].lower())[:80]
    text = f"To: {', '.join(message.to)}\nSubject: {message.subject}\n\n{message.body}"
    half = folder / f".{os.getpid()}-{os.urandom(6).hex()}.half"
    half.write_text(text, encoding="utf-8")
    for turn in range(100000):
        try:
            os.link(half, folder / f"{now:010d}-{turn:05d}-{whom}.txt")
            break
        except FileExistsError:
            continue
    half.unlink()


def _open(path: Path) -> Letter:
    head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return Letter(path.name, int(path.name[:10]), fields.get("To", ""), fields.get("Subject", ""), text)
