"""What can be known about uploaded works."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Mod

from showground.media.jail import Jail, best_available
from showground.works.models import Work


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


def _as_picture(rendition: dict[str, Any]) -> Picture:
    return Picture(f"/media/{rendition['file']}", rendition["width"], rendition["height"], rendition["type"])


def pictures(work: Work | None) -> list[Picture]:
    """Returns the still pictures of a safe work, the smallest first; none for a work that has none."""
    found = [r for r in (work.media.get("renditions", []) if work else []) if r["use"] == "picture"]
    return [_as_picture(r) for r in sorted(found, key=lambda r: r["width"])]


def film(work: Work | None) -> Picture | None:
    """Returns the film of a safe video work."""
    found = [r for r in (work.media.get("renditions", []) if work else []) if r["use"] == "video"]
    return _as_picture(found[0]) if found else None


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
