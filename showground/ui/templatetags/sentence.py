"""What stands between two sentences. `{% load sentence %}`"""

from __future__ import annotations

from django import template

from showground.ui.typeset import chinese

register = template.Library()


@register.simple_tag
def gap() -> str:
    """Returns the space after a sentence: one in English, none in Chinese, where the full stop brings its own."""
    return "" if chinese() else " "
