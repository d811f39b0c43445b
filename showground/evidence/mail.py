"""A reported mail told in words: who sent it by which way, what it links to, what hangs on it, and what does not fit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from showground.evidence import headers, hops, hosts, hypertext, links, lookalike, mime, text
from showground.evidence.lookalike import NOBODY, Names

Told = dict[str, Any]
Look = Callable[[bytes], list[Told]]
_Page = tuple[str, str, hypertext.Read | None]
# RULE reports 3.5: bytes of a mail that are read, links and characters that are listed, mails of a mailbox file.
READ, LINKS, SHOWN, BOX = 25 << 20, 500, 20_000, 1000
CODES = 50  # codes of the pictures of one mail
# Characters of all links together: a mail may carry megabytes of data: links.
_LINKED = 300_000
_NAMED_HOST = re.compile(r"(?<![\w.-])(?:[\w.+-]{1,64}@)?((?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![\w-])")
_HEAD_LINKS = ("list-unsubscribe", "list-help", "x-report-abuse")
_FROM_LINE = re.compile(rb"(?:\A|\r?\n\r?\n|\n)(?=From [^\r\n]{1,300}\d{4}[^\r\n]{0,20}\r?\n[!-9;-~]+:)")


def read(raw: bytes, names: Names = NOBODY, look: Look | None = None) -> Told:
    """Returns what a mail says (docs/formats/evidence.md), the mail furthest inside first; never raises for any bytes.

    `look` reads the codes in one picture's bytes; it decodes, so it is given inside the jail only.
    """
    told: Told = {"kind": "mail", "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw), "limits": [], "mails": []}
    if len(raw) > READ:
        told["limits"].append({"code": "limit.bytes", "bytes": len(raw), "read": READ})
    for piece in mime.pieces(raw[:READ]):
        told["mails"].append(_told(piece, names))
        if look is not None:
            told["mails"][-1]["codes"] = [code for picture in piece.pictures for code in look(picture)][:CODES]
    return told


def box(raw: bytes) -> tuple[list[bytes], int]:
    """Returns the mails of a mailbox file (mbox), at most 1,000, without their "From " lines and their quoting; and how many it has."""
    starts = [hit.end() for hit in _FROM_LINE.finditer(raw)]
    parts = [raw[start:end] for start, end in zip(starts[:BOX], [*starts[1:], len(raw)], strict=False)]
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", part.partition(b"\n")[2]) for part in parts], len(starts)


def is_box(head: bytes) -> bool:
    """Tells whether a file's beginning is a mailbox file's."""
    return _FROM_LINE.match(head) is not None


def is_mail(head: bytes) -> bool:
    """Tells whether a file's first bytes are a mail's: header lines, and among them one that mails have."""
    lines, _, _ = headers.split(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    known = {
        "from",
        "to",
        "subject",
        "received",
        "return-path",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "delivered-to",
    }
    return bool(known & {name.lower() for name, _ in lines})


def _told(piece: mime.Piece, names: Names) -> Told:
    lines = piece.lines
    pages = [(kind, words, hypertext.read(words) if kind == "text/html" else None) for kind, words in piece.texts]
    shown = "\n\n".join(words if page is None else page.text for _, words, page in pages)
    told: Told = {
        "depth": piece.depth,
        "subject": headers.words(headers.first(lines, "subject")),
        "date": hops.seconds(headers.first(lines, "date")),
        "message_id": headers.words(headers.first(lines, "message-id"))[:300],
        "from": [one for value in headers.every(lines, "from")[:5] for one in headers.addresses(value)],
        "reply_to": headers.addresses(headers.first(lines, "reply-to")),
        "return_path": headers.addresses(headers.first(lines, "return-path")),
        "sender": headers.addresses(headers.first(lines, "sender")),
        "origin": hops.address(headers.words(headers.first(lines, "x-originating-ip"))),
        "receivers": sum(len(headers.addresses(value)) for key in ("to", "cc", "bcc") for value in headers.every(lines, key)[:5]),
        "headers": headers.listed(lines),
        "hops": hops.table(lines),
        "claims": headers.claims(lines),
        "text": shown[:SHOWN],
        "text_sha256": hashlib.sha256(" ".join(shown.split()).encode("utf-8", "replace")).hexdigest() if shown.strip() else "",
        "attachments": piece.attachments,
        "limits": [*piece.limits, *_not_listed(lines, shown)],
    }
    spoken = text.read(shown, names=names)
    told["links"], left_out = _links(lines, pages, piece.pages, names)
    told["limits"] += left_out
    told |= {key: spoken[key] for key in ("addresses", "phones", "senders", "wallets", "accounts")}
    told["flags"] = [*_doubts(told, names), *_hidden(pages)]
    return told


def _not_listed(lines: list[tuple[str, str]], shown: str) -> list[Told]:
    found: list[Told] = []
    if len(lines) > headers.LISTED:
        found.append({"code": "limit.lines", "lines": len(lines), "listed": headers.LISTED})
    if len(shown) > SHOWN:
        found.append({"code": "limit.shown", "characters": len(shown), "listed": SHOWN})
    return found


def _links(lines: list[tuple[str, str]], pages: list[_Page], hanging: list[str], names: Names) -> tuple[list[Told], list[Told]]:
    """Returns all links of a mail, each target with its visible words once, followed by those that it carries; and what was left out."""
    found: dict[tuple[str, str], Told] = {}
    left = _LINKED
    limits: list[Told] = []
    for via, raw, visible in (*_targets(pages), *_in_head(lines), *_attached(hanging)):
        if (raw, visible) in found:
            continue
        left -= min(len(raw), links.LONGEST)
        if len(found) >= LINKS or left < 0:
            limits = [{"code": "limit.links", "listed": len(found)}]
            break
        found[raw, visible] = links.read(raw, via=via, visible=visible, names=names)
    return [one for link in found.values() for one in links.unfolded(link, names)][: 2 * LINKS], limits


def _targets(pages: list[_Page]) -> Iterator[tuple[str, str, str]]:
    """Yields (way, target as written, visible words) of every link in the texts."""
    for _, words, page in pages:
        if page is None:
            yield from (("text", raw, "") for raw in text.found_links(words.translate(links.INVISIBLE).translate(links.NARROW)))
            continue
        yield from page.links
        known = {target for _, target, _ in page.links}
        clicked = "\n".join(visible for _, _, visible in page.links)[:100_000]
        yield from (("words", raw, "") for raw in text.found_links(page.text) if raw not in known and raw not in clicked)
        yield from (("hidden", raw, "") for raw in hypertext.hidden_addresses(words, known) if raw not in page.text)


def _attached(hanging: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yields the links of pages that hang on a mail: many a mail has no other, and a page asks for what a mail does not."""
    for source in hanging:
        found = hypertext.read(source).links
        known = {target for _, target, _ in found}
        yield from (
            ("attachment", target, words) for how, target, words in found if how in {"link", "form", "frame", "refresh", "object"}
        )
        yield from (("attachment", raw, "") for raw in hypertext.hidden_addresses(source[:200_000], known))


def _in_head(lines: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for name in _HEAD_LINKS:
        found = re.findall(r"<([^<>\s]{3,2000})>", headers.first(lines, name))
        yield from (("header", raw, "") for raw in found if not raw.lower().startswith("mailto:"))


def _hidden(pages: list[_Page]) -> list[Told]:
    """Returns what HTML does behind the reader's back."""
    hidden = sum(page.hidden for _, _, page in pages if page)
    found: list[Told] = [{"code": "mail.password_form"}] if any(page.password for _, _, page in pages if page) else []
    return [*found, {"code": "mail.hidden_words", "places": hidden}] if hidden else found


def _doubts(told: Told, names: Names) -> list[Told]:
    """Returns what does not fit in a mail's head."""
    senders = [one for one in told["from"] if one["host"]]
    if not senders:
        return [{"code": "mail.no_sender"}]
    found: list[Told] = [{"code": "mail.several_senders", "count": len(senders)}] if len(senders) > 1 else []
    sender = senders[0]
    own = _site(sender["host"])
    for key, code in (
        ("reply_to", "mail.reply_elsewhere"),
        ("return_path", "mail.bounce_elsewhere"),
        ("sender", "mail.sent_by_other"),
    ):
        other = next((one["host"] for one in told[key] if one["host"]), "")
        if other and _site(other) != own:
            found.append({"code": code, "from": sender["host"], "other": other})
    found += _shown_name(sender, own, names)
    found += lookalike.flags(links.read(sender["host"], via="header")["ascii"] or sender["host"], names)
    found += [
        {"code": "mail.check_failed", "method": claim["method"], "result": claim["result"], "by": claim["by"]}
        for claim in told["claims"]
        if claim["method"] in {"spf", "dkim", "dmarc"} and claim["result"] in {"fail", "softfail", "permerror", "hardfail"}
    ][:5]
    last = next((hop["at"] for hop in reversed(told["hops"]) if hop["at"] is not None), None)
    if last is not None and told["date"] is not None and abs(last - told["date"]) > 2 * 86400:
        found.append({"code": "mail.date_off", "days": round(abs(last - told["date"]) / 86400)})
    return found


def _shown_name(sender: Told, own: str, names: Names) -> list[Told]:
    """Flags a name that a client shows in place of the address and that says another site's domain or a protected name."""
    for hit in _NAMED_HOST.finditer(sender["name"]):
        host = hit[1].lower()
        if hosts.real_ending(host) and hosts.site(host) != own:
            return [{"code": "mail.name_other_domain", "shown": host, "from": sender["host"]}]
    said = next(iter(lookalike.names_in(sender["name"], names)), None)
    if said and own not in names.official:
        return [{"code": "mail.name_protected", "shown": said[0], "name": said[1], "from": sender["host"]}]
    return []


def _site(host: str) -> str:
    """Returns the registrable domain of a host as a mail writes it."""
    return hosts.site(links.read(host, via="header")["ascii"]) or host
