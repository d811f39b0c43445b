"""The one exception a rule or an action may raise."""

from __future__ import annotations


class Refused(Exception):
    """Says no: `code` is stable ("ballot.too_many"), `facts` are plain values a page can put into a sentence."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code
