"""Mails written by us: honest, broken and hostile, as many as wanted, the same for the same seed. Hosts end in .example, .test, .invalid."""

from __future__ import annotations

import base64
import email.header
import quopri
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

NAMES = "examplebank.test = Example Bank, 样例银行\nparcelpost.example = Parcel Post, 样例快递\ntaxoffice.test = Tax Office\n"
_SUBJECTS = ("Your account is limited", "您的包裹无法投递", "Invoice 4711 overdue", "退税通知：请在24小时内办理", "Security alert")
_BODIES = (
    "Dear customer,\n\nyour account at Example Bank is limited. Please confirm at {url} within 24 hours.\n\nThe security team\n",
    "【样例快递】您的包裹因地址不完整无法投递，请点击{url}更新信息，逾期将退回。\n",
    "Hello,\n\nthe invoice {number} is overdue. Pay to GB82 WEST 1234 5698 7654 32 or see {url}.\n",
)
_HOSTS = (
    "examp1ebank.test",
    "xn--exmplebank-0qi.test",
    "parcelpost.example.evil.test",
    "2130706433",
    "short.example",
    "bank-login.invalid",
)


def _url(chance: random.Random) -> str:
    return f"https://{chance.choice(_HOSTS)}/{chance.randrange(10**6)}?u={chance.randrange(100)}"


def _body(chance: random.Random) -> str:
    return chance.choice(_BODIES).format(url=_url(chance), number=chance.randrange(10**5))


def _received(chance: random.Random, at: datetime) -> str:
    ip, ident = f"203.0.113.{chance.randrange(256)}", f"x{chance.randrange(10**6)}"
    came = f"from mail{chance.randrange(9)}.relay.test (relay.test [{ip}])"
    return f"{came}\r\n by mx.example with ESMTPS id {ident};\r\n {format_datetime(at)}"


def honest(chance: random.Random) -> bytes:
    """Returns a mail as a good program writes it."""
    mail = EmailMessage()
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**6))
    for hop in range(chance.randrange(4)):
        mail["Received"] = _received(chance, at - timedelta(seconds=5 * hop)).replace("\r\n", "")
    mail["From"] = f'"{chance.choice(("Example Bank", "样例银行", "Parcel Post"))}" <service@{chance.choice(_HOSTS[:3])}>'
    mail["To"] = "someone@example.invalid"
    mail["Subject"] = chance.choice(_SUBJECTS)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{chance.randrange(10**9)}@relay.test>"
    mail.set_content(_body(chance))
    if chance.random() < 0.7:
        mail.add_alternative(
            f'<p>{_body(chance)}<a href="{_url(chance)}">https://www.examplebank.test/login</a></p>', subtype="html"
        )
    for number in range(chance.randrange(3)):
        mail.add_attachment(chance.randbytes(chance.randrange(2000)), "application", "octet-stream", filename=f"发票{number}.pdf")
    return mail.as_bytes()


def forwarded(chance: random.Random) -> bytes:
    """Returns an honest mail forwarded as an attachment, one to five times."""
    mail = honest(chance)
    for _ in range(chance.randrange(1, 6)):
        mark = f"b{chance.randrange(10**6)}".encode()
        mail = (
            b"From: reporter@example.invalid\r\nTo: report@desk.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n--' + mark + b"\r\n\r\nlook\r\n--" + mark
            + b"\r\nContent-Type: message/rfc822\r\n\r\n" + mail + b"\r\n--" + mark + b"--\r\n"
        )  # fmt: skip
    return mail


def cut(chance: random.Random) -> bytes:
    """Returns an honest mail that breaks off somewhere."""
    mail = honest(chance)
    return mail[: chance.randrange(1, len(mail))]


def scratched(chance: random.Random) -> bytes:
    """Returns an honest mail with a few bytes changed."""
    mail = bytearray(honest(chance))
    for _ in range(chance.randrange(1, 40)):
        mail[chance.randrange(len(mail))] = chance.randrange(256)
    return bytes(mail)


def shuffled(chance: random.Random) -> bytes:
    """Returns the lines of an honest mail in disorder, with line ends of all kinds."""
    lines = honest(chance).split(b"\n")
    at = chance.randrange(len(lines))
    part = lines[at : at + 12]
    chance.shuffle(part)
    lines[at : at + 12] = part
    return b"".join(line.rstrip(b"\r") + chance.choice((b"\r\n", b"\n", b"\r", b"\n\r")) for line in lines)


def noise(chance: random.Random) -> bytes:
    """Returns bytes that only pretend to be a mail."""
    return b"From: a@b.example\n" + chance.randbytes(chance.randrange(4000))


def charsets(chance: random.Random) -> bytes:
    """Returns a mail whose charsets are wrong, unknown, or not for text at all."""
    charset = chance.choice(
        ("utf-8", "gb2312", "gbk", "big5", "hz", "utf-7", "utf-16", "x-unknown", "zlib", "rot13", "punycode", "idna", "unicode_escape",
         "undefined", "hex", "\x00", "utf-8\xff", "a" * 300, "latin-1", "iso-2022-jp", "cp65001", "mbcs", "oem", "../../etc/passwd", "")
    )  # fmt: skip
    body = "您的账户异常 https://examp1ebank.test/x".encode(
        chance.choice(("utf-8", "gb18030", "utf-16", "big5", "utf-7")), "replace"
    )
    word = f"=?{charset}?{chance.choice('bBqQ')}?{base64.b64encode(body).decode()}?=".encode("latin-1", "replace")
    head = b"From: " + word + b" <x@evil.example>\r\nSubject: " + word + b"\r\nContent-Type: text/plain; charset="
    how, coded = chance.choice(
        ((b"base64", base64.encodebytes(body)), (b"quoted-printable", quopri.encodestring(body)), (b"8bit", body))
    )
    return head + charset.encode("latin-1", "replace") + b"\r\nContent-Transfer-Encoding: " + how + b"\r\n\r\n" + coded


def base64s(chance: random.Random) -> bytes:
    """Returns a mail whose base64 is broken: padding, foreign characters, cut, concatenated."""
    good = base64.encodebytes(_body(chance).encode() * 3)
    broken = chance.choice(
        (
            good[: chance.randrange(len(good))],
            good.replace(b"=", b""),
            good + good,
            b"=" + good,
            b"=" * 50,
            b"\x00".join((good, good)),
            b"!" + good,
            b"",
        )
    )
    kind = chance.choice((b"text/plain", b"text/html", b"application/pdf", b"message/rfc822", b"multipart/mixed; boundary=x"))
    return b"From: a@b.example\nContent-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n\n" + broken


def nested(chance: random.Random, depth: int = 1000) -> bytes:
    """Returns a mail of 1,000 levels: multiparts, forwarded mails, or both."""
    how = chance.choice(("multipart", "mail", "both"))
    mail = b"Content-Type: text/plain\r\n\r\nthe end https://examp1ebank.test/deep\r\n"
    for level in range(depth):
        if how == "mail" or (how == "both" and level % 2):
            mail = b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n" + mail
        else:
            mark = b"m%d" % level
            mail = (
                b"Content-Type: multipart/mixed; boundary="
                + mark
                + b"\r\n\r\n--"
                + mark
                + b"\r\n"
                + mail
                + b"\r\n--"
                + mark
                + b"--\r\n"
            )
    return b"From: a@b.example\r\n" + mail


def huge_head(chance: random.Random) -> bytes:
    """Returns a mail with a head of megabytes: many lines, one long line, or endless folding."""
    how = chance.randrange(5)
    if how == 0:
        head = b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(60_000))
    elif how == 1:
        head = b"Subject: " + b"a" * 2_000_000 + b"\r\n"
    elif how == 2:
        head = b"Received: from a\r\n" + b" (folded)\r\n" * 100_000
    elif how == 3:
        head = b"".join(
            _received(chance, datetime(2026, 1, 1, tzinfo=UTC)).join(("Received: ", "\r\n")).encode() for _ in range(5000)
        )
    else:
        head = b"Content-Type: text/plain" + b"; a=b" * 200_000 + b"\r\n"
    return b"From: a@b.example\r\n" + head + b"\r\nhttps://examp1ebank.test/\r\n"


def word_bomb(chance: random.Random) -> bytes:
    """Returns a mail whose head is made of encoded words: nested, endless, unclosed."""
    how = chance.randrange(5)
    word = b"=?utf-8?b?" + base64.b64encode("样例银行 ".encode()) + b"?="
    value = (
        (word + b" ") * 20_000,
        b"=?" * 300_000,
        b"=?utf-8?q?" + b"=3D=3F" * 100_000 + b"?=",
        b"=?utf-8?b?" + base64.b64encode(b"=?utf-8?b?" + base64.b64encode(b"=?a?b?c?=") + b"?=") + b"?=",
        b"=?punycode?q?" + b"a-9" * 60_000 + b"?=",
    )[how]
    return b"From: " + value + b" <a@evil.example>\r\nSubject: " + value + b"\r\n\r\nhello\r\n"


def line_tricks(chance: random.Random) -> bytes:
    """Returns a mail that smuggles line ends, null bytes and control characters into its head and names."""
    trick = chance.choice(
        (b"\r", b"\n", b"\r\n", b"\0", b"\r\r\n", b"\x0b", b"\x0c", b"\x1b[2J", b"\xe2\x80\xae", b"\xff\xfe", b"\x85", b"\n\r\n")
    )
    return (
        b"From: Example Bank" + trick + b"Bcc: x@evil.example <service@evil.example>\r\nSubject: one" + trick + b"two\r\nReply-To: " + trick
        + b"\r\nDate: Mon, 99 Foo 20" + trick + b"26 25:61:99 +9999\r\nReceived: " + trick + b"from x by y; " + trick
        + b"\r\nContent-Type: multipart/mixed; boundary=\"a" + trick + b"b\"\r\n\r\n--a" + trick + b"b\r\nContent-Disposition: attachment;"
        b" filename=\"gpj" + trick + b"exe\"\r\n\r\nx" + trick + b"\r\n--a" + trick + b"b--\r\n"
    )  # fmt: skip


def many_parts(chance: random.Random) -> bytes:
    """Returns a mail of thousands of parts, or of boundaries that look alike."""
    parts = b"".join(
        b"--x\r\nContent-Type: text/plain\r\n\r\nhttps://%d.evil.example/\r\n" % n for n in range(chance.choice((600, 5000)))
    )
    alike = b"--x" * 50_000 + b"\r\n" + b"--xy\r\n" * 20_000 + b"--x\r\n\r\nin\r\n--x --\r\n"
    return b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + chance.choice((parts, alike))


def broken_html(chance: random.Random) -> bytes:
    """Returns a mail whose HTML is made to take time or to hide its links."""
    html = chance.choice(
        ("<a " * 200_000, '<a href="' * 80_000, "<!--" * 100_000, "<" * 500_000, "&" * 500_000, "<div>" * 100_000 + '<a href="https://evil.example">x',
         f"<a href=https://evil.example/{chance.randrange(9)}>y</a>" * 5000, "<style>" + "a{background:url(//t.evil.example/x)}" * 5000,
         "<a href='java\tscript:alert(1)'>x</a>", "<base href=//evil.example><a href=x>examplebank.test</a>", "<a href=\0https://evil.example>z")
    )  # fmt: skip
    return b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()


def strange_parameters(chance: random.Random) -> bytes:
    """Returns a mail whose parameters (RFC 2231) and addresses have made parsers raise."""
    value = chance.choice(
        ("text/plain; charset*=x'y'%ff%zz", "text/plain; name*0*=utf-8''%e4; name*1=b; name*99999999999=c",
         "multipart/mixed; boundary*0=a; boundary*1=b",
         "/; =; ;;;", "text", "text/plain; charset=\"", "multipart/mixed; boundary=\"\"", "multipart/mixed; boundary=" + "x" * 5000,
         "message/rfc822; name*=''", "text/html; charset*0*=''utf-8", "text/plain;" + ";" * 100_000,
         "text/plain; name*x*=1", "text/plain; name*1*=''é")
    )  # fmt: skip
    senders = chance.choice(
        (
            "<",
            ">",
            "<<<>>>",
            '"',
            "a@b@c",
            "@",
            ",,,",
            "(((((",
            "a" * 5000 + "@b.example",
            "=?utf-8?q?=40?= <@>",
            "undisclosed:;",
            "[]",
        )
    )
    claim = chance.choice(
        ("", ";;=", "mx.example 1; none", "spf=pass; dkim=", "a;" * 50_000, "dkim=fail (" + "(" * 5000, "=?utf-8?q?spf=3Dpass?=")
    )
    head = f"Authentication-Results: {claim}\r\nReceived-SPF: {claim}\r\nFrom: {senders}\r\nReply-To: {senders}\r\n"
    return f"{head}Content-Type: {value}\r\nContent-Disposition: attachment; filename*=x\r\n\r\nbody\r\n".encode()


def empty(chance: random.Random) -> bytes:
    """Returns next to nothing."""
    return chance.choice(
        (
            b"\n",
            b"\r\n\r\n",
            b":",
            b"From:",
            b"From: a@b.example",
            b"\0",
            b"\xef\xbb\xbfFrom: a@b.example\n\nx",
            b" folded\n",
            b"From \n",
        )
    )


def encoded_words(chance: random.Random) -> bytes:
    """Returns a mail whose encoded words cut characters in two, in several charsets."""
    text = "样例银行：您的账户异常，请立即验证"
    raw = text.encode("gb18030")
    at = chance.randrange(1, len(raw))
    two = b" ".join(b"=?gb2312?B?" + base64.b64encode(half) + b"?=" for half in (raw[:at], raw[at:]))
    other = email.header.Header(text, "utf-8", maxlinelen=30).encode().encode()
    return b"From: " + two + b" <x@evil.example>\r\nSubject: " + other + b"\r\n\r\n" + raw


KINDS: tuple[tuple[Callable[[random.Random], bytes], int], ...] = (
    (honest, 30), (forwarded, 8), (cut, 12), (scratched, 14), (shuffled, 8), (noise, 6), (charsets, 10), (base64s, 6), (line_tricks, 8),
    (strange_parameters, 8), (empty, 3), (encoded_words, 4), (broken_html, 4), (nested, 1), (huge_head, 1), (word_bomb, 2), (many_parts, 1),
)  # fmt: skip


def letters(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yields (kind, mail) `count` times; every kind is there once before any is there by chance."""
    chance = random.Random(seed)
    makers, weights = zip(*KINDS, strict=True)
    for number in range(count):
        maker = makers[number] if number < len(makers) else chance.choices(makers, weights)[0]
        yield maker.__name__, maker(chance)
