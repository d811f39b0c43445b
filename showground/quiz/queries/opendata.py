"""Open data of a quiz: counts by question and option, nothing about anybody, small cells hidden.

RULE open data: a count below ten is written "<10"; where one such cell could be worked out from its neighbours, the next smallest is
hidden too; a split by language with a small cell anywhere is left out as a whole. No times of day, no order of people, no ids.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Final

from showground.interchange.questions.usage_data import ItemUsage, usage_data
from showground.quiz.models import Quiz
from showground.quiz.queries import statistics
from showground.quiz.queries.figures import Counted, listed
from showground.rules.refused import Refused

SMALL: Final = 10
HIDDEN: Final = "<10"
COLUMNS: Final = ("quiz", "question", "kind", "what", "option", "language", "value")


def check_public(quiz: Quiz) -> None:
    """Refuses (`opendata.secret`) a prize quiz whose key is not public: who chooses what would tell the key."""
    if quiz.kind == Quiz.Kind.PRIZE and quiz.state != Quiz.State.REVEALED:
        raise Refused("opendata.secret")


def hidden(counts: Mapping[str, int]) -> dict[str, str]:
    """Returns counts as they are published: small ones hidden, and never just one of them."""
    small = {key for key, count in counts.items() if count < SMALL}
    if len(small) == 1 and len(counts) > 1:
        small.add(min((key for key in counts if key not in small), key=lambda key: counts[key]))
    return {key: HIDDEN if key in small else str(count) for key, count in counts.items()}


def _asked(tally: statistics.Tally) -> dict[str, int]:
    asked: dict[str, int] = {}
    for (language, _, _), times in tally.languages.items():
        asked[language] = asked.get(language, 0) + times
    return asked


def _chosen(tally: statistics.Tally) -> dict[str, dict[str, int]]:
    """How often each option was chosen: {language: {option: count}}, "all" for every language together."""
    found: dict[str, dict[str, int]] = {"all": {}}
    for (language, option, _, _), times in tally.choices.items():
        for group in ("all", language):
            row = found.setdefault(group, {})
            row[option] = row.get(option, 0) + times
    return found


def _question(counted: Counted, code: str, weights: Mapping[str, float]) -> Iterator[tuple[str, str, str, str]]:
    """Yields (what, option, language, value) of one question."""
    tally, document = counted.book.questions[code], counted.documents[code]
    figures = statistics.question(counted.book, code, weights)
    if figures.count < SMALL:
        yield "asked", "", "all", HIDDEN
        return
    yield "asked", "", "all", str(figures.count)
    for name in ("facility", "discrimination", "efficiency", "seconds"):
        value = getattr(figures, name)
        if value is not None:
            yield name, "", "all", f"{value:.2f}"
    options, asked, chosen = [key for key, _ in listed(document)], _asked(tally), _chosen(tally)
    groups = {group: {option: chosen.get(group, {}).get(option, 0) for option in options} for group in sorted(asked)}
    split = len(asked) > 1 and all(count >= SMALL for row in groups.values() for count in [*row.values()])
    if split:
        yield from (("asked", "", group, str(count)) for group, count in sorted(asked.items()))
    for group in ("all", *(groups if split else ())):
        row = {option: chosen.get(group, {}).get(option, 0) for option in options}
        yield from (("chosen", option, group, value) for option, value in hidden(row).items())


def as_csv(quiz: Quiz, counted: Counted) -> bytes:
    """Returns the open data of a quiz as CSV in UTF-8."""
    check_public(quiz)
    out, weights = io.StringIO(), statistics.effective_weights(counted.book)
    table = csv.writer(out)
    table.writerow(COLUMNS)
    total = statistics.count_of(counted.book.totals)
    table.writerow((quiz.code, "", quiz.kind, "attempts", "", "all", HIDDEN if total < SMALL else total))
    for code in sorted(counted.book.questions):
        for row in _question(counted, code, weights):
            table.writerow((quiz.code, code, counted.documents[code]["kind"], *row))
    return out.getvalue().encode()


def as_usage_data(quiz: Quiz, counted: Counted, *, context: str, updated: dt.date, glossary: str = "") -> bytes:
    """Returns the figures of questions that at least ten people were asked as QTI usage data."""
    check_public(quiz)
    weights = statistics.effective_weights(counted.book)
    items = [_usage(counted, code, weights) for code in sorted(counted.book.questions)]
    return usage_data([one for one in items if one.count >= SMALL], context=context, updated=updated, glossary=glossary)


def _usage(counted: Counted, code: str, weights: Mapping[str, float]) -> ItemUsage:
    figures = statistics.question(counted.book, code, weights)
    told = {name: getattr(figures, name) for name in ("facility", "discrimination", "efficiency", "effective", "seconds")}
    keys = [key for key, _ in listed(counted.documents[code]) if key != "-"]
    found = [one for one in statistics.options(counted.book.questions[code], keys, ()) if one.count >= SMALL]
    options = {"share": {one.option: one.share for one in found}, "correlation": {one.option: one.with_rest for one in found}}
    return ItemUsage(code, figures.count, told, options, figures.sd)
