"""Holding the files of a work back from the public, and giving them back. The files stay; what changes is who is served."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from showground.works.models import HeldFile, Work
from showground.works.queries import closed_address, held_packages

MARK = b"held back\n"  # other marks of the same name are an operator's and are left alone


@transaction.atomic
def hold_files(work: Work) -> None:
    """No rendition of the work is served at its public address, and an interactive one does not run there; safe to repeat."""
    names = [rendition["file"] for rendition in work.media.get("renditions", [])]
    home = str(work.media.get("hash32") or "")
    for name in [*names, *([home] if home else [])]:
        HeldFile.objects.get_or_create(work=work, name=name)
    if home:
        transaction.on_commit(lambda: keep_shut(home))


@transaction.atomic
def release_files(work: Work) -> None:
    """The files of the work are served again, unless another work with the same content is held back."""
    home = str(work.media.get("hash32") or "")
    HeldFile.objects.filter(work=work).delete()
    if home:
        transaction.on_commit(lambda: keep_shut(home))


def keep_shut(home: str) -> None:
    """The package at w<home> answers "taken down" at its public address if, and only if, it is held back; safe to repeat.

    While it is, the jury runs it at an address that nobody can guess.
    """
    store = Path(settings.H5_STORE)
    gone, closed = store / f"{home}.gone", store / closed_address(home)
    if HeldFile.objects.filter(name=home).exists():
        store.mkdir(parents=True, exist_ok=True)
        gone.write_bytes(MARK)
        if not closed.is_symlink():
            closed.symlink_to(home, target_is_directory=True)
    else:
        closed.unlink(missing_ok=True)
        if gone.exists() and gone.read_bytes() == MARK:
            gone.unlink()


def keep_all_shut() -> None:
    """Every package is shut or open as the database says, also if a process died between the decision and the mark."""
    store = Path(settings.H5_STORE)
    marked = [gone.stem for gone in store.glob("*.gone") if gone.read_bytes() == MARK] if store.is_dir() else []
    for home in {*held_packages(), *marked}:
        keep_shut(home)
