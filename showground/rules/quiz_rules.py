"""What the rules of a quiz must say before anybody can take part: checked before they are published, and again by every reader.

    check_rules(rules) -> None          Refused("rules.field_missing", path="promotion.waiver") or another "rules...." with facts
    prize_quiz(...) -> dict             rules of a quiz with a draw, every field filled in: a start for a form, and for tests
    prize_words(rules) -> [word, ...]   one word for each prize, in the order in which winners take them

A quiz of kind "prize" ends in a draw and says all that `PROMOTION` asks; one of kind "plain" is recorded and re-scored, and has
neither `freezes`, `promotion` nor `draw`. `docs/formats/quiz.md` tells each field. Times are Unix seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from showground.rules import draws
from showground.rules.records import WORD, canonical
from showground.rules.refused import Refused

KINDS: Final = ("prize", "plain")
LANGUAGES: Final = ("en", "zh")
# RULE promotion: what UK CAP 8.17 and 8.24 and SAMR order 32 (2020) articles 11 to 13 want said beforehand.
PROMOTION: Final = (
    "prizes", "entry", "conditions", "draw_time", "draw_method", "worth", "number",
    "claim_time", "claim_conditions", "delivery", "waiver",
)  # fmt: skip
DEAREST_CNY: Final = 5_000_000  # RULE promotion: SAMR order 32 article 17, no prize above 50,000 yuan; in fen
MOST_PICKS: Final = 5000  # so many positions fit one record
_LONGEST: Final = 60_000
_PLAIN: Final = "v quiz kind name organiser contact opens closes grace pool items pass eligibility"
_PRIZE: Final = _PLAIN + " freezes promotion draw"
_DRAW: Final = "draw prizes alternates parties beacon commit_by open_by draws_at claim_days fallback_hours"


def _fields(value: object, path: str, needed: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refused("rules.field", path=path)
    for name in needed.split():
        if name not in value:
            raise Refused("rules.field_missing", path=f"{path}.{name}".lstrip("."))
    for name in sorted(value):
        if name not in needed.split():
            raise Refused("rules.field_unknown", path=f"{path}.{name}".lstrip("."))
    return value


def _whole(value: object, path: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Refused("rules.number", path=path, low=low, high=high)
    return value


def _word(value: object, path: str) -> str:
    if not isinstance(value, str) or not WORD(value):
        raise Refused("rules.word", path=path)
    return value


def _text(value: object, path: str) -> None:
    """A text in every language of the house, none of them blank."""
    said = _fields(value, path, " ".join(LANGUAGES))
    for language in LANGUAGES:
        if not isinstance(said[language], str) or not said[language].strip() or len(said[language]) > 2000:
            raise Refused("rules.text", path=f"{path}.{language}")


def _list(value: object, path: str, most: int) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise Refused("rules.list", path=path, most=most)
    return value


def _in_order(rules: Mapping[str, Any], names: str, path: str = "") -> None:
    """Times named in order, each at or after the one before; `<` stands before one that must be later."""
    last: tuple[str, int] | None = None
    for name in names.split():
        field = name.lstrip("<")
        at = _whole(rules[field], f"{path}{field}", 0, 2**40)
        if last is not None and (at < last[1] or (name[0] == "<" and at == last[1])):
            raise Refused("rules.time_order", path=f"{path}{field}", at=at, after=last[0], limit=last[1])
        last = (field, at)


def _questions(rules: Mapping[str, Any]) -> None:
    pool = _whole(rules["pool"], "pool", 1, 10_000)
    items = _whole(rules["items"], "items", 1, 100)
    if items > pool:
        raise Refused("rules.pool_small", path="pool", pool=pool, items=items)
    if _whole(rules["pass"], "pass", 1, 100) > items:
        raise Refused("rules.pass", path="pass", right=rules["pass"], items=items)


def _prizes(value: object) -> None:
    named = []
    for at, item in enumerate(_list(value, "draw.prizes", 100)):
        path = f"draw.prizes.{at}"
        prize = _fields(item, path, "prize count name worth currency")
        named.append(_word(prize["prize"], f"{path}.prize"))
        _whole(prize["count"], f"{path}.count", 1, MOST_PICKS)
        _text(prize["name"], f"{path}.name")
        if not isinstance(prize["currency"], str) or not re.fullmatch(r"[A-Z]{3}", prize["currency"]):
            raise Refused("rules.currency", path=f"{path}.currency")
        most = DEAREST_CNY if prize["currency"] == "CNY" else 2**40
        _whole(prize["worth"], f"{path}.worth", 0, most)
    if len(set(named)) != len(named):
        raise Refused("rules.twice", path="draw.prizes")


def _beacon(value: object) -> None:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "dice":
        said = _fields(value, "draw.beacon", "kind digits")
        _whole(said["digits"], "draw.beacon.digits", draws.LEAST_THROWS, 400)
    elif kind == "drand":
        said = _fields(value, "draw.beacon", " ".join(draws.QUICKNET))
        if said not in draws.CHAINS.values():
            raise Refused("rules.chain", path="draw.beacon", known=sorted(draws.CHAINS))
    else:
        raise Refused("rules.beacon", path="draw.beacon", known=["drand", "dice"])


def _draw(rules: Mapping[str, Any]) -> None:
    draw = _fields(rules["draw"], "draw", _DRAW)
    _word(draw["draw"], "draw.draw")
    _prizes(draw["prizes"])
    alternates = _whole(draw["alternates"], "draw.alternates", 0, MOST_PICKS)
    total = sum(prize["count"] for prize in draw["prizes"]) + alternates
    if total > MOST_PICKS:
        raise Refused("rules.too_many_prizes", path="draw.prizes", total=total, most=MOST_PICKS)
    parties = [_word(party, f"draw.parties.{at}") for at, party in enumerate(_list(draw["parties"], "draw.parties", 10))]
    if len(set(parties)) != len(parties):
        raise Refused("rules.twice", path="draw.parties")
    _beacon(draw["beacon"])
    _whole(draw["claim_days"], "draw.claim_days", 1, 366)
    _whole(draw["fallback_hours"], "draw.fallback_hours", 1, 24 * 60)
    _in_order(dict(draw) | {"freezes": rules["freezes"]}, "freezes commit_by open_by <draws_at", "draw.")


def check_rules(rules: object) -> None:
    """Refuses rules that cannot be carried out or do not say what they must, naming the first wrong field by its path."""
    kind = rules.get("kind") if isinstance(rules, dict) else None
    if kind not in KINDS:
        raise Refused("rules.kind", path="kind", known=list(KINDS))
    said = _fields(rules, "", _PRIZE if kind == "prize" else _PLAIN)
    _whole(said["v"], "v", 1, 1)
    _word(said["quiz"], "quiz")
    for name in ("name", "organiser", "eligibility"):
        _text(said[name], name)
    if not isinstance(said["contact"], str) or not 0 < len(said["contact"].strip()) <= 400:
        raise Refused("rules.text", path="contact")
    _whole(said["grace"], "grace", 0, 7 * 86400)
    _in_order(said, "opens <closes freezes" if kind == "prize" else "opens <closes")
    _questions(said)
    if kind == "prize":
        for name in _fields(said["promotion"], "promotion", " ".join(PROMOTION)):
            _text(said["promotion"][name], f"promotion.{name}")
        _draw(said)
    if len(canonical(rules)) > _LONGEST:
        raise Refused("rules.too_long", path="", most=_LONGEST)


def prize_words(rules: Mapping[str, Any]) -> list[str]:
    """Returns one word for each prize, in the order in which the winners drawn take them."""
    return [prize["prize"] for prize in rules["draw"]["prizes"] for _ in range(prize["count"])]


# ---- a start for a form ----

_SAID: Final = {
    "prizes": ("Three first prizes and ten second prizes.", "一等奖三名，二等奖十名。"),
    "entry": ("Answer five questions on the quiz page; four right answers give one ticket.", "在答题页回答五道题，答对四道即得一张奖券。"),
    "conditions": ("One ticket per person and draw. Taking part is free.", "每人每次抽奖限一张奖券。参与免费。"),
    "draw_time": ("At the time named in these rules as draws_at.", "以本规则中 draws_at 所载时间为准。"),
    "draw_method": ("By computer from a public random value; anyone can recompute it.", "由计算机按公开随机数抽取，任何人均可重新核算。"),
    "worth": ("The worth of each prize stands beside it.", "各奖品价值见奖品列表。"),
    "number": ("The number of each prize stands beside it.", "各奖品数量见奖品列表。"),
    "claim_time": ("Within the days named in these rules as claim_days.", "在本规则 claim_days 所载天数内兑奖。"),
    "claim_conditions": ("Show the receipt and its secret; one person, one prize.", "出示回执及其密语；一人限领一份。"),
    "delivery": ("At the organiser's desk or by post, free of charge.", "在主办方服务台领取或免费邮寄。"),
    "waiver": ("Who does not claim in time gives the prize up; the next alternate is told.", "逾期未兑视为放弃，由下一候补者递补。"),
}  # fmt: skip


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def prize_quiz(
    quiz: str, draw: str, *, opens: int, closes: int, freezes: int, commit_by: int, open_by: int, draws_at: int,
    beacon: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Returns rules that `check_rules` takes: five of twelve questions, four right to pass, thirteen prizes, drawn by quicknet."""
    prizes = [
        {"prize": "first", "count": 3, "name": _pair(("A hardware key", "硬件密钥")), "worth": 20_000, "currency": "CNY"},
        {"prize": "second", "count": 10, "name": _pair(("A book", "图书")), "worth": 5_000, "currency": "CNY"},
    ]
    return {
        "v": 1, "quiz": quiz, "kind": "prize", "name": _pair(("Prize quiz", "有奖问答")),
        "organiser": _pair(("The organiser", "主办方")), "contact": "quiz@example.org",
        "opens": opens, "closes": closes, "freezes": freezes, "grace": 600, "pool": 12, "items": 5, "pass": 4,
        "eligibility": _pair(("Everybody but the organiser's staff.", "除主办方工作人员外均可参加。")),
        "promotion": {name: _pair(_SAID[name]) for name in PROMOTION},
        "draw": {
            "draw": draw, "prizes": prizes, "alternates": 5, "parties": ["notary", "organiser"],
            "beacon": dict(beacon or draws.QUICKNET), "commit_by": commit_by, "open_by": open_by, "draws_at": draws_at,
            "claim_days": 14, "fallback_hours": 24,
        },
    }  # fmt: skip
