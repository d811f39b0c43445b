"""A mail's head: header lines in words, addresses, and what servers claim to have checked. Tolerant, and it never raises."""

from __future__ import annotations

import binascii
import codecs
import email.parser
import email.policy
import re
from functools import cache
from typing import Any

Told = dict[str, Any]
# RULE reports 3.5: bytes of a head that are read, header lines listed, characters of one line.
HEAD, LISTED, LONGEST = 256 << 10, 300, 8192
# These name the person who received the mail, who may be the one who reports it: pages hide them until asked.
PRIVATE = frozenset(
    "to cc bcc delivered-to x-original-to envelope-to x-envelope-to x-forwarded-to x-forwarded-for resent-to x-rcpt-to"
    " x-receiver apparently-to".split()
)
_ENCODED = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_CHARSETS = re.compile(
    r"ascii|utf-?(?:7|8|8-sig|16(?:-[lb]e)?|32(?:-[lb]e)?)|iso8859-\d+|latin\d*|cp\d+|koi8-[rut]|gb2312|gbk|gb18030|hz|big5(?:hkscs)?"
    r"|shift_jis(?:x0213|_2004)?|euc_(?:jp|kr|jis_2004|jisx0213)|iso2022_(?:jp|kr)\w*|johab|mac-\w+|tis-620|ptcp154|kz1048"
)
# SPEC encoding 6.1: a mark at the beginning counts for more than what is said elsewhere.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLANK = re.compile(rb"\r\n\r\n|\n\r?\n|\r\r(?!\n)")
_ADDRESS = re.compile(r'<([^<>]*)>|((?:"[^"]{0,64}"|[^\s<>()",;:@]{1,80})@[^\s<>()",;:@]{1,255})')
_CLAIM = re.compile(
    r"(?<![\w.-])(spf|dkim|dkim-adsp|domainkeys|dmarc|arc|compauth|iprev|auth|bimi|dkim-atps)\s*=\s*([A-Za-z]+)", re.IGNORECASE
)
_COMMENT = re.compile(r"\s*\(([^()]{1,200})\)")
_PROPERTY = re.compile(r"\b((?:smtp|header|policy|body)\.[\w-]{1,30})\s*=\s*(\"[^\"]{0,200}\"|[^\s;()\"]{1,200})", re.IGNORECASE)
_NOT_BASE64 = bytes(code for code in range(256) if not (chr(code).isascii() and chr(code).isalnum()) and code not in b"+/")
_CONTROL = dict.fromkeys([*range(0x20), 0x7F], " ")
_parser = email.parser.BytesHeaderParser(policy=email.policy.compat32)


def split(raw: bytes) -> tuple[list[tuple[str, str]], bytes, list[Told]]:
    """Returns the header lines of a mail or part (name, raw value unfolded), its body, and what of the head was left unread."""
    if raw[:1] in {b"\r", b"\n"}:
        return [], raw[2 if raw[:2] == b"\r\n" else 1 :], []
    blank = _BLANK.search(raw)
    head, body = (raw[: blank.start()], raw[blank.end() :]) if blank else (raw, b"")
    limits = [] if len(head) <= HEAD else [{"code": "limit.head", "bytes": len(head), "read": HEAD}]
    try:
        lines, rest = _lines(head[:HEAD])
    except Exception as broken:
        # The standard parser has raised on strange heads before; a report is never lost over one.
        return [], raw, [{"code": "limit.head_unread", "error": type(broken).__name__}]
    return lines, rest + (b"\n\n" if rest else b"") + body, limits


def _lines(head: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Returns header lines and whatever stands in the head that is none (then it is the body's beginning)."""
    parsed = _parser.parsebytes(head + b"\n\n")
    rest = parsed.get_payload()
    found = [(name, re.sub(r"[\r\n]+[ \t]*", " ", value).strip()) for name, value in parsed.raw_items()]
    return found, rest.strip("\r\n").encode("ascii", "surrogateescape") if isinstance(rest, str) else b""


def listed(lines: list[tuple[str, str]]) -> list[Told]:
    """Returns the header lines in words, in order, each cut to 8,192 characters; `private` marks lines that name the receiver."""
    return [
        {"name": name[:200], "value": words(value), "private": name.lower() in PRIVATE} for name, value in lines[:LISTED]
    ]  # fmt: skip


def first(lines: list[tuple[str, str]], name: str) -> str:
    """Returns the raw value of the first line of a name (lower case), "" if there is none."""
    return next((value for key, value in lines if key.lower() == name), "")


def every(lines: list[tuple[str, str]], name: str) -> list[str]:
    """Returns the raw values of all lines of a name (lower case), top first."""
    return [value for key, value in lines if key.lower() == name]


def words(value: str) -> str:
    """Returns a raw header value in words: encoded words and 8-bit bytes decoded, control characters blanked, cut."""
    value = _BETWEEN.sub(r"\1", value[: 4 * LONGEST])
    parts: list[str] = []
    held: list[bytes] = []
    charset, at = "", 0
    for hit in _ENCODED.finditer(value):
        if hit.start() > at or hit[1].lower() != charset:  # a character may be cut in two by neighbours of one charset
            parts.append(decoded(b"".join(held), charset))
            parts.append(_eight_bit(value[at : hit.start()]))
            held, charset = [], hit[1].lower()
        held.append(_word(hit[2], hit[3]))
        at = hit.end()
    text = "".join([*parts, decoded(b"".join(held), charset), _eight_bit(value[at:])])
    return text.translate(_CONTROL).strip()[:LONGEST]


def _word(how: str, coded: str) -> bytes:
    data = coded.encode("ascii", "surrogateescape")
    return unbase64(data) if how in "bB" else binascii.a2b_qp(data, header=True)


def unbase64(data: bytes) -> bytes:
    """Returns base64 of any quality decoded as far as it goes."""
    clean = (data.partition(b"=")[0] if data.count(b"=") <= 2 else data).translate(None, _NOT_BASE64)
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def _eight_bit(text: str) -> str:
    if text.isascii():
        return text
    return decoded(text.encode("utf-8", "surrogateescape"), "")


def decoded(data: bytes, charset: str = "") -> str:
    """Returns bytes as text: by the charset they claim if it is one for text, else UTF-8, GB 18030, Latin-1 in this order; never raises."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    codec = _codec(charset.strip("\"' ").lower()[:40]) if charset else ""
    if codec:
        return data.decode(codec, "replace")
    for guess in ("utf-8", "gb18030"):
        try:
            return data.decode(guess)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


@cache
def _codec(charset: str) -> str:
    """Returns the codec of a charset for text, "" for the rest ("zlib", "punycode", "unicode_escape" are codecs too)."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    name = {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)  # mails say gb2312 and mean its superset
    return name if _CHARSETS.fullmatch(name) else ""


def addresses(value: str) -> list[Told]:
    """Returns the addresses of a raw From, Reply-To ... line: {name, mail, host}; the name is what a client shows, in words."""
    found: list[Told] = []
    at = 0
    value = value[:LONGEST]
    for hit in _ADDRESS.finditer(_quiet(value)):
        # An address inside quotes is part of a name, and only the one in angle brackets counts then.
        mail = words(hit[1] if hit[1] is not None else hit[2]).strip().lower()
        name = words(value[at : hit.start()]).strip(" ,;\t").strip('"').replace('\\"', '"')
        at = hit.end()
        comment = _COMMENT.match(value, at)  # SPEC rfc5322 A.1.2: the older way to write a name
        if comment and not name:
            name, at = words(comment[1]), comment.end()
        found.append(
            {"name": name[:300], "mail": mail[:320], "host": mail.rpartition("@")[2].strip(".")[:255] if "@" in mail else ""}
        )
        if len(found) >= 50:
            break
    return found


def _quiet(value: str) -> str:
    """Returns the value with quoted names blanked out of the way, places unchanged."""
    return re.sub(r'"(?:[^"\\]|\\.)*+"(?=\s*<|[^@]*<)', lambda hit: " " * len(hit[0]), value)


def claims(lines: list[tuple[str, str]]) -> list[Told]:
    """Returns what servers say they checked, newest first: {by, method, result, properties}. Claims, for anyone can write such a line."""
    found: list[Told] = []
    for name in ("authentication-results", "arc-authentication-results", "received-spf"):
        for value in every(lines, name)[:20]:
            found += _claims(name, words(value))
    return found[:60]


def _claims(name: str, value: str) -> list[Told]:
    if name == "received-spf":
        result = re.match(r"\s*([A-Za-z]+)", value)
        return [{"by": "", "line": name, "method": "spf", "result": result[1].lower(), "properties": {}}] if result else []
    first_part = value.partition(";")[0].strip()
    by = "" if "=" in first_part and name != "arc-authentication-results" else first_part.split(" ")[0][:255]
    hits = list(_CLAIM.finditer(value))
    ends = [*(hit.start() for hit in hits[1:]), len(value)]
    return [
        {
            "by": by, "line": name, "method": hit[1].lower(), "result": hit[2].lower(),
            "properties": {key.lower(): said.strip('"') for key, said in _PROPERTY.findall(value[hit.end() : end])[:12]},
        }
        for hit, end in zip(hits, ends, strict=False)
    ]  # fmt: skip
