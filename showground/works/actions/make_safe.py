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
from showground.works.actions.erase import erase_again, names_in, remove_made
from showground.works.actions.receive import original, quarantine, scratch
from showground.works.models import Work

TOOLS = {"picture": "picture", "video": "video", "h5": "package", "audio": "sound", "handout": "handout"}
SUFFIX = {"image/webp": ".webp", "image/jpeg": ".jpg", "video/mp4": ".mp4", "audio/mp4": ".m4a", "application/pdf": ".pdf"}
ATTEMPTS = 3
BACKOFF = 20


def _named(answer: dict[str, Any]) -> dict[str, Any]:
    """Returns what the jail made, with the names under which it will lie."""
    made = [{**one, "file": one["sha256"] + SUFFIX[one["type"]]} for one in answer.get("renditions", [])]
    return {**answer, "renditions": made}


def _publish(rendition: dict[str, Any], out: Path) -> None:
    goal = Path(settings.MEDIA_STORE) / rendition["file"][:2] / rendition["file"]
    goal.parent.mkdir(parents=True, exist_ok=True)
    if not goal.exists():
        shutil.move(out / rendition["name"], goal.with_suffix(".part"))
        os.replace(goal.with_suffix(".part"), goal)


def _keep(work: Work, media: dict[str, Any], out: Path) -> None:
    for rendition in media["renditions"]:
        _publish(rendition, out)
    if work.category == "h5":
        home = Path(settings.H5_STORE) / media["hash32"]
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(out / "h5", home)
    goal = original(work)
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if quarantine(work).exists():
        os.replace(quarantine(work), goal)


def make_safe(work: Work, *, jail: Jail, at: int, ours: frozenset[str] = frozenset()) -> Work:
    """The work has safe renditions and is `safe`, or is `refused` with the reason; a broken jail leaves it waiting for later.

    Without a strong jail only files whose SHA-256 is in `ours` (the demo's own works) are opened.
    """
    if twin := Work.objects.filter(sha256=work.sha256, category=work.category, state=Work.State.SAFE).first():
        return _as_before(work, twin)
    file = quarantine(work) if quarantine(work).exists() else original(work)
    if not jail.strong and work.sha256 not in ours:
        return _refuse(work, Refused("work.no_jail"))
    scratch().mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=scratch(), prefix=f"{work.code}-") as folder:
        out = Path(folder)
        try:
            answer = jail.run(TOOLS[work.category], file, out)
        except Refused as refused:
            return _refuse(work, refused)
        except (JailBroken, OSError):
            return _later(work, at)
        _take_out(work, _named(answer), out)
    work.refresh_from_db()
    return work


def _take_out(work: Work, media: dict[str, Any], out: Path) -> None:
    """What the jail made lies in its places. The row names it before it lies there, so that whoever erases the work finds it."""
    before, row = work.media, Work.objects.filter(pk=work.pk, state=Work.State.WAITING)
    if not row.update(media=media):  # erased meanwhile: nothing leaves the scratch
        return
    _keep(work, media, out)
    if row.update(state=Work.State.SAFE, refusal={}):
        remove_made(work, names_in(before) - names_in(media))  # of a try that died on the way
    else:
        erase_again(work, media)


def _as_before(work: Work, twin: Work) -> Work:
    """The same bytes have been made safe before: the same renditions serve."""
    Work.objects.filter(pk=work.pk, state=Work.State.WAITING).update(state=Work.State.SAFE, media=twin.media, refusal={})
    quarantine(work).unlink(missing_ok=True)
    work.refresh_from_db()
    return work


def _refuse(work: Work, refused: Refused) -> Work:
    told, row = {"code": refused.code, **refused.facts}, Work.objects.filter(pk=work.pk, state=Work.State.WAITING)
    if row.update(state=Work.State.REFUSED, refusal=told, media={}):
        quarantine(work).unlink(missing_ok=True)
        remove_made(work, names_in(work.media))  # of a try that died on the way
    work.refresh_from_db()
    return work


def _later(work: Work, at: int) -> Work:
    if work.attempts + 1 >= ATTEMPTS:
        return _refuse(work, Refused("media.unreadable", tool=TOOLS[work.category], ended="jail"))
    row = Work.objects.filter(pk=work.pk, state=Work.State.WAITING)
    row.update(attempts=work.attempts + 1, not_before=at + BACKOFF * (work.attempts + 1))
    work.refresh_from_db()
    return work
