"""What the pages of quizzes say besides. `{% load quiz %}`"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from showground.ui.typeset import number

register = template.Library()


@register.simple_tag
def say(text: str) -> SafeString | str:
    """Returns a text of the bank, escaped; one in another language than the page's carries its tag."""
    lang = getattr(text, "lang", "")
    return format_html('<span lang="{}">{}</span>', lang, str(text)) if lang else format_html("{}", str(text))


@register.filter
def role(key: str) -> str:
    """Returns what stands before a line of a message: From, Subject ...; nothing for its text."""
    names = {
        "from": pgettext("line of a message", "From"),
        "address": pgettext("line of a message", "Address"),
        "to": pgettext("line of a message", "To"),
        "subject": pgettext("line of a message", "Subject"),
        "time": pgettext("line of a message", "Time"),
        "attachment": pgettext("line of a message", "Attachment"),
        "amount": pgettext("line of a message", "Amount"),
        "payee": pgettext("line of a message", "To be paid to"),
    }
    return names.get(key, "")


@register.filter
def money(prize: dict[str, object]) -> str:
    """Returns what a prize is worth: 200.00 CNY."""
    worth = int(str(prize["worth"]))
    return f"{number(worth // 100)}.{worth % 100:02d} {prize['currency']}"


@register.filter
def after(count: int, place: int) -> str:
    """Returns how a step of the progress is drawn: done, now or next."""
    return "done" if place < count else "now" if place == count else "next"
