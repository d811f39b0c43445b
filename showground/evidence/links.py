"""A link as a browser would follow it, and what is untrue about it; it is read, never fetched."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

import ada_url

from showground.evidence import hosts, lookalike
from showground.evidence.lookalike import NOBODY, Names

Told = dict[str, Any]
LONGEST, INNER = 4096, 3
# SPEC whatwg-url 4.4: tabs and line ends inside a link are dropped before anything is read.
_DROPPED = dict.fromkeys(map(ord, "\t\n\r"))
WEB = frozenset({"http", "https", "ws", "wss", "ftp"})
_RISKY = frozenset({"javascript", "data", "vbscript", "file", "blob", "intent", "ms-msdt", "search-ms", "view-source"})
_UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
)  # fmt: skip
INVISIBLE = dict.fromkeys(code for first, last in _UNSEEN for code in range(first, last + 1))
# SPEC whatwg-url 4.4: these, and blanks, are dropped from both ends.
_ENDS = "".join(map(chr, range(0x21)))
# Full-width forms and the other dots that hosts may be written with, each to one character.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFF61: ord("."), 0x3000: ord(" ")}
_FANGS = (
    (re.compile(r"\bh(?:xx|\*\*|tx|xt|XX)p(s?)(?=\W)", re.IGNORECASE), r"http\1"),
    (re.compile(r"\[:(//)?\]"), r":\1"),
    (re.compile(r"\s?[\[({]\s?(?:\.|dot|点)\s?[\])}]\s?", re.IGNORECASE), "."),
    (re.compile(r"\s?[\[({]\s?(?:@|at)\s?[\])}]\s?", re.IGNORECASE), "@"),
    (re.compile(r"\[/\]"), "/"),
    (re.compile(r"(?<=[A-Za-z0-9])。(?=[A-Za-z0-9])"), "."),
)
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_PARAMETER = re.compile(r"[?&#;][^=&#;\s]{1,60}=((?:https?(?:://|%3a%2f%2f)|//|%2f%2f)[^&#;\s]{4,})", re.IGNORECASE)
# In a target that a program reads, "[.]" is just a strange path: only people write defanged links.
_WRITTEN_BY_HAND = frozenset({"text", "words", "visible"})
_SHOWN = re.compile(r"(?:(?:https?|ftp):)?/{0,2}((?:[\w-]{1,63}\.){1,8}[\w-]{2,63})", re.IGNORECASE)
_SHOWN_LATER = re.compile(r"(?<![\w@.-])(?:https?:/{1,2}|(?=www\.))((?:[\w-]{1,63}\.){1,8}[\w-]{2,63})", re.IGNORECASE)


def whole(text: str) -> str:
    """Returns a text whose halves of letters are replaced, as a browser does; no parser takes them."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def refang(text: str) -> str:
    """Returns a text in which defanged and disguised links ("hxxp", "[.]", full width, invisible characters) are plain ones."""
    plain = text.translate(INVISIBLE).translate(NARROW)
    for fang, with_teeth in _FANGS:
        plain = fang.sub(with_teeth, plain)
    return plain


def defang(url: str) -> str:
    """Returns a link that can be read and that no program makes clickable: "hxxps://bank[.]example/a"."""
    scheme, colon, rest = url.partition(":")
    if not colon or not rest.startswith("//"):
        return _blunt(url)
    host, slash, path = rest[2:].partition("/")
    plain = {"http": "hxxp", "https": "hxxps"}.get(scheme, f"{scheme}[")
    between = "://" if plain.startswith("hxxp") else ":]//"
    within = path.replace("://", "[://]")  # a link may carry another
    return f"{plain}{between}{host.replace('.', '[.]').replace('@', '[@]')}{slash}{within}"


def _blunt(text: str) -> str:
    """Returns any other text (a mail address, a QR code's words) so that nothing in it is a link."""
    text = re.sub(r"(?<=\w)\.(?=\w)", "[.]", text)
    text = re.sub(r"(?<=\w)@(?=\w)", "[@]", text)
    return re.sub(
        r"\b(h)tt(ps?)(?=:)", r"\1xx\2", re.sub(r"^(\s*(?!http)[A-Za-z][\w+.-]{0,30}):", r"\1[:]", text), flags=re.IGNORECASE
    )


def defang_text(text: str) -> str:
    """Returns running text with every web address and mail address in it defanged."""
    return re.sub(r"\S+", lambda found: _inside(found[0]), text)


def _inside(word: str) -> str:
    """Returns one word with the link in it, if there is one, defanged."""
    before, scheme, _ = word.partition("://")
    if not scheme:
        return _blunt(word)
    own = re.search(r"[A-Za-z][A-Za-z0-9+.-]{0,30}$", before[-31:])
    at = len(before) - len(own[0]) if own else len(before)
    return _blunt(word[:at]) + defang(word[at:])


def read(raw: str, *, via: str = "text", visible: str = "", names: Names = NOBODY) -> Told:
    """Returns a link told apart (docs/formats/evidence.md); never raises, and what no browser could follow says so."""
    told: Told = {"via": via, "raw": raw[:LONGEST], "url": "", "scheme": "", "host": "", "ascii": "", "site": "", "port": ""}
    told |= {"visible": visible[:300], "flags": []}
    if len(raw) > LONGEST:
        told["flags"].append({"code": "link.long", "characters": len(raw)})
    plain = (refang(raw) if via in _WRITTEN_BY_HAND else raw).translate(_DROPPED).strip(_ENDS).strip()
    plain = whole(plain)
    try:
        url = ada_url.URL(plain if _has_scheme(plain) else f"http://{plain.lstrip('/')}")
    except (ValueError, UnicodeError):
        return _unreadable(told, plain)
    told["scheme"] = url.protocol.rstrip(":")
    told["url"] = url.href[:LONGEST]
    told["defanged"] = defang(told["url"])
    if told["scheme"] in WEB or url.hostname:
        told |= {
            "ascii": url.hostname,
            "host": lookalike.unicode_of(url.hostname),
            "site": hosts.site(url.hostname),
            "port": url.port,
        }
    told["flags"] += _flags(told, plain, url, names)
    return told


def _has_scheme(plain: str) -> bool:
    """Tells a scheme from a host with a port: "bank.example:8443" has none."""
    scheme = _SCHEME.match(plain)
    return scheme is not None and ("." not in scheme[1] or plain[scheme.end() :].startswith("//"))


def _unreadable(told: Told, plain: str) -> Told:
    scheme = _SCHEME.match(plain)
    told["scheme"] = scheme[1].lower() if scheme else ""
    told["defanged"] = _blunt(plain[:LONGEST]).replace("://", "[:]//")
    told["flags"].append({"code": "link.unreadable"})
    return told


def _flags(told: Told, plain: str, url: Any, names: Names) -> list[Told]:
    if told["scheme"] in _RISKY:
        return [{"code": "link.scheme", "scheme": told["scheme"]}]
    if not told["ascii"]:
        return []
    found = [*_address(told, plain), *lookalike.flags(told["ascii"], names)]
    if url.username or url.password:
        found.append({"code": "link.user_info", "shown": unquote(url.username)[:120], "host": told["host"]})
    if "xn--" in told["ascii"]:
        found.append({"code": "link.punycode", "host": told["host"], "ascii": told["ascii"]})
    if told["port"]:
        found.append({"code": "link.port", "port": told["port"]})
    if hosts.is_shortener(told["ascii"]):
        found.append({"code": "link.shortener", "host": told["host"]})
    elif hosts.is_shared(told["ascii"]):
        found.append({"code": "link.shared", "host": told["host"]})
    return [*found, *_elsewhere(told), *_shown(told)]


def _address(told: Told, plain: str) -> list[Told]:
    """Flags a host that is an IP address, and one that was written so that it cannot be recognised."""
    found: list[Told] = []
    ip = hosts.address(told["ascii"])
    written = _written_host(plain)
    hidden = "%" in written or any(_disguised(host) for host in (written, _written_host(told["raw"])))
    if ip is not None:
        found.append({"code": "link.ip", "ip": str(ip), "written": written, "where": hosts.where(ip)})
    if hidden or (ip is not None and written.strip("[]") != told["ascii"].strip("[]")):
        found.append({"code": "link.disguised_host", "written": written, "host": told["host"]})
    return found


def _disguised(host: str) -> bool:
    """Tells whether a host is written with characters that only stand for others (mathematical, circled, full width) or for nothing."""
    plain = unicodedata.normalize("NFC", host.replace("\u3002", "\uff0e"))
    return unicodedata.normalize("NFKC", plain) != plain or any(ord(char) in INVISIBLE for char in host)


def _written_host(plain: str) -> str:
    """Returns the host as it was written, before a browser makes sense of it."""
    after = re.sub(r"^\s*[A-Za-z][A-Za-z0-9+.-]*:", "", plain, count=1).lstrip("/\\")
    own = re.split(r"[/\\?#]", after, maxsplit=1)[0].rpartition("@")[2]
    return re.sub(r":\d*$", "", own)[:200].lower()


def _elsewhere(told: Told) -> list[Told]:
    """Flags a parameter that carries the address of another site: the first host is only a door to it."""
    found = []
    for inner in inner_links(told):
        goal = read(inner, via="redirect")
        if goal["site"] and goal["site"] != told["site"]:
            found.append({"code": "link.redirector", "host": told["host"], "to": goal["host"]})
    return found[:1]


def inner_links(told: Told) -> list[str]:
    """Returns the web addresses carried in the parameters of a link, at most three."""
    if told["scheme"] not in WEB:
        return []
    carried = [unquote(found) for found in _PARAMETER.findall(told["url"])[:INNER]]
    return [f"http:{one}" if one.startswith("//") else one for one in carried]


def _shown(told: Told) -> list[Told]:
    """Flags a link whose visible text names one site and leads to another."""
    words = refang(told["visible"].strip()).strip("<>[]() ")
    first = _SHOWN.match(words)
    for hit in [*([first] if first else []), *_SHOWN_LATER.finditer(words)][:4]:
        claimed = read(hit[1].lower(), via="visible")
        if hosts.real_ending(claimed["ascii"]):
            other = claimed["site"] != told["site"]
            return [{"code": "link.shown_other", "shown": claimed["host"], "host": told["host"]}] if other else []
    return []


def unfolded(link: Told, names: Names = NOBODY) -> list[Told]:
    """Returns a link followed by those that it carries in its parameters, two levels deep."""
    found, now = [link], [link]
    for _ in range(2):
        now = [read(inner, via="redirect", names=names) for one in now for inner in inner_links(one)]
        found += [one for one in now if one["ascii"]]
    return found
