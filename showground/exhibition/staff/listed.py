"""Recordings as the desk lists them: what each is, how far it is, what it still wants."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.exhibition.forms import RECORDINGS, SPOKEN
from showground.exhibition.models import Board, Medium
from showground.exhibition.queries import recordings

IN = {"zh": n_("Chinese"), "en": n_("English")}


def rows(board: Board) -> list[dict[str, Any]]:
    """Returns a board's recordings as the editor lists them, each with what it still wants."""
    found = recordings.of_board(board)
    return [{"medium": one, "name": named(one), "state": state(one, found), "wants": wanting(one, found)} for one in found]


def named(medium: Medium) -> str:
    """Returns what a recording is, in words."""
    return _("%(kind)s, %(language)s") % {"kind": dict(RECORDINGS)[medium.kind], "language": dict(SPOKEN)[medium.language]}


def state(medium: Medium, others: list[Medium]) -> str:
    """Returns "none", "receiving", "waiting", "refused", "wanting", "shown" or "excused"."""
    if medium.work is None:
        return "none"
    if not recordings.ready(medium):
        return str(medium.work.state)
    if recordings.wants(medium, others):
        return "excused" if medium.excuse else "wanting"
    return "shown"


def wanting(medium: Medium, others: list[Medium]) -> list[str]:
    """Returns what a recording lacks, as words."""
    told = {"transcript": _("transcript in %(lang)s"), "captions": _("captions in %(lang)s")}
    return [told[code] % {"lang": _(IN[lang])} for code, missing in recordings.wants(medium, others) for lang in missing]
