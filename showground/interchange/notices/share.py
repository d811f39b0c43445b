"""What of a notice is passed on to programs that watch for others: signs, a kind of harm, a case number, an hour, and who says so.

RULE reports 3.9.8: there is no field for words, for evidence, for a law or for a person, so none can leave by this way. Only harms
that are done to many have signs worth watching for; where one person is the target, the place would lead to that person.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from showground.interchange.notices import places
from showground.interchange.notices.art16 import FORMAT, MOST_PLACES, Notice, Sender
from showground.interchange.notices.places import Sign
from showground.rules.refused import Refused

HARMS: Final = ("scam", "phishing", "malware", "impersonation")
FORMS: Final = ("stix", "misp")
# The scale of MISP's confidence level and of STIX: one channel and one day, or more than that.
FAIRLY: Final = 50
USUALLY: Final = 75
BIGGEST: Final = 1 << 20


@dataclass(frozen=True)
class Item:
    """One sign: since when the desk says so, how sure it is (0 to 100), how far it may go (`green` or `amber`)."""

    sign: Sign
    at: int
    confidence: int
    tlp: str


@dataclass(frozen=True)
class Share:
    """Everything that a file for other programs is made from; `gone_at` where the desk takes it back."""

    scope: str  # "notice" or "case"
    case: str
    harm: str
    sender: Sender
    items: tuple[Item, ...]
    left_out: int = 0
    gone_at: int | None = None

    @property
    def at(self) -> int:
        """The newest hour at which any of it was said."""
        return max(item.at for item in self.items)

    @property
    def first_at(self) -> int:
        """The oldest."""
        return min(item.at for item in self.items)

    @property
    def tlp(self) -> str:
        """The narrowest circle of any of it."""
        return "amber" if any(item.tlp == "amber" for item in self.items) else "green"

    def id_of(self, *parts: object) -> str:
        """Returns the identifier (UUIDv5 under the desk's domain) of a thing of this case, the same in every file that has it."""
        desk = uuid.uuid5(uuid.NAMESPACE_DNS, self.sender.domain)
        return str(uuid.uuid5(desk, "\n".join([self.case, *map(str, parts)])))

    def desk_id(self) -> str:
        """Returns the identifier of the desk itself."""
        return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_DNS, self.sender.domain), "desk"))


def of(notices: Sequence[Notice], *, scope: str = "notice", gone_at: int | None = None) -> Share | None:
    """Returns what the notices of one case let pass, each sign once; None where the harm has no signs, or nothing is left."""
    first = notices[0] if notices else None
    if first is None or first["category"] not in HARMS or any(one["case"] != first["case"] for one in notices):
        return None
    found: dict[Sign, Item] = {}
    left_out = 0
    for notice in sorted(notices, key=lambda one: int(one["made_at"])):
        for place in notice["places"]:
            sign = places.read(place)
            left_out += sign is None
            if sign is not None and sign not in found:
                found[sign] = Item(sign, int(notice["made_at"]), confidence(notice), tlp(notice))
    if not found:
        return None
    by = first["from"]
    desk = Sender(str(by["name"]), str(by["mail"]), str(by["domain"]))
    return Share(scope, str(first["case"]), str(first["category"]), desk, tuple(found.values()), left_out, gone_at)


def confidence(notice: Notice) -> int:
    """Returns how sure the desk was when the notice was written; one that says nothing of it counts as the lower."""
    return USUALLY if notice.get("spread") == "several" else FAIRLY


def tlp(notice: Notice) -> str:
    """Returns how far the signs may go: among those who protect others; not beyond the partner while something is to be preserved."""
    return "amber" if notice["ask"] == "preserve" else "green"


def loaded(raw: bytes) -> Notice:
    """Returns a notice that came as a file (`notice-....json`); refuses (`notice.file`) what is none."""
    if len(raw) > BIGGEST:
        raise Refused("notice.file")
    try:
        told = json.loads(raw)
        sane = (
            told["format"] == FORMAT
            and re.fullmatch(r"[A-Z0-9-]{1,12}", told["case"]) is not None
            and isinstance(told["category"], str)
            and isinstance(told["ask"], str)
            and type(told["made_at"]) is int
            and 0 <= told["made_at"] < 1 << 33
            and isinstance(told["places"], list)
            and 0 < len(told["places"]) <= MOST_PLACES
            and all(isinstance(one, str) for one in [*told["places"], *(told["from"][key] for key in ("name", "mail", "domain"))])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("notice.file")
    if not sane:
        raise Refused("notice.file")
    return dict(told)
