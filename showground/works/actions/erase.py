"""Erasing a work: its bytes go, the log keeps hashes that nobody can connect to a person.

A row is `erasing` from the transaction that decided so until its bytes are gone, and as long it says what they are called. So whatever
is rolled back has lost no byte, and what lies there still after a crash is found by its row and goes later.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from showground.works.actions.receive import original, quarantine, scratch
from showground.works.models import Work
from showground.works.queries import closed_address

IN_USE = (Work.State.WAITING, Work.State.SAFE)
told = logging.getLogger(__name__)


@transaction.atomic
def erase_work(work: Work) -> None:
    """No byte of the work is left on this site once the caller's transaction stands, unless another work has the same content."""
    Work.objects.filter(pk=work.pk).update(filename="", state=Work.State.ERASING, refusal={"code": "work.erased"})
    transaction.on_commit(partial(remove_bytes, work.pk), robust=True)


def erase_again(work: Work, media: dict[str, Any]) -> None:
    """Of a work that was erased while the jail had it no byte is left either, of all that was made of it since (`media`)."""
    gone = Work.objects.filter(pk=work.pk, state__in=(Work.State.ERASING, Work.State.REFUSED))
    if gone.update(state=Work.State.ERASING, sha256=work.sha256, media=media):
        remove_bytes(work.pk)


@transaction.atomic
def remove_bytes(pk: int) -> bool:
    """Tells whether the bytes of a work to be erased are gone, and what the row said of them with them; safe to repeat.

    What another work of the same content may need stays as long as that one waits for the jail; this one comes again.
    """
    work = Work.objects.select_for_update().filter(pk=pk, state=Work.State.ERASING).first()
    if work is None:
        return False
    quarantine(work).unlink(missing_ok=True)
    for left in scratch().glob(f"{work.code}-*"):  # of a process that died
        shutil.rmtree(left, ignore_errors=True)
    same = Work.objects.filter(sha256=work.sha256).exclude(pk=pk).exclude(sha256="")
    if same.filter(state=Work.State.WAITING).exists():
        return False
    if work.sha256 and not same.filter(state=Work.State.SAFE).exists():
        original(work).unlink(missing_ok=True)
    remove_made(work, names_in(work.media))
    Work.objects.filter(pk=pk).update(media={}, sha256="", state=Work.State.REFUSED)
    return True


def names_in(media: dict[str, Any]) -> set[str]:
    """Returns what the files that were made of a work are called: renditions, and the address of an interactive one."""
    return {str(one["file"]) for one in media.get("renditions", [])} | ({str(media["hash32"])} if media.get("hash32") else set())


def remove_made(work: Work, names: Iterable[str]) -> None:
    """These files are gone, but for those that another work has made too: pictures that differ in what we leave out become one."""
    for name in names:
        if not Work.objects.filter(state__in=IN_USE, media__icontains=name).exclude(pk=work.pk).exists():
            _remove(name)


def _remove(name: str) -> None:
    if "." in name:
        file = Path(settings.MEDIA_STORE) / name[:2] / name
        file.unlink(missing_ok=True)
        file.with_suffix(".part").unlink(missing_ok=True)
        return
    home = Path(settings.H5_STORE) / name
    (home.parent / closed_address(name)).unlink(missing_ok=True)
    if home.is_dir():
        shutil.rmtree(home)


def remove_erased() -> int:
    """Returns of how many works the bytes are gone now that were left: by a crash right after the decision, by a disk that said no."""
    done = 0
    for pk in list(Work.objects.filter(state=Work.State.ERASING).values_list("pk", flat=True)):
        try:
            done += remove_bytes(pk)
        except OSError:
            told.exception("work %s is not erased yet and comes again", pk)
    try:
        _remove_strays()
    except OSError:
        told.exception("the quarantine is not tidy yet")
    return done


def _remove_strays() -> None:
    """A work that was refused or erased has nothing in quarantine: no piece that came too late, nothing that a crash left."""
    folder = Path(settings.WORKS) / "quarantine"
    names = os.listdir(folder) if folder.is_dir() else []
    for first in range(0, len(names), 500):
        for work in Work.objects.filter(code__in=names[first : first + 500], state=Work.State.REFUSED):
            quarantine(work).unlink(missing_ok=True)
