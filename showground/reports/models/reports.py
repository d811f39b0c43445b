"""A report, what came with it, who may read it, what was said about it, and the identity that lies apart."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from showground.rules.harms import CODES

PERSON = settings.AUTH_USER_MODEL


class Report(models.Model):
    """What one person told the desk. Found by `lookup` (a hash that only the code gives); read with a wrapped key."""

    class State(models.TextChoices):
        RECEIVED = "received"
        SCREENED = "screened"
        CLUSTERED = "clustered"
        REJECTED_SPAM = "rejected_spam"
        OUT_OF_SCOPE = "out_of_scope"
        WITHDRAWN = "withdrawn"

    class Channel(models.TextChoices):
        WEB = "web"
        SHARE = "share"
        MAIL = "mail"
        KIOSK = "kiosk"
        PHONE = "phone"
        PAPER = "paper"
        PARTNER = "partner"
        SITE = "site"

    number = models.CharField(max_length=12, unique=True)
    category = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=8)
    received_at = models.BigIntegerField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.RECEIVED)
    lookup = models.CharField(max_length=64, unique=True, null=True)
    reader = models.BinaryField(default=b"", blank=True)
    body_sealed = models.BinaryField(default=b"", blank=True)
    contact_sealed = models.BinaryField(default=b"", blank=True)
    proved = models.BooleanField(default=False)
    held_until = models.BigIntegerField(null=True)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, related_name="reports")
    subject = models.CharField(max_length=80, blank=True)
    filed_salt = models.CharField(max_length=43, blank=True)
    report_sha256 = models.CharField(max_length=64, blank=True)
    erased_at = models.BigIntegerField(null=True)
    expires_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "received_at"], name="report_waiting")]
        constraints = [models.CheckConstraint(name="report_of_a_known_harm", condition=models.Q(category__in=CODES))]

    def __str__(self) -> str:
        return self.number


class Wrap(models.Model):
    """The report's key wrapped to one who may read it: the desk, an officer, or the reporter. Wraps are added, not replaced."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="wraps")
    to = models.CharField(max_length=20)  # "desk", "reporter" or "holder/<id>"
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "to"], name="wrap_once")]


class Evidence(models.Model):
    """A file or text of a report: the original sealed as it came, what the jail read of it, and a safe copy to look at."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READ = "read"
        UNREADABLE = "unreadable"
        SEALED_UNSEEN = "sealed_unseen"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12)
    size = models.BigIntegerField()
    original = models.CharField(max_length=64, blank=True)
    copy = models.CharField(max_length=64, blank=True)
    read_sealed = models.BinaryField(default=b"", blank=True)
    match_sealed = models.BinaryField(default=b"", blank=True)  # sketch and fingerprint, under a key made from the desk's
    state = models.CharField(max_length=14, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)


class Mark(models.Model):
    """An observable of a report as the desk matches it: an HMAC under the desk's key (vault/boxes.py: mark)."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=64, db_index=True)
    via = models.CharField(max_length=12)
    strong = models.BooleanField(default=False)


class Message(models.Model):
    """A message between the reporter and the desk, sealed under the report's key; it outlives any one officer's access."""

    class Way(models.TextChoices):
        TO_DESK = "to_desk"
        TO_REPORTER = "to_reporter"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="messages")
    way = models.CharField(max_length=12, choices=Way.choices)
    sealed = models.BinaryField()
    at = models.BigIntegerField()
    seen_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]


class Identity(models.Model):
    """Who the reporter is, if they said so, under a key of its own that takes two persons to put together."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="identity")
    purpose = models.CharField(max_length=12)
    sealed = models.BinaryField()
    erase_at = models.BigIntegerField(null=True)


class IdentityHalf(models.Model):
    """One half of an identity's key, wrapped to one holder: custodians have the first half, approvers the second."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="halves")
    holder = models.ForeignKey("Holder", on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity", "holder"], name="identity_half_once")]


class IdentityAccess(models.Model):
    """An opening of an identity: who asked and why, who agreed, when it was read, and when the reporter saw that it was."""

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="accesses")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reason_sealed = models.BinaryField()
    reason_code = models.CharField(max_length=30)
    asked_at = models.BigIntegerField()
    half_sealed = models.BinaryField(default=b"", blank=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.BigIntegerField(null=True)
    agreed = models.BooleanField(null=True)
    opened_at = models.BigIntegerField(null=True)
    shown_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_two_persons",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
            )
        ]


class Deletion(models.Model):
    """A deletion before its time: one asks, another agrees, and anybody of the desk may object for fifteen days."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="deletion")
    reason_code = models.CharField(max_length=30)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.BigIntegerField()
    agreed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.BigIntegerField(null=True)
    objected_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    objected_at = models.BigIntegerField(null=True)
    done_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deletion_two_persons",
                condition=models.Q(agreed_by=None) | ~models.Q(agreed_by=models.F("asked_by")),
            )
        ]
