"""What visitors may send: an answer by its places on the page, an appeal, a receipt to check, a claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from showground.rules.answers import Answer, check_answer
from showground.rules.questions import Question
from showground.rules.refused import Refused

SECRET_WORDS = 60


# ---- answers ----


def _number(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 3:
        raise Refused("answer.shape", question="")
    return int(value)


def _single(question: Question, sent: QueryDict) -> Answer:
    return {"choice": _number(sent["choice"])} if sent.get("choice") else {}


def _multiple(question: Question, sent: QueryDict) -> Answer:
    chosen = sorted({_number(value) for value in sent.getlist("choice")})
    return {"choices": chosen} if chosen else {}


def _text(question: Question, sent: QueryDict) -> Answer:
    words = sent.get("text", "").replace("\0", "").strip()[:200]
    return {"text": words} if words else {}


def _matching(question: Question, sent: QueryDict) -> Answer:
    given = [(place, sent.get(f"pair-{place}", "")) for place in range(len(question["left"]))]
    pairs = [[place, _number(slot)] for place, slot in given if slot]
    return {"pairs": pairs} if pairs else {}


def _ordering(question: Question, sent: QueryDict) -> Answer:
    order = [_number(value) for value in sent.getlist("order")]
    if move := sent.get("move"):
        order = moved(order, move)
    return {"order": order} if order else {}


def moved(order: list[int], move: str) -> list[int]:
    """Returns the order after one step: "up-3" puts slot 3 one place earlier, "down-3" one later."""
    way, _, slot = move.partition("-")
    if way not in {"up", "down"} or _number(slot) not in order:
        return order
    at = order.index(_number(slot))
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order


def _cloze(question: Question, sent: QueryDict) -> Answer:
    gaps: dict[str, Any] = {}
    for gap in question["gaps"]:
        value = sent.get(f"gap-{gap['key']}", "").replace("\0", "").strip()[:200]
        if value:
            gaps[gap["key"]] = {"choice": _number(value)} if gap["kind"] == "single" else {"text": value}
    return {"gaps": gaps} if gaps else {}


def _phish(question: Question, sent: QueryDict) -> Answer:
    marks = sorted({_number(value) for value in sent.getlist("mark")})
    verdict = sent.get("verdict", "")
    if marks and sent.get("nothing"):
        raise Refused("answer.both")
    if not verdict:
        if marks or sent.get("nothing"):
            raise Refused("answer.verdict")
        return {}
    return {"verdict": verdict, "marks": marks}


_READ = {
    "single": _single, "true_false": _single, "multiple": _multiple, "short": _text, "numeric": _text, "matching": _matching,
    "ordering": _ordering, "cloze": _cloze, "phish": _phish,
}  # fmt: skip


def read_answer(question: Question, sent: QueryDict) -> Answer:
    """Returns the answer that a form says; refuses (answer.verdict, answer.both, answer.shape) what is none."""
    import unicodedata

    answer = _READ[question["kind"]](question, sent)
    if "text" in answer:
        answer["text"] = unicodedata.normalize("NFC", answer["text"])
    for given in answer.get("gaps", {}).values():
        if "text" in given:
            given["text"] = unicodedata.normalize("NFC", given["text"])
    check_answer(question, answer)
    return answer


# ---- other forms ----


class AppealForm(forms.Form):
    """Why a struck entry should stand."""

    words = forms.CharField(
        label=_("Why the entry should stand"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), strip=True
    )


class CheckForm(forms.Form):
    """A receipt to look up: its number, its secret, or its file."""

    entry = forms.CharField(
        label=_("Entry number or secret"),
        help_text=_("As it stands on the receipt."),
        required=False,
        max_length=SECRET_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or the receipt file"), required=False)


class SecretForm(forms.Form):
    """The secret that only the holder of a receipt knows."""

    secret = forms.CharField(
        label=_("Secret of the receipt"),
        help_text=_("Twenty letters and figures. Hyphens and small letters do not matter."),
        max_length=SECRET_WORDS,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-line"}
        ),
    )


class ContactForm(SecretForm):
    """How a winner is reached; kept sealed and only until the prize is handed over."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    reach = forms.CharField(
        label=_("E-mail address or telephone number"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "email"})
    )
    address = forms.CharField(
        label=_("Where the prize is to be sent"),
        help_text=_("Only if it does not come as a code and you do not fetch it."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    guardian = forms.CharField(
        label=_("Parent or guardian, if the winner is under 18"),
        help_text=_("Their name. They hand in this form and show their own document, not the child’s."),
        required=False,
        max_length=120,
    )
