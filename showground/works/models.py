"""An uploaded work, from quarantine to safe rendition."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Work(models.Model):
    """One uploaded file and what was made of it; the state is the queue that works/jobs.py reads."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        WAITING = "waiting"
        SAFE = "safe"
        REFUSED = "refused"
        ERASING = "erasing"

    code = models.CharField(max_length=12, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="works")
    category = models.CharField(max_length=20)
    filename = models.CharField(max_length=255)
    declared_size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVING)
    refusal = models.JSONField(default=dict, blank=True)
    media = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.BigIntegerField(default=0)
    started_at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="work_waiting")]

    def __str__(self) -> str:
        return f"{self.code} ({self.filename})"


class HeldFile(models.Model):
    """A public file that is not served for now: the name of a rendition, or the address of an interactive work."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="held_files")
    name = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "name"], name="held_file_once")]
