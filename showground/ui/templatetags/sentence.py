"""What stands between two sentences. `{% load sentence %}`"""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from showground.ui.typeset import chinese, no_break

register = template.Library()


@register.simple_tag
def gap() -> str:
    """Returns the space after a sentence: one in English, none in Chinese, where the full stop brings its own."""
    return "" if chinese() else " "


@register.simple_tag
def comma() -> str:
    """Returns what stands between two facts of a line: a comma and a space, in Chinese the full-width comma alone."""
    return "，" if chinese() else ", "


@register.filter
def held(text: object) -> SafeString:
    """Returns the text, in Chinese in a span that is never broken over two lines; English instants may be."""
    return no_break(text) if chinese() else conditional_escape(text)
