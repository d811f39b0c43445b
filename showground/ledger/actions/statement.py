"""The notary's words: a statement signed with the notary's own key, which proves itself."""

from __future__ import annotations

from django.db import transaction

from showground.ledger.actions.append import append
from showground.ledger.models import Minute
from showground.ledger.queries import chronicle, published_size
from showground.rules.refused import Refused
from showground.tlog import note
from showground.tlog.malformed import Malformed


def check_signature(origin: str, text: str, sig: str) -> None:
    """Refuses (`key.missing`, `statement.signature`) a text that the log's declared statement key has not signed."""
    vkey = chronicle(origin).keys.get("statement")
    if vkey is None:
        raise Refused("key.missing", role="statement")
    try:
        key = note.parse_vkey(vkey)
        note.open_note(note.parse(f"{text}\n— {key.name} {sig}\n"), [key])
    except (Malformed, ValueError):
        raise Refused("statement.signature")


def record_statement(origin: str, *, text: str, covers_size: int, sig: str, at: int) -> None:
    """A statement by the declared statement key is on its way to the log; the same one a second time changes nothing."""
    check_signature(origin, text, sig)  # reads the log, which a process does from its beginning once: before the database is held
    if not 0 < covers_size <= published_size(origin):
        raise Refused("statement.size", size=covers_size)
    with transaction.atomic():
        if not Minute.objects.filter(log__origin=origin, kind="notary.statement", entry__contains=f'"sig":"{sig}"').exists():
            append(origin, "notary.statement", written_at=at, text=text, covers_size=covers_size, sig=sig)
