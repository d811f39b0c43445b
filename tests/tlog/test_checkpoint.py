from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.tlog import Malformed, Unverified, checkpoint, merkle, note

ORIGIN = "vote.example.org/2026"
LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
LOG_KEY = note.Key(ORIGIN, note.ED25519, LOG.public_key().public_bytes_raw())
WITNESS_KEY = note.Key("notary.example/witness-1", note.COSIGNATURE, WITNESS.public_key().public_bytes_raw())
ROOT = merkle.leaf_hash(b"x")
BODY = checkpoint.body(ORIGIN, 1, ROOT)


def _log_line(text: str) -> str:
    return note.sign(text, ORIGIN, note.ED25519, LOG_KEY.public, LOG.sign)


def _witness_line(text: str, time: int) -> str:
    return note.cosign(text, WITNESS_KEY.name, WITNESS_KEY.public, time, WITNESS.sign)


def test_body_reads_back():
    parsed = checkpoint.parse(BODY)
    assert parsed == checkpoint.Checkpoint(ORIGIN, 1, ROOT)
    assert parsed.body == BODY
    assert checkpoint.parse(BODY.encode()) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY[:-1],
        BODY + "\n",
        BODY + "an extension line\n",
        BODY.replace("\n1\n", "\n01\n"),
        BODY.replace("\n1\n", "\n-1\n"),
        BODY.replace("\n1\n", "\n+1\n"),
        BODY.replace("\n1\n", "\n 1\n"),
        BODY.replace("\n1\n", "\n١\n"),
        BODY.replace("\n1\n", "\n²\n"),
        BODY.replace("\n1\n", f"\n{2**63}\n"),
        BODY.replace("\n1\n", "\n\n"),
        BODY.replace(ORIGIN, ""),
        BODY.replace("=\n", "\n"),
        BODY.replace("=\n", "==\n"),
        f"{ORIGIN}\n1\nAAAA\n",
        BODY.replace("\n", "\r\n"),
    ],
)
def test_anything_but_three_exact_lines_is_malformed(text):
    with pytest.raises(Malformed):
        checkpoint.parse(text)


def test_body_that_could_not_be_read_is_not_made():
    for origin, size, root in [("", 1, ROOT), ("a\nb", 1, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, 1, b"short")]:
        with pytest.raises(ValueError, match="a checkpoint has"):
            checkpoint.body(origin, size, root)


def test_open_gives_the_latest_time_of_each_witness():
    data = note.join(BODY, [_log_line(BODY), _witness_line(BODY, 200), _witness_line(BODY, 100)])
    signed = checkpoint.open_checkpoint(data, LOG_KEY, [WITNESS_KEY])
    assert signed.checkpoint.size == 1
    assert signed.cosigned == {WITNESS_KEY: 200}
    assert checkpoint.open_checkpoint(data, LOG_KEY).cosigned == {}


def test_open_without_the_log_signature_is_refused():
    with pytest.raises(Unverified, match="no signature by the log"):
        checkpoint.open_checkpoint(note.join(BODY, [_witness_line(BODY, 100)]), LOG_KEY, [WITNESS_KEY])


def test_open_of_another_origin_is_refused():
    other = BODY.replace("2026", "2027")
    with pytest.raises(Unverified, match="is of"):
        checkpoint.open_checkpoint(note.join(other, [_log_line(other)]), LOG_KEY)


def test_open_with_a_bad_cosignature_is_refused():
    other = BODY.replace("\n1\n", "\n2\n")
    data = note.join(BODY, [_log_line(BODY), _witness_line(other, 100)])
    with pytest.raises(Unverified, match="bad signature"):
        checkpoint.open_checkpoint(data, LOG_KEY, [WITNESS_KEY])
