"""Declared results."""

from __future__ import annotations

from django.db import models


class Result(models.Model):
    """The declared result of a week: the whole working, as the table behind its hash."""

    week = models.OneToOneField("weeks.Week", on_delete=models.PROTECT, related_name="result")
    table = models.JSONField()
    table_sha256 = models.CharField(max_length=64)
    declared_at = models.BigIntegerField()
