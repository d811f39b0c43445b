"""Letters to people: a text file of a room, in the reader's language, given to the mail server. Never while a database is held."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template import Context, Engine
from django.utils.translation import override


class Away(OSError):
    """The letter did not leave: the mail server is not there, or it said no."""


class Unsure(OSError):
    """The mail server had the letter and said nothing more: it may have left."""


def send(template: str, to: str, context: Mapping[str, Any], language: str, *, headers: Mapping[str, str] | None = None) -> None:
    """One letter is on its way: `template` ("people/letters/code.txt") rendered in `language` ("en", "zh-hans").

    The first line of the file is the subject, the rest the text; nothing is escaped, for a letter is plain text.
    """
    subject, text = compose(template, context, language)
    post(EmailMessage(subject=subject, body=text, to=[to], headers=dict(headers or {})))


def compose(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Returns subject and text of a letter."""
    with override(language):
        rendered = Engine.get_default().get_template(template).render(Context(dict(context), autoescape=False))
    subject, _, text = rendered.strip().partition("\n")
    return subject.strip(), text.strip() + "\n"


def post(letter: EmailMessage) -> None:
    """The mail server has the letter. Raises `Away` where it surely has not, `Unsure` where nobody can know."""
    _outside()
    server = get_connection()
    try:
        server.open()
    except OSError as failure:
        raise Away(type(failure).__name__) from failure
    try:
        server.send_messages([letter])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as failure:
        raise Away(type(failure).__name__) from failure
    except OSError as failure:
        raise Unsure(type(failure).__name__) from failure
    finally:
        with suppress(OSError):
            server.close()


def _outside() -> None:
    """A mail server may think for as long as it likes; inside a transaction every writer of the site would wait for it."""
    blocks = transaction.get_connection().atomic_blocks
    if blocks and not blocks[-1]._from_testcase:
        raise RuntimeError("a letter inside a transaction: post it after the commit")
