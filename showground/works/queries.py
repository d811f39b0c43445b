"""What can be known about uploaded works."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Mod

from showground.media.jail import Jail, best_available
from showground.people.actions import keyed
from showground.works.models import HeldFile, Work


@dataclass(frozen=True)
class Picture:
    """A rendition that a page can show: its address and size in pixels."""

    url: str
    width: int
    height: int
    type: str

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height


def _as_picture(rendition: dict[str, Any], *, held: bool = False) -> Picture:
    url = f"/media/{rendition['file']}" + (f"?k={held_key(rendition['file'])}" if held else "")
    return Picture(url, rendition["width"], rendition["height"], rendition["type"])


def pictures(work: Work | None, *, held: bool = False) -> list[Picture]:
    """Returns the still pictures of a safe work, the smallest first; none for a work that has none.

    `held`: the addresses that work while the files are held back, for pages of the jury, the screeners and the maker only.
    """
    found = [r for r in (work.media.get("renditions", []) if work else []) if r["use"] == "picture"]
    return [_as_picture(r, held=held) for r in sorted(found, key=lambda r: r["width"])]


def film(work: Work | None, *, held: bool = False) -> Picture | None:
    """Returns the film of a safe video work; `held` as in `pictures`."""
    found = [r for r in (work.media.get("renditions", []) if work else []) if r["use"] == "video"]
    return _as_picture(found[0], held=held) if found else None


def package(work: Work | None, *, held: bool = False) -> str:
    """Returns under which w<...> an interactive work runs, "" for others; `held` as in `pictures`."""
    home = str(work.media.get("hash32") or "") if work else ""
    return closed_address(home) if home and held else home


# ---- files held back ----


def held_key(name: str) -> str:
    """Returns the word that opens a file that is held back; it says nothing to anybody once the file is shown again."""
    return keyed("works.held", name)[:32]


def closed_address(home: str) -> str:
    """Returns the address under which a package that is held back runs for the jury: nobody can guess it from the public one."""
    digest = hashlib.sha256(keyed("works.closed", home).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:32]


def served(name: str, key: str) -> bool:
    """Tells whether a public file may be sent: it is not held back, or the asker has the key."""
    return not HeldFile.objects.filter(name=name).exists() or hmac.compare_digest(held_key(name).encode(), key.encode())


def held_packages() -> list[str]:
    """Returns the addresses of all interactive works that are held back."""
    return list(HeldFile.objects.exclude(name__contains=".").values_list("name", flat=True).distinct())


def share_picture(work: Work | None) -> Picture | None:
    """Returns the JPEG that other sites show for a work."""
    found = [r for r in (work.media.get("renditions", []) if work else []) if r["use"] == "share"]
    return _as_picture(found[0]) if found else None


def waiting(now: int, *, lane: int = 0, lanes: int = 1) -> QuerySet[Work]:
    """Returns the works whose turn in the jail has come, the oldest first; those of one of several lanes."""
    found = Work.objects.alias(turn=Mod("pk", lanes)).filter(turn=lane)
    return found.filter(state=Work.State.WAITING, not_before__lte=now).order_by("pk")


@cache
def jail() -> Jail:
    """Returns the best jail of this machine."""
    return best_available()


def ours() -> frozenset[str]:
    """Returns the hashes of the demo's own works, which may be opened where no strong jail is."""
    listed = Path(settings.DATA) / "ours.txt"
    return frozenset(listed.read_text(encoding="ascii").split()) if listed.exists() else frozenset()
