"""What organisers type: a quiz, and the rules of its draw."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from showground.quiz.forms.author import tidy
from showground.quiz.models import Quiz
from showground.rules import draws
from showground.rules.quiz_rules import PROMOTION
from showground.weeks.forms import InstantField
from showground.weeks.models import Week

KINDS = [
    ("practice", _("Practice: explained at once, as often as one likes")),
    ("prize", _("Prize: who passes has one ticket in a draw that anyone can check")),
    ("classroom", _("Classroom or booth: a host’s screen, answers from phones")),
]
SPARE_PRIZES: Final = 2
PROMOTION_NAMES = {
    "prizes": _("Prizes"), "entry": _("How to take part"), "conditions": _("Conditions"), "draw_time": _("When the draw is held"),
    "draw_method": _("How the draw is held"), "worth": _("Worth of the prizes"), "number": _("Number of prizes, or the odds"),
    "claim_time": _("When prizes are claimed"), "claim_conditions": _("What a winner shows"), "delivery": _("How prizes come"),
    "waiver": _("What is given up, and when"),
}  # fmt: skip


class QuizForm(forms.Form):
    """A quiz before it is announced."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)
    code = forms.SlugField(
        label=_("Short name in addresses"), max_length=40, help_text=_("Small letters, figures, hyphens; a letter first.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    about_en = forms.CharField(label=_("A line about it, in English"), max_length=400, required=False)
    about_zh = forms.CharField(label=_("A line about it, in Chinese"), max_length=400, required=False)
    items = forms.IntegerField(label=_("Questions for each person"), min_value=1, max_value=100, initial=5)

    def __init__(self, *args: Any, week: Week, quiz: Quiz | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opens"] = InstantField(label=_("Opens"), week=week)
        self.fields["closes"] = InstantField(label=_("Closes"), week=week)
        if quiz is not None:
            del self.fields["kind"], self.fields["code"]
            self.initial = {
                "name_en": quiz.name.get("en", ""), "name_zh": quiz.name.get("zh", ""), "about_en": quiz.about.get("en", ""),
                "about_zh": quiz.about.get("zh", ""), "items": quiz.items, "opens": quiz.opens, "closes": quiz.closes,
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Checks what needs two fields to be judged."""
        data = super().clean() or {}
        if data.get("opens") and data.get("closes") and data["closes"] <= data["opens"]:
            self.add_error("closes", _("It must close after it opens."))
        return data

    def values(self) -> dict[str, Any]:
        """Returns the fields as actions take them."""
        data = self.cleaned_data
        name, about = ({language: tidy(data[f"{part}_{language}"]) for language in ("en", "zh")} for part in ("name", "about"))
        said = {language: words for language, words in about.items() if words}
        return {"name": name, "about": said, "opens": data["opens"], "closes": data["closes"], "items": data["items"]}


class RulesForm(forms.Form):
    """The rules of a prize quiz: nothing of it may stay empty; UK CAP 8.24 and SAMR order 32 want all of it said beforehand."""

    contact = forms.CharField(label=_("Contact, as it is published"), max_length=400)
    grace = forms.IntegerField(
        label=_("Minutes for the notary after the close"),
        min_value=1,
        max_value=10_000,
        initial=10,
        help_text=_("Within them the close and the list must be signed; an attempt written later does not count."),
    )
    draw = forms.SlugField(label=_("Short name of the draw"), max_length=40)
    alternates = forms.IntegerField(label=_("Alternates drawn"), min_value=0, max_value=5000, initial=5)
    claim_days = forms.IntegerField(label=_("Days to claim"), min_value=1, max_value=366, initial=14)
    fallback_hours = forms.IntegerField(
        label=_("Hours until dice replace the beacon"),
        min_value=1,
        max_value=1440,
        initial=24,
        help_text=_("If the public random source is silent for so long, a die is thrown before the notary."),
    )
    beacon = forms.ChoiceField(label=_("Source of chance"))

    def __init__(self, *args: Any, quiz: Quiz, rehearsal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week, most = quiz.week, quiz.items
        self.fields["pass"] = forms.IntegerField(
            label=_("Right answers to pass"), min_value=1, max_value=most, initial=max(1, most - 1)
        )
        for name, label in (
            ("freezes", _("The list is frozen")), ("commit_by", _("Seeds are sealed by")), ("open_by", _("Seeds are opened by")),
            ("draws_at", _("The draw")),
        ):  # fmt: skip
            self.fields[name] = InstantField(label=label, week=week)
        for name, label in (("organiser", _("Organiser")), ("eligibility", _("Who may take part")), *PROMOTION_NAMES.items()):
            for language, said in (("en", _("in English")), ("zh", _("in Chinese"))):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=_("%(field)s, %(language)s") % {"field": label, "language": said},
                    max_length=2000,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": _tag(language)}),
                )
        dice = ("dice", _("A die, thrown by two people before the notary"))
        self.fields["beacon"].choices = [dice] if rehearsal else [("drand", _("drand quicknet, a public beacon")), dice]  # type: ignore[attr-defined]
        self.fields["throws"] = forms.IntegerField(
            label=_("Throws of the die"), min_value=draws.LEAST_THROWS, max_value=400, initial=draws.LEAST_THROWS
        )
        self.quiz = quiz

    def pairs(self) -> list[tuple[Any, Any]]:
        """Returns the texts in both languages, row by row."""
        names = ["organiser", "eligibility", *PROMOTION]
        return [(self[f"{name}_en"], self[f"{name}_zh"]) for name in names]


def _tag(language: str) -> str:
    return "zh-Hans" if language == "zh" else "en"
