"""The sentences that the paper's script says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from showground.ui.typeset import number_word


def words(limit: dict[str, Any]) -> dict[str, str]:
    """Returns the sentences for a ballot with this limit; the script fills in {names}."""
    count, word = limit["works"], number_word(limit["works"]).capitalize()
    return {
        "full": ngettext(
            "Your vote is used. Take the other work off to add this one.", "%(word)s used. Take one off to add this one.", count
        )
        % {"word": word},
        "full_category": ngettext(
            "Your vote in this category is used. Take the other work off to add this one.",
            "%(word)s used in this category. Take one off to add this one.",
            count,
        )
        % {"word": word},
        "used": _("{used} of {most} used"),
        "added": _("“{title}” is on your ballot."),
        "off": _("“{title}” is off your ballot."),
        "line": _("Not sent. The line broke; your choice is kept here."),
        "fast": _("Not sent. That was too fast: cast again in {seconds} seconds; your choice is kept here."),
        "paper": _("Not sent. This ballot paper has run out. Load the page again for a new one; your choice is kept here."),
        "refused": _("Not sent. The ballot was refused ({code}). Load the page again."),
        "casting": _("Casting …"),
        "cast": _("Cast ballot"),
        "withdraw": _("Take it back"),
        "kept": _("Your choice from before is kept here. It has not been cast."),
        "done": _("Your ballot is in the log."),
        "same": _("Cast and counted in the log"),
    }
