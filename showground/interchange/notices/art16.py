"""A notice to a partner as DSA article 16(2) wants it: why, exactly where, who says so, and in good faith.

`build` makes the notice as data, `text` says it in plain words. In words every address is defanged, so that no filter eats the letter
and nobody opens it by accident; the data attached to the letter holds it exactly. The reporter is in neither.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused

Notice = dict[str, Any]
FORMAT: Final = "showground-notice-1"
ASKS: Final = ("remove", "suspend", "block", "preserve", "warn")
LANGUAGES: Final = ("en", "zh")
MOST_PLACES, MOST_WORDS = 50, 8000


@dataclass(frozen=True)
class Sender:
    """Who gives notice: the desk. There is no place here for anybody else."""

    name: str
    mail: str
    domain: str


@dataclass(frozen=True)
class Law:
    """The provision that a notice cites, in both languages."""

    jurisdiction: str
    citation: Mapping[str, str]
    url: str = ""


def build(
    *, case: str, category: str, at: int, explanation: str, law: Law, places: Sequence[str], ask: str,
    evidence: Sequence[str], sender: Sender, original: str = "", several: bool = False,
) -> Notice:  # fmt: skip
    """Returns a notice; `evidence` are SHA-256 of what the desk keeps, `original` the true site where one is imitated.

    `several` says that the reports came on more than one day or by more than one channel, so that the desk is surer.

    Refuses (`notice.*`) one that lacks a part article 16 wants.
    """
    if category not in BY_CODE:
        raise Refused("notice.category", category=category[:40])
    if ask not in ASKS:
        raise Refused("notice.ask", ask=ask[:40])
    found = [place.strip() for place in places if place.strip()]
    if not found or len(found) > MOST_PLACES:
        raise Refused("notice.places", most=MOST_PLACES)
    if not explanation.strip() or len(explanation) > MOST_WORDS:
        raise Refused("notice.explanation", most=MOST_WORDS)
    if not any(law.citation.values()):
        raise Refused("notice.law")
    return {
        "format": FORMAT,
        "case": case,
        "category": category,
        "made_at": at,
        "explanation": explanation.strip(),
        "law": {"jurisdiction": law.jurisdiction, "citation": dict(law.citation), "url": law.url},
        "places": found,
        "ask": ask,
        "evidence_sha256": sorted(set(evidence)),
        **({"original": original} if original else {}),
        **({"spread": "several"} if several else {}),
        "from": {"name": sender.name, "mail": sender.mail, "domain": sender.domain},
        "good_faith": True,
    }


_SCHEME = re.compile(r"(?<![A-Za-z])(h)tt(ps?)(?=:)", re.IGNORECASE)
# A point before at least two letters, or inside an address: also beside brackets, commas and Chinese words, where no blank stands.
_POINT = re.compile(r"(?<=[^\W_])[.\u3002\uff0e\uff61](?=[^\W\d_][^\W_]|\d[\d.]*\b)|(?<=\d)\.(?=\d)")
_AT = re.compile(r"(?<=[\w.+-])[@\uff20](?=[\w\[])")


def defang(text: str) -> str:
    """Returns an address or a text in which nothing can be opened: hxxps://bad[.]example, a[at]bad[.]example."""
    words = re.sub(r"\S+", lambda hit: _blunt(hit[0]), text)
    return "".join(char for char in words if char in "\n\t" or (char.isprintable() and char not in _TURNING))


_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _blunt(word: str) -> str:
    """Returns a word without anything to open; a point between digits is an address's only if there are three."""
    word = _AT.sub("[at]", _SCHEME.sub(r"\1xx\2", word))
    if re.fullmatch(r"[^\w]*\d+(?:[.,]\d+){0,2}[^\w]*", word):
        return word
    return _POINT.sub("[.]", word)


_WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Notice of {harm}, case {case}",
        "open": "{desk} gives you notice of {harm} under Article 16 of the Digital Services Act or the law named below.",
        "why": "What we found",
        "law": "The provision",
        "where": "Where it is (points are in brackets so that nothing opens; the attached file has the exact addresses)",
        "ask": "What we ask",
        "evidence": "What we keep as evidence (SHA-256; ask us for it by case number)",
        "none": "Nothing but the addresses above.",
        "who": "Who says so",
        "faith": "We believe in good faith that what this notice says is accurate and complete. Two persons read it before it went out. "
        "No software decided on it.",
        "reply": "Tell us what you did, in one minute and without an account:",
        "affected": "Whoever is affected by what you do can read our reasons here, and appeal against them:",
        "made": "Notice of {day}",
    },
    "zh": {
        "title": "关于{harm}的通知，案号 {case}",
        "open": "{desk}依据《数字服务法》第 16 条或下列法律，就{harm}向贵方发出通知。",
        "why": "我们发现的情况",
        "law": "依据的条款",
        "where": "所在位置（点号加了方括号，以免误点；附件中有准确地址）",
        "ask": "我们的请求",
        "evidence": "我们保存的证据（SHA-256；可凭案号向我们索取）",
        "none": "除上述地址外，没有其他证据。",
        "who": "通知方",
        "faith": "我们善意地相信，本通知所述内容准确、完整。发出之前，已由两人分别审阅。没有任何决定由软件作出。",
        "reply": "请告诉我们您的处理结果，一分钟即可，无需账户：",
        "affected": "受处理结果影响的人可以在这里阅读我们的理由，并提出申诉：",
        "made": "通知日期：{day}",
    },
}
_HARMS: Final[dict[str, dict[str, str]]] = {
    "scam": {"en": "a scam", "zh": "诈骗"},
    "phishing": {"en": "phishing", "zh": "网络钓鱼"},
    "malware": {"en": "malware", "zh": "恶意程序"},
    "impersonation": {"en": "impersonation", "zh": "冒充他人"},
    "harassment": {"en": "harassment of a person", "zh": "对个人的骚扰"},
    "intimate": {"en": "intimate pictures shared without consent", "zh": "未经同意传播的私密影像"},
    "privacy": {"en": "exposed personal data", "zh": "个人信息泄露"},
    "rights": {"en": "an infringement of copyright or a trade mark", "zh": "侵犯著作权或商标权"},
    "child": {"en": "a danger to a child", "zh": "危害儿童的内容"},
}
_ASKS: Final[dict[str, dict[str, str]]] = {
    "remove": {"en": "Remove what stands at these places, and no more than that.", "zh": "请移除上述位置的内容，仅此而已。"},
    "suspend": {"en": "Suspend the service at these places while you look.", "zh": "请在核查期间暂停上述位置的服务。"},
    "block": {"en": "Block these places for your customers.", "zh": "请为贵方用户屏蔽上述位置。"},
    "preserve": {"en": "Preserve what stands there; remove nothing yet.", "zh": "请保全现有内容，暂不移除。"},
    "warn": {"en": "Warn the people who may meet it.", "zh": "请提醒可能接触到它的人。"},
}


def harm_name(category: str, language: str) -> str:
    """Returns what a harm is called in a notice."""
    return _HARMS[category][language]


def subject(notice: Notice, language: str = "en") -> str:
    """Returns the first line of the letter."""
    return _WORDS[language]["title"].format(harm=harm_name(notice["category"], language), case=notice["case"])


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def text(notice: Notice, language: str, *, reply: str = "", affected: str = "") -> str:
    """Returns the notice in plain words of one language; `reply` and `affected` are addresses of our own and stay whole."""
    say = _WORDS[language]
    law, sender = notice["law"], notice["from"]
    cited = law["citation"].get(language) or next(iter(law["citation"].values()))
    evidence = [f"- {digest}" for digest in notice["evidence_sha256"]] or [say["none"]]
    parts = [
        (say["title"].format(harm=harm_name(notice["category"], language), case=notice["case"]), [
            say["made"].format(day=_day(notice["made_at"])),
            say["open"].format(desk=sender["name"], harm=harm_name(notice["category"], language)),
        ]),
        (say["why"], [defang(notice["explanation"])]),
        (say["law"], [f"{law['jurisdiction']}: {cited}"]),
        (say["where"], [f"- {defang(place)}" for place in notice["places"]]),
        (say["ask"], [_ASKS[notice["ask"]][language]]),
        (say["evidence"], evidence),
        (say["who"], [f"{sender['name']}, {sender['mail']}", say["faith"]]),
    ]  # fmt: skip
    parts += [(say["reply"], [reply])] if reply else []
    parts += [(say["affected"], [affected])] if affected else []
    return "\n\n".join("\n".join([head, *lines]) for head, lines in parts) + "\n"


def both(notice: Notice, *, reply: str = "", affected: str = "") -> str:
    """Returns the whole letter: English, a line, Chinese."""
    return ("\n" + "-" * 66 + "\n\n").join(text(notice, language, reply=reply, affected=affected) for language in LANGUAGES)
