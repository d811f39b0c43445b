"""The page of figures in its order: a few large ones with a sentence each, and sections of tables and what is drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from showground.reports.queries.figure_words import Block, Line, looks, rows, shown, table, times, within
from showground.ui import typeset
from showground.weeks.queries import said


@dataclass(frozen=True)
class Fact:
    """One large figure, what it counts, and a sentence that says what it means; without a figure there is neither."""

    value: str
    name: str
    says: str


@dataclass(frozen=True)
class Section:
    """A part of the page: its blocks, those that stand side by side, and what is said under them."""

    title: str
    blocks: list[Block]
    side: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """True where no block has a line: that is said once, not in the place of every table."""
        return not any(block.lines for block in (*self.blocks, *self.side))


def _acts(caption: str, named: Sequence[tuple[str, int, bool]]) -> Block:
    """A list of (what, how often, whether it is counted singly): single acts of the desk say 0, the others nothing for a few."""
    heads = [_("What"), pgettext("how many", "Number")]
    return Block(caption, heads, [Line(name, [typeset.number(n) if single else shown(n)]) for name, n, single in named], bare=True)


def facts(figures: dict[str, Any]) -> list[Fact]:
    """Returns the few large figures, each with its sentence."""
    received, decisions, told = figures["received"], figures["decisions"]["outcome"], figures["referrals"]["answer"]
    lawful, ended, openings = rows(decisions)["lawful_no_action"], rows(figures["appeals"]["outcome"]), figures["openings"]
    look, done = figures["times"]["first_look"], rows(told)["done"]
    changed = ended["reversed"] + ended["partly_reversed"]
    number = typeset.number
    return [
        Fact(
            shown(received["category"]["total"]), _("reports came in"),
            _("They made %(n)s cases: the same thing told twice is one case.") % {"n": number(figures["cases"]["category"]["total"])}
            if figures["cases"]["category"]["total"] else "",
        ),
        Fact(
            shown(lawful), _("times “lawful, no action”"),
            _("That is %(share)s of %(n)s decisions. Persons took them all, software none.")
            % {"share": _percent(lawful, decisions["total"]), "n": number(decisions["total"])}
            if lawful else "",
        ),
        Fact(
            shown(told["total"]), _("notices to those who can act"),
            _("Something was done after each of these. A notice with another answer waits until there are five like it.")
            if done == told["total"] > 0
            else _("After %(n)s of them something was done.") % {"n": number(done)} if done
            else _("After fewer than five of them something was done, so far.") if told["total"] else "",
        ),
        Fact(
            within(look, 50), _("until half of the reports had been looked at"),
            _("Nine of ten within %(time)s. Later than promised: %(n)s times.")
            % {"time": within(look, 90), "n": number(figures["times"]["met_late"])} if look["total"] else "",
        ),
        Fact(
            shown(figures["appeals"]["lodged"]["total"]), _("appeals"),
            _("%(n)s of them changed the decision.") % {"n": number(changed)} if changed
            else _("Fewer than five of them changed the decision, so far.") if figures["appeals"]["lodged"]["total"] else "",
        ),
        Fact(
            number(openings["opened"]), _("names of reporters opened"),
            _("Asked for: %(n)s. Each takes two persons and a reason; these acts are counted singly.") % {"n": number(openings["asked"])},
        ),
    ]  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}{typeset.NBSP}%" if whole else ""


def page(figures: dict[str, Any]) -> dict[str, Any]:
    """Returns everything that the page says of figures: facts, and sections in their order."""
    sections = [
        _came_in(figures),
        _was_decided(figures),
        _was_told(figures),
        _was_fast(figures),
        _was_appealed(figures),
        _names(figures),
    ]
    return {"facts": facts(figures), "sections": sections}


def _came_in(figures: dict[str, Any]) -> Section:
    received, cases = figures["received"], figures["cases"]
    return Section(
        _("What came in"),
        [table(received["category"], _("Reports by kind of harm"), _("Kind of harm"), draw=True)],
        [
            table(received["channel"], _("Reports by the way they came"), _("Way"), title=_("Which way they came")),
            table(received["language"], _("Reports by language"), _("Language"), title=_("In which language")),
            table(received["state"], _("Reports by what they came to"), _("What"), title=_("What they came to")),
            table(
                cases["reports_in_one"], _("Cases by the number of their reports"), _("A case holds"),
                title=_("Reports of the same thing"),
            ),
        ],
    )  # fmt: skip


def _was_decided(figures: dict[str, Any]) -> Section:
    decisions, cases = figures["decisions"], figures["cases"]
    watched = [
        (_("Decisions where the check said: this may be lawful speech"), decisions["perhaps_lawful_speech"], False),
        (_("Shown again on this site after it was withheld"), decisions["restored_here"], True),
        (_("Cases on the complaint of a public body"), cases["by_public_bodies"], True),
        (_("Decisions on the complaint of a public body"), decisions["about_public_bodies"], True),
        (_("Decisions by software"), figures["automation"]["decisions"], True),
    ]
    return Section(
        _("What was decided"),
        [
            table(decisions["outcome"], _("Decisions by outcome"), _("Outcome"), draw=True),
            _acts(_("What is watched most"), watched),
        ],
    )


def _was_told(figures: dict[str, Any]) -> Section:
    told = figures["referrals"]
    names = {code: said(name) for code, name in told["names"]}
    blocks = [
        table(told["partner"], _("Notices by partner"), _("Partner"), title=_("To whom"), names=names),
        table(told["answer"], _("Notices by answer"), _("Answer"), title=_("What they answered")),
    ]
    return Section(
        _("Whom we told, and what they did"), [], blocks,
        [_("A notice is counted when it is answered, or after a week without an answer.")],
    )  # fmt: skip


def _was_fast(figures: dict[str, Any]) -> Section:
    late = _("Later than promised: %(n)s first looks and decisions.") % {"n": typeset.number(figures["times"]["met_late"])}
    still = _("Clocks stand still only while the desk waits for the one who reported; those pauses are the last row.")
    return Section(_("How fast"), [looks(figures["times"]), times(figures["times"])], notes=[late, still])


def _was_appealed(figures: dict[str, Any]) -> Section:
    appeals = figures["appeals"]
    return Section(_("Appeals"), [], [
        table(appeals["lodged"], _("Appeals lodged"), _("By whom"), title=_("Lodged")),
        table(appeals["outcome"], _("Appeals decided"), _("Outcome"), title=_("Decided, by somebody else")),
    ])  # fmt: skip


def _names(figures: dict[str, Any]) -> Section:
    openings, deletions = figures["openings"], figures["deletions"]
    counted = [
        (_("Somebody asked for the name of one who reported"), openings["asked"], True),
        (_("A second person agreed"), openings["agreed"], True),
        (_("The name was read"), openings["opened"], True),
        (_("Erased by those who had reported"), deletions["by_reporters"], False),
        (_("Destroyed when its time was over"), deletions["by_time"], False),
        (_("Destroyed early, by two persons"), deletions["by_two_persons"], False),
    ]
    return Section(
        _("Names, and what was destroyed"), [_acts(_("Sealed names and deletions"), counted)],
        notes=[_("Openings of names are counted singly: they are acts of the desk.")],
    )  # fmt: skip
