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
FORMAT_NAMES: dict[str, Said] = {
    "native": lazy("Showground’s own lines (everything, both languages)"), "gift": "GIFT", "moodle_xml": "Moodle XML", "aiken": "Aiken",
    "missing_word": lazy("missing word"), "cloze": "Cloze", "csv": lazy("table, CSV"), "xlsx": lazy("table, Excel"),
    "qti": lazy("QTI, any version"), "qti21": "QTI 2.1", "qti22": "QTI 2.2", "qti30": "QTI 3.0",
}  # fmt: skip
# Why something in a file was not taken, by the reasons of interchange/questions/contract.py.
LEFT_WORDS: dict[str, Said] = {
    "empty": lazy("there is nothing in it"),
    "unknown_format": lazy("no format that is read here"),
    "too_large": lazy("larger than is read"),
    "too_many": lazy("more items than one file may have; the rest was not read"),
    "too_deep": lazy("nested deeper than is read"),
    "damaged": lazy("broken: it does not follow its own format"),
    "entities": lazy("it defines entities or a document type, which are never read"),
    "encrypted": lazy("it is encrypted"),
    "bomb": lazy("it unpacks to far more than it is"),
    "bad_name": lazy("a name in the archive leads outside of it or is not a plain name"),
    "encoding": lazy("its characters could not be read"),
    "encoding_guessed": lazy("it does not say its encoding; this one was guessed"),
    "control_characters": lazy("characters that cannot be shown were taken out"),
    "old_qti": lazy("QTI 1.2, which is not read here"),
    "nested": lazy("an archive inside the archive, which is not opened"),
    "crashed": lazy("it could not be read, for a reason we did not foresee"),
    "kind": lazy("a kind of item that has no place in a question here"),
    "refused": lazy("it breaks a rule of questions here"),
    "syntax": lazy("it could not be understood"),
    "no_right": lazy("no answer to it is fully right"),
    "no_answer": lazy("it has no answer that can be scored here"),
    "draft": lazy("the file marks it as unfinished"),
    "adaptive": lazy("it changes from one try to the next"),
    "template": lazy("its words or numbers are drawn anew each time"),
    "several": lazy("it asks several things at once; each is a question of its own here"),
    "markup": lazy("only the words were kept, not how they are set"),
    "script": lazy("scripts and active parts are never taken"),
    "style": lazy("how it looks is not kept"),
    "link": lazy("the words of a link were kept, not where it leads"),
    "picture": lazy("the picture was not taken: it is not in the file, or does not stand in the question’s own text"),
    "medium": lazy("a medium that is not taken"),
    "no_words": lazy("a medium without words for those who cannot see or hear it; the words given are a stand-in"),
    "credit": lazy("points in a form that is not kept"),
    "scoring": lazy("its own way of scoring is not kept"),
    "range": lazy("a range is said as its middle and a tolerance"),
    "units": lazy("units are not kept"),
    "pattern": lazy("a pattern that is not kept"),
    "formula": lazy("formulas are never worked out"),
    "language": lazy("this format or question holds another language"),
    "feedback": lazy("this word to the person who answers has no place"),
    "hint": lazy("hints have no place"),
    "rubric": lazy("instructions beside the question are not taken"),
    "reference": lazy("it leads to something that is not in the file or not taken from there"),
    "limit": lazy("limits of time or tries belong to the quiz"),
    "order": lazy("the order of options is not kept"),
    "keys": lazy("the short names of options are given anew"),
    "code": lazy("the short name of the question is given anew"),
    "twice": lazy("it is there twice"),
    "cut": lazy("longer than is kept"),
    "spaces": lazy("spaces and line breaks are not kept as they were"),
    "unused": lazy("a part that has no use here"),
    "not_carried": lazy("this format has no place for it"),
}
