"""The rules of a draw as a form says them, and back; what the organiser need not think up is suggested."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from showground.quiz.forms.author import Posted
from showground.quiz.models import Quiz
from showground.rules import draws
from showground.rules.quiz_rules import PROMOTION
from showground.ui.typeset import number
from showground.weeks import queries as weeks
from showground.weeks.forms import InstantField

DRAW_TIMES: Final = ("commit_by", "open_by", "draws_at")
HOUR: Final = 3600


def prizes_of(post: Posted) -> list[dict[str, Any]]:
    """Returns the prizes as they are typed, rows without any word left out; wrong figures stay as they are for the check."""
    made = []
    for row in post.rows("prizes"):
        if not any(row.words(name, 200) for name in ("prize", "count", "name.en", "name.zh", "worth")):
            continue
        made.append(
            {
                "prize": row.words("prize", 40) or f"prize{len(made) + 1}",
                "count": row.number("count") or 0,
                "name": row.text("name"),
                "worth": _minor(row.words("worth", 20)),
                "currency": row.words("currency", 3).upper() or "CNY",
            }
        )
    return made


def _minor(words: str) -> int:
    """An amount as people type it, in the smallest coin: "200", "199.90", "1,500"."""
    plain = words.replace(",", "").replace(" ", "")
    whole, _dot, cents = plain.partition(".")
    good = whole.isascii() and whole.isdigit() and len(whole) < 10 and (not cents or (cents.isascii() and cents.isdigit()))
    return int(whole) * 100 + int((cents + "00")[:2]) if good else -1


def major(worth: int) -> str:
    """Returns an amount as it is typed."""
    return f"{worth // 100}.{worth % 100:02d}" if worth >= 0 else ""


def rules_of(quiz: Quiz, post: Posted) -> dict[str, Any]:
    """Returns the rules as the form says them, finished or not; times and figures that cannot be read are left out."""
    both = {name: post.text_pair(name) for name in ("organiser", "eligibility", *PROMOTION)}
    field = InstantField(week=quiz.week)
    times = {name: at for name in ("freezes", "commit_by", "open_by", "draws_at") if (at := _time(field, post.words(name)))}
    figures = {
        name: n for name in ("pass", "grace", "alternates", "claim_days", "fallback_hours") if (n := post.number(name)) is not None
    }
    dice = {"kind": "dice", "digits": post.number("throws") or draws.LEAST_THROWS}
    draw: dict[str, Any] = {
        "draw": post.words("draw", 40), "prizes": prizes_of(post), "parties": ["notary", "organiser"],
        "beacon": dice if post.words("beacon") == "dice" else dict(draws.QUICKNET),
        **{name: figures[name] for name in ("alternates", "claim_days", "fallback_hours") if name in figures},
        **{name: times[name] for name in ("commit_by", "open_by", "draws_at") if name in times},
    }  # fmt: skip
    rules: dict[str, Any] = {
        "organiser": both["organiser"], "eligibility": both["eligibility"], "contact": post.words("contact", 400),
        "promotion": {name: both[name] for name in PROMOTION}, "draw": draw,
    }  # fmt: skip
    if "pass" in figures:
        rules["pass"] = figures["pass"]
    if "grace" in figures:
        rules["grace"] = figures["grace"] * 60
    return rules | ({"freezes": times["freezes"]} if "freezes" in times else {})


def _time(field: InstantField, words: str) -> int | None:
    try:
        return field.to_python(words)  # type: ignore[no-any-return]
    except forms.ValidationError:
        return None


def initial_of(rules: dict[str, Any]) -> dict[str, Any]:
    """Returns rules as the fields of the form show them."""
    draw, promotion = rules.get("draw", {}), rules.get("promotion", {})
    found = {name: rules[name] for name in ("contact", "pass", "freezes") if name in rules}
    found |= {name: draw[name] for name in ("draw", "alternates", "claim_days", "fallback_hours", *DRAW_TIMES) if name in draw}
    for name, text in [
        ("organiser", rules.get("organiser", {})),
        ("eligibility", rules.get("eligibility", {})),
        *promotion.items(),
    ]:
        found |= {f"{name}_{language}": words for language, words in text.items()}
    if "grace" in rules:
        found["grace"] = max(1, rules["grace"] // 60)
    if "beacon" in draw:
        found |= {"beacon": draw["beacon"]["kind"], "throws": draw["beacon"].get("digits", draws.LEAST_THROWS)}
    return found


def suggested(quiz: Quiz, *, rehearsal: bool) -> dict[str, Any]:
    """Returns rules to start from: times after the close, a plain wording of everything that must be said, no prizes yet."""
    freezes = quiz.closes + 24 * HOUR
    beacon = {"kind": "dice", "digits": draws.LEAST_THROWS} if rehearsal else dict(draws.QUICKNET)
    operator = quiz.week.document.get("operator", {})
    return {
        "organiser": {language: str(operator.get(language, "")) for language in ("en", "zh")}, "contact": "", "grace": 600,
        "eligibility": {"en": "Everybody but the organiser’s staff and their families.", "zh": "除主办方工作人员及其家属外，均可参加。"},
        "pass": max(1, quiz.items - 1), "freezes": freezes, "promotion": {name: dict(SAID[name]) for name in SAID},
        "draw": {
            "draw": f"{quiz.code}-draw"[:40], "prizes": [], "alternates": 5, "parties": ["notary", "organiser"], "beacon": beacon,
            "commit_by": freezes + HOUR, "open_by": freezes + 2 * HOUR, "draws_at": freezes + 3 * HOUR, "claim_days": 14, "fallback_hours": 24,
        },
    }  # fmt: skip


SAID: Final = {
    "entry": {
        "en": "Answer the questions on the quiz page. Who passes has one ticket; taking part is free.",
        "zh": "在答题页回答问题，通过者得一张奖券。参加免费。",
    },
    "conditions": {
        "en": "One ticket per person and draw. Entries made by programs are struck, with the reason, and may be objected to.",
        "zh": "每人每次抽奖限一张奖券。由程序提交的参与记录将被剔除并说明理由，可提出异议。",
    },
    "draw_method": {
        "en": "By computer from the list of tickets, two sealed seeds and a public random value; anyone can recompute it.",
        "zh": "由计算机根据奖券名单、两份密封种子与公开随机数抽取，任何人均可重新核算。",
    },
    "claim_conditions": {
        "en": "Type the secret of the receipt; show once that you are the person. One person, one prize.",
        "zh": "输入回执中的密语，并当面或视频核验一次本人。一人限领一份。",
    },
    "delivery": {
        "en": "At the organiser’s desk or by post, free of charge.",
        "zh": "在主办方服务台领取或免费邮寄。",
    },
    "waiver": {
        "en": "Who does not claim in time gives the prize up; the next alternate is told.",
        "zh": "逾期未领视为放弃，由下一候补者递补。",
    },
}


def from_figures(quiz: Quiz, rules: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Returns those texts that follow from figures: prizes, worth, number, draw time, claim time."""
    draw = rules["draw"]
    listed = draw.get("prizes", [])
    count = sum(one["count"] for one in listed)
    at = weeks.local(quiz.week, draw["draws_at"]) if "draws_at" in draw else None
    days = draw.get("claim_days", 14)
    en = "; ".join(f"{one['count']} × {one['name'].get('en', one['prize'])}" for one in listed)
    zh = "；".join(f"{one['name'].get('zh', one['prize'])} {one['count']} 份" for one in listed)
    worth_en = "; ".join(f"{one['name'].get('en', one['prize'])}: {major(one['worth'])} {one['currency']}" for one in listed)
    worth_zh = "；".join(f"{one['name'].get('zh', one['prize'])}每份 {major(one['worth'])} {one['currency']}" for one in listed)
    texts = {
        "prizes": (f"{en}.", f"{zh}。"),
        "worth": (f"{worth_en}.", f"{worth_zh}。"),
        "number": (
            f"{number(count)} prizes. With n tickets the chance of one ticket is {number(count)} in n.",
            f"共 {number(count)} 份奖品。若有 n 张奖券，每张中奖概率为 {number(count)}/n。",
        ),
        "claim_time": (f"Within {days} days of being named on the draw’s page.", f"自抽奖页公布之日起 {days} 天内。"),
    }
    if not listed:
        texts = {"claim_time": texts["claim_time"]}
    if at is not None:
        zone = quiz.week.document["timezone"]
        texts["draw_time"] = (f"{at:%Y-%m-%d %H:%M} ({zone}).", f"{at.year} 年 {at.month} 月 {at.day} 日 {at:%H:%M}（{zone}）。")
    return {name: {"en": en_said, "zh": zh_said} for name, (en_said, zh_said) in texts.items()}
