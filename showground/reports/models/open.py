"""What the desk shows everybody: batches in the log, figures, the directory of channels, warnings made from clusters."""

from __future__ import annotations

from django.conf import settings
from django.db import models

PERSON = settings.AUTH_USER_MODEL


class Batch(models.Model):
    """The commitments of one fixed hour under one root, as the log has it."""

    origin = models.CharField(max_length=200)
    at = models.BigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    minute = models.OneToOneField("ledger.Minute", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["at"], name="batch_hour_once")]


class FigureSnapshot(models.Model):
    """The figures of a period as they were published, with the hash that stands in the log."""

    period_from = models.BigIntegerField()
    period_to = models.BigIntegerField()
    figures = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.BigIntegerField()
    minute = models.OneToOneField("ledger.Minute", on_delete=models.PROTECT, null=True, related_name="+")
    waiting = models.JSONField(default=dict)  # of the newest only: ids of what is not counted yet, by kind (queries/fives.py)

    class Meta:
        ordering = ["-period_to"]


class Channel(models.Model):
    """A place to turn to: a hotline, a site, an app, a body; also where the desk sends what is not its own."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    name = models.JSONField()
    about = models.JSONField()
    reach = models.JSONField()
    categories = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=100)
    checked_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["order", "code"]


class Card(models.Model):
    """A warning to everybody, written by a person from a cluster: how the scam goes and what to do; nobody is named."""

    code = models.SlugField(max_length=40, unique=True)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, related_name="cards")
    title = models.JSONField()
    how = models.JSONField()
    act = models.JSONField()
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    read_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.BigIntegerField(null=True)
    withdrawn_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-published_at"]
