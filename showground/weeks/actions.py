"""What an organiser does to describe a week: read the week file, open the week, give out duties."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from showground.ledger.queries import written
from showground.people.models import Person
from showground.rules import ruleset as rulesets
from showground.rules.refused import Refused
from showground.weeks.models import Role, Week

CALENDAR = ("call_opens", "call_closes", "vote_opens", "vote_closes", "jury_closes", "results_at")
KINDS = ("picture", "video", "h5")
BOTH = ("en", "zh")
WANTED: dict[object, str] = {str: "text", dict: "a table", list: "a list"}
APART = {  # RULE security 4.3: duties that one person may not join
    Role.Duty.ORGANISER: {Role.Duty.NOTARY, Role.Duty.JUROR},
    Role.Duty.NOTARY: {Role.Duty.ORGANISER, Role.Duty.SCREENER, Role.Duty.JUROR, Role.Duty.AUTHOR},
    Role.Duty.SCREENER: {Role.Duty.NOTARY, Role.Duty.JUROR},
    Role.Duty.JUROR: {Role.Duty.ORGANISER, Role.Duty.NOTARY, Role.Duty.SCREENER},
    Role.Duty.AUTHOR: {Role.Duty.NOTARY},
    Role.Duty.OFFICER: set(),
    Role.Duty.CUSTODIAN: {Role.Duty.APPROVER},  # one of them alone opens no sealed identity
    Role.Duty.APPROVER: {Role.Duty.CUSTODIAN},
    Role.Duty.CURATOR: set(),
}


def _need(document: dict[str, Any], path: str, kind: type | tuple[type, ...]) -> Any:
    value: Any = document
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if not isinstance(value, kind):
        raise Refused("week.field", field=path, wanted=WANTED.get(kind, "a value"))
    return value


def _both(document: dict[str, Any], path: str) -> None:
    for language in BOTH:
        if not str(_need(document, f"{path}.{language}", str)).strip():
            raise Refused("week.field", field=f"{path}.{language}", wanted="text")


def _keys(document: dict[str, Any], path: str, *texts: str) -> list[str]:
    rows = _need(document, path, list)
    for number, row in enumerate(rows):
        for text in texts:
            try:
                _both(row, text)
            except Refused as refused:
                raise Refused("week.field", field=f"{path}[{number}].{refused.facts['field']}", wanted="text")
    return [str(row.get("key", "")) for row in rows]


def _instant(value: object, zone: ZoneInfo, field: str) -> int:
    if not isinstance(value, datetime) or (isinstance(value, date) and not isinstance(value, datetime)):
        raise Refused("week.field", field=f"calendar.{field}", wanted="a date and time such as 2026-09-11T09:00:00")
    local = value if value.tzinfo else value.replace(tzinfo=zone)
    return int(local.timestamp())


def read_week_file(text: str) -> dict[str, Any]:
    """Returns the checked document of a week file (TOML), its calendar in Unix seconds; refuses it with the field that is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused("week.not_toml", detail=str(error))
    for path in ("name", "tagline", "operator", "terms", "pledge", "about"):
        _both(document, path)
    _need(document, "code", str)
    _need(document, "origin", str)
    try:
        zone = ZoneInfo(_need(document, "timezone", str))
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused("week.timezone", timezone=document["timezone"])
    calendar = _need(document, "calendar", dict)
    document["calendar"] = {field: _instant(calendar.get(field), zone, field) for field in CALENDAR}
    times = list(document["calendar"].values())
    if times != sorted(times) or len(set(times[:5])) != 5:
        raise Refused("week.calendar_order", order=", ".join(CALENDAR))
    _keys(document, "hosts", "name")
    categories = _keys(document, "categories", "name", "rules")
    if any(row.get("kind") not in KINDS for row in document["categories"]):
        raise Refused("week.field", field="categories[].kind", wanted=" or ".join(KINDS))
    _keys(document, "genres", "name")
    if any(row.get("category") not in categories for row in document["genres"]):
        raise Refused("week.field", field="genres[].category", wanted=" or ".join(categories))
    _keys(document, "prizes", "name")
    rule = _need(document, "rule", dict)
    rule.update({"v": 1, "tz": document["timezone"], "categories": categories})
    rulesets.check_ruleset(rule)
    return document


def _keeps_its_word(week: Week, document: dict[str, Any]) -> None:
    """Refuses a file that would change what the log has already announced: the frozen rule, the hours of the vote."""
    if written(week.origin, "ruleset.frozen") and document["rule"] != week.document["rule"]:
        raise Refused("week.rule_frozen", code=week.code)
    fixed = ("vote_opens", "vote_closes", "jury_closes")
    if written(week.origin, "vote.opened") and any(document["calendar"][f] != getattr(week, f) for f in fixed):
        raise Refused("week.calendar_fixed", code=week.code)


@transaction.atomic
def open_week(document: dict[str, Any]) -> Week:
    """The week stands in the database as its file says; a week whose vote is open keeps what it has."""
    fields = {"document": document, **document["calendar"]}
    known = Week.objects.filter(code=document["code"]).first()
    if known is not None and known.origin != document["origin"]:
        raise Refused("week.origin_fixed", code=known.code, origin=known.origin)
    if known is not None:
        _keeps_its_word(known, document)
    week, _ = Week.objects.update_or_create(
        code=document["code"], defaults=fields, create_defaults={**fields, "origin": document["origin"]}
    )
    return week


@transaction.atomic
def give_duty(week: Week, *, person: Person, duty: str) -> Role:
    """The person has the duty in this week; duties that must stay apart are refused."""
    held = set(Role.objects.filter(week=week, person=person).values_list("duty", flat=True))
    if clash := held & {str(d) for d in APART[Role.Duty(duty)]}:
        raise Refused("week.duties_apart", duty=duty, held=sorted(clash)[0])
    role, _ = Role.objects.get_or_create(week=week, person=person, duty=duty)
    return role


def end_duty(week: Week, *, person: Person, duty: str) -> bool:
    """The person has the duty in this week no longer; tells whether they had it."""
    return bool(Role.objects.filter(week=week, person=person, duty=duty).delete()[0])
