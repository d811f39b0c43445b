"""The open call: one entry is a work with its registration form, pledge and state."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One entry to a week; `code` is its public id in addresses and in the log."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    week = models.ForeignKey("weeks.Week", on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    work = models.ForeignKey("works.Work", on_delete=models.PROTECT, null=True, related_name="entries")
    code = models.CharField(max_length=6, unique=True)
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    category = models.CharField(max_length=20)
    genre = models.CharField(max_length=30)
    title_en = models.CharField(max_length=120, blank=True)
    title_zh = models.CharField(max_length=120, blank=True)
    statement_en = models.TextField(max_length=1200, blank=True)
    statement_zh = models.TextField(max_length=1200, blank=True)
    alt_en = models.CharField(max_length=400, blank=True)
    alt_zh = models.CharField(max_length=400, blank=True)
    maker_name = models.CharField(max_length=120)
    maker_kind = models.CharField(max_length=10, choices=[("person", "person"), ("group", "group")], default="person")
    credit = models.CharField(max_length=300, blank=True)
    pledge = models.TextField(blank=True)
    pledged_at = models.BigIntegerField(null=True)
    salts = models.JSONField(default=dict, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_text = models.TextField(blank=True)
    started_at = models.BigIntegerField()
    submitted_at = models.BigIntegerField(null=True)
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="screened_entries")

    withheld_at = models.BigIntegerField(null=True)  # not shown since then, by a decision that can be appealed; the state stays
    withheld_for = models.CharField(max_length=40, blank=True)
    withheld_words = models.JSONField(default=dict, blank=True)  # the public reasons by language; they name nobody
    withheld_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["week", "number"], name="entry_number_once"),
            models.CheckConstraint(
                name="entry_submitted_with_work_and_pledge",
                condition=models.Q(state__in=["draft", "withdrawn"])
                | (models.Q(work__isnull=False) & models.Q(pledged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="entry_withheld_for_a_reason",
                condition=models.Q(withheld_at=None, withheld_for="")
                | (models.Q(withheld_at__isnull=False) & ~models.Q(withheld_for="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_zh or self.code
