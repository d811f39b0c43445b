"""What the kinds, parts and warnings of questions are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Said = str | Promise

KIND_NAMES: dict[str, Said] = {
    "single": _("single choice"), "multiple": _("several right"), "true_false": _("true or false"),
    "short": _("short answer"), "numeric": _("a number"), "matching": _("matching"), "ordering": _("ordering"),
    "cloze": _("gaps in a text"), "phish": _("spot the phish"),
}  # fmt: skip
KIND_HINTS: dict[str, Said] = {
    "single": _("One option is right."),
    "multiple": _("Some options are right; all of them must be found."),
    "true_false": _("A statement, right or wrong."),
    "short": _("A word or two, typed."),
    "numeric": _("A number, typed, with a tolerance."),
    "matching": _("What belongs together."),
    "ordering": _("Steps in their order."),
    "cloze": _("A text with gaps to choose or fill in."),
    "phish": _("A message: is it a trick, and what gives it away?"),
}
CHANNEL_NAMES: dict[str, Said] = {
    "sms": _("text message"), "mail": _("e-mail"), "chat": _("chat"), "payment": _("payment page"),
    "poster": _("poster with a QR code"),
}  # fmt: skip
ROLE_NAMES: dict[str, Said] = {
    "from": pgettext_lazy("line of a message", "sender"),
    "address": pgettext_lazy("line of a message", "sender’s address"),
    "to": pgettext_lazy("line of a message", "recipient"),
    "subject": pgettext_lazy("line of a message", "subject"),
    "time": pgettext_lazy("line of a message", "time"),
    "text": pgettext_lazy("line of a message", "text"),
    "link": pgettext_lazy("line of a message", "link"),
    "button": pgettext_lazy("line of a message", "button"),
    "attachment": pgettext_lazy("line of a message", "attachment"),
    "amount": pgettext_lazy("line of a message", "amount"),
    "payee": pgettext_lazy("line of a message", "payee"),
    "qr": pgettext_lazy("line of a message", "QR code"),
    "note": pgettext_lazy("line of a message", "note"),
}
PREMISE_NAMES: dict[str, Said] = {"weak": _("weak"), "medium": _("medium"), "strong": _("strong")}
GAP_NAMES: dict[str, Said] = {"single": _("choose a word"), "short": _("type words"), "numeric": _("type a number")}
LANGUAGE_NAMES: dict[str, Said] = {"en": "English", "zh": "简体中文"}
WARNINGS: dict[str, Said] = {
    "missing": _("Missing in this language."),
    "long": _("Twice as long as the other options. A longest option draws guesses."),
    "no_explanation": _("Nothing is said after the answer yet. People learn from it more than from the points."),
    "no_source": _("Name where one can read more."),
    "cue_without_why": _("Say why this gives it away."),
    "leads_nowhere": _("Say where it leads: people can ask to see it."),
    "changed_after_en": _("Changed in English after this."),
    "changed_after_zh": _("Changed in Chinese after this."),
}
STATES: dict[str, Said] = {
    "draft": _("draft"),
    "waiting": _("waits for a second reader"),
    "approved": _("approved"),
    "returned": _("returned"),
}
# Why a question is none, by what rules/questions.py says of it.
WHYS: dict[str, Said] = {
    "words": _("Say something here."),
    "languages": _("Say something here, in one language at least."),
    "count": _("There are too few or too many rows."),
    "no_right": _("No answer is fully right. Mark the right one, or let the worths add up to one."),
    "same_text": _("Two rows read the same."),
    "pairs": _("Choose a partner for every line at the left."),
    "number": _("Write a number with digits and a point, such as 3.5."),
    "range": _("The first number must not be above the second, and the tolerance not below zero."),
    "credit": _("A worth is a fraction from −1 to 1."),
    "gaps": _("Every gap must stand once in the question, in each language: write its mark where it belongs."),
    "cues": _("A trick needs a line that gives it away; a genuine message has none."),
    "true_false": _("True and false are both needed."),
    "area": _("The place lies outside of the picture."),
    "picture": _("Places need a picture."),
}
FORMAT_NAMES: dict[str, Said] = {
    "native": _("Showground’s own lines (everything, both languages)"), "gift": "GIFT", "moodle_xml": "Moodle XML", "aiken": "Aiken",
    "missing_word": _("missing word"), "cloze": "Cloze", "csv": _("table, CSV"), "xlsx": _("table, Excel"),
    "qti": _("QTI, any version"), "qti21": "QTI 2.1", "qti22": "QTI 2.2", "qti30": "QTI 3.0",
}  # fmt: skip
# Why something in a file was not taken, as interchange/questions/contract.py says it.
LEFT_WORDS: dict[str, Said] = {
    "empty": _("there is nothing in it"),
    "unknown_format": _("no format that is read here"),
    "too_large": _("larger than is read"),
    "too_many": _("more items than one file may have; the rest was not read"),
    "too_deep": _("nested deeper than is read"),
    "damaged": _("broken: it does not follow its own format"),
    "entities": _("it defines entities or a document type, which are never read"),
    "encrypted": _("it is encrypted"),
    "bomb": _("it unpacks to far more than it is"),
    "bad_name": _("a name in the archive leads outside of it or is not a plain name"),
    "encoding": _("its characters could not be read"),
    "encoding_guessed": _("it does not say its encoding; this one was guessed"),
    "control_characters": _("characters that cannot be shown were taken out"),
    "old_qti": _("QTI 1.2, which is not read here"),
    "nested": _("an archive inside the archive, which is not opened"),
    "crashed": _("it could not be read, for a reason we did not foresee"),
    "kind": _("a kind of item that has no place in a question here"),
    "refused": _("it breaks a rule of questions here"),
    "syntax": _("it could not be understood"),
    "no_right": _("no answer to it is fully right"),
    "no_answer": _("it has no answer that can be scored here"),
    "draft": _("the file marks it as unfinished"),
    "adaptive": _("it changes from one try to the next"),
    "template": _("its words or numbers are drawn anew each time"),
    "several": _("it asks several things at once; each is a question of its own here"),
    "markup": _("only the words were kept, not how they are set"),
    "script": _("scripts and active parts are never taken"),
    "style": _("how it looks is not kept"),
    "link": _("the words of a link were kept, not where it leads"),
    "picture": _("the picture was not taken: it is not in the file, or does not stand in the question's own text"),
    "medium": _("a medium that is not taken"),
    "no_words": _("a medium without words for those who cannot see or hear it; the words given are a stand-in"),
    "credit": _("points in a form that is not kept"),
    "scoring": _("its own way of scoring is not kept"),
    "range": _("a range is said as its middle and a tolerance"),
    "units": _("units are not kept"),
    "pattern": _("a pattern that is not kept"),
    "formula": _("formulas are never worked out"),
    "language": _("this format or question holds another language"),
    "feedback": _("this word to the person who answers has no place"),
    "hint": _("hints have no place"),
    "rubric": _("instructions beside the question are not taken"),
    "reference": _("it leads to something that is not in the file or not taken from there"),
    "limit": _("limits of time or tries belong to the quiz"),
    "order": _("the order of options is not kept"),
    "keys": _("the short names of options are given anew"),
    "code": _("the short name of the question is given anew"),
    "twice": _("it is there twice"),
    "cut": _("longer than is kept"),
    "spaces": _("spaces and line breaks are not kept as they were"),
    "unused": _("a part that has no use here"),
    "not_carried": _("this format has no place for it"),
}
