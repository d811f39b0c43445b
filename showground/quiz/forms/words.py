"""What the kinds, parts and warnings of questions are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

Said = str | Promise

KIND_NAMES: dict[str, Said] = {
    "single": lazy("single choice"), "multiple": lazy("several right"), "true_false": lazy("true or false"),
    "short": lazy("short answer"), "numeric": lazy("a number"), "matching": lazy("matching"), "ordering": lazy("ordering"),
    "cloze": lazy("gaps in a text"), "phish": lazy("spot the phish"),
}  # fmt: skip
CHANNEL_NAMES: dict[str, Said] = {
    "sms": lazy("text message"), "mail": lazy("e-mail"), "chat": lazy("chat"), "payment": lazy("payment page"),
    "poster": lazy("poster with a QR code"),
}  # fmt: skip
ROLE_NAMES: dict[str, Said] = {
    "from": lazy("sender"), "address": lazy("sender’s address"), "to": lazy("to"), "subject": lazy("subject"), "time": lazy("time"),
    "text": lazy("text"), "link": lazy("link"), "button": lazy("button"), "attachment": lazy("attachment"), "amount": lazy("amount"),
    "payee": lazy("payee"), "qr": lazy("QR code"), "note": lazy("note"),
}  # fmt: skip
PREMISE_NAMES: dict[str, Said] = {"weak": lazy("weak"), "medium": lazy("medium"), "strong": lazy("strong")}
GAP_NAMES: dict[str, Said] = {"single": lazy("choose a word"), "short": lazy("type words"), "numeric": lazy("type a number")}
LANGUAGE_NAMES: dict[str, Said] = {"en": "English", "zh": "简体中文"}
WARNINGS: dict[str, Said] = {
    "missing": lazy("Missing in this language."),
    "long": lazy("Twice as long as the other options. A longest option draws guesses."),
    "no_explanation": lazy("Nothing is said after the answer yet. People learn from it more than from the points."),
    "no_source": lazy("Name where one can read more."),
    "cue_without_why": lazy("Say why this gives it away."),
    "leads_nowhere": lazy("Say where it leads: people can ask to see it."),
    "changed_after_en": lazy("Changed in English after this."),
    "changed_after_zh": lazy("Changed in Chinese after this."),
}
STATES: dict[str, Said] = {
    "draft": lazy("draft"),
    "waiting": lazy("waits for a second reader"),
    "approved": lazy("approved"),
    "returned": lazy("returned"),
}
# Why a question is none, by what rules/questions.py says of it.
WHYS: dict[str, Said] = {
    "words": lazy("Say something here."),
    "languages": lazy("Say something here, in one language at least."),
    "count": lazy("There are too few or too many rows."),
    "no_right": lazy("No answer is fully right. Mark the right one, or let the worths add up to one."),
    "same_text": lazy("Two rows read the same."),
    "pairs": lazy("Choose a partner for every line at the left."),
    "number": lazy("Write a number with digits and a point, such as 3.5."),
    "range": lazy("The first number must not be above the second, and the tolerance not below zero."),
    "credit": lazy("A worth is a fraction from −1 to 1."),
    "gaps": lazy("Every gap must stand once in the question, in each language: write its mark where it belongs."),
    "cues": lazy("A trick needs a line that gives it away; a genuine message has none."),
    "true_false": lazy("True and false are both needed."),
    "area": lazy("The place lies outside of the picture."),
    "picture": lazy("Places need a picture."),
}
