"""The desk itself: its key, who holds keys, whose shift is open, the law it may cite, and what happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models

PERSON = settings.AUTH_USER_MODEL


class DeskKey(models.Model):
    """The desk's public key, to which reports are sealed on arrival; its private half exists only wrapped to officers."""

    public = models.BinaryField()
    code_salt = models.BinaryField()
    made_at = models.BigIntegerField()
    retired_at = models.BigIntegerField(null=True)


class Holder(models.Model):
    """A person who holds a key of the desk. `kept` is the private half behind a passphrase that the site never stores.

    An officer also holds the desk's private half (`desk_wrapped`). A custodian and an approver each hold one half of the key to
    an identity, and nobody holds both.
    """

    class Duty(models.TextChoices):
        OFFICER = "officer"
        CUSTODIAN = "custodian"
        APPROVER = "approver"

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=10, choices=Duty.choices)
    public = models.BinaryField()
    kept = models.BinaryField()
    desk_wrapped = models.BinaryField(default=b"", blank=True)
    unit = models.CharField(max_length=60, blank=True)
    added_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "duty"], condition=models.Q(revoked_at=None), name="holder_duty_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(revoked_at=None, duty__in=["custodian", "approver"]),
                name="holder_of_one_half",
            ),
        ]


class Shift(models.Model):
    """An unlocked key: the holder's private half sealed under a key that only a cookie of that browser holds.

    Nobody's hand for a while, and the sealed key is destroyed (b""): the shift is locked. `seen_at` is the last act, None: since opened.
    """

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="shifts")
    token_sha256 = models.CharField(max_length=64, unique=True)
    sealed_key = models.BinaryField()
    opened_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    seen_at = models.BigIntegerField(null=True)


class Booth(models.Model):
    """A device at a booth: what its address holds is kept as a hash, so that it is shown once. Which reports it sent is not kept."""

    name = models.CharField(max_length=40)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    seen_at = models.BigIntegerField(null=True)
    day = models.BigIntegerField(default=0)  # of `filed`, in days since 1970
    filed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class HoldEnd(models.Model):
    """One person asks that a legal hold end; a second must agree, and either lets the row go."""

    case = models.OneToOneField("Case", on_delete=models.CASCADE, related_name="hold_end")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.BigIntegerField()


class LegalBasis(models.Model):
    """A provision that a referral or a decision may cite; the list is public, and there is no referral without one."""

    class Kind(models.TextChoices):
        STATUTE = "statute"
        CONTRACT_TERM = "contract_term"
        COURT_ORDER = "court_order"

    jurisdiction = models.CharField(max_length=40)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    citation = models.JSONField()
    url = models.URLField(blank=True)
    categories = models.JSONField(default=list)
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField(null=True)


class Event(models.Model):
    """One step of the desk, never changed: what happened to which thing, by which role; `commit` goes into a batch of the log."""

    thing = models.CharField(max_length=20)
    thing_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    role = models.CharField(max_length=12)
    at = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    log = models.CharField(max_length=200)
    salt = models.CharField(max_length=43)
    commit = models.CharField(max_length=64, unique=True)
    batch = models.ForeignKey("Batch", on_delete=models.PROTECT, null=True, related_name="events")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["thing", "thing_id"], name="event_of_thing")]
