"""Checks a published week, offline."""

from __future__ import annotations

from showground.verify.__main__ import main as verify


def main(argv: list[str]) -> int:
    """Prints the verdict on a bundle and returns its exit code."""
    return verify(argv)
