"""Evidence as an officer sees it: in words, defanged, nothing to click, nothing to scan, odd letters named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import pgettext

from showground.evidence import links, words
from showground.reports.queries.case import File, Opened, all_links
from showground.ui import typeset

Told = dict[str, Any]
# A run of characters that may be an address: it ends at white space, Chinese letters and Chinese marks.
_RUN = r"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2018-\u201d]"
_ADDRESS = re.compile(rf"{_RUN}*(?:://|@|(?<=[\w-])\.(?=[^\W\d_]{{2}})){_RUN}*")
_ODD = re.compile(r"[^\x00-\x7f]")
SHOWN_LINKS = 30
DECORATION = frozenset({"picture", "style", "resource", "script", "base"})


def say(flag: Mapping[str, Any]) -> str:
    """Returns the sentence of a flag in the reader's language, with its facts defanged."""
    sentence = words.SENTENCES.get(str(flag.get("code", "")))
    facts = {name: links.defang(value) if isinstance(value, str) and "." in value else value for name, value in flag.items()}
    try:
        return _(sentence) % facts if sentence else str(flag.get("code", ""))
    except (KeyError, ValueError, TypeError):
        return str(flag.get("code", ""))


def text(plain: str) -> SafeString:
    """Returns running text as HTML: addresses defanged, in a face of their own, each isolated against text that runs backwards."""
    out, at = [], 0
    for hit in _ADDRESS.finditer(plain):
        shown = links.defang_text(hit[0]) if "[.]" not in hit[0] else hit[0]
        out += [str(escape(plain[at : hit.start()])), f'<bdi class="url" dir="ltr">{escape(shown)}</bdi>']
        at = hit.end()
    return mark_safe("".join([*out, str(escape(plain[at:]))]))  # noqa: S308  every part is escaped above


def odd_letters(host: str) -> list[Told]:
    """Returns the letters of a host beyond a to z, each once: {letter, name, point}."""
    found = dict.fromkeys(_ODD.findall(host))
    return [{"letter": one, "name": letter_name(one), "point": f"U+{ord(one):04X}"} for one in found][:6]


SCRIPTS = {
    "LATIN": n_("Latin"), "CYRILLIC": n_("Cyrillic"), "GREEK": n_("Greek"), "ARMENIAN": n_("Armenian"), "HEBREW": n_("Hebrew"),
    "ARABIC": n_("Arabic"), "CHEROKEE": n_("Cherokee"), "THAI": n_("Thai"), "HANGUL": n_("Hangul"), "HIRAGANA": n_("Hiragana"),
    "KATAKANA": n_("Katakana"), "CJK": n_("Chinese"), "FULLWIDTH": n_("full-width"),
}  # fmt: skip


def letter_name(letter: str) -> str:
    """Returns what a letter is called: its script and its name in Unicode, the script in the reader's language."""
    name = unicodedata.name(letter, "?")
    script, _space, rest = name.partition(" ")
    if script not in SCRIPTS:
        return name.capitalize()
    return pgettext("script, name of a letter", "%(script)s %(letter)s") % {"script": _(SCRIPTS[script]), "letter": rest.lower()}


def spelled(host: str) -> list[Told]:
    """Returns a host letter by letter in runs: {part, odd}."""
    runs: list[Told] = []
    for letter in host.replace(".", "[.]") if "[.]" not in host else host:
        odd = bool(_ODD.match(letter))
        if runs and runs[-1]["odd"] == odd and not odd:
            runs[-1]["part"] += letter
        else:
            runs.append({"part": letter, "odd": odd})
    return runs


def via(way: str) -> str:
    """Returns where a link stood."""
    return {
        "text": _("in the text"), "words": _("in the words of the page"), "link": _("behind words to click"), "form": _("where a form sends to"),
        "redirect": _("inside another link"), "qr": _("in a QR code"), "hidden": _("hidden from the reader"), "header": _("in the mail’s head"),
        "pdf": _("in the PDF"), "area": _("behind a picture to click"),
    }.get(way, way)  # fmt: skip


def link(told: Told) -> Told:
    """Returns a link for the page: what it reads as, where it leads, what is odd about it in words."""
    flags = [say(flag) for flag in told.get("flags", [])]
    return {
        "defanged": str(told.get("defanged", "")),
        "host": str(told.get("host", "")),
        "spelled": spelled(str(told.get("host", ""))),
        "wire": str(told.get("ascii", "")).replace(".", "[.]") if told.get("ascii") != told.get("host") else "",
        "site": str(told.get("site", "")).replace(".", "[.]"),
        "visible": links.defang_text(str(told.get("visible", ""))),
        "via": via(str(told.get("via", ""))),
        "flags": flags,
        "odd": odd_letters(str(told.get("host", ""))),
        "grave": any(
            str(flag.get("code", "")).startswith(("host.", "link.shown", "link.disguised", "link.user", "link.scheme"))
            for flag in told.get("flags", [])
        ),
    }


def where_links_lead(readings: Iterable[Told]) -> list[Told]:
    """Returns the links of several readings, each target once, the doubtful ones first; what only decorates a mail is left out."""
    found: dict[str, Told] = {}
    for told in readings:
        for one in all_links(told):
            if one.get("via") not in DECORATION and one.get("defanged"):
                found.setdefault(f"{one['defanged']} {one.get('visible', '')}", link(one))
    return sorted(found.values(), key=lambda one: (not one["grave"], not one["flags"]))[:SHOWN_LINKS]


# ---- mails ----


def mail(told: Told) -> Told:
    """Returns one mail for the page: from whom by its own account, by which way, what servers claim, what does not fit."""
    return {
        "subject": str(told.get("subject", "")),
        "from": [_address(one) for one in told.get("from", [])],
        "reply_to": [_address(one) for one in told.get("reply_to", [])],
        "return_path": [_address(one) for one in told.get("return_path", [])],
        "date": told.get("date"),
        "depth": told.get("depth", 0),
        "flags": [say(flag) for flag in told.get("flags", [])],
        "hops": [_hop(hop) for hop in told.get("hops", [])],
        "claims": told.get("claims", [])[:20],
        "text": text(str(told.get("text", ""))[:6000]),
        "attachments": [_attachment(one) for one in told.get("attachments", [])],
        "headers": [
            {
                "name": one["name"],
                "value": "" if one.get("private") else links.defang_text(str(one["value"])),
                "private": one.get("private"),
            }
            for one in told.get("headers", [])
        ],
        "limits": [say(limit) for limit in told.get("limits", [])],
    }


def _address(one: Told) -> Told:
    return {"name": str(one.get("name", "")), "mail": links.defang(str(one.get("mail", "")))}


PLACES = {"private": n_("inside"), "documentation": n_("for documentation only, RFC 5737 and 3849")}


def _hop(hop: Told) -> Told:
    seconds = hop.get("seconds")
    return {
        "from": links.defang(str(hop.get("from", ""))),
        "ip": str(hop.get("ip", "")).replace(".", "[.]"),
        "where": _(place) if (place := PLACES.get(str(hop.get("where", "")))) else "",
        "by": links.defang(str(hop.get("by", ""))),
        "at": hop.get("at"),
        "took": "" if seconds is None else f"{seconds} s" if abs(seconds) < 120 else typeset.duration(seconds),
        "flags": [say(flag) for flag in hop.get("flags", [])],
    }


def _attachment(one: Told) -> Told:
    return {
        "name": str(one.get("name", "")),
        "type": str(one.get("type", "")),
        "bytes": one.get("bytes", 0),
        "sha256": str(one.get("sha256", "")),
        "flags": [say(flag) for flag in one.get("flags", [])],
        "opened": one.get("opened"),
    }


def file(one: File) -> Told:
    """Returns a file for the page: what it is, mails inside, codes as defanged text, pixel copies by number, why it is not open."""
    told = one.told
    mails = [mail for box in told.get("inside", [told]) for mail in box.get("mails", [])]
    return {
        "pk": one.evidence.pk,
        "name": one.name,
        "kind": kind(str(told.get("kind", ""))),
        "size": one.evidence.size,
        "sha256": str(told.get("sha256", "")),
        "unseen": one.evidence.state == "sealed_unseen",
        "waiting": one.evidence.state == "waiting",
        "why": say(told["why"]) if told.get("why") else "",
        "mails": [mail(each) for each in mails[:20]],
        "codes": [_code(code) for each in [told, *mails] for code in each.get("codes", [])],
        "copies": list(one.copies),
        "text": text(str(told.get("text", ""))[:6000]) if not mails else "",
        "limits": [say(limit) for limit in told.get("limits", [])],
        "width": told.get("width"), "height": told.get("height"), "pages": told.get("pages"),
    }  # fmt: skip


def _code(code: Told) -> Told:
    flags = (code.get("link") or {}).get("flags", [])
    return {"text": str(code.get("text", "")), "format": str(code.get("format", "")), "flags": [say(flag) for flag in flags]}


def kind(code: str) -> str:
    """Returns what a file is."""
    return {
        "mail": _("a mail"), "mbox": _("a mailbox"), "picture": _("a picture"), "pdf": _("a PDF"), "html": _("a web page"), "text": _("a text"),
    }.get(code, _("a file"))  # fmt: skip


NAMED = (
    (n_("Phone"), "phones", "raw"),
    (n_("Mail"), "addresses", "mail"),
    (n_("Wallet"), "wallets", "address"),
    (n_("Account"), "accounts", "account"),
    (n_("Sender"), "senders", "sender"),
)


def said_things(one: Opened) -> list[tuple[str, list[str]]]:
    """Returns phone numbers, wallets and accounts that were named, by kind: what an officer copies into a notice."""
    found: dict[str, dict[str, None]] = {}
    for told in [one.told, *(each.told for each in one.files)]:
        mails = [mail for box in told.get("inside", [told]) for mail in box.get("mails", [])] or [told]
        for each in mails:
            for name, key, field in NAMED:
                for row in each.get(key, []):
                    found.setdefault(_(name), {})[links.defang(str(row.get(field, "")))] = None
    return [(name, list(values)[:8]) for name, values in found.items()]
