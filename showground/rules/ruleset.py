"""What a rule may say: the shape of the ruleset, checked before it is frozen.

    check_ruleset(ruleset) -> None      Refused("ruleset.field", path="limit.works") or another "ruleset...." code with the path
    awareness_week() -> dict            the preset "awareness-week/1": votes 40 %, panel 60 %, three prizes a category

A ruleset is a plain JSON object; every number in it is a whole number. Optional: `participation`, `shortlist.min_votes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from showground.rules.refused import Refused
from showground.rules.scores import ABSTAIN

NORMALISERS: Final = {"votes": ("share_of_most",), "scores": ("share_of_max",)}
TIES: Final = ("scores", "votes", "first_places", "accepted_earlier")
ROUNDINGS: Final = ("half_up", "half_even", "down")
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,63}\Z")


def _no(path: str, code: str = "ruleset.field") -> Refused:
    return Refused(code, path=path)


def _fields(value: object, path: str, needed: str, optional: str = "") -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _no(path)
    for name in needed.split():
        if name not in value:
            raise _no(f"{path}.{name}".lstrip("."), "ruleset.field_missing")
    for name in sorted(value):
        if name not in needed.split() + optional.split():
            raise _no(f"{path}.{name}".lstrip("."), "ruleset.field_unknown")
    return value


def _whole(value: object, path: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Refused("ruleset.number", path=path, low=low, high=high)
    return value


def _one_of(value: object, path: str, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Refused("ruleset.choice", path=path, allowed=list(allowed))
    return value


def _word(value: object, path: str) -> str:
    if not isinstance(value, str) or not _WORD.match(value):
        raise _no(path, "ruleset.word")
    return value


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _no(path)
    return value


def _different(values: list[str], path: str) -> None:
    if len(set(values)) != len(values):
        raise _no(path, "ruleset.twice")


def _words(value: object, path: str) -> list[str]:
    words = [_word(item, f"{path}.{at}") for at, item in enumerate(_list(value, path))]
    _different(words, path)
    return words


def _vote(rule: Mapping[str, Any]) -> None:
    limit = _fields(rule["limit"], "limit", "works per")
    _whole(limit["works"], "limit.works", 1, 1000)
    _one_of(limit["per"], "limit.per", ("category", "ballot"))
    _one_of(rule["scope"], "scope", ("week", "day"))
    _one_of(rule["seal"], "seal", ("sealed", "live"))
    _whole(rule["casts"], "casts", 1, 1000)
    _whole(rule["grace"], "grace", 0, 7 * 86400)
    _words(rule["channels"], "channels")
    short = _fields(rule["shortlist"], "shortlist", "per_category tie", "min_votes")
    _whole(short["per_category"], "shortlist.per_category", 1, 1000)
    _one_of(short["tie"], "shortlist.tie", ("all", "accepted_earlier"))
    _whole(short.get("min_votes", 1), "shortlist.min_votes", 0, 10**9)


def _jury(value: object) -> None:
    jury = _fields(value, "jury", "criteria aggregate trim missing min_sheets")
    keys = []
    for at, item in enumerate(_list(jury["criteria"], "jury.criteria")):
        criterion = _fields(item, f"jury.criteria.{at}", "key max")
        keys.append(_word(criterion["key"], f"jury.criteria.{at}.key"))
        _whole(criterion["max"], f"jury.criteria.{at}.max", 1, 1000)
    _different([*keys, ABSTAIN], "jury.criteria")
    _one_of(jury["aggregate"], "jury.aggregate", ("mean", "trimmed_mean", "median"))
    trim = _whole(jury["trim"], "jury.trim", 0, 100)
    _one_of(jury["missing"], "jury.missing", ("drop",))
    _whole(jury["min_sheets"], "jury.min_sheets", 2 * trim + 1 if jury["aggregate"] == "trimmed_mean" else 1, 1000)


def _combine(value: object) -> None:
    combine = _fields(value, "combine", "sources round")
    total, named = Fraction(0), []
    for at, item in enumerate(_list(combine["sources"], "combine.sources")):
        path = f"combine.sources.{at}"
        part = _fields(item, path, "source normaliser weight")
        named.append(_one_of(part["source"], f"{path}.source", tuple(NORMALISERS)))
        _one_of(part["normaliser"], f"{path}.normaliser", NORMALISERS[part["source"]])
        if len(weight := _list(part["weight"], f"{path}.weight")) != 2:
            raise _no(f"{path}.weight")
        below = _whole(weight[1], f"{path}.weight.1", 1, 10**6)
        total += Fraction(_whole(weight[0], f"{path}.weight.0", 0, below), below)
    _different(named, "combine.sources")
    if total != 1:
        raise Refused("ruleset.weights", path="combine.sources", sum=str(total))
    rounds = _fields(combine["round"], "combine.round", "source sum")
    for name in ("source", "sum"):
        step = _fields(rounds[name], f"combine.round.{name}", "places mode")
        _whole(step["places"], f"combine.round.{name}.places", 0, 6)
        _one_of(step["mode"], f"combine.round.{name}.mode", ROUNDINGS)


def _prizes(rule: Mapping[str, Any]) -> None:
    named = []
    for at, item in enumerate(_list(rule["prizes"], "prizes")):
        prize = _fields(item, f"prizes.{at}", "prize count")
        named.append(_word(prize["prize"], f"prizes.{at}.prize"))
        _whole(prize["count"], f"prizes.{at}.count", 1, 1000)
    _different(named, "prizes")
    if "participation" in rule:
        part = _fields(rule["participation"], "participation", "prize who")
        _different([*named, _word(part["prize"], "participation.prize")], "participation.prize")
        _one_of(part["who"], "participation.who", ("shortlist",))


def _ties(value: object) -> None:
    steps = [_one_of(step, f"ties.{at}", TIES) for at, step in enumerate(_list(value, "ties"))]
    _different(steps, "ties")
    if steps[-1] != "accepted_earlier":
        raise _no("ties", "ruleset.ties_open")


def zone(name: str) -> ZoneInfo:
    """Returns the time zone called `name`; refuses a name that this machine's time zone data does not hold."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("ruleset.tz", tz=name)


def check_ruleset(ruleset: object) -> None:
    """Refuses a ruleset that cannot be carried out, naming the first wrong field by its path; nothing is guessed or filled in."""
    needed = "v name tz categories scope limit casts seal grace channels shortlist jury combine ties prizes"
    rule = _fields(ruleset, "", needed, "participation")
    _whole(rule["v"], "v", 1, 1)
    if not isinstance(rule["name"], str) or not 0 < len(rule["name"]) <= 200:
        raise _no("name")
    if not isinstance(rule["tz"], str):
        raise _no("tz")
    try:
        zone(rule["tz"])
    except Refused:
        raise Refused("ruleset.tz", path="tz", tz=rule["tz"])
    _words(rule["categories"], "categories")
    _vote(rule)
    _jury(rule["jury"])
    _combine(rule["combine"])
    _ties(rule["ties"])
    _prizes(rule)


def awareness_week() -> dict[str, Any]:
    """Returns the preset of an awareness week: daily sealed ballots of three works a category, votes 40 % and panel 60 %."""
    rounding = {"places": 2, "mode": "half_up"}
    return {
        "v": 1,
        "name": "awareness-week/1",
        "tz": "Asia/Shanghai",
        "categories": ["picture", "video", "h5"],
        "scope": "day",
        "limit": {"works": 3, "per": "category"},
        "casts": 20,
        "seal": "sealed",
        "grace": 600,
        "channels": ["email"],
        "shortlist": {"per_category": 6, "tie": "all"},
        "jury": {
            "criteria": [{"key": "idea", "max": 40}, {"key": "craft", "max": 30}, {"key": "reach", "max": 30}],
            "aggregate": "trimmed_mean",
            "trim": 1,
            "missing": "drop",
            "min_sheets": 3,
        },
        "combine": {
            "sources": [
                {"source": "votes", "normaliser": "share_of_most", "weight": [40, 100]},
                {"source": "scores", "normaliser": "share_of_max", "weight": [60, 100]},
            ],
            "round": {"source": dict(rounding), "sum": dict(rounding)},
        },
        "ties": ["scores", "votes", "first_places", "accepted_earlier"],
        "prizes": [{"prize": "first", "count": 1}, {"prize": "second", "count": 1}, {"prize": "third", "count": 1}],
        "participation": {"prize": "participation", "who": "shortlist"},
    }
