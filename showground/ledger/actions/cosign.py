"""Asking the witnesses: the notary's cosignature under a checkpoint, C2SP tlog-witness over HTTP."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from showground.ledger.actions.publish import Forked, write_whole
from showground.ledger.models import Checkpoint, Log
from showground.ledger.queries import log_folder
from showground.tlog import checkpoint, note, policy, tiles
from showground.tlog.malformed import Malformed, Unverified, to_base64


class WitnessAway(Exception):
    """The witness does not answer or does not sign; the log goes on and says so."""


def _ask(url: str, body: str) -> tuple[int, str]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body.encode())
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise WitnessAway(f"{url}: {error}")
    finally:
        connection.close()


def _request(log: Log, old: int, head: Checkpoint) -> str:
    home = log_folder(log.origin)
    proof: list[bytes] = []
    if 0 < old < head.size:
        proof = tiles.Reader(head.size, lambda path: (home / path).read_bytes()).consistency_path(old)
    return "".join([f"old {old}\n", *(to_base64(h) + "\n" for h in proof), "\n", head.note])


def cosign(log: Log, *, url: str) -> Checkpoint | None:
    """The newest checkpoint carries the witness's cosignature, is kept, and is published; None if it already did."""
    head = Checkpoint.objects.filter(log=log).first()
    if head is None or head.witnessed_at is not None:
        return None
    last = Checkpoint.objects.filter(log=log, witnessed_at__isnull=False).first()
    status, text = _ask(url, _request(log, last.size if last else 0, head))
    if status == 409 and text.strip().isdecimal():
        witness_size = int(text)
        if witness_size > head.size:
            raise Forked(f"{log.origin}: the witness has seen {witness_size} records, {head.size} are published")
        status, text = _ask(url, _request(log, witness_size, head))
    if status != 200:
        raise WitnessAway(f"{url} answered {status}: {text[:200]}")
    return _keep(log, head, text)


def _keep(log: Log, head: Checkpoint, line: str) -> Checkpoint:
    trusted = policy.parse(log.policy)
    signed = note.join(head.note.split("\n\n", 1)[0] + "\n", [*_lines(head.note), line])
    try:
        opened = checkpoint.open_checkpoint(signed, note.parse_vkey(log.vkey), trusted.witnesses.values())
    except (Malformed, Unverified) as error:
        raise WitnessAway(f"the cosignature is not good: {error}")
    if not trusted.satisfied(opened.cosigned):
        raise WitnessAway("the cosignatures are not enough for the policy")
    head.note, head.witnessed_at = signed, max(opened.cosigned.values())
    home = log_folder(log.origin)
    write_whole(home / "checkpoints" / str(head.size), signed.encode())
    head.save(update_fields=["note", "witnessed_at"])
    newest = Checkpoint.objects.filter(log=log).first()
    if newest is not None and newest.size == head.size:
        write_whole(home / "checkpoint", signed.encode())
    return head


def _lines(signed: str) -> list[str]:
    return [line + "\n" for line in signed.split("\n\n", 1)[1].splitlines()]
