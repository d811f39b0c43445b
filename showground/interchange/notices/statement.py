"""Statements of reasons (DSA article 17) as the European transparency database takes them, for what the desk decides as host.

The vocabulary is closed twice: only the names below can be written, and of the categories only those of the desk's nine harms
(rules/harms.py). What the desk must never be used for has no name here, so it cannot be stated, stored or exported.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from showground.rules.harms import EXCLUDED, HARMS
from showground.rules.refused import Refused

Statement = dict[str, Any]
AGAINST_WOMEN: Final = "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN"
CATEGORIES: Final = frozenset({harm.dsa for harm in HARMS} | {AGAINST_WOMEN}) - EXCLUDED
KEYWORDS: Final = frozenset(word for harm in HARMS for word in harm.keywords) - EXCLUDED
VISIBILITY: Final = frozenset(
    f"DECISION_VISIBILITY_CONTENT_{what}" for what in ("REMOVED", "DISABLED", "DEMOTED", "AGE_RESTRICTED", "INTERACTION_RESTRICTED", "LABELLED")
)  # fmt: skip
GROUNDS: Final = ("DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT")
CONTENT: Final = frozenset(
    f"CONTENT_TYPE_{what}" for what in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
)
SOURCES: Final = frozenset({"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"})
NOT_AUTOMATED: Final = "AUTOMATED_DECISION_NOT_AUTOMATED"
WORK_TYPES: Final = {
    "picture": "CONTENT_TYPE_IMAGE",
    "video": "CONTENT_TYPE_VIDEO",
    "audio": "CONTENT_TYPE_AUDIO",
    "h5": "CONTENT_TYPE_APP",
}
_TERRITORIES = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())
_MOST: Final = {
    "illegal_content_legal_ground": 500, "illegal_content_explanation": 2000, "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000, "content_type_other": 500, "category_specification_other": 500, "decision_facts": 5000,
    "puid": 500,
}  # fmt: skip
_FIELDS: Final = frozenset(
    {
        "decision_visibility", "decision_ground", "content_type", "category", "category_addition", "category_specification",
        "territorial_scope", "content_language", "content_date", "application_date", "end_date_visibility_restriction", "source_type",
        "automated_detection", "automated_decision", *_MOST,
    }
)  # fmt: skip


def day(at: int) -> str:
    """Returns an instant as the database writes a day."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def build(
    *, harm: str, ground: str, law: str, explanation: str, facts: str, content_type: str, language: str, content_at: int, at: int,
    puid: str, voluntary: bool = False,
) -> Statement:  # fmt: skip
    """Returns a checked statement for something taken off this site, because it is illegal (`law`) or against the week's terms."""
    known = next((one for one in HARMS if one.code == harm), None)
    if known is None:
        raise Refused("statement.category", value=harm[:60])
    illegal = ground == GROUNDS[0]
    said = {"illegal_content_legal_ground": law, "illegal_content_explanation": explanation}
    terms = {"incompatible_content_ground": law, "incompatible_content_explanation": explanation}
    told: Statement = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "decision_ground": ground,
        **(said if illegal else terms),
        "content_type": [content_type],
        **({"content_type_other": "a work sent in to an exhibition"} if content_type == "CONTENT_TYPE_OTHER" else {}),
        "category": known.dsa,
        "category_specification": list(known.keywords),
        **({"category_specification_other": known.code} if "KEYWORD_OTHER" in known.keywords else {}),
        "content_language": language.upper()[:2],
        "content_date": day(content_at),
        "application_date": day(at),
        "decision_facts": facts,
        "source_type": "SOURCE_VOLUNTARY" if voluntary else "SOURCE_ARTICLE_16",
        "automated_detection": "No",
        "automated_decision": NOT_AUTOMATED,
        "puid": puid,
    }
    check(told)
    return told


def check(told: Statement) -> None:
    """Refuses (`statement.*`) whatever the database would not take, and everything that this desk may not state."""
    for value in _values(told):
        if value in EXCLUDED:
            raise Refused("statement.excluded", value=value)
    for name in told:
        if name not in _FIELDS:
            raise Refused("statement.field", field=str(name)[:60])
    _one_of(told, "category", CATEGORIES)
    _some_of(told, "category_addition", CATEGORIES, needed=False)
    _some_of(told, "category_specification", KEYWORDS, needed=False)
    _some_of(told, "decision_visibility", VISIBILITY)
    _some_of(told, "content_type", CONTENT)
    _some_of(told, "territorial_scope", _TERRITORIES, needed=False)
    _one_of(told, "decision_ground", frozenset(GROUNDS))
    _one_of(told, "source_type", SOURCES)
    _one_of(told, "automated_detection", frozenset({"No"}))
    _one_of(told, "automated_decision", frozenset({NOT_AUTOMATED}))
    _words(told)
    _days(told)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", told["puid"]):
        raise Refused("statement.value", field="puid")
    if "content_language" in told and not re.fullmatch(r"[A-Z]{2}", told["content_language"]):
        raise Refused("statement.value", field="content_language")


def _values(told: Statement) -> list[str]:
    return [str(one) for value in told.values() for one in (value if isinstance(value, list) else [value])]


def _one_of(told: Statement, name: str, known: frozenset[str]) -> None:
    if told.get(name) not in known:
        raise Refused("statement.value", field=name)


def _some_of(told: Statement, name: str, known: frozenset[str], *, needed: bool = True) -> None:
    values = told.get(name, [])
    if not isinstance(values, list) or not set(values) <= known or (needed and not values) or len(set(values)) != len(values):
        raise Refused("statement.value", field=name)


def _words(told: Statement) -> None:
    ground = "illegal_content" if told["decision_ground"] == GROUNDS[0] else "incompatible_content"
    other = "incompatible_content" if ground == "illegal_content" else "illegal_content"
    needed = {"decision_facts", "puid", *[name for name in _MOST if name.startswith(ground)]}
    needed |= {"content_type_other"} if "CONTENT_TYPE_OTHER" in told["content_type"] else set()
    needed |= {"category_specification_other"} if "KEYWORD_OTHER" in told.get("category_specification", []) else set()
    for name, most in _MOST.items():
        value = told.get(name, "")
        wrong = not isinstance(value, str) or len(value) > most or (name in needed and not value.strip())
        if wrong or (name in told and (name.startswith(other) or (name.endswith("_other") and name not in needed))):
            raise Refused("statement.value", field=name)


def _days(told: Statement) -> None:
    for name in ("application_date", "content_date", "end_date_visibility_restriction"):
        if name not in told and name == "end_date_visibility_restriction":
            continue
        try:
            found = datetime.strptime(str(told.get(name)), "%Y-%m-%d")
        except ValueError:
            raise Refused("statement.value", field=name)
        if found < datetime(2000 if name == "content_date" else 2020, 1, 1):
            raise Refused("statement.value", field=name)
    end = told.get("end_date_visibility_restriction")
    if end is not None and end < told["application_date"]:
        raise Refused("statement.value", field="end_date_visibility_restriction")
