"""The bank of questions, quizzes, sittings, prize draws and their claims. Questions are the objects of rules/questions.py."""

from __future__ import annotations

from django.conf import settings
from django.db import models

PERSON = settings.AUTH_USER_MODEL


# ---- the bank (one for the whole site; weeks come and go) ----


class Question(models.Model):
    """A question of the bank by its code; `current` is the version that new quizzes ask."""

    code = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=12)
    category = models.CharField(max_length=60, blank=True)
    tags = models.JSONField(default=list, blank=True)
    current = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One wording of a question; nobody approves what they wrote themselves."""

    class State(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"
        APPROVED = "approved"
        RETURNED = "returned"

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.BigIntegerField()
    read_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["question", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="version_number_once"),
            models.CheckConstraint(
                name="version_second_reader",
                condition=models.Q(read_by=None) | models.Q(written_by=None) | ~models.Q(read_by=models.F("written_by")),
            ),
        ]


class Medium(models.Model):
    """The safe rendition of a picture, sound or film of a question; the file lies in the media store under `name`."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=100)
    filename = models.CharField(max_length=255, blank=True)


# ---- quizzes ----


class Series(models.Model):
    """Rounds that come regularly: every `every_days` days a quiz is opened from the same pattern."""

    week = models.ForeignKey("weeks.Week", on_delete=models.PROTECT, related_name="series")
    code = models.SlugField(max_length=30)
    name = models.JSONField()
    pattern = models.JSONField()
    every_days = models.PositiveSmallIntegerField(default=7)
    rounds = models.PositiveSmallIntegerField(default=1)
    first_opens = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "code"], name="series_code_once")]


class Quiz(models.Model):
    """One quiz of a week. A prize quiz has `rules` (rules/quizzes.py) and a committed key; a practice quiz may have neither."""

    class Kind(models.TextChoices):
        PRACTICE = "practice"
        PRIZE = "prize"
        CLASSROOM = "classroom"

    class State(models.TextChoices):
        DRAFT = "draft"
        ANNOUNCED = "announced"
        CLOSED = "closed"
        REVEALED = "revealed"

    week = models.ForeignKey("weeks.Week", on_delete=models.PROTECT, related_name="quizzes")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="quizzes")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name = models.JSONField()
    about = models.JSONField(default=dict, blank=True)
    items = models.PositiveSmallIntegerField(default=5)
    opens = models.BigIntegerField()
    closes = models.BigIntegerField()
    rules = models.JSONField(default=dict, blank=True)
    key_salt = models.CharField(max_length=43, blank=True)
    made_at = models.BigIntegerField()
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-opens", "code"]
        constraints = [
            models.UniqueConstraint(fields=["week", "code"], name="quiz_code_once"),
            models.CheckConstraint(name="quiz_times_in_order", condition=models.Q(opens__lt=models.F("closes"))),
        ]

    def __str__(self) -> str:
        return f"{self.week} · {self.code}"


class PoolItem(models.Model):
    """A question in a quiz's pool, in the wording that stood when the quiz was announced."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="pool")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=64)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["quiz", "code"], name="pool_question_once")]


class Sitting(models.Model):
    """One person's go at a quiz. The browser holds a token, the site its hash; who it was is not known."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="sittings")
    token_sha256 = models.CharField(max_length=64)
    go = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=8)
    seed = models.CharField(max_length=64)
    items = models.JSONField()
    answers = models.JSONField(default=dict, blank=True)
    started_at = models.BigIntegerField()
    seconds = models.JSONField(default=dict, blank=True)
    proved = models.BooleanField(default=False)
    submitted_at = models.BigIntegerField(null=True)
    scores = models.JSONField(default=dict, blank=True)
    right = models.PositiveSmallIntegerField(default=0)
    passed = models.BooleanField(null=True)
    claim_sha256 = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=43, blank=True)
    minute = models.OneToOneField("ledger.Minute", on_delete=models.PROTECT, null=True, related_name="+")
    network = models.CharField(
        max_length=64, blank=True
    )  # a keyed hash, to see bursts; blank from the close of the quiz's books on

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["quiz", "submitted_at"], name="sitting_submitted"),
            models.Index(fields=["quiz", "claim_sha256"], name="sitting_claim"),
        ]
        constraints = [models.UniqueConstraint(fields=["quiz", "token_sha256", "go"], name="sitting_go_once")]


class Flag(models.Model):
    """A sitting that a person must look at before the tickets are frozen: why, what was decided, and the entrant's appeal."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CLEARED = "cleared"
        STRUCK = "struck"
        RESTORED = "restored"

    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="flag")
    reason_code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    raised_at = models.BigIntegerField()
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.BigIntegerField(null=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)


class Bucket(models.Model):
    """How much one key (a keyed hash) may still begin: the millisecond at which its bucket is full again."""

    key = models.CharField(max_length=64, unique=True)
    full_at = models.BigIntegerField()


class Spent(models.Model):
    """A proof of work or a place in the line that has been used; gone when it would have run out anyway."""

    key = models.CharField(max_length=64, unique=True)
    until = models.BigIntegerField(db_index=True)


# ---- draws ----


class Draw(models.Model):
    """The prize draw of a quiz; what is public of it stands in the log, here is what the site needs to take the next step."""

    quiz = models.OneToOneField(Quiz, on_delete=models.PROTECT, related_name="draw")
    code = models.SlugField(max_length=40)
    pool_sha256 = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)
    drawn_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.code


class Seed(models.Model):
    """A party's part of the chance. The organiser's opening is kept by the site until it is due; another party keeps its own."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="seeds")
    party = models.CharField(max_length=40)
    commit = models.CharField(max_length=64)
    seed = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=43, blank=True)
    opened = models.BooleanField(default=False)

    class Meta:
        ordering = ["party"]
        constraints = [models.UniqueConstraint(fields=["draw", "party"], name="seed_party_once")]


class Voucher(models.Model):
    """A voucher code of a prize, sealed with the site's key; it is opened for its winner alone and shown once."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="vouchers")
    prize = models.CharField(max_length=40)
    sealed = models.BinaryField()
    claim = models.OneToOneField("Claim", on_delete=models.PROTECT, null=True, related_name="voucher")
    shown_at = models.BigIntegerField(null=True)


class Claim(models.Model):
    """A drawn ticket and how far its prize has come; `contact` is sealed and goes when the claim is settled."""

    class State(models.TextChoices):
        ALTERNATE = "alternate"
        NOTIFIED = "notified"
        CLAIMED = "claimed"
        CHECKED = "checked"
        HANDED_OVER = "handed_over"
        EXPIRED = "expired"
        REFUSED = "refused"

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="claims")
    position = models.PositiveIntegerField()
    ticket = models.BigIntegerField()
    rank = models.PositiveIntegerField()
    prize = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    contact = models.BinaryField(default=b"", blank=True)
    due_at = models.BigIntegerField(null=True)
    changed_at = models.BigIntegerField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "position"], name="claim_position_once"),
            models.UniqueConstraint(fields=["draw", "rank"], name="claim_rank_once"),
        ]


# ---- the classroom: a host's screen, answers from phones ----


class Round(models.Model):
    """A hosted round: people join with `join` on their phones and answer the question on the host's screen; nobody is ranked."""

    class Stage(models.TextChoices):
        LOBBY = "lobby"
        ASKING = "asking"
        SHOWING = "showing"
        OVER = "over"

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="hosted")
    join = models.CharField(max_length=8, unique=True)
    host = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)
    items = models.JSONField()
    place = models.PositiveSmallIntegerField(default=0)
    closed = models.PositiveSmallIntegerField(default=0)  # so many of the first questions are closed, and stay so
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.LOBBY)
    started_at = models.BigIntegerField()


class Player(models.Model):
    """A phone in a hosted round, known by the hash of its token; it has no name."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="players")
    token_sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "token_sha256"], name="player_once")]
