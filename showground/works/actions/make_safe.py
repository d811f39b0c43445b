"""Making an upload safe: every decoder runs in the jail, only bytes that we made are published."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from showground.media.jail import Jail, JailBroken
from showground.rules.refused import Refused
from showground.works.actions.receive import original, quarantine
from showground.works.models import Work

TOOLS = {"picture": "picture", "video": "video", "h5": "package", "audio": "sound", "handout": "handout"}
SUFFIX = {"image/webp": ".webp", "image/jpeg": ".jpg", "video/mp4": ".mp4", "audio/mp4": ".m4a", "application/pdf": ".pdf"}
ATTEMPTS = 3
BACKOFF = 20


def _publish(rendition: dict[str, Any], out: Path) -> dict[str, Any]:
    name = rendition["sha256"] + SUFFIX[rendition["type"]]
    goal = Path(settings.MEDIA_STORE) / name[:2] / name
    goal.parent.mkdir(parents=True, exist_ok=True)
    if not goal.exists():
        shutil.move(out / rendition["name"], goal.with_suffix(".part"))
        os.replace(goal.with_suffix(".part"), goal)
    return {**rendition, "file": name}


def _keep(work: Work, answer: dict[str, Any], out: Path) -> dict[str, Any]:
    media = {**answer, "renditions": [_publish(rendition, out) for rendition in answer.get("renditions", [])]}
    if work.category == "h5":
        home = Path(settings.H5_STORE) / answer["hash32"]
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(out / "h5", home)
    goal = original(work)
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if quarantine(work).exists():
        os.replace(quarantine(work), goal)
    return media


def make_safe(work: Work, *, jail: Jail, at: int, ours: frozenset[str] = frozenset()) -> Work:
    """The work has safe renditions and is `safe`, or is `refused` with the reason; a broken jail leaves it waiting for later.

    Without a strong jail only files whose SHA-256 is in `ours` (the demo's own works) are opened.
    """
    if twin := Work.objects.filter(sha256=work.sha256, category=work.category, state=Work.State.SAFE).first():
        return _as_before(work, twin)
    file = quarantine(work) if quarantine(work).exists() else original(work)
    if not jail.strong and work.sha256 not in ours:
        return _refuse(work, Refused("work.no_jail"))
    scratch_root = Path(settings.WORKS) / "scratch"
    scratch_root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=scratch_root) as scratch:
        out = Path(scratch)
        try:
            answer = jail.run(TOOLS[work.category], file, out)
        except Refused as refused:
            return _refuse(work, refused)
        except (JailBroken, OSError):
            return _later(work, at)
        media = _keep(work, answer, out)
    Work.objects.filter(pk=work.pk, state=Work.State.WAITING).update(state=Work.State.SAFE, media=media, refusal={})
    work.refresh_from_db()
    return work


def _as_before(work: Work, twin: Work) -> Work:
    """The same bytes have been made safe before: the same renditions serve."""
    Work.objects.filter(pk=work.pk, state=Work.State.WAITING).update(state=Work.State.SAFE, media=twin.media, refusal={})
    quarantine(work).unlink(missing_ok=True)
    work.refresh_from_db()
    return work


def _refuse(work: Work, refused: Refused) -> Work:
    Work.objects.filter(pk=work.pk).update(state=Work.State.REFUSED, refusal={"code": refused.code, **refused.facts})
    quarantine(work).unlink(missing_ok=True)
    work.refresh_from_db()
    return work


def _later(work: Work, at: int) -> Work:
    if work.attempts + 1 >= ATTEMPTS:
        return _refuse(work, Refused("media.unreadable", tool=TOOLS[work.category], ended="jail"))
    Work.objects.filter(pk=work.pk).update(attempts=work.attempts + 1, not_before=at + BACKOFF * (work.attempts + 1))
    work.refresh_from_db()
    return work
