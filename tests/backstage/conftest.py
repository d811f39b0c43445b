"""The same week as the entrant's desk stands on."""

from tests.entries.conftest import enter, room

__all__ = ["enter", "room"]
