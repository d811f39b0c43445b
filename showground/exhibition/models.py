"""Halls and the boards in them, every text a board ever showed, and what visitors leave behind: counts and moderated words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from showground.people.models import Person

PERSON = settings.AUTH_USER_MODEL


class Hall(models.Model):
    """A room to walk through: its boards in the order of the route. The winners' hall hangs itself from the results."""

    class Kind(models.TextChoices):
        BOARDS = "boards"
        WINNERS = "winners"

    week = models.ForeignKey("weeks.Week", on_delete=models.PROTECT, related_name="halls")
    code = models.SlugField(max_length=30)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BOARDS)
    name = models.JSONField()
    about = models.JSONField(default=dict, blank=True)
    partner = models.JSONField(default=dict, blank=True)
    order = models.PositiveSmallIntegerField(default=1)
    opens = models.BigIntegerField()
    closes = models.BigIntegerField(null=True)
    editors: models.ManyToManyField[Person, models.Model] = models.ManyToManyField(PERSON, related_name="+", blank=True)

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["week", "code"], name="hall_code_once")]

    def __str__(self) -> str:
        return f"{self.week} · {self.code}"


class Intake(models.Model):
    """A print file that somebody dropped, waiting to be read in the jail; the state is the queue. It lists what was not taken.

    Its pages from `first` to `last` (to the end if None) are asked for; it is read in parts, and `read_to` is the last page that hangs.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READ = "read"
        REFUSED = "refused"

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="intakes")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    first = models.PositiveIntegerField(default=1)
    last = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(default=0)
    read_to = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=list, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.BigIntegerField()


class Board(models.Model):
    """One board. Its short address is its code; `shown` is the text that visitors read now, None before it was published."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="boards")
    code = models.SlugField(max_length=8)
    place = models.PositiveSmallIntegerField()
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, null=True, related_name="boards")
    page = models.PositiveIntegerField(default=1)
    picture = models.JSONField(default=dict, blank=True)
    shown = models.ForeignKey("Text", on_delete=models.PROTECT, null=True, related_name="+")
    quiz = models.SlugField(max_length=40, blank=True)
    harm = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(default=2)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["hall", "place"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "place"], name="board_place_once"),
            models.UniqueConstraint(fields=["code"], name="board_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Text(models.Model):
    """A board's text as it was written: title, blocks and alt texts in both languages. A published one never changes."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField(default=0)
    document = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    confirmed = models.BooleanField(default=False)  # a person has read a draft that a machine read off a picture
    sha256 = models.CharField(max_length=64, blank=True)
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.BigIntegerField()
    published_at = models.BigIntegerField(null=True)
    excuse = models.TextField(blank=True)  # why it was published although the gate listed something
    minute = models.OneToOneField("ledger.Minute", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["board", "-pk"]


class Hanging(models.Model):
    """A board was taken down (`gone`), or hung again with the text it had, with its record where a log is kept; it never changes."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="hangings")
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="hangings")
    gone = models.BooleanField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.BigIntegerField()
    minute = models.OneToOneField("ledger.Minute", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]


class Medium(models.Model):
    """A sound, film or sign-language film of a board, with its words in each language: a transcript, and captions if it is a film.

    The file comes through works, whose jail makes it safe. Visitors hear or see it once its words are there, or a person said in
    words (`excuse`) why it is shown without them.
    """

    class Kind(models.TextChoices):
        AUDIO = "audio"
        VIDEO = "video"
        SIGN = "sign"

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    language = models.CharField(max_length=8)
    work = models.ForeignKey("works.Work", on_delete=models.PROTECT, null=True, related_name="+")
    transcript = models.JSONField(default=dict, blank=True)
    captions = models.JSONField(default=dict, blank=True)
    credit = models.CharField(max_length=200, blank=True)
    excuse = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["board", "kind", "language"], name="board_medium_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class Handout(models.Model):
    """Something to take home: a poster, a leaflet, a wallpaper, a film, a sound, with its credit and licence.

    The file comes through works: visitors get what the jail wrote anew, never the bytes that were brought.
    """

    class Kind(models.TextChoices):
        POSTER = "poster"
        LEAFLET = "leaflet"
        WALLPAPER = "wallpaper"
        FILM = "film"
        SOUND = "sound"

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="handouts")
    code = models.SlugField(max_length=30)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.JSONField()
    about = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=8, blank=True)
    work = models.ForeignKey("works.Work", on_delete=models.PROTECT, null=True, related_name="+")
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["hall", "code"], name="handout_code_once")]

    def __str__(self) -> str:
        return self.code


class Event(models.Model):
    """A talk, a quiz round on site, a live stream: when, where, and what to open. `changes` counts what calendars must hear of."""

    class Kind(models.TextChoices):
        TALK = "talk"
        QUIZ = "quiz"
        STREAM = "stream"
        TOUR = "tour"

    week = models.ForeignKey("weeks.Week", on_delete=models.PROTECT, related_name="events")
    code = models.SlugField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.JSONField()
    about = models.JSONField(default=dict, blank=True)
    place = models.JSONField(default=dict, blank=True)
    link = models.URLField(max_length=500, blank=True)
    quiz = models.SlugField(max_length=40, blank=True)
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    cancelled = models.BooleanField(default=False)
    changes = models.PositiveIntegerField(default=0)
    changed_at = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["starts", "code"]
        constraints = [models.UniqueConstraint(fields=["week", "code"], name="event_code_once")]


class Note(models.Model):
    """A line of the guest book or a question to the booth's staff; nobody sees it before a person let it through."""

    class Kind(models.TextChoices):
        GUEST_BOOK = "guest_book"
        QUESTION = "question"

    class State(models.TextChoices):
        WAITING = "waiting"
        SHOWN = "shown"
        HIDDEN = "hidden"

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="notes")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, null=True, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=400)
    signed = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    reason_code = models.CharField(max_length=30, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.BigIntegerField()

    class Meta:
        ordering = ["-pk"]


class UntoldVisits(models.Model):
    """A week that has a row here keeps its visits to itself: the open page of visits is not there."""

    week = models.OneToOneField("weeks.Week", on_delete=models.CASCADE, related_name="+")


class Visits(models.Model):
    """How often something was done: a number for a day, an hour, a board, a language, a way of entry. Nobody is in it."""

    week = models.ForeignKey("weeks.Week", on_delete=models.CASCADE, related_name="visits")
    day = models.CharField(max_length=10)
    hour = models.PositiveSmallIntegerField()
    thing = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    entry = models.CharField(max_length=8)
    deed = models.CharField(max_length=12)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "day", "hour", "thing", "language", "entry", "deed"], name="visits_cell_once")
        ]
