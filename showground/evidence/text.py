"""What a pasted message says: links however they are disguised, phone numbers, senders, wallets, accounts; English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import phonenumbers

from showground.evidence import hosts, links, lookalike, numbers
from showground.evidence.lookalike import NOBODY, Names

Told = dict[str, Any]
# RULE reports 3.5: characters that are searched, and how many of a kind are listed; the raw message keeps the rest.
SEARCHED, LISTED = 2_000_000, 500
REGIONS = ("CN", "GB")
_DOT = r"(?:\.|\s?[\[({]\s?(?:\.|dot|点)\s?[\])}]\s?|。(?=[A-Za-z0-9]))"
_WITH_SCHEME = re.compile(
    r"(?<![A-Za-z])(?:h(?:tt|xx|\*\*|tx|xt)ps?|ftp)(?:://|\[:\](?://|\\\\)|\[://\]|:\\\\)[^\s<>\"'「」《》，；、]+", re.IGNORECASE
)
_BARE = re.compile(
    rf"(?<![A-Za-z0-9_@./\\%-])((?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}{_DOT}){{1,6}}[A-Za-z]{{2,24}})(?![A-Za-z0-9_@-])"
    r"((?::[0-9]{2,5})?(?:/[^\s<>\"'，。；、）)]*)?)"
)
_RISKY = re.compile(r"(?<![A-Za-z])(?:javascript|data|vbscript):[^\s<>\"']{3,}", re.IGNORECASE)
_AT = r"(?:@|\s?[\[(]\s?(?:at|@)\s?[\])]\s?)"
_MAIL = re.compile(
    rf"(?<![A-Za-z0-9.+_-])[A-Za-z0-9._%+-]{{1,64}}{_AT}((?:[A-Za-z0-9-]{{1,63}}(?:\.|\[\.\])){{1,6}}[A-Za-z]{{2,24}})",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_TRAIL = ".,;:!?)]}>'\"*_~，。；：！？）】」』》…"
# Whoever sent a text message: a word before the message, or the name in its brackets, as Chinese senders must write it.
_SENDER = re.compile(
    r"^[ \t]{0,20}(?:from|sender|发件人|发送者|发信人|来自)\s{0,3}[:：]\s{0,3}(\S[^\n]{0,60})", re.IGNORECASE | re.MULTILINE
)
_SIGNED = re.compile(r"【([^】\n]{2,20})】")
_SHORT = re.compile(r"(?<![\d.+/=-])(?:1(?:06|2)\d{2,17}|9\d{4}|100\d{2,3}|[1-9]\d{4,5})(?![\d.])")
_SHORT_BEFORE = re.compile(
    r"(?:text|sms|reply|short ?code|from|to|call|dial|短信|发送至?|回复至?|拨打|致电|号码|热线|来自|客服)\s{0,3}[^\d\n]{0,12}$",
    re.IGNORECASE,
)
_NAMED = (
    ("qq", re.compile(r"(?:QQ|扣扣|企鹅)\s{0,3}(?:号|群)?\s{0,3}[:：]?\s{0,3}([1-9]\d{4,11})(?!\d)", re.IGNORECASE)),
    (
        "wechat",
        re.compile(
            r"(?:微信|威信|薇信|we ?chat|weixin|vx|wx)\s{0,3}(?:号|id)?\s{0,3}[:：]\s{0,3}([A-Za-z0-9][\w-]{4,19})", re.IGNORECASE
        ),
    ),
    ("telegram", re.compile(r"(?:telegram|电报|纸飞机|tg)\s{0,3}(?:号|id)?\s{0,3}[:：]?\s{0,3}@([A-Za-z]\w{4,31})", re.IGNORECASE)),
    ("telegram", re.compile(r"(?<![\w.])t(?:elegram)?\.me/(?:joinchat/)?\+?([A-Za-z]\w{4,31})", re.IGNORECASE)),
    ("whatsapp", re.compile(r"(?<![\w.])wa\.me/(\d{7,15})", re.IGNORECASE)),
    ("alipay", re.compile(r"(?:支付宝|alipay)\s{0,3}(?:账号|帐号|号|id)?\s{0,3}[:：]\s{0,3}([\w.@+-]{5,60})", re.IGNORECASE)),
)


def read(text: str, *, names: Names = NOBODY, regions: Iterable[str] = REGIONS, via: str = "text") -> Told:
    """Returns what a message says (docs/formats/evidence.md): links, addresses, phones, senders, wallets, accounts; never raises."""
    plain = text[:SEARCHED].translate(links.INVISIBLE).translate(links.NARROW)
    found = [one for raw in found_links(plain) for one in links.unfolded(links.read(raw, names=names), names)]
    for one in found:
        one["via"] = via if one["via"] == "text" else one["via"]
        if one["via"] == via and one["raw"] not in text:
            one["flags"].append({"code": "link.disguised_text"})
    held = accounts(plain)
    return {
        "characters": len(text),
        "searched": min(len(text), SEARCHED),
        "limits": _limits(text, found),
        "links": found[:LISTED],
        "addresses": addresses(plain, names),
        "phones": phones(_without(plain, held), regions),
        "senders": senders(plain, names),
        "wallets": [{"chain": chain, "address": address} for chain, address in numbers.wallets(plain)[:LISTED]],
        "accounts": held,
    }


def _limits(text: str, found: list[Told]) -> list[Told]:
    limits: list[Told] = [{"code": "limit.links", "listed": LISTED}] if len(found) > LISTED else []
    return [*limits, {"code": "limit.text", "bytes": len(text), "read": SEARCHED}] if len(text) > SEARCHED else limits


def _without(text: str, held: list[Told]) -> str:
    """Returns the text without the digits of accounts, which are no phone numbers."""
    for one in held:
        digits = r"[ -]?".join(map(re.escape, one["account"]))
        text = re.sub(digits, lambda hit: " " * len(hit[0]), text, flags=re.IGNORECASE) if len(held) <= 50 else text
    return text


def found_links(text: str) -> list[str]:
    """Returns the links of a text as written, each once, in order; also those without a scheme and those made harmless."""
    places: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_WITH_SCHEME, _RISKY):
        for hit in pattern.finditer(text):
            places.append((hit.start(), _ended(hit[0])))
            taken.append(hit.span())
    rest = _blanked(text, taken + [hit.span() for hit in _MAIL.finditer(text)])
    places += [(hit.start(), _path_ended(hit)) for hit in _BARE.finditer(rest) if hosts.real_ending(links.refang(hit[1]).lower())]
    return list(dict.fromkeys(raw for _, raw in sorted(places)))[: LISTED * 4]


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """Returns the text with spaces where something was found already; places stay the same."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [text[at:start], " " * (end - max(start, at))]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _ended(raw: str) -> str:
    """Returns a link without the words that follow it: Chinese writes no space after it."""
    begin = re.match(r"[^/\\]*[/\\\]]+", raw)
    start = begin.end() if begin else 0
    host = re.match(r"[^/\\?#]*", raw[start:])
    end = start + (host.end() if host else 0)
    last = _dotted(raw[start:end]).rpartition(".")[2]
    # A host may be Chinese, but no name under a Latin ending is: "bank.example请点击" ends at "example".
    stray = _HAN.search(last) if last[:1].isascii() and last else None
    if stray:
        return raw[: end - len(last) + stray.start()].rstrip(_TRAIL)
    cut = _HAN.search(raw, end)
    return _balanced(raw[: cut.start()] if cut else raw)


def _path_ended(hit: re.Match[str]) -> str:
    cut = _HAN.search(hit[0], len(hit[1]))
    return (hit[0][: cut.start()] if cut else hit[0]).rstrip(_TRAIL)


def _dotted(host: str) -> str:
    """Returns a host whose ideographic full stops are dots, unless the name is whole before the first: that one ends a sentence."""
    return host if hosts.real_ending(links.refang(host.partition("。")[0]).lower()) else re.sub(r"。(?=[A-Za-z0-9])", ".", host)


def _balanced(raw: str) -> str:
    """Returns a link without the punctuation of its sentence; a bracket that was opened in it stays."""
    bare = raw.rstrip(_TRAIL)
    if raw[len(bare) : len(bare) + 1] == ")" and bare.count("(") > bare.count(")"):
        bare += ")"
    return bare


def addresses(text: str, names: Names = NOBODY) -> list[Told]:
    """Returns the mail addresses of a text, lower case, each with what is untrue about its host."""
    found = dict.fromkeys(links.refang(hit[0]).lower() for hit in _MAIL.finditer(text))
    return [{"mail": one, "flags": lookalike.flags(one.rpartition("@")[2], names)} for one in list(found)[:LISTED]]


def phones(text: str, regions: Iterable[str] = REGIONS) -> list[Told]:
    """Returns the phone numbers of a text: raw as written and, if a region's plan knows it, E.164; never only the latter."""
    found: dict[int, Told] = {}
    for region in regions:
        for hit in phonenumbers.PhoneNumberMatcher(text[:200_000], region, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=2000):
            valid = phonenumbers.is_valid_number(hit.number)
            # Without a plus a number may belong to any region: the first whose plan knows it speaks, else it stays raw.
            if hit.start not in found or (valid and not found[hit.start]["valid"]):
                number = phonenumbers.format_number(hit.number, phonenumbers.PhoneNumberFormat.E164)
                told = number if valid or hit.raw_string.startswith("+") else ""
                found[hit.start] = {"raw": hit.raw_string, "number": told, "valid": valid, "kind": "phone"}
    kept = [told for told in found.values() if told["number"] or len(re.sub(r"\D", "", told["raw"])) >= 7]
    known = {re.sub(r"\D", "", told["raw"]) for told in kept}
    kept += [one for one in _short_codes(text) if one["raw"] not in known]
    return list({told["raw"]: told for told in kept}.values())[:LISTED]


def _short_codes(text: str) -> list[Told]:
    """Returns numbers that are too short for a line and that the words before them call a number to text or dial."""
    hits = (hit for hit in _SHORT.finditer(text) if _SHORT_BEFORE.search(text[max(0, hit.start() - 30) : hit.start()]))
    return [{"raw": hit[0], "number": hit[0], "valid": False, "kind": "short"} for hit in hits]


def senders(text: str, names: Names = NOBODY) -> list[Told]:
    """Returns the names a message gives itself as its sender's, with the protected name that each of them says."""
    said = [hit.strip() for pattern in (_SENDER, _SIGNED) for hit in pattern.findall(text[:20_000])]
    return [{"sender": one, "names": [official for _, official in lookalike.names_in(one, names)]} for one in dict.fromkeys(said)][
        :20
    ]


def accounts(text: str) -> list[Told]:
    """Returns the bank accounts and messenger accounts of a text, each with its kind."""
    found = [("iban", one) for one in numbers.ibans(text)] + [("card", one) for one in numbers.cards(text)]
    found += [(kind, hit.lower()) for kind, pattern in _NAMED for hit in pattern.findall(text)]
    return [{"kind": kind, "account": account} for kind, account in dict.fromkeys(found)][:LISTED]
