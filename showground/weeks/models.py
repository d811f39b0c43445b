"""The week: its document (calendar, categories, genres, terms, hosts, prizes, rule) and who does what in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Week(models.Model):
    """One awareness week; `document` is its week file as it was read, checked by weeks/document.py."""

    code = models.SlugField(max_length=24, unique=True)
    origin = models.CharField(max_length=200, unique=True)
    document = models.JSONField()
    call_opens = models.BigIntegerField()
    call_closes = models.BigIntegerField()
    vote_opens = models.BigIntegerField()
    vote_closes = models.BigIntegerField()
    jury_closes = models.BigIntegerField()
    results_at = models.BigIntegerField()

    class Meta:
        ordering = ["-vote_opens"]
        constraints = [
            models.CheckConstraint(
                name="week_phases_in_order",
                condition=models.Q(call_opens__lt=models.F("call_closes"))
                & models.Q(call_closes__lte=models.F("vote_opens"))
                & models.Q(vote_opens__lt=models.F("vote_closes"))
                & models.Q(vote_closes__lt=models.F("jury_closes"))
                & models.Q(jury_closes__lte=models.F("results_at")),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Role(models.Model):
    """A person's duty in a week."""

    class Duty(models.TextChoices):
        ORGANISER = "organiser"
        SCREENER = "screener"
        JUROR = "juror"
        NOTARY = "notary"
        AUTHOR = "author"
        OFFICER = "officer"
        CUSTODIAN = "custodian"
        APPROVER = "approver"
        CURATOR = "curator"

    week = models.ForeignKey(Week, on_delete=models.PROTECT, related_name="roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    duty = models.CharField(max_length=12, choices=Duty.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "person", "duty"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.duty} · {self.week}"
