"""Where to turn: hotlines, sites, apps, bodies. It also answers what is not the desk's to decide. Nobody is asked who they are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import override

from showground.reports.models import Channel
from showground.reports.queries import harms
from showground.rules.harms import CODES
from showground.weeks.queries import said

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "channels.json"
KINDS: Final = {
    "emergency": n_("Emergency"),
    "hotline": n_("Hotline"),
    "app": n_("App"),
    "bank": n_("Bank"),
    "platform": n_("Platform"),
    "body": n_("Office"),
    "site": n_("Site"),
    "mail": n_("Mail"),
}
HIDDEN: Final = ("exit",)  # rows that steer pages and are nowhere to turn to
MOST_QUERY: Final = 120


@dataclass(frozen=True)
class Shown:
    """A channel in the reader's language."""

    code: str
    kind: str
    kind_name: str
    name: str
    about: str
    phone: str
    url: str
    mail: str
    area: str
    categories: tuple[str, ...] = field(default=())
    category_names: tuple[str, ...] = field(default=())
    checked_at: int | None = None

    @property
    def host(self) -> str:
        """The site's name without what stands around it."""
        return (urlsplit(self.url).hostname or self.url).removeprefix("www.")


def starter() -> dict[str, Any]:
    """Returns the directory that a new site begins with: {channels, elsewhere}."""
    return _starter()


@cache
def _starter() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def shown(row: Channel) -> Shown:
    """Returns a channel as the page says it."""
    reach = row.reach or {}
    known = tuple(code for code in CODES if code in row.categories)
    return Shown(
        row.code, row.kind, _(KINDS.get(row.kind, "Office")), said(row.name), said(row.about), str(reach.get("phone", "")),
        str(said(reach["url"]) if "url" in reach else ""), str(reach.get("mail", "")), str(reach.get("area", "")),
        known, tuple(harms.shown(code).name for code in known), row.checked_at,
    )  # fmt: skip


def directory() -> list[Shown]:
    """Returns every channel in its order."""
    return [shown(row) for row in Channel.objects.exclude(kind__in=HIDDEN)]


def search(words: str) -> list[Shown]:
    """Returns the channels that fit what happened, the best first; all of them where nothing was asked, none where nothing fits."""
    wanted = _pieces(words[:MOST_QUERY])
    rows = list(Channel.objects.exclude(kind__in=HIDDEN))
    if not wanted:
        return [shown(row) for row in rows]
    scored = [(sum(piece in text for piece in wanted), row) for row, text in ((row, _text(row)) for row in rows)]
    best = max((score for score, _row in scored), default=0)
    fits = [(score, row) for score, row in scored if score and score * 3 >= best]
    return [shown(row) for _score, row in sorted(fits, key=lambda pair: (-pair[0], pair[1].order, pair[1].code))]


def _pieces(words: str) -> set[str]:
    """Latin words without endings, and pairs of Chinese characters."""
    text = words.lower()
    latin = {re.sub(r"(ing|ed|es|s)$", "", word) for word in re.findall(r"[a-z0-9]{3,}", text)} - _EMPTY
    han = re.findall(r"[\u3400-\u9fff]+", text)
    return {piece for piece in latin if len(piece) > 2} | {run[at : at + 2] for run in han for at in range(len(run) - 1)}


_EMPTY: Final = frozenset(
    {"the", "and", "that", "wa", "ha", "have", "with", "for", "they", "thi", "from", "you", "her", "him", "who", "what"}
)


def _text(row: Channel) -> str:
    keys = next((one["words"] for one in starter()["channels"] if one["code"] == row.code), "")
    names = []
    for language in ("en", "zh-hans"):
        with override(language):
            names += [f"{one.name} {one.line}" for one in harms.all_shown() if one.harm.code in row.categories]
    return " ".join([*row.name.values(), *row.about.values(), str(row.reach.get("phone", "")), keys, *names]).lower()


def elsewhere() -> list[tuple[str, list[Shown]]]:
    """Returns what is not the desk's to decide, in words, and where to go with it."""
    rows = {row.code: row for row in Channel.objects.all()}
    return [(said(one), [shown(rows[code]) for code in one["to"] if code in rows]) for one in starter()["elsewhere"]]


def structured(rows: list[Shown], language: str) -> dict[str, Any]:
    """Returns the directory as schema.org data (JSON-LD), for search engines and other programs."""
    items = []
    for place, row in enumerate(rows, 1):
        point = {"@type": "ContactPoint", "contactType": row.kind, "name": row.name}
        point |= {"telephone": row.phone} if row.phone else {}
        point |= {"url": row.url} if row.url else {}
        point |= {"email": row.mail} if row.mail else {}
        point |= {"areaServed": row.area} if row.area else {}
        service = {"@type": "Service", "identifier": row.code, "name": row.name, "description": row.about}
        items.append({"@type": "ListItem", "position": place, "item": {**service, "availableChannel": {
            "@type": "ServiceChannel", "serviceName": row.name,
            **({"servicePhone": {k: v for k, v in point.items() if k != "url"}} if row.phone else {}),
            **({"serviceUrl": row.url} if row.url else {}),
        }}})  # fmt: skip
    return {"@context": "https://schema.org", "@type": "ItemList", "inLanguage": language, "itemListElement": items}
