"""What can be matched between reports, as a flat list: {type, value, via, weak}, values in the one form that two reports share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ada_url

from showground.evidence import hosts, links
from showground.evidence.lookalike import NOBODY, Names

Told = dict[str, Any]
# What a type is: a link without its fragment, its host, its registrable domain, an address, and so on (docs/formats/evidence.md).
TYPES = (
    "file",
    "text",
    "url",
    "host",
    "site",
    "ip",
    "mail",
    "phone",
    "short",
    "wallet",
    "account",
    "sender",
    "attachment",
    "picture",
    "code",
)
# Parameters that name the receiver of a mail, not what it leads to.
_TRACKING = re.compile(
    r"(?:^|&)(?:utm_\w+|fbclid|gclid|mc_eid|mc_cid|_hs\w+|spm|scm|email|e?mail|rcpt|uid|recipient)=[^&]*", re.IGNORECASE
)
_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def flat(told: Told, names: Names = NOBODY) -> list[Told]:
    """Returns the observables of what one file says, each (type, value) once.

    `weak` marks what many unrelated people share: it suggests and never links. What belongs to a protected name is left out, and so is
    whoever received the mail: neither says who is behind it.
    """
    found: dict[tuple[str, str], Told] = {}
    for kind, value, via, weak in _all(told):
        if value and not _official(kind, value, names):
            found.setdefault((kind, value), {"type": kind, "value": value, "via": via, "weak": weak})
    return list(found.values())


def _official(kind: str, value: str, names: Names) -> bool:
    if kind in {"url", "host", "site"}:
        host = value.partition("://")[2].partition("/")[0].partition(":")[0] if kind == "url" else value
        return hosts.site(host) in names.official
    return kind == "mail" and hosts.site(value.rpartition("@")[2]) in names.official


_Found = tuple[str, str, str, bool]


def _all(told: Told) -> Iterator[_Found]:
    if told.get("kind") in {"mail", "mbox"}:
        yield "file", told.get("sha256", ""), "file", False
        for one in told.get("inside", [told]):
            deepest = max((mail["depth"] for mail in one["mails"]), default=0)
            for mail in one["mails"]:
                # Around a forwarded mail stand the name, the words and the number of whoever reports it.
                yield from _of_mail(mail) if mail["depth"] == deepest else _of_wrapper(mail)
        return
    yield "file", told.get("sha256", ""), "file", False
    yield "picture", told.get("fingerprint", ""), "picture", False
    yield from _said(told, "text")
    yield from _codes(told)


def _codes(told: Told) -> Iterator[_Found]:
    for code in told.get("codes", []):
        yield "code", code["text"], "qr", code["link"] is None and len(code["text"]) < 8
        if code["link"]:
            yield from _of_link(code["link"], "qr")


def _of_mail(mail: Told) -> Iterator[_Found]:
    yield from _said(mail, "body")
    for key in ("from", "reply_to", "return_path", "sender"):
        for one in mail.get(key, []):
            if one["host"]:
                yield "mail", plain_mail(one["mail"]), "header", hosts.is_shared(one["host"]) and key != "reply_to"
    if mail.get("hops"):
        outside = next((hop["ip"] for hop in mail["hops"] if hop["where"] == "public"), "")
        yield "ip", outside, "header", True  # many senders share an outgoing server
    yield "ip", mail.get("origin", ""), "header", True
    yield from _attached(mail)
    yield from _codes(mail)


def _of_wrapper(mail: Told) -> Iterator[_Found]:
    for link in mail["links"]:
        if link["via"] != "header":
            yield from _of_link(link, "wrapper")
    yield from _attached(mail)
    yield from _codes(mail)


def _attached(mail: Told) -> Iterator[_Found]:
    for one in mail.get("attachments", []):
        if one["bytes"] and one["sha256"] != _EMPTY and not one["opened"]:
            yield "attachment", one["sha256"], "attachment", one["bytes"] < 256 or one["type"].startswith("image/")


def _said(told: Told, via: str) -> Iterator[_Found]:
    """Yields what a text says, wherever it stood; a text's own hash counts once it is long enough to be nobody's small talk."""
    if len(told.get("text", "")) >= 40:
        yield "text", told.get("text_sha256", ""), via, False
    for link in told.get("links", []):
        yield from _of_link(link, via if link["via"] in {"text", "words", "link"} else link["via"])
    for one in told.get("addresses", []):
        yield "mail", plain_mail(one["mail"]), via, False
    for one in told.get("phones", []):
        if one["kind"] == "short":
            yield "short", one["number"], via, True
        else:
            yield "phone", one["number"] or re.sub(r"\D", "", one["raw"]), via, not one["number"]
    for one in told.get("wallets", []):
        yield "wallet", f"{one['chain']}:{one['address'] if one['chain'] != 'ethereum' else one['address'].lower()}", via, False
    for one in told.get("accounts", []):
        yield "account", f"{one['kind']}:{one['account']}", via, False
    for one in told.get("senders", []):
        yield "sender", one["sender"].casefold(), via, True


# A picture or a style sheet of a mail says where it was drawn, not where it leads.
_DECORATION = frozenset({"picture", "style", "resource", "script", "base"})


def _of_link(link: Told, via: str) -> Iterator[_Found]:
    if not link["ascii"]:
        return
    shared = hosts.is_shared(link["ascii"]) or link["via"] in _DECORATION
    ip = hosts.address(link["ascii"])
    value = plain_url(link["url"])
    yield "url", value, via, shared or value.endswith("/")
    if ip is not None:
        yield "ip", str(ip), via, hosts.where(ip) != "public"
        return
    if link["site"] and not shared:
        yield "site", link["site"], via, False
    yield "host", link["ascii"], via, True


def plain_url(url: str) -> str:
    """Returns a link in the form that two reports share: no scheme's s, no www, no fragment, no parameter that names a receiver."""
    try:
        parsed = ada_url.URL(url)
    except (ValueError, UnicodeError):
        return ""
    query = _TRACKING.sub("", parsed.search.lstrip("?")).lstrip("&")
    host = parsed.host.removeprefix("www.")
    return f"http://{host}{parsed.pathname}{'?' if query else ''}{query}"[: links.LONGEST]


def plain_mail(mail: str) -> str:
    """Returns a mail address in lower case, its host in ASCII, without a "+tag"."""
    name, _, host = mail.lower().rpartition("@")
    return f"{name.partition('+')[0]}@{links.read(host, via='header')['ascii'] or host}"


def words(told: Told) -> str:
    """Returns the words of what a file says, without those of a wrapper around a mail, for the sketch that finds nearly equal texts."""
    said = [told.get("text", "")]
    for one in told.get("inside", [told]):
        deepest = max((mail["depth"] for mail in one.get("mails", [])), default=0)
        said += [f"{mail['subject']}\n{mail['text']}" for mail in one.get("mails", []) if mail["depth"] == deepest]
    return "\n".join(said)
