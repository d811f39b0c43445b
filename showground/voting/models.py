"""What the site keeps of the vote: the published count. Ballots live behind the door and in the log only."""

from __future__ import annotations

from django.db import models


class Count(models.Model):
    """The count of a week's ballots as it was published, with the table behind its hash."""

    week = models.OneToOneField("weeks.Week", on_delete=models.PROTECT, related_name="count")
    table = models.JSONField()
    table_sha256 = models.CharField(max_length=64)
    counted_at = models.BigIntegerField()
