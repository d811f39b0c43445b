"""Panels, sealed drafts and score sheets."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Juror(models.Model):
    """A juror of a week, known in the log by number; `wrapped_key` is ciphertext only the juror's passphrase opens."""

    week = models.ForeignKey("weeks.Week", on_delete=models.PROTECT, related_name="jurors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="juries")
    number = models.PositiveIntegerField()
    categories = models.JSONField(default=list)
    vkey = models.CharField(max_length=300, blank=True)
    wrapped_key = models.JSONField(default=dict, blank=True)
    draft = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["week", "number"], name="juror_number_once"),
            models.UniqueConstraint(fields=["week", "person"], name="juror_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.week} · {self.number}"


class Sheet(models.Model):
    """A committed score sheet; the last one of a juror counts. `opening` is filled when the notary opened it."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="sheets")
    name = models.CharField(max_length=40, default="final")
    commit = models.CharField(max_length=64, unique=True)
    escrow_sha256 = models.CharField(max_length=64)
    committed_at = models.BigIntegerField()
    opening = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
