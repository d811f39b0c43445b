"""What organisers do with quizzes: begin, choose the pool, say the rules, repeat in rounds, bring voucher codes."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from showground.people.models import Person
from showground.quiz.actions.announce import announce_quiz
from showground.quiz.actions.sealing import seal
from showground.quiz.models import Draw, PoolItem, Question, Quiz, Series, Voucher
from showground.rules.records import WORD
from showground.rules.refused import Refused
from showground.weeks.models import Week

DAY = 86400
FIELDS = ("name", "about", "opens", "closes", "items")
TIMES = ("opens", "closes", "freezes")
DRAW_TIMES = ("commit_by", "open_by", "draws_at")
MOST_CODES = 5000


def _locked(quiz: Quiz) -> Quiz:
    kept = Quiz.objects.select_for_update().select_related("week").get(pk=quiz.pk)
    if kept.state != Quiz.State.DRAFT:
        raise Refused("quiz.announced_twice", quiz=kept.code)
    return kept


def _sound(opens: int, closes: int, items: int) -> None:
    if closes <= opens:
        raise Refused("quiz.times", opens=opens, closes=closes)
    if not 1 <= items <= 100:
        raise Refused("quiz.items", items=items)


@transaction.atomic
def start_quiz(week: Week, *, kind: str, code: str, at: int, **fields: Any) -> Quiz:
    """A quiz is drafted; nobody but organisers sees it."""
    if not WORD(code):
        raise Refused("quiz.code", quiz=code)
    if Quiz.objects.filter(week=week, code=code).exists():
        raise Refused("quiz.code_taken", quiz=code)
    _sound(fields["opens"], fields["closes"], fields["items"])
    known = {name: fields[name] for name in FIELDS if name in fields}
    return Quiz.objects.create(week=week, kind=kind, code=code, made_at=at, **known)


@transaction.atomic
def mend_quiz(quiz: Quiz, **fields: Any) -> Quiz:
    """The draft says what its organiser says now."""
    kept = _locked(quiz)
    for name in FIELDS:
        if name in fields:
            setattr(kept, name, fields[name])
    _sound(kept.opens, kept.closes, kept.items)
    kept.save()
    return kept


@transaction.atomic
def drop_quiz(quiz: Quiz) -> None:
    """The draft is gone."""
    _locked(quiz).delete()


@transaction.atomic
def choose_pool(quiz: Quiz, *, among: Sequence[str], chosen: Sequence[str]) -> int:
    """Of the questions named in `among`, those chosen are in the pool and the others are not; returns how large it is."""
    kept = _locked(quiz)
    wanted = set(among) & set(chosen)
    kept.pool.filter(code__in=set(among) - wanted).delete()
    there = set(kept.pool.values_list("code", flat=True))
    usable = Question.objects.filter(code__in=wanted - there, retired=False, current__isnull=False).select_related("current")
    PoolItem.objects.bulk_create([PoolItem(quiz=kept, version=question.current, code=question.code) for question in usable])
    return kept.pool.count()


@transaction.atomic
def say_rules(quiz: Quiz, rules: dict[str, Any]) -> Quiz:
    """The draft keeps its rules as far as they are written; they are checked whole when the quiz is announced."""
    kept = _locked(quiz)
    if kept.kind != Quiz.Kind.PRIZE:
        raise Refused("quiz.no_prize")
    kept.rules = rules
    kept.save(update_fields=["rules"])
    return kept


def whole_rules(quiz: Quiz) -> dict[str, Any]:
    """Returns the rules of a prize quiz with what the quiz itself says: name, times, items, the size of its pool."""
    said = {"v": 1, "quiz": quiz.code, "kind": "prize", "name": quiz.name, "opens": quiz.opens, "closes": quiz.closes}
    return {**quiz.rules, **said, "items": quiz.items, "pool": quiz.pool.count()}


@transaction.atomic
def publish_quiz(quiz: Quiz, *, by: Person, at: int) -> Quiz:
    """The quiz is announced with its rules (actions/announce.py)."""
    kept = _locked(quiz)
    rules = whole_rules(kept) if kept.kind == Quiz.Kind.PRIZE else None
    return announce_quiz(kept, rules=rules, by=by, at=at)


# ---- rounds ----


def _later(rules: dict[str, Any], seconds: int, code: str) -> dict[str, Any]:
    """Rules of a later round: every time moved, the draw by its own name."""
    made = copy.deepcopy(rules)
    for name in TIMES:
        if name in made:
            made[name] += seconds
    draw = made.get("draw", {})
    for name in DRAW_TIMES:
        if name in draw:
            draw[name] += seconds
    if draw:
        draw["draw"] = code
    return made


@transaction.atomic
def start_series(quiz: Quiz, *, rounds: int, every_days: int) -> Series:
    """The draft is the first of so many rounds; the others are drafts of the same pattern, each some days later.

    RULE series: the pool of a prize quiz is dealt out over the rounds, for each key becomes public after its draw.
    """
    kept = _locked(quiz)
    if kept.series_id:
        raise Refused("series.twice")
    if not 2 <= rounds <= 60 or not 1 <= every_days <= 366:
        raise Refused("series.shape")
    hands = _hands(kept, rounds)
    pattern = {"kind": kept.kind, "items": kept.items, "rules": kept.rules, "pool": [code for hand in hands for code, _ in hand]}
    series = Series.objects.create(
        week=kept.week,
        code=kept.code[:30],
        name=kept.name,
        pattern=pattern,
        every_days=every_days,
        rounds=rounds,
        first_opens=kept.opens,
    )
    kept.series = series
    kept.save(update_fields=["series"])
    kept.pool.exclude(code__in=[code for code, _ in hands[0]]).delete()
    for number in range(2, rounds + 1):
        _round(kept, series, number, (number - 1) * every_days * DAY, hands[number - 1])
    return series


def _hands(quiz: Quiz, rounds: int) -> list[list[tuple[str, int]]]:
    """What each round asks: the whole pool, or in a prize quiz its own share of it."""
    pool = list(quiz.pool.values_list("code", "version_id"))
    if quiz.kind != Quiz.Kind.PRIZE:
        return [pool] * rounds
    if len(pool) < rounds * quiz.items:
        raise Refused("series.pool_small", pool=len(pool), needed=rounds * quiz.items)
    return [pool[number::rounds] for number in range(rounds)]


def _round(first: Quiz, series: Series, number: int, later: int, hand: list[tuple[str, int]]) -> None:
    code = f"{first.code}-{number}"
    if Quiz.objects.filter(week=first.week, code=code).exists():
        raise Refused("quiz.code_taken", quiz=code)
    named = {language: f"{words} {number}" for language, words in first.name.items()}
    made = Quiz.objects.create(
        week=first.week, series=series, code=code, kind=first.kind, name=named, about=first.about, items=first.items,
        opens=first.opens + later, closes=first.closes + later, made_at=first.made_at,
        rules=_later(first.rules, later, f"{first.rules.get('draw', {}).get('draw', first.code)}-{number}"),
    )  # fmt: skip
    PoolItem.objects.bulk_create([PoolItem(quiz=made, version_id=version, code=code) for code, version in hand])


# ---- voucher codes ----


@transaction.atomic
def bring_vouchers(draw: Draw, *, prize: str, codes: Sequence[str]) -> int:
    """Voucher codes of a prize lie sealed, each for one winner; returns how many are there. Brought twice, they are there once.

    Blank lines and repeated codes are dropped; more codes than prizes are refused, so that none is left that nobody can win.
    """
    draw = Draw.objects.select_for_update().select_related("quiz").get(pk=draw.pk)
    stock = {one["prize"]: one["count"] for one in draw.quiz.rules["draw"]["prizes"]}
    if prize not in stock:
        raise Refused("voucher.prize", prize=prize)
    fresh = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if not fresh or any(len(code) > 400 for code in fresh) or len(fresh) > MOST_CODES:
        raise Refused("voucher.none")
    if Voucher.objects.filter(draw=draw, prize=prize).exclude(claim=None).exists():
        raise Refused("voucher.given_out")
    if len(fresh) > stock[prize]:
        raise Refused("voucher.too_many", found=len(fresh), stock=stock[prize])
    Voucher.objects.filter(draw=draw, prize=prize).delete()
    Voucher.objects.bulk_create([Voucher(draw=draw, prize=prize, sealed=seal(code)) for code in fresh])
    return len(fresh)
