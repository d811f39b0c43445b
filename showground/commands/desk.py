"""The report desk's tools: `desk inspect FILE...` says what reported files say; `desk share NOTICE...` makes STIX or MISP of notices."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from showground.evidence import links, words
from showground.evidence.opening import open_files
from showground.interchange.notices import files, share
from showground.media.jail import JailBroken, best_available
from showground.rules.refused import Refused

Told = dict[str, Any]


def main(argv: list[str]) -> int:
    """Prints what every file says and returns 0, 1 if one could not be opened or holds nothing, 2 if one is not there."""
    asked = _options().parse_args(argv)
    missing = [str(file) for file in asked.files if not file.is_file()]
    if missing:
        print(f"showground desk: there is no file {_plain(', '.join(missing))}", file=sys.stderr)
        return 2
    return _share(asked) if asked.what == "share" else _inspect(asked)


def _inspect(asked: argparse.Namespace) -> int:
    names = asked.names.read_text(encoding="utf-8") if asked.names else ""
    jail = best_available()
    if not jail.strong:
        print(f"showground desk: {jail.says}", file=sys.stderr)
    try:
        told = open_files(asked.files, names=names, keep=asked.copies, jail=jail)
    except JailBroken as broken:
        print(f"showground desk: the jail does not work here: {broken}", file=sys.stderr)
        return 2
    for file, one in zip(asked.files, told, strict=True):
        print(json.dumps({"file": str(file)} | one) if asked.json else "\n".join(_page(file, one)))
    return 0 if all(one["opened"] for one in told) else 1


def _share(asked: argparse.Namespace) -> int:
    """Prints what the notices let pass to programs of others: one file of one case."""
    try:
        notices = [share.loaded(file.read_bytes()) for file in asked.files]
        found = share.of(notices, scope="case" if len(notices) > 1 else "notice", gone_at=asked.taken_back)
        print(files.made(found, asked.form).text, end="")
    except Refused as no:
        why = (
            "a file is no notice of a report desk"
            if no.code == "notice.file"
            else "nothing in it may be passed on, or the cases differ"
        )
        print(f"showground desk: {why}", file=sys.stderr)
        return 1
    if found and found.left_out:
        print(f"showground desk: {found.left_out} places left out: no signs, or they name somebody", file=sys.stderr)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("showground desk", description="The report desk's tools.")
    what = parser.add_subparsers(dest="what", required=True, metavar="inspect|share")
    inspect = what.add_parser("inspect", help="say what reported files say, without fetching or trusting anything")
    inspect.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a mail, a mailbox (mbox), a picture, a text or a PDF")
    inspect.add_argument("--json", action="store_true", help="one JSON object a line, links exact; otherwise links are defanged")
    inspect.add_argument("--names", type=Path, help="protected names, a line each: domain = Name, another name")
    inspect.add_argument("--copies", type=Path, help="a folder for working copies of pictures and pages (PNG, codes covered)")
    shared = what.add_parser("share", help="what notices let pass to programs of others: signs, and nothing of anybody")
    shared.add_argument(
        "files", nargs="+", type=Path, metavar="NOTICE", help="notice-....json as it came with the letter; several of one case"
    )
    shared.add_argument("--form", choices=share.FORMS, default="stix", help="a STIX 2.1 bundle or a MISP event")
    shared.add_argument(
        "--taken-back", type=int, metavar="SECONDS", help="the notice does not hold since (Unix seconds): revoked, deleted"
    )
    return parser


def _page(file: Path, told: Told) -> Iterator[str]:
    yield f"{_plain(file)}  {told.get('kind', 'unopened')}, {told['bytes']} bytes, {told.get('ms', 0)} ms, sha256 {told['sha256']}"
    if not told["opened"]:
        yield f"  not opened: {_plain(words.say(told['why']))}"
    for number, mail in enumerate(_mails(told), 1):
        yield from _mail(mail, number)
    if "mails" not in told and "inside" not in told:
        yield from _facts(told, "  ")
    for code in [code for one in [told, *_mails(told)] for code in one.get("codes", [])]:
        yield f"  code {code['format']}: {_plain(code['text'])}"
        yield from _flags(code["link"] or {}, "    ")
    if told.get("fingerprint"):
        yield f"  fingerprint {told['fingerprint']}"
    yield from (f"  working copy {copy['name']}, sha256 {copy['sha256']}" for copy in told.get("copies", []))
    yield from (f"  limit: {_plain(words.say(limit))}" for limit in told.get("limits", []))
    yield ""


def _mails(told: Told) -> list[Told]:
    return [mail for one in told.get("inside", [told]) for mail in one.get("mails", [])]


def _mail(mail: Told, number: int) -> Iterator[str]:
    yield f"  mail {number}" + (f", {mail['depth']} deep inside another" if mail["depth"] else "")
    yield f"    subject: {_plain(mail['subject'])}"
    for key in ("from", "reply_to", "return_path", "sender"):
        yield from (
            f"    {key.replace('_', '-')}: {_plain(one['name'])} <{_plain(links.defang(one['mail']))}>" for one in mail[key]
        )
    yield f"    date: {_time(mail['date'])}"
    yield from (f"    claim: {_plain(c['by'] or 'a server')} says {c['method']} {c['result']}" for c in mail["claims"])
    for place, hop in enumerate(mail["hops"], 1):
        after = "" if hop["seconds"] is None else f" after {hop['seconds']} s"
        came = f"from {_plain(links.defang(hop['from'])) or '?'} [{hop['ip'] or '?'} {hop['where']}]"
        yield f"    hop {place}: {came} by {_plain(links.defang(hop['by'])) or '?'} with {hop['with'] or '?'} at {_time(hop['at'])}{after}"
        yield from _flags(hop, "      ")
    yield from _flags(mail, "    ")
    yield from _facts(mail, "    ")
    for one in mail["attachments"]:
        yield f"    attachment {_plain(one['name']) or '(no name)'}: {_plain(one['type'])}, {one['bytes']} bytes, sha256 {one['sha256']}"
        yield from _flags(one, "      ")
    yield from (f"    limit: {_plain(words.say(limit))}" for limit in mail["limits"])


def _facts(told: Told, indent: str) -> Iterator[str]:
    for link in told.get("links", []):
        yield f"{indent}link ({link['via']}): {_plain(link['defanged'])}" + (f"  [{link['site']}]" if link["site"] else "")
        if link["visible"] and link["visible"] != link["raw"]:
            yield f"{indent}  shown as: {_plain(links.defang_text(link['visible']))}"
        yield from _flags(link, f"{indent}  ")
    for one in told.get("phones", []):
        yield f"{indent}phone: {_plain(one['raw'])}" + (f" = {one['number']}" if one["number"] not in {"", one["raw"]} else "")
    yield from (f"{indent}sender: {_plain(one['sender'])}" for one in told.get("senders", []))
    yield from (f"{indent}wallet: {one['chain']} {_plain(one['address'])}" for one in told.get("wallets", []))
    yield from (f"{indent}account: {one['kind']} {_plain(one['account'])}" for one in told.get("accounts", []))


def _flags(told: Told, indent: str) -> Iterator[str]:
    yield from (f"{indent}! {_plain(links.defang_text(words.say(flag)))}" for flag in told.get("flags", []))


def _time(at: int | None) -> str:
    return "unknown" if at is None else datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _plain(text: object) -> str:
    """Returns a stranger's text so that it cannot move the cursor, turn the line around, or be clicked."""
    shown = "".join(char if char.isprintable() else f"<{ord(char):04X}>" for char in str(text))
    return shown[:500]
