from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.tlog import Malformed, checkpoint, merkle, note
from showground.witness import app
from showground.witness.keys import Signer
from showground.witness.state import State, origin_sha256

from .small_log import SmallLog, add, ask

VECTORS = Path(__file__).parent.parent / "vectors" / "witness_add_checkpoint.json"
PUBLISHED = json.loads(VECTORS.read_text(encoding="utf-8"))
LOG = SmallLog()


@pytest.fixture
def at_100(start):
    """A witness that knows one log and cosigned it at size 100."""
    running = start()
    running.witness.state.add_log(LOG.key.vkey)
    assert add(running.url, LOG.request(0, 100))[0] == 200
    return running


def test_published_steps_in_order(start):
    running = start()
    running.witness.state.add_log(PUBLISHED["log"]["vkey"])
    for step in PUBLISHED["steps"]:
        status, kind, body = add(running.url, step["request"].encode())
        assert status in (step["status"], step.get("also_acceptable_status")), step["name"]
        if status == 409:
            assert (kind, body) == ("text/x.tlog.size", step["body_contains"])
        if status == 200:
            assert body.startswith("— notary.example/witness-1 ")


def test_answer_is_the_cosignature_line_alone_and_good(at_100):
    status, _, line = add(at_100.url, LOG.request(100, 150))
    assert status == 200
    assert line.count("\n") == 1
    key = at_100.keys.witness.key
    signed = checkpoint.open_checkpoint(LOG.signed(150) + line, LOG.key, [key])
    assert signed.cosigned == {key: 1_790_000_000}


def test_last_checkpoint_is_served_with_both_signatures(at_100):
    status, kind, body = ask(at_100.url, "GET", f"/{origin_sha256(LOG.origin)}/checkpoint")
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    key = at_100.keys.witness.key
    signed = checkpoint.open_checkpoint(body, LOG.key, [key])
    assert (signed.checkpoint.size, list(signed.cosigned)) == (100, [key])


def test_foreign_signature_lines_are_not_served(at_100):
    other = Ed25519PrivateKey.generate()
    body = LOG.body(120)
    foreign = note.sign(body, "stranger.example", note.ED25519, other.public_key().public_bytes_raw(), other.sign)
    assert add(at_100.url, LOG.request(100, 120, signed=LOG.signed(120) + foreign))[0] == 200
    served = ask(at_100.url, "GET", f"/{origin_sha256(LOG.origin)}/checkpoint")[2]
    assert "stranger.example" not in served


@pytest.mark.parametrize(
    "path", ["/", "/checkpoint", f"/{'0' * 64}/checkpoint", f"/{origin_sha256(LOG.origin).upper()}/checkpoint"]
)
def test_unknown_address_is_404(at_100, path):
    assert ask(at_100.url, "GET", path)[0] == 404
    assert ask(at_100.url, "POST", path, b"old 0\n\n")[0] == 404


def test_log_never_cosigned_has_no_checkpoint(start):
    running = start()
    running.witness.state.add_log(LOG.key.vkey)
    assert ask(running.url, "GET", f"/{origin_sha256(LOG.origin)}/checkpoint")[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 100",
        b"old 100\n",
        b"old 100\n\n",
        LOG.request(100, 120).replace(b"old 100", b"old 0100"),
        LOG.request(100, 120).replace(b"old 100", b"old -1"),
        LOG.request(100, 120).replace(b"old 100", b"new 100"),
        LOG.request(100, 120).replace(b"old 100", b"old 100 "),
        LOG.request(100, 120).replace(b"old 100\n", b"old 100\nAAAA\n"),
        LOG.request(100, 120).replace(b"old 100\n", b"old 100\nnot base64\n"),
        LOG.request(100, 120, path=[merkle.EMPTY_ROOT] * 64),
        LOG.request(100, 120).replace(b"\n\n", b"\n"),
        LOG.request(100, 120).replace(LOG.origin.encode() + b"\n120", LOG.origin.encode() + b"\n0120"),
        LOG.request(100, 120).replace(b"\n", b"\r\n"),
        LOG.request(100, 120) + b"\xff",
        LOG.request(100, 120)[:-1],
        LOG.request(100, 120, signed=LOG.signed(120, LOG.body(120) + "an extension line\n")),
        LOG.request(100, 120).replace(b"old 100", b"old 121"),
    ],
)
def test_malformed_request_is_400_and_changes_nothing(at_100, body):
    assert add(at_100.url, body)[0] == 400
    assert at_100.witness.state.log(LOG.origin).size == 100


def test_unknown_origin_is_404(at_100):
    assert add(at_100.url, SmallLog("vote.example.org/2027").request(0, 100))[0] == 404


def _by_another_key(size: int) -> str:
    other = Ed25519PrivateKey.generate()
    body = LOG.body(size)
    return note.join(body, [note.sign(body, LOG.origin, note.ED25519, other.public_key().public_bytes_raw(), other.sign)])


def _with_bad_signature(size: int) -> str:
    return note.join(LOG.body(size), [LOG.signed(size - 1).rpartition("\n\n")[2]])


@pytest.mark.parametrize("signed", [_by_another_key(120), _with_bad_signature(120)])
@pytest.mark.parametrize("old", [100, 7])
def test_no_good_signature_is_403_before_anything_else(at_100, signed, old):
    assert add(at_100.url, LOG.request(old, 120, signed=signed))[0] == 403
    assert at_100.witness.state.evidence() == []


@pytest.mark.parametrize(("old", "size"), [(0, 120), (99, 120), (101, 120), (0, 50), (50, 50), (0, 0)])
def test_other_old_size_is_409_with_the_size_alone(at_100, old, size):
    assert add(at_100.url, LOG.request(old, size)) == (409, "text/x.tlog.size", "100\n")


def test_first_request_with_an_old_size_is_409_with_zero(start):
    running = start()
    running.witness.state.add_log(LOG.key.vkey)
    assert add(running.url, LOG.request(5, 9)) == (409, "text/x.tlog.size", "0\n")


@pytest.mark.parametrize(
    "request_body",
    [
        LOG.request(100, 120, path=[]),
        LOG.request(100, 120, path=[merkle.EMPTY_ROOT, *LOG.path(100, 120)[1:]]),
        LOG.request(100, 120, path=[*LOG.path(100, 120), merkle.EMPTY_ROOT]),
        LOG.request(100, 100, path=[merkle.EMPTY_ROOT]),
        SmallLog(entries=[b"another", *LOG.entries[1:]]).request(100, 120),
        SmallLog(entries=[b"another", *LOG.entries[1:]]).request(100, 100),
    ],
)
def test_what_does_not_continue_is_422_and_kept_as_evidence(at_100, request_body):
    assert add(at_100.url, request_body)[0] == 422
    assert add(at_100.url, request_body)[0] == 422
    kept = at_100.witness.state.evidence()
    assert [evidence.request for evidence in kept] == [request_body]
    assert at_100.witness.state.log(LOG.origin).root == merkle.root(LOG.leaves[:100])


def test_empty_tree_with_a_root_is_422(start):
    running = start()
    running.witness.state.add_log(LOG.key.vkey)
    body = checkpoint.body(LOG.origin, 0, merkle.leaf_hash(b""))
    assert add(running.url, LOG.request(0, 0, signed=LOG.signed(0, body)))[0] == 422
    assert add(running.url, LOG.request(0, 0))[0] == 200
    assert add(running.url, LOG.request(0, 100, path=[merkle.EMPTY_ROOT]))[0] == 422
    assert add(running.url, LOG.request(0, 100))[0] == 200


def test_same_head_again_is_cosigned_with_the_new_time(start):
    times = iter([100, 200, 150])
    running = start(lambda: next(times))
    running.witness.state.add_log(LOG.key.vkey)
    key = running.keys.witness.key
    add(running.url, LOG.request(0, 100))
    seen = []
    for _ in range(2):
        line = add(running.url, LOG.request(100, 100))[2]
        seen.append(checkpoint.open_checkpoint(LOG.signed(100) + line, LOG.key, [key]).cosigned[key])
    assert seen == [200, 200]  # a clock that steps back does not take the witness with it


def test_two_updates_at_once_never_split_the_log(start):
    fork = SmallLog(entries=LOG.entries[:100] + [b"forked"] * 50)
    running = start()
    running.witness.state.add_log(LOG.key.vkey)
    assert add(running.url, LOG.request(0, 100))[0] == 200
    rivals = [LOG.request(100, 150), fork.request(100, 150)] * 8
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: add(running.url, body), rivals))
    winners = {i % 2 for i, (status, _, _) in enumerate(answers) if status == 200}
    assert len(winners) == 1
    assert sum(status == 200 for status, _, _ in answers) == 1
    assert all(answer == (409, "text/x.tlog.size", "150\n") for answer in answers if answer[0] != 200)


def test_two_programs_on_one_state_never_split_the_log(start, tmp_path):
    fork = SmallLog(entries=LOG.entries[:100] + [b"forked"] * 50)
    first, second = start(), start()
    first.witness.state.add_log(LOG.key.vkey)
    assert add(first.url, LOG.request(0, 100))[0] == 200
    with ThreadPoolExecutor(16) as pool:
        pairs = [(first.url, LOG.request(100, 150)), (second.url, fork.request(100, 150))] * 8
        answers = list(pool.map(lambda pair: add(*pair)[0], pairs))
    assert sorted(answers) == [200, *[409] * 15]


def test_restart_keeps_the_state(start):
    running = start()
    running.witness.state.add_log(LOG.key.vkey)
    add(running.url, LOG.request(0, 100))
    again = start()
    assert add(again.url, LOG.request(0, 120)) == (409, "text/x.tlog.size", "100\n")
    assert add(again.url, LOG.request(100, 120))[0] == 200


def test_state_that_cannot_be_kept_is_500_and_no_cosignature(at_100):
    at_100.witness.state._db.execute("PRAGMA query_only = ON")
    status, _, body = add(at_100.url, LOG.request(100, 120))
    assert status == 500
    assert "—" not in body
    at_100.witness.state._db.execute("PRAGMA query_only = OFF")
    assert add(at_100.url, LOG.request(100, 120))[0] == 200


def test_restored_state_catches_up_with_its_own_cosignature(at_100, notary, tmp_path):
    line = add(at_100.url, LOG.request(100, 150))[2]
    old = State(tmp_path / "restored.sqlite")
    old.add_log(LOG.key.vkey)
    behind = app.Witness(old, at_100.keys.witness, lambda: 1)
    assert behind.adopt(LOG.signed(150) + line)
    assert not behind.adopt(LOG.signed(150) + line)
    assert old.log(LOG.origin).size == 150
    assert behind.add_checkpoint(LOG.request(0, 120)).status == 409


def test_state_follows_nobody_elses_cosignature(at_100):
    other = Ed25519PrivateKey.generate()
    name = at_100.keys.witness.key.name
    body = LOG.body(150)
    line = note.cosign(body, name, other.public_key().public_bytes_raw(), 5, other.sign)
    assert not at_100.witness.adopt(LOG.signed(150) + line)
    own = at_100.keys.witness
    forged = note.cosign(body, name, own.key.public, 5, other.sign)
    with pytest.raises(Malformed):
        at_100.witness.adopt(LOG.signed(150) + forged)
    assert at_100.witness.state.log(LOG.origin).size == 100


def test_own_cosignature_on_a_fork_is_evidence(at_100):
    own: Signer = at_100.keys.witness
    fork = SmallLog(entries=[b"another", *LOG.entries[1:]])
    line = note.cosign(fork.body(100), own.key.name, own.key.public, 5, own.sign)
    assert not at_100.witness.adopt(fork.signed(100) + line)
    assert [e.why for e in at_100.witness.state.evidence()] == ["our own cosignature on another root"]


def _raw(url: str, data: bytes) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        connection.sendall(data)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
        return received


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 300000\r\n\r\n", b"413"),
        (b"PUT /add-checkpoint HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n", b"501"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_bad_http_is_answered_and_the_connection_closed(at_100, head, status):
    assert status in _raw(at_100.url, head).split(b"\r\n")[0]
    assert add(at_100.url, LOG.request(100, 120))[0] == 200


def test_one_connection_carries_many_requests(at_100):
    request = LOG.request(100, 120)
    head = f"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: {len(request)}\r\n".encode()
    received = _raw(at_100.url, head + b"\r\n" + request + head + b"Connection: close\r\n\r\n" + request)
    assert received.count(b"HTTP/1.1 ") == 2
    assert b"409" in received


def test_state_never_goes_back(tmp_path):
    state = State(tmp_path / "state.sqlite")
    state.add_log(LOG.key.vkey, 100, merkle.root(LOG.leaves[:100]))
    with pytest.raises(RuntimeError, match="go back"), state.writing():
        state.advance(LOG.origin, 99, merkle.EMPTY_ROOT, "", 0)
    assert state.log(LOG.origin).size == 100


def test_log_is_added_once_and_by_a_log_key(tmp_path, notary):
    state = State(tmp_path / "state.sqlite")
    state.add_log(LOG.key.vkey)
    with pytest.raises(ValueError, match="already"):
        state.add_log(LOG.key.vkey)
    with pytest.raises(ValueError, match="type 01"):
        state.add_log(note.Key("w.example", note.COSIGNATURE, LOG.key.public).vkey)
    assert (tmp_path / "state.sqlite").stat().st_mode & 0o777 == 0o600
