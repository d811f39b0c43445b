"""Letters to people: a text file of a room, in the reader's language, sent by Django's mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import override


def send(template: str, to: str, context: Mapping[str, Any], language: str) -> None:
    """One letter is on its way: `template` ("people/letters/code.txt") rendered in `language` ("en", "zh-hans").

    The first line of the file is the subject, the rest the text; nothing is escaped, for a letter is plain text.
    """
    subject, text = compose(template, context, language)
    EmailMessage(subject=subject, body=text, to=[to]).send()


def compose(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Returns subject and text of a letter."""
    with override(language):
        rendered = get_template(template).template.render(Context(dict(context), autoescape=False))
    subject, _, text = rendered.strip().partition("\n")
    return subject.strip(), text.strip() + "\n"
