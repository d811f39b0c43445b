"""What every page may say: the seal, the plan of the week, plots, QR codes, numbers and days. `{% load ui %}`"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from django import template
from django.conf import settings
from django.template import Context
from django.urls import translate_url
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from showground.ui import plots, typeset
from showground.ui import seal as seals

register = template.Library()

register.filter("clock", typeset.clock)
register.filter("seconds", typeset.seconds)
register.filter("day", typeset.day)
register.filter("day_short", typeset.day_short)
register.filter("year_day", typeset.year_day)
register.filter("when", typeset.when)
register.filter("when_short", typeset.when_short)
register.filter("soon", typeset.soon)
register.filter("duration", typeset.duration)
register.filter("number", typeset.number)
register.filter("number_word", typeset.number_word)
register.filter("file_size", typeset.size)
register.filter("nb", typeset.no_break)
register.filter("hold", typeset.hold_end)

TAGS = {"en": "en", "zh-hans": "zh-Hans"}
NAMES = {"en": "English", "zh-hans": "中文"}


@dataclass(frozen=True)
class Room:
    """One link of the masthead."""

    key: str
    name: str
    url: str


@dataclass(frozen=True)
class Language:
    """The same page in another language."""

    tag: str
    name: str
    url: str


@register.filter
def bcp47(code: str) -> str:
    """Returns the language tag of HTML for one of Django's language codes: "zh-hans" is "zh-Hans"."""
    return TAGS.get(code, code)


@register.simple_tag(takes_context=True)
def week_url(context: Context, path: str = "") -> str:
    """Returns the address of a page of the week that the page is about, in the page's language."""
    week = context.get("week")
    code = getattr(week, "code", None) or (week.get("code") if isinstance(week, dict) else None)
    inner = f"{code}/{path}" if code else path
    return f"/{get_language() or settings.LANGUAGE_CODE}/{inner}"


SOMETIMES = ("quiz", "halls")


@register.simple_tag(takes_context=True)
def rooms(context: Context) -> list[Room]:
    """Returns the links of the masthead, in order; rooms that not every week has are named in `also`."""
    also = context.get("also", ())
    words = (
        ("works", pgettext("masthead", "Works"), "works/"),
        ("call", pgettext("masthead", "The call"), "call/"),
        ("vote", pgettext("masthead", "Vote"), "vote/"),
        ("quiz", pgettext("masthead", "Quiz"), "quiz/"),
        ("halls", pgettext("masthead", "Exhibition"), "halls/"),
        ("result", pgettext("masthead", "Result"), "result/"),
        ("check", pgettext("masthead", "Check"), "check/"),
    )
    return [Room(key, name, week_url(context, path)) for key, name, path in words if key not in SOMETIMES or key in also]


@register.simple_tag(takes_context=True)
def other_language(context: Context) -> Language | None:
    """Returns the same page in the other language, or None where the site speaks one only."""
    request = context.get("request")
    here = get_language() or settings.LANGUAGE_CODE
    other = next((code for code in NAMES if code != here and code in dict(settings.LANGUAGES)), None)
    if request is None or other is None:
        return None
    path = request.get_full_path()
    url = translate_url(path, other)
    if url == path and path.startswith(f"/{here}/"):
        url = f"/{other}/{path.removeprefix(f'/{here}/')}"
    return Language(TAGS.get(other, other), NAMES[other], url)


@register.simple_tag
def seal(root: str | bytes | None, size: int = 64, title: str = "") -> SafeString:
    """Returns the seal of a tree head hash (64 hex digits or 32 bytes) as SVG; sizes 34 44 64 96 160 230."""
    if not root:
        return mark_safe("")
    raw = bytes.fromhex(root) if isinstance(root, str) else root
    return mark_safe(seals.draw(raw, title=escape(title), size=size))  # noqa: S308


@register.inclusion_tag("ui/plan.html")
def plan(phases: list[dict[str, Any]]) -> dict[str, Any]:
    """Draws the week as a ground plan: a list of {key, name, when, state}, state past | now | shut | open."""
    return {"phases": phases, "label": _("The week, room by room")}


@register.simple_tag
def bars(items: list[plots.Bar], finding: str, to_come: str = "", base: int = 212) -> SafeString:
    """Draws a bar plot twice (wide and slim): items of ui.plots.Bar, the finding in words for readers who do not see it."""
    return plots.bars(items, finding, to_come, base)


@register.simple_tag
def splits(items: list[plots.Split], finding: str, most: float = 100) -> SafeString:
    """Draws lines split into parts twice (wide and slim): items of ui.plots.Split, 0 to `most`."""
    return plots.splits(items, finding, most)


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """Returns a QR code of the text as SVG, black on white in both themes."""
    code = segno.make(text, error="m", micro=False)
    inner = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None, dark="#000", light=None)
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(inner.replace("<svg", f"<svg {name}", 1))  # noqa: S308


@register.inclusion_tag("ui/lights.html")
def lights(state: dict[str, Any]) -> dict[str, Any]:
    """Draws the three lights of a ballot: {recorded, witnessed, counted}, each {said: sentence} or {said, off: True}; witnessed
    takes {root} of the cosigned tree head, counted {word} instead of "Counted" (a ballot replaced or voided)."""
    return state


@register.filter
def attrs(field: Any, pairs: str) -> SafeString:
    """Returns a form field with more attributes: {{ form.code|attrs:"autocomplete=one-time-code,inputmode=numeric" }}."""
    return field.as_widget(attrs=dict(pair.split("=", 1) for pair in pairs.split(",")))
