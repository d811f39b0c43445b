"""HOW QUESTIONS AND QUIZZES ARE MEASURED: Moodle's formulas on counted values, exact until the last step.

    book = Book(); book.attempt([("q1", mark), ("q2", mark)], ...)       once for each attempt, in any order
    question(book, "q1") -> QuestionFigures      quiz(book) -> QuizFigures      effective_weights(book)

A mark is a number of points. Nothing of an attempt is kept but how often each pair of a mark and a total came, so memory grows with
the number of different marks and not with the number of people. SPEC: Moodle, "Quiz statistics calculations" (question/engine and
mod/quiz/report/statistics); where people are asked different questions, a question is measured on those who were asked it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import fsum, sqrt
from statistics import NormalDist
from typing import Any

Mark = Fraction | int
Pairs = Counter[tuple[Mark, Mark]]  # (mark, total) -> how often


@dataclass
class Tally:
    """What is counted of one question; `choices` by (language, option, mark, total)."""

    most: Mark = 1
    pairs: Pairs = field(default_factory=Counter)
    languages: Counter[tuple[str, Mark, Mark]] = field(default_factory=Counter)
    choices: Counter[tuple[str, str, Mark, Mark]] = field(default_factory=Counter)
    seconds: Counter[int] = field(default_factory=Counter)


class Book:
    """Counts attempts; an attempt is at most a few changes of counters."""

    def __init__(self) -> None:
        self.questions: dict[str, Tally] = {}
        self.totals: Counter[Mark] = Counter()
        self.places: list[Counter[Mark]] = []
        self.asked = 0

    def attempt(
        self,
        marks: Sequence[tuple[str, Mark]],
        *,
        total: Mark | None = None,
        most: Mapping[str, Mark] | None = None,
        language: str = "",
        choices: Mapping[str, Iterable[str]] | None = None,
        seconds: Mapping[str, int] | None = None,
    ) -> None:
        """One attempt is counted: the marks of its questions in their order, and what was chosen and how long it took."""
        whole = sum(mark for _, mark in marks) if total is None else total
        self.totals[whole] += 1
        for place, (code, mark) in enumerate(marks):
            if place == len(self.places):
                self.places.append(Counter())
            self.places[place][mark] += 1
            tally = self.questions.get(code)
            if tally is None:
                tally = self.questions[code] = Tally((most or {}).get(code, 1))
            tally.pairs[mark, whole] += 1
            if choices is not None:
                tally.languages[language, mark, whole] += 1
                for choice in choices.get(code, ()):
                    tally.choices[language, choice, mark, whole] += 1
            if seconds is not None and code in seconds:
                tally.seconds[seconds[code]] += 1


# ---- moments of counted values ----


def count_of(counted: Mapping[Any, int]) -> int:
    """Returns how many values were counted."""
    return sum(counted.values())


def mean(counted: Mapping[Mark, int]) -> Fraction:
    """Returns the mean of counted values; 0 for none."""
    n = count_of(counted)
    return Fraction(sum(Fraction(value) * times for value, times in counted.items()), n) if n else Fraction(0)


def central(counted: Mapping[Mark, int], power: int) -> Fraction:
    """Returns the sum of (value - mean) ** power."""
    middle = mean(counted)
    return sum(((value - middle) ** power * times for value, times in counted.items()), Fraction(0))


def covariance(pairs: Mapping[tuple[Mark, Mark], int]) -> Fraction:
    """Returns the covariance of counted pairs, by n - 1; 0 for fewer than two."""
    n = count_of(pairs)
    if n < 2:
        return Fraction(0)
    a = mean(_side(pairs, 0))
    b = mean(_side(pairs, 1))
    return Fraction(sum(((x - a) * (y - b) * times for (x, y), times in pairs.items()), Fraction(0)), n - 1)


def variance(counted: Mapping[Mark, int]) -> Fraction:
    """Returns the variance of counted values, by n - 1; 0 for fewer than two."""
    n = count_of(counted)
    return central(counted, 2) / (n - 1) if n > 1 else Fraction(0)


def _side(pairs: Mapping[tuple[Mark, Mark], int], side: int) -> Counter[Mark]:
    found: Counter[Mark] = Counter()
    for pair, times in pairs.items():
        found[pair[side]] += times
    return found


def _others(pairs: Mapping[tuple[Mark, Mark], int]) -> Pairs:
    """(mark, total) as (mark, what the rest of the quiz gave)."""
    found: Pairs = Counter()
    for (mark, total), times in pairs.items():
        found[mark, total - mark] += times
    return found


def _sorted_together(pairs: Mapping[tuple[Mark, Mark], int]) -> Pairs:
    """The pairs that would be if the best in one were the best in the other too."""
    left, right = (sorted(_side(pairs, side).items()) for side in (0, 1))
    found: Pairs = Counter()
    at, used = 0, 0
    for value, times in left:
        while times:
            take = min(times, right[at][1] - used)
            found[value, right[at][0]] += take
            times, used = times - take, used + take
            if used == right[at][1]:
                at, used = at + 1, 0
    return found


def correlation(pairs: Mapping[tuple[Mark, Mark], int]) -> float | None:
    """Returns the correlation of counted pairs, -1 to 1; None when one side never changes."""
    spread = variance(_side(pairs, 0)) * variance(_side(pairs, 1))
    return float(covariance(pairs)) / sqrt(spread) if spread else None


def median(counted: Mapping[Mark, int]) -> Fraction | None:
    """Returns the middle value; None for none."""
    n, seen = count_of(counted), 0
    middle: list[Mark] = []
    for value in sorted(counted):
        before, seen = seen, seen + counted[value]
        middle += [value] * sum(before <= place < seen for place in {(n - 1) // 2, n // 2})
    return Fraction(sum(middle), len(middle)) if middle else None


# ---- a question ----


@dataclass(frozen=True)
class QuestionFigures:
    """A question as Moodle measures it. All in per cent but `sd` (points); None where a figure has no meaning."""

    code: str
    count: int
    facility: float | None
    sd: float | None
    intended: float | None
    effective: float | None
    discrimination: float | None
    efficiency: float | None
    seconds: float | None


def facility(tally: Tally) -> float | None:
    """Returns the mean mark in per cent of the most there is."""
    n = count_of(tally.pairs)
    return float(100 * mean(_side(tally.pairs, 0)) / tally.most) if n and tally.most else None


def spread(tally: Tally) -> float | None:
    """Returns the standard deviation of the marks, in points."""
    return sqrt(variance(_side(tally.pairs, 0))) if count_of(tally.pairs) > 1 else None


def discrimination_index(tally: Tally) -> float | None:
    """Returns the correlation between the mark here and what the rest of the quiz gave, in per cent."""
    found = correlation(_others(tally.pairs))
    return None if found is None else 100 * found


def discriminative_efficiency(tally: Tally) -> float | None:
    """Returns that covariance in per cent of the greatest it could be with the same marks."""
    pairs = _others(tally.pairs)
    most = covariance(_sorted_together(pairs))
    return float(100 * covariance(pairs) / most) if most else None


def effective_weights(book: Book) -> dict[str, float]:
    """Returns the share of each question in how far apart the totals of those who were asked it lie, in per cent.

    With one set of questions for all it is Moodle's: the root of the covariance with the total, over the sum of the roots. With
    questions drawn from a pool the sum is that of a quiz of the mean length, each question as often as it was asked.
    """
    roots = {code: sqrt(max(0.0, float(covariance(tally.pairs)))) for code, tally in book.questions.items()}
    asked = {code: count_of(tally.pairs) for code, tally in book.questions.items()}
    attempts = count_of(book.totals)
    whole = fsum(roots[code] * asked[code] for code in roots)
    return {code: 100 * root * attempts / whole if whole else 0.0 for code, root in roots.items()}


def intended_weight(book: Book, code: str) -> float | None:
    """Returns the points of a question in per cent of those of a quiz that asks it."""
    asked = fsum(float(tally.most) * count_of(tally.pairs) for tally in book.questions.values())
    attempts = count_of(book.totals)
    return 100 * float(book.questions[code].most) * attempts / asked if asked else None


def question(book: Book, code: str, weights: Mapping[str, float] | None = None) -> QuestionFigures:
    """Returns all figures of one question; `weights` spares working the effective weights out again."""
    tally = book.questions[code]
    weights = effective_weights(book) if weights is None else weights
    seconds = median(tally.seconds)
    return QuestionFigures(
        code,
        count_of(tally.pairs),
        facility(tally),
        spread(tally),
        intended_weight(book, code),
        weights[code],
        discrimination_index(tally),
        discriminative_efficiency(tally),
        None if seconds is None else float(seconds),
    )


def guess(question: Mapping[str, Any]) -> float | None:
    """Returns what blind guessing gives, in per cent; None where guessing means nothing."""
    kind = question["kind"]
    if kind in {"single", "true_false"}:
        worths = [max(Fraction(0), Fraction(*option["credit"])) for option in question["options"]]
        return float(100 * sum(worths, Fraction(0)) / len(worths))
    if kind == "matching":
        return 100 / len(question["right"])
    if kind == "phish":
        return 25.0 if question["trick"] else 50.0  # the verdict alone: half of it right, and half the point for a trick
    if kind in {"short", "numeric"}:
        return float(100 * max((Fraction(*a["credit"]) for a in question["accepted"] if a.get("text") == "*"), default=Fraction(0)))
    return None


# ---- options ----


@dataclass(frozen=True)
class OptionFigures:
    """An option: its share of those who were asked, by language and in all (per cent), and how its choosers did elsewhere."""

    option: str
    shares: dict[str, float | None]
    share: float
    with_rest: float | None
    count: int


def options(tally: Tally, listed: Sequence[str], languages: Sequence[str]) -> list[OptionFigures]:
    """Returns the figures of the listed options, in their order."""
    asked: Counter[str] = Counter()
    for (language, _, _), times in tally.languages.items():
        asked[language] += times
    return [_option(tally, option, languages, asked) for option in listed]


def _option(tally: Tally, option: str, languages: Sequence[str], asked: Mapping[str, int]) -> OptionFigures:
    chosen: Counter[str] = Counter()
    pairs: Pairs = Counter()
    for (_, mark, total), times in tally.languages.items():
        pairs[0, total - mark] += times
    for (language, key, mark, total), times in tally.choices.items():
        if key == option:
            chosen[language] += times
            pairs[1, total - mark] += times
            pairs[0, total - mark] -= times
    every, n = count_of(asked), count_of(chosen)
    shares = {one: 100 * chosen[one] / asked[one] if asked.get(one) else None for one in languages}
    return OptionFigures(option, shares, 100 * n / every if every else 0.0, correlation(+pairs), n)


def fifths(tally: Tally, listed: Sequence[str]) -> list[dict[str, float]]:
    """Returns for each fifth of the people by total score, the lowest first, the share that chose each option, in per cent.

    People with equal totals are shared out evenly over the fifths they straddle, so that no order among them is made up.
    """
    totals: Counter[Mark] = Counter()
    for (_, _, total), times in tally.languages.items():
        totals[total] += times
    chosen: Counter[tuple[str, Mark]] = Counter()
    for (_, option, _, total), times in tally.choices.items():
        chosen[option, total] += times
    groups = []
    for parts in _shared_out(totals, 5):
        size = sum(parts.values(), Fraction(0))
        share = {o: sum((part * chosen[o, t] / totals[t] for t, part in parts.items()), Fraction(0)) for o in listed}
        groups.append({option: float(100 * part / size) if size else 0.0 for option, part in share.items()})
    return groups


def _shared_out(totals: Mapping[Mark, int], groups: int) -> list[dict[Mark, Fraction]]:
    """How many of the people with each total stand in each of so many equal groups."""
    size = Fraction(count_of(totals), groups)
    found: list[dict[Mark, Fraction]] = [{} for _ in range(groups)]
    seen = Fraction(0)
    for total in sorted(totals):
        begin, seen = seen, seen + totals[total]
        for group in range(groups):
            part = min(seen, size * (group + 1)) - max(begin, size * group)
            if part > 0:
                found[group][total] = part
    return found


# ---- telling tricks from what is genuine ----


@dataclass(frozen=True)
class Detection:
    """How tricks were told from genuine messages: hits of tricks, false alarms of genuine ones (counts), and d'."""

    tricks: int
    hits: int
    genuine: int
    alarms: int
    sensitivity: float | None


def detection(tricks: int, hits: int, genuine: int, alarms: int) -> Detection:
    """Returns d' = z(hit rate) - z(false alarm rate), by the log-linear rule (half a hit and one trick more); None without both."""
    if not tricks or not genuine:
        return Detection(tricks, hits, genuine, alarms, None)
    z = NormalDist().inv_cdf
    found = z((hits + 0.5) / (tricks + 1)) - z((alarms + 0.5) / (genuine + 1))
    return Detection(tricks, hits, genuine, alarms, found)


# ---- a quiz ----


@dataclass(frozen=True)
class QuizFigures:
    """A quiz as Moodle measures it: points for mean, median and sd; alpha, error ratio and standard error in Moodle's units."""

    count: int
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    alpha: float | None
    error_ratio: float | None
    standard_error: float | None


def quiz(book: Book) -> QuizFigures:
    """Returns the figures of the totals: unbiased skewness and kurtosis, Cronbach's alpha in per cent over the places of the quiz."""
    n = count_of(book.totals)
    if not n:
        return QuizFigures(0, *[None] * 8)
    middle = median(book.totals)
    sd = sqrt(variance(book.totals)) if n > 1 else None
    skewness, kurtosis = _shape(book.totals)
    alpha = _alpha(book)
    ratio = 100 * sqrt(1 - alpha / 100) if alpha is not None and alpha <= 100 else None
    error = ratio * sd / 100 if ratio is not None and sd is not None else None
    return QuizFigures(
        n, float(mean(book.totals)), None if middle is None else float(middle), sd, skewness, kurtosis, alpha, ratio, error
    )


def _shape(totals: Mapping[Mark, int]) -> tuple[float | None, float | None]:
    """Skewness (needs three) and kurtosis (needs four), by k-statistics."""
    n = count_of(totals)
    if n < 3 or not central(totals, 2):
        return None, None
    m2, m3, m4 = (central(totals, power) / n for power in (2, 3, 4))
    k2 = n * m2 / (n - 1)
    k3 = n * n * m3 / ((n - 1) * (n - 2))
    skewness = float(k3) / float(k2) ** 1.5
    if n < 4:
        return skewness, None
    k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
    return skewness, float(k4 / (k2 * k2))


def _alpha(book: Book) -> float | None:
    places = len(book.places)
    whole = variance(book.totals)
    if places < 2 or count_of(book.totals) < 3 or not whole:
        return None
    parts = sum((variance(place) for place in book.places), Fraction(0))
    return float(Fraction(100 * places, places - 1) * (1 - parts / whole))
