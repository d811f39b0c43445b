"""The published log as the site keeps it: logs, the outbox of minutes, checkpoints, assets and places of readers."""

from __future__ import annotations

from django.db import models


class Log(models.Model):
    """One append-only log, known by its origin."""

    origin = models.CharField(max_length=200, unique=True)
    vkey = models.CharField(max_length=300)
    policy = models.TextField()

    def __str__(self) -> str:
        return self.origin


class Minute(models.Model):
    """One record on its way into the log (the outbox); `index` is what the door gave it."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="minutes")
    entry = models.TextField()
    kind = models.CharField(max_length=40)
    written_at = models.BigIntegerField()
    index = models.BigIntegerField(null=True)
    refused = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["log", "index"], name="minute_waiting")]
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="minute_index_once")]


class Checkpoint(models.Model):
    """A signed tree head of a log; `note` carries the log's signature and the cosignatures seen so far."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    signed_at = models.BigIntegerField()
    witnessed_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-size"]
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="checkpoint_size_once")]


class Place(models.Model):
    """How far a reader has read a log."""

    reader = models.CharField(max_length=60)
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="places")
    index = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "log"], name="place_once")]
