"""Erasing a work: its bytes go, the log keeps hashes that nobody can connect to a person."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from showground.works.actions.receive import original, quarantine
from showground.works.models import Work
from showground.works.queries import closed_address


def erase_work(work: Work) -> None:
    """No byte of the work is left on this site, unless another work has the same content."""
    quarantine(work).unlink(missing_ok=True)
    if not Work.objects.filter(sha256=work.sha256).exclude(pk=work.pk).exists():
        original(work).unlink(missing_ok=True)
        for rendition in work.media.get("renditions", []):
            name = rendition["file"]
            (Path(settings.MEDIA_STORE) / name[:2] / name).unlink(missing_ok=True)
        if home := work.media.get("hash32"):
            shutil.rmtree(Path(settings.H5_STORE) / home, ignore_errors=True)
            (Path(settings.H5_STORE) / closed_address(home)).unlink(missing_ok=True)
    Work.objects.filter(pk=work.pk).update(
        media={}, sha256="", filename="", state=Work.State.REFUSED, refusal={"code": "work.erased"}
    )
