"""A case: reports of the same thing, its clocks, its decision and reasons, referrals, appeals."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from showground.rules.harms import CODES

PERSON = settings.AUTH_USER_MODEL


class Case(models.Model):
    """Reports of one thing, worked on as one. Its title is neutral: a category and a number."""

    class State(models.TextChoices):
        NEW = "new"
        TRIAGED = "triaged"
        ASSESSING = "assessing"
        AWAITING_REPORTER = "awaiting_reporter"
        DECIDED = "decided"
        CLOSED = "closed"

    number = models.CharField(max_length=12, unique=True)
    category = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=18, choices=State.choices, default=State.NEW)
    assignee = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    second_reader = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    work = models.CharField(max_length=12, blank=True)  # the entry's code when the week's own site is the host
    by_public_body = models.BooleanField(default=False)
    legal_hold = models.CharField(max_length=200, blank=True)
    opened_at = models.BigIntegerField()
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-severity", "opened_at"]
        constraints = [models.CheckConstraint(name="case_of_a_known_harm", condition=models.Q(category__in=CODES))]

    def __str__(self) -> str:
        return self.number


class CaseLink(models.Model):
    """Why a report belongs to a case; a link is undone, never deleted, and touches no text."""

    report = models.ForeignKey("Report", on_delete=models.CASCADE, related_name="links")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    rule = models.CharField(max_length=30)
    score = models.PositiveSmallIntegerField(default=100)
    suggested = models.BooleanField(default=False)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.BigIntegerField()
    undone_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.BigIntegerField(null=True)


class Recusal(models.Model):
    """A person who stays out of a case: the system no longer shows it to them."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=30)
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="recusal_once")]


class StaffNote(models.Model):
    """A note that never leaves the desk, sealed to the desk."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()
    sealed = models.BinaryField()
    at = models.BigIntegerField()


class Clock(models.Model):
    """A deadline of a case, an appeal or a referral; it pauses only while the desk waits for the reporter, and pauses are counted."""

    thing = models.CharField(max_length=10)
    thing_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    started_at = models.BigIntegerField()
    due_at = models.BigIntegerField()
    paused_at = models.BigIntegerField(null=True)
    paused_for = models.BigIntegerField(default=0)
    met_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "thing_id", "kind"], name="clock_once")]


class Decision(models.Model):
    """What was decided and why. Software decides nothing: there is no way to write an automated decision."""

    class Outcome(models.TextChoices):
        REFER = "refer"
        WARN_PUBLIC = "warn_public"
        ACT_HERE = "act_here"
        LAWFUL_NO_ACTION = "lawful_no_action"
        INSUFFICIENT = "insufficient"
        NOT_OUR_REMIT = "not_our_remit"
        DUPLICATE_OF = "duplicate_of"
        UNFOUNDED = "unfounded"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=18, choices=Outcome.choices)
    legal_basis = models.ForeignKey("LegalBasis", on_delete=models.PROTECT, null=True, related_name="+")
    wrapped = models.BinaryField()
    facts_sealed = models.BinaryField()
    lawful_speech = models.JSONField(default=dict)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    decided_at = models.BigIntegerField()
    second_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.BigIntegerField(null=True)
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaces")
    same_as = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    where_to = models.ForeignKey("Channel", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_second_reader",
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="decision_of_the_closed_list",
                condition=models.Q(outcome__in=[
                    "refer", "warn_public", "act_here", "lawful_no_action", "insufficient", "not_our_remit", "duplicate_of", "unfounded",
                ]),
            ),
            models.CheckConstraint(
                name="decision_acts_with_two_and_a_law",
                condition=~models.Q(outcome__in=["refer", "act_here"])
                | models.Q(legal_basis__isnull=False, second_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_warns_with_two",
                condition=~models.Q(outcome="warn_public") | models.Q(second_by__isnull=False),
            ),
        ]  # fmt: skip


class Proposal(models.Model):
    """A decision that is being written: a draft, then before its second reader, perhaps returned. Gone once it is decided."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PROPOSED = "proposed"
        RETURNED = "returned"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="proposal")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()
    sealed = models.BinaryField()
    at = models.BigIntegerField()


class Reasons(models.Model):
    """The reasons of a decision in one language for one audience. They name nobody and are in clear: a statement of them is published.

    Those for reporters are destroyed with the case (actions/keep.py).
    """

    class Audience(models.TextChoices):
        REPORTER = "reporter"
        AFFECTED = "affected"
        PUBLIC = "public"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="reasons")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    language = models.CharField(max_length=8)
    sealed = models.BinaryField(default=b"", blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "audience", "language"], name="reasons_once")]


class Partner(models.Model):
    """A body that can act: a platform, a registrar, a bank, a CERT, a hotline, the police."""

    class Kind(models.TextChoices):
        PLATFORM = "platform"
        REGISTRAR = "registrar"
        REGISTRY = "registry"
        HOST = "host"
        TELCO = "telco"
        CERT = "cert"
        HOTLINE = "hotline"
        POLICE = "police"
        BANK = "bank"

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.JSONField()
    mail = models.EmailField()
    formats = models.JSONField(default=list)
    legitimate_hosts = models.JSONField(default=list)
    api_sha256 = models.CharField(max_length=64, unique=True, null=True)  # of the token its own programs report with
    verified_at = models.BigIntegerField(null=True)


class Referral(models.Model):
    """A notice to a partner and the partner's own answer, kept as data."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        SECOND_READ = "second_read"
        POSTING = "posting"  # given to the mail server, and nothing says yet whether it left
        SENT = "sent"
        ACKNOWLEDGED = "acknowledged"
        NEED_MORE = "need_more"
        ACTED = "acted"
        PARTLY = "partly"
        REFUSED = "refused"
        NO_ANSWER = "no_answer"
        ALREADY_GONE = "already_gone"
        RELAPSED = "relapsed"
        CORRECTED = "corrected"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="referrals")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=14, choices=State.choices, default=State.DRAFTED)
    drafted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    read_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    wrapped = models.BinaryField()
    notice_sealed = models.BinaryField()
    notice_sha256 = models.CharField(max_length=64)
    posting_at = models.BigIntegerField(null=True)  # when it was last given to the mail server, until that is known to have ended
    posts = models.PositiveSmallIntegerField(default=0)  # how often it was
    token_sha256 = models.CharField(max_length=64, unique=True, null=True)
    link_turn = models.PositiveSmallIntegerField(default=0)  # how often the link was recalled
    link_until = models.BigIntegerField(null=True)
    sent_at = models.BigIntegerField(null=True)
    answered_at = models.BigIntegerField(null=True)
    partner_ref = models.CharField(max_length=80, blank=True)
    answer_sealed = models.BinaryField(default=b"", blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referral_second_reader", condition=models.Q(read_by=None) | ~models.Q(read_by=models.F("drafted_by"))
            )
        ]


class Appeal(models.Model):
    """An appeal against a decision, by the reporter or by the person it affected, heard by somebody else."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld"
        PARTLY_REVERSED = "partly_reversed"
        REVERSED = "reversed"
        OMITTED = "omitted"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    by = models.CharField(max_length=8)  # "reporter" or "affected"
    report = models.ForeignKey("Report", on_delete=models.PROTECT, null=True, related_name="+")  # whose reporter it was
    wrapped = models.BinaryField()
    grounds_sealed = models.BinaryField()
    lodged_at = models.BigIntegerField()
    handler = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    reasons_sealed = models.BinaryField(default=b"", blank=True)
    words = models.JSONField(default=dict, blank=True)  # to the person affected: the reasons by language, in clear, naming nobody
    decided_at = models.BigIntegerField(null=True)
