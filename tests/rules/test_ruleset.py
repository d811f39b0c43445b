from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules import records
from showground.rules.refused import Refused
from showground.rules.ruleset import awareness_week, check_ruleset


def test_check_ruleset_takes_the_preset() -> None:
    check_ruleset(awareness_week())


def test_preset_fits_into_a_record() -> None:
    made = awareness_week()
    records.build("ruleset.frozen", "o", ruleset=made, ruleset_sha256=records.sha256_hex(records.canonical(made)))


def changed(path: str, value: Any) -> dict[str, Any]:
    made: Any = awareness_week()
    place = made
    *inside, last = path.split(".")
    for name in inside:
        place = place[int(name) if name.isdigit() else name]
    place[int(last) if last.isdigit() else last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("v", 2, "ruleset.number"),
        ("v", True, "ruleset.number"),
        ("name", "", "ruleset.field"),
        ("tz", "Mars/Olympus", "ruleset.tz"),
        ("tz", "../../etc/passwd", "ruleset.tz"),
        ("categories", [], "ruleset.field"),
        ("categories", ["picture", "picture"], "ruleset.twice"),
        ("categories.0", "Pictures", "ruleset.word"),
        ("scope", "hour", "ruleset.choice"),
        ("limit.works", 0, "ruleset.number"),
        ("limit.works", 1.5, "ruleset.number"),
        ("limit.per", "page", "ruleset.choice"),
        ("casts", 0, "ruleset.number"),
        ("seal", "open", "ruleset.choice"),
        ("grace", -1, "ruleset.number"),
        ("channels", ["e mail"], "ruleset.word"),
        ("shortlist.per_category", 0, "ruleset.number"),
        ("shortlist.tie", "draw", "ruleset.choice"),
        ("shortlist.min_votes", -1, "ruleset.number"),
        ("jury.criteria", [], "ruleset.field"),
        ("jury.criteria.0.max", 0, "ruleset.number"),
        ("jury.criteria.1.key", "idea", "ruleset.twice"),
        ("jury.criteria.1.key", "abstain", "ruleset.twice"),
        ("jury.aggregate", "sum", "ruleset.choice"),
        ("jury.min_sheets", 2, "ruleset.number"),
        ("jury.missing", "zero", "ruleset.choice"),
        ("combine.sources", [], "ruleset.field"),
        ("combine.sources.0.source", "luck", "ruleset.choice"),
        ("combine.sources.0.normaliser", "share_of_max", "ruleset.choice"),
        ("combine.sources.0.weight", [40], "ruleset.field"),
        ("combine.sources.0.weight", [41, 100], "ruleset.weights"),
        ("combine.sources.0.weight.1", 0, "ruleset.number"),
        ("combine.sources.1", {"source": "votes", "normaliser": "share_of_most", "weight": [60, 100]}, "ruleset.twice"),
        ("combine.round.sum.places", 7, "ruleset.number"),
        ("combine.round.sum.mode", "up", "ruleset.choice"),
        ("ties", ["scores"], "ruleset.ties_open"),
        ("ties", ["scores", "scores", "accepted_earlier"], "ruleset.twice"),
        ("prizes.0.count", 0, "ruleset.number"),
        ("prizes.1.prize", "first", "ruleset.twice"),
        ("participation.prize", "first", "ruleset.twice"),
        ("participation.who", "all", "ruleset.choice"),
        ("limit.extra", 1, "ruleset.field_unknown"),
        ("surprise", 1, "ruleset.field_unknown"),
    ],
)
def test_check_ruleset_refuses_and_names_the_field(path: str, value: Any, code: str) -> None:
    with pytest.raises(Refused) as no:
        check_ruleset(changed(path, value))
    assert no.value.code == code
    assert path.startswith(str(no.value.facts["path"])) or str(no.value.facts["path"]).startswith(path)


def _paths(value: Any, before: str = "") -> list[str]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [p for name, item in items for p in (f"{before}{name}", *_paths(item, f"{before}{name}."))]


@pytest.mark.parametrize("path", [p for p in _paths(awareness_week()) if p != "participation"])
def test_check_ruleset_misses_every_field_that_is_taken_away(path: str) -> None:
    made: Any = copy.deepcopy(awareness_week())
    place = made
    *inside, last = path.split(".")
    for name in inside:
        place = place[int(name) if name.isdigit() else name]
    if isinstance(place, list):
        place[int(last)] = None
    else:
        del place[last]
    with pytest.raises(Refused) as no:
        check_ruleset(made)
    assert no.value.code.startswith("ruleset.") and "path" in no.value.facts


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(_paths(awareness_week())), anything)
def test_check_ruleset_only_ever_refuses(path: str, value: Any) -> None:
    made = changed(path, value)
    try:
        check_ruleset(made)
    except Refused as no:
        assert no.code.startswith("ruleset.")
