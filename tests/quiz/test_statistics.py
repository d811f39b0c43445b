"""The figures of questions and quizzes: by hand on a small case of our own, and equal to published reference values."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from fractions import Fraction
from math import sqrt
from pathlib import Path

import pytest

from showground.quiz.queries import statistics as st

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "stats"


def book(rows: list[list[int]], **more: object) -> st.Book:
    """A quiz of three questions, one row of marks for each person."""
    made = st.Book()
    for row in rows:
        made.attempt([(f"q{at}", mark) for at, mark in enumerate(row)], **more)  # type: ignore[arg-type]
    return made


# Five people. Totals 3 2 2 1 0; q0 was right for the best four, q1 for one in the middle and the best, q2 for the best and one.
FIVE = [[1, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]]


def test_facility_and_spread_by_hand() -> None:
    figures = st.question(book(FIVE), "q0")
    assert (figures.count, figures.facility) == (5, 80.0)
    assert figures.sd == pytest.approx(sqrt(0.2))
    assert st.question(book(FIVE), "q1").facility == 40.0


def test_discrimination_by_hand() -> None:
    # q0 against the rest 2 1 1 0 0 (mean .8): covariance (.2*(1.2+.2+.2-.8) + -.8*-.8)/4 = .2, variances .2 and .7
    figures = st.question(book(FIVE), "q0")
    assert figures.discrimination == pytest.approx(100 * 0.2 / sqrt(0.2 * 0.7))
    # at best the one that failed has the lowest rest of all, as it does: nothing better is possible
    assert figures.efficiency == pytest.approx(100)
    # q1 against the rest 2 1 2 1 0 (mean 1.2): covariance ((.8-.2)*.6 + (.8-.2-1.2)*-.4)/4 = .15; at best rests 2 2 for its two: .4
    assert st.question(book(FIVE), "q1").efficiency == pytest.approx(100 * 0.15 / 0.4)


def test_effective_weights_add_up_and_follow_the_covariances() -> None:
    weights = st.effective_weights(book(FIVE))
    # totals 3 2 2 1 0 (mean 1.6): covariances with q0 .4, q1 .45, q2 .45
    assert sum(weights.values()) == pytest.approx(100)
    assert weights["q0"] == pytest.approx(100 * sqrt(0.4) / (sqrt(0.4) + 2 * sqrt(0.45)))


def test_the_quiz_by_hand() -> None:
    figures = st.quiz(book(FIVE))
    assert (figures.count, figures.mean, figures.median) == (5, 1.6, 2.0)
    assert figures.sd == pytest.approx(sqrt(1.3))
    # alpha = 3/2 (1 - (.2 + .3 + .3) / 1.3)
    assert figures.alpha == pytest.approx(150 * (1 - 0.8 / 1.3))
    assert figures.error_ratio == pytest.approx(100 * sqrt(1 - figures.alpha / 100))
    assert figures.standard_error == pytest.approx(figures.error_ratio * figures.sd / 100)
    # totals 0 1 2 2 3: third central sum -.72, fourth 10.496 + ...
    central = [(t - 1.6) for t in (0, 1, 2, 2, 3)]
    m2, m3, m4 = (sum(c**p for c in central) / 5 for p in (2, 3, 4))
    k2, k3 = 5 * m2 / 4, 25 * m3 / 12
    assert figures.skewness == pytest.approx(k3 / k2**1.5)
    assert figures.kurtosis == pytest.approx(25 * (6 * m4 - 12 * m2 * m2) / 24 / k2**2)


def test_nobody_one_and_all_alike_give_no_figures_instead_of_faults() -> None:
    assert st.quiz(st.Book()) == st.QuizFigures(0, *[None] * 8)
    one = st.quiz(book([[1, 0, 1]]))
    assert (one.mean, one.sd, one.alpha, one.skewness) == (2.0, None, None, None)
    alike = book([[1, 1, 0]] * 6)
    figures = st.question(alike, "q0")
    assert (figures.facility, figures.sd, figures.discrimination, figures.efficiency) == (100.0, 0.0, None, None)
    assert st.quiz(alike).skewness is None and st.quiz(alike).alpha is None


def test_the_order_of_attempts_makes_no_difference() -> None:
    assert st.quiz(book(FIVE)) == st.quiz(book(FIVE[::-1]))
    assert st.question(book(FIVE), "q2") == st.question(book(FIVE[::-1]), "q2")


def test_questions_of_a_pool_are_measured_on_those_who_were_asked() -> None:
    made = st.Book()
    made.attempt([("a", 1), ("b", 1)])
    made.attempt([("a", 0), ("c", 0)])
    made.attempt([("b", 1), ("c", 1)])
    made.attempt([("c", 0), ("a", 1)])
    assert {code: st.question(made, code).count for code in "abc"} == {"a": 3, "b": 2, "c": 3}
    assert st.question(made, "b").facility == 100.0
    assert all(st.question(made, code).intended == pytest.approx(50) for code in "abc")
    weights = st.effective_weights(made)
    assert sum(weights[code] * st.question(made, code).count for code in "abc") == pytest.approx(2 * 4 * 50)


def test_partial_marks_stay_exact() -> None:
    made = st.Book()
    for mark in (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)):
        made.attempt([("a", mark), ("b", 1)])
    assert st.question(made, "a").sd == 0.0 and list(made.totals) == [Fraction(4, 3)]


# ---- options ----


def chosen() -> st.Tally:
    """Ten people by total 0 to 9: the better half chose b, the others a, one of them in Chinese."""
    made = st.Book()
    for total in range(10):
        key = "b" if total >= 5 else "a"
        mark = int(key == "b")
        made.attempt([("q", mark)], total=total, language="zh" if total == 0 else "en", choices={"q": [key]})
    return made.questions["q"]


def test_shares_of_options_by_language() -> None:
    a, b, c = st.options(chosen(), ["a", "b", "c"], ["en", "zh"])
    assert (a.share, b.share, c.share) == (50.0, 50.0, 0.0)
    assert a.shares["zh"] == 100.0 and a.shares["en"] == pytest.approx(100 * 4 / 9)
    assert a.with_rest is not None and b.with_rest is not None and a.with_rest == pytest.approx(-b.with_rest) and b.with_rest > 0.5
    assert c.with_rest is None


def test_fifths_run_from_the_lowest_to_the_highest() -> None:
    groups = st.fifths(chosen(), ["a", "b"])
    assert [group["b"] for group in groups] == [0.0, 0.0, 50.0, 100.0, 100.0]
    assert all(group["a"] + group["b"] == pytest.approx(100) for group in groups)


def test_people_with_equal_totals_are_shared_out_over_fifths() -> None:
    made = st.Book()
    for key in "aabb":
        made.attempt([("q", 0)], total=1, language="en", choices={"q": [key]})
    assert [group["a"] for group in st.fifths(made.questions["q"], ["a", "b"])] == [50.0] * 5


def test_guessing() -> None:
    half = {"kind": "true_false", "options": [{"credit": [1, 1]}, {"credit": [0, 1]}]}
    assert st.guess(half) == 50.0
    negative = {"kind": "single", "options": [{"credit": [1, 1]}, {"credit": [-1, 1]}, {"credit": [0, 1]}, {"credit": [0, 1]}]}
    assert st.guess(negative) == 25.0
    assert st.guess({"kind": "ordering"}) is None


def test_telling_tricks_from_genuine_messages() -> None:
    found = st.detection(tricks=100, hits=84, genuine=100, alarms=16)
    assert found.sensitivity == pytest.approx(1.97, abs=0.02)  # z(.84) - z(.16), a little less for the log-linear rule
    assert st.detection(10, 10, 10, 0).sensitivity == pytest.approx(2 * 1.6906, abs=1e-3)
    assert st.detection(10, 5, 0, 0).sensitivity is None


# ---- published values ----


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published reference values are not here")
def test_figures_equal_the_published_reference_values() -> None:
    """The data and expectations of Moodle's own test of its quiz statistics, to 1e-6."""
    expected = json.loads((PUBLISHED / "expected_from_moodle_statistics_test.json").read_text())
    with (PUBLISHED / "mdl_question_states.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (PUBLISHED / "mdl_question.csv").open() as file:
        most = {row["slot"]: Fraction(row["maxmark"]) if row["maxmark"] != "NULL" else Fraction(0) for row in csv.DictReader(file)}
    attempts: dict[int, list[dict[str, str]]] = defaultdict(list)
    for at, row in enumerate(rows):
        attempts[at // expected["slots"]].append(row)
    made = st.Book()
    for attempt in attempts.values():
        marks = [(row["slot"], Fraction(row["mark"])) for row in attempt]
        made.attempt(marks, total=Fraction(attempt[0]["sumgrades"]), most=most)
    assert st.count_of(made.totals) == expected["attempts"] and len(made.questions) == expected["slots"]
    weights = st.effective_weights(made)
    found: dict[str, list[float | None]] = defaultdict(list)
    for slot in map(str, range(1, expected["slots"] + 1)):
        figures = st.question(made, slot, weights)
        known = figures.facility is not None
        found["facility_pct"].append(figures.facility)
        found["sd_permille"].append(figures.sd * 1000 if known and figures.sd is not None else None)
        found["effective_weight"].append(figures.effective)
        found["discrimination_index"].append(figures.discrimination)
        found["discriminative_efficiency"].append(figures.efficiency)
    for name, values in found.items():
        for slot, (ours, theirs) in enumerate(zip(values, expected[name], strict=True), 1):
            assert (ours is None) == (theirs is None), (name, slot, ours, theirs)
            assert ours is None or ours == pytest.approx(theirs, abs=expected["tolerance"], rel=0), (name, slot)
