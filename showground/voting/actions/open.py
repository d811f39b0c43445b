"""Opening the vote: the rule is frozen, the list is closed, and the log names a future hour."""

from __future__ import annotations

from django.db import transaction

from showground.ledger.actions.append import append
from showground.ledger.queries import door, written
from showground.rules import records
from showground.rules.refused import Refused
from showground.weeks.models import Week


def rule_frozen(week: Week) -> bool:
    """Tells whether the rule of a week is already in its log (or on its way)."""
    return written(week.origin, "ruleset.frozen")


@transaction.atomic
def freeze_rule(week: Week, *, at: int) -> str:
    """The rule by which votes and scores become awards is a record; returns its hash. It can never be changed."""
    if rule_frozen(week):
        raise Refused("ruleset.frozen_twice")
    rule = week.document["rule"]
    digest = records.sha256_hex(records.canonical(rule))
    append(week.origin, "ruleset.frozen", written_at=at, ruleset=rule, ruleset_sha256=digest)
    return digest


def key_commit(week: Week, *, at: int) -> str:
    """Returns what binds the door to its key of pseudonyms, for `open_vote`; refuses what that refuses.

    The door is asked before the database is held: it may take its time.
    """
    _may_open(week, at)
    return str(door().get("/state", log=week.origin)["pseudonym_key_commit"])


def _may_open(week: Week, at: int) -> None:
    if not rule_frozen(week):
        raise Refused("ruleset.not_frozen")
    if at >= week.vote_opens:
        raise Refused("vote.opened_late", opens=week.vote_opens)
    if written(week.origin, "vote.opened"):
        raise Refused("vote.opened_twice")
    if not written(week.origin, "jury.appointed"):
        raise Refused("jury.none")


@transaction.atomic
def open_vote(week: Week, *, listed: list[str], commit: str, at: int) -> None:
    """The log says when the vote opens and closes, over which list and by which rule; it opens by itself at that hour.

    `commit` is what `key_commit` returned.
    """
    _may_open(week, at)
    rule = week.document["rule"]
    append(
        week.origin,
        "vote.opened",
        written_at=at,
        ruleset_sha256=records.sha256_hex(records.canonical(rule)),
        entries_list_sha256=records.list_sha256(listed),
        opens=week.vote_opens,
        closes=week.vote_closes,
        pseudonym_key_commit=commit,
        seal=rule["seal"],
        credentials_rule="one proven e-mail address, one paper per scope",
    )
