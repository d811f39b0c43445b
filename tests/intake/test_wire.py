"""HTTP at the door: limits, order of answers, foreign pages, malformed and slow clients, and the site's own clients."""

from __future__ import annotations

import io
import json
import random
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from showground.intake.client import Door, DoorAway, cast_gateway
from showground.intake.paper import cookie_name
from showground.intake.wire import Limits
from showground.rules.refused import Refused

from . import sample
from .conftest import LOG, ORIGIN, Running

GET = f"GET /cast?log={LOG} HTTP/1.1\r\nHost: x\r\n".encode()


def answers(got: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The answers in what came back over one connection."""
    found = []
    while got:
        head, _, rest = got.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        found.append((int(head.split()[1]), json.loads(rest[:length])))
        got = rest[length:]
    return found


def codes(got: bytes) -> list[tuple[int, str]]:
    return [(status, told.get("error", "")) for status, told in answers(got)]


def request(paper: str, choices: list[str], more: bytes = b"") -> bytes:
    body = json.dumps({"log": LOG, "choices": choices, "salt": sample.salt()}).encode()
    head = f"POST /cast HTTP/1.1\r\nContent-Type: application/json\r\nOrigin: {ORIGIN}\r\nCookie: {cookie_name(LOG)}={paper}\r\n"
    return head.encode() + b"Content-Length: %d\r\n%b\r\n%b" % (len(body), more, body)


# ---- who may ask what ----


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", ORIGIN + ".evil.example", ORIGIN + "/", "http://week.example"]
)
def test_cast_from_a_foreign_page_is_refused(running: Running, origin: str) -> None:
    body = {"log": LOG, "choices": [], "salt": sample.salt()}
    assert running.post(body, running.paper("ann"), Origin=origin) == (403, {"error": "http.origin"})


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=application/json"]
)
def test_cast_with_a_content_type_any_form_can_send_is_refused(running: Running, kind: str) -> None:
    body = {"log": LOG, "choices": [], "salt": sample.salt()}
    status, told = running.post(body, running.paper("ann"), Content_Type=kind)
    assert (status, told["error"]) == (415, "http.content_type")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 9000, b'{"log":1e999'])
def test_cast_that_is_no_json_object_is_refused(running: Running, body: bytes) -> None:
    assert running.post(body, running.paper("ann")) == (400, {"error": "http.json"})


@pytest.mark.parametrize("log", [None, "", "other.example/1", ["week.example/2026"], 7, {"a": 1}])
def test_cast_for_an_unknown_log_is_refused(running: Running, log: object) -> None:
    status, told = running.post({"log": log, "choices": [], "salt": sample.salt()}, running.paper("ann"))
    assert (status, told["error"]) == (404, "log.unknown")


@pytest.mark.parametrize("target", ["/", "/cast/", "/state?log=" + LOG, "/minutes", "/paper", "/entries?log=" + LOG, "/asset"])
def test_public_socket_knows_nothing_but_cast(running: Running, target: str) -> None:
    for method in ("GET", "POST"):
        status, _, answer = running.pool.ask(method, target, b"{}" if method == "POST" else None, {"Origin": ORIGIN})
        assert (status, json.loads(answer)) == (404, {"error": "http.not_found"})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(running: Running, method: str) -> None:
    status, headers, _ = running.pool.ask(method, f"/cast?log={LOG}", None, {})
    assert status == 405
    assert not [name for name, _ in headers if name.lower().startswith("access-control")]


def test_answers_are_never_cached_or_sniffed(running: Running) -> None:
    _, headers, _ = running.pool.ask("GET", f"/cast?log={LOG}", None, {})
    told = {name.lower(): value for name, value in headers}
    assert (told["cache-control"], told["x-content-type-options"], told["content-type"]) == (
        "no-store",
        "nosniff",
        "application/json",
    )


def test_paper_of_another_logs_cookie_is_not_seen(running: Running) -> None:
    body = {"log": LOG, "choices": [], "salt": sample.salt()}
    paper = running.paper("ann")
    status, told = running.post(body, "", Cookie=f"{cookie_name('other.example/1')}={paper}; x={paper}")
    assert (status, told["error"]) == (401, "paper.missing")


# ---- the order and the end of answers ----


def test_pipelined_requests_are_answered_in_their_order(running: Running) -> None:
    ann, bob = running.paper("ann"), running.paper("bob")
    wire = (
        request(ann, ["aaaaaa"])
        + GET
        + b"\r\n"
        + request(bob, ["bbbbbb"])
        + request(ann, ["zzzzzz"])
        + b"PUT /cast HTTP/1.1\r\n\r\n"
    )
    got = answers(running.raw(wire))
    assert [status for status, _ in got] == [200, 401, 200, 409, 405]
    assert [told.get("choices") for _, told in got] == [["aaaaaa"], None, ["bbbbbb"], None, None]


def test_hundreds_of_pipelined_requests_are_all_answered(running: Running) -> None:
    assert codes(running.raw((GET + b"\r\n") * 700)) == [(401, "paper.missing")] * 700


def test_request_in_single_bytes_is_understood(running: Running) -> None:
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(str(running.public))
        for byte in request(running.paper("ann"), ["aaaaaa"], b"Connection: close\r\n"):
            wire.sendall(bytes([byte]))
        got = b""
        while piece := wire.recv(65536):
            got += piece
    assert [(status, told["choices"]) for status, told in answers(got)] == [(200, ["aaaaaa"])]


def test_connection_close_and_http_1_0_end_the_connection(running: Running) -> None:
    assert codes(running.raw(GET + b"Connection: close\r\n\r\n" + GET + b"\r\n")) == [(401, "paper.missing")]
    assert codes(running.raw(GET.replace(b"1.1", b"1.0") + b"\r\n" + GET + b"\r\n")) == [(401, "paper.missing")]


def test_head_has_no_body(running: Running) -> None:
    got = running.raw(GET.replace(b"GET", b"HEAD") + b"\r\n")
    assert got.startswith(b"HTTP/1.1 405") and got.endswith(b"\r\n\r\n")


# ---- limits ----


def test_body_over_the_limit_is_refused_before_it_is_read(running: Running) -> None:
    most = Limits().body
    head = b"POST /cast HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
    assert codes(running.raw(head % (most + 1))) == [(413, "http.body_too_long")]
    assert codes(running.raw(head % 10**15)) == [(413, "http.body_too_long")]
    chunk = b"%x\r\n%b\r\n" % (9000, b"x" * 9000)
    assert codes(running.raw(b"POST /cast HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 3)) == [
        (413, "http.body_too_long")
    ]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /cast?" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        GET + b"X: " + b"x" * 9000 + b"\r\n\r\n",
        GET + b"X: y\r\n" * 100 + b"\r\n",
        GET + b"X: " + b"x" * 200_000,
        b"GET /" + b"x" * 200_000,
    ],
)
def test_head_over_the_limit_is_refused(running: Running, head: bytes) -> None:
    try:
        got = running.raw(head)
    except (BrokenPipeError, ConnectionResetError):  # the door had answered and gone before all was sent
        return
    assert codes(got) == [(431, "http.head_too_long")]


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\nhello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /cast\r\n\r\n",
        b"GET /cast HTTP/9.9\r\n\r\n",
        GET + b"no colon\r\n\r\n",
        b"POST /cast HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST /cast HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /cast HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /cast HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"CONNECT x:1 HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_http_is_answered_once_and_closed(running: Running, data: bytes) -> None:
    got = codes(running.raw(data + (GET + b"\r\n") * 2))
    assert len(got) == 1 and got[0][0] in {400, 405}
    assert running.door.get("/health")["logs"] == [LOG]


def test_damaged_requests_never_fault_the_door(running: Running, capfd: pytest.CaptureFixture[str]) -> None:
    chance, whole = random.Random(7), request(running.paper("ann"), ["aaaaaa"])
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        for status, told in answers(running.raw(bytes(data))):
            assert status < 500, told
    assert running.door.get("/health")["failing"] == []
    assert "Traceback" not in capfd.readouterr().err


def test_slow_and_silent_clients_are_sent_away(running: Running) -> None:
    running.stop()
    running.start(Limits(request_seconds=0.3, idle_seconds=0.6))
    with socket.socket(socket.AF_UNIX) as slow, socket.socket(socket.AF_UNIX) as silent:
        for wire in (slow, silent):
            wire.settimeout(20)
            wire.connect(str(running.public))
        slow.sendall(GET)  # and never the empty line
        assert codes(slow.recv(4096)) == [(408, "http.too_slow")]
        assert slow.recv(4096) == b""
        assert silent.recv(4096) == b""
    assert running.counted(running.paper("ann"))[0] == 200


def test_client_that_does_not_read_is_dropped(running: Running) -> None:
    running.stop()
    running.start(Limits(request_seconds=0.3))
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.settimeout(20)
        deaf.connect(str(running.public))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            for _ in range(100_000):
                deaf.sendall((GET + b"\r\n") * 50)
    assert running.counted(running.paper("ann"))[0] == 200


def test_connections_over_the_limit_are_told_so(running: Running) -> None:
    running.stop()
    running.start(Limits(connections=2))
    with socket.socket(socket.AF_UNIX) as one, socket.socket(socket.AF_UNIX) as two:
        one.connect(str(running.public))
        two.connect(str(running.public))
        for wire in (one, two):
            wire.sendall(GET + b"\r\n")
            assert codes(wire.recv(4096)) == [(401, "paper.missing")]
        with socket.socket(socket.AF_UNIX) as third:
            third.connect(str(running.public))
            assert codes(third.recv(4096)) == [(503, "door.full")]
            assert third.recv(4096) == b""


def test_unread_fields_of_private_calls_are_refused_or_ignored_without_a_fault(running: Running) -> None:
    for target in (
        "/entries?log=" + LOG + "&from=-1",
        "/entries?log=" + LOG + "&to=x",
        "/entries?log=" + LOG + "&from=" + "9" * 40,
    ):
        with pytest.raises(Refused, match=r"http\.malformed"):
            running.door.get(target)
    for body in ({}, {"log": LOG}, {"log": LOG, "subject": 1, "channel": "email"}, {"log": [LOG]}):
        for target in ("/paper", "/minutes", "/shortlist", "/open-ballots"):
            with pytest.raises(Refused):
                running.door.post(target, body)
    with pytest.raises(Refused, match=r"http\.not_found"):
        running.door.get("/asset", log=LOG, sha256="../door.lock")


# ---- the client and the way through the site's own process ----


def test_form_without_javascript_casts_over_the_private_socket(running: Running) -> None:
    paper, ballot = running.paper("ann"), {"log": LOG, "choices": ["aaaaaa"], "salt": sample.salt()}
    receipt = running.door.cast(paper, ballot)
    assert running.door.cast(paper, ballot) == receipt
    assert running.door.counted(LOG, paper)["index"] == receipt["index"]
    with pytest.raises(Refused, match=r"ballot\.overtaken"):
        running.door.cast(paper, ballot | {"salt": sample.salt()})


def test_client_says_when_the_door_is_away_and_finds_it_again(running: Running) -> None:
    assert running.door.get("/health")
    running.stop()
    with pytest.raises(DoorAway):
        running.door.get("/health")
    old = running.door
    running.start()
    assert old.get("/health")["logs"] == [LOG]


def through(app: Callable[..., Any], body: bytes = b"", **environ: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    said: list[Any] = []
    asked = {"REQUEST_METHOD": "POST" if body else "GET", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body) or "")}
    answer = b"".join(app(asked | environ, lambda status, headers: said.extend([status, dict(headers)])))
    return said[0], said[1], json.loads(answer)


def test_gateway_hands_cast_on_and_brings_the_answer_back(running: Running) -> None:
    app, paper = cast_gateway(running.public), running.paper("ann")
    body = json.dumps({"log": LOG, "choices": ["aaaaaa"], "salt": sample.salt()}).encode()
    told = {"HTTP_COOKIE": f"{cookie_name(LOG)}={paper}", "HTTP_ORIGIN": ORIGIN, "CONTENT_TYPE": "application/json"}
    status, headers, receipt = through(app, body, **told)
    assert (status, receipt["choices"]) == ("200 OK", ["aaaaaa"])
    assert int(headers["Content-Length"]) > 0 and headers["Cache-Control"] == "no-store"
    status, _, counted = through(app, QUERY_STRING=f"log={LOG}", **told)
    assert (status, counted["index"]) == ("200 OK", receipt["index"])
    assert through(app, body, **told | {"HTTP_ORIGIN": "https://evil.example"})[0] == "403 Forbidden"


def test_gateway_refuses_what_cannot_be_handed_on(running: Running) -> None:
    app = cast_gateway(running.public)
    assert through(app, b"x" * 20_000)[0].startswith("413")
    assert through(app, b"x", CONTENT_LENGTH="-5")[0].startswith("413")
    assert through(app, QUERY_STRING="a b\r\nX: y")[0].startswith("503")
    assert through(app, QUERY_STRING=f"log={LOG}", HTTP_COOKIE="a\r\nX: y")[0].startswith("503")
    running.stop()
    assert through(app, QUERY_STRING=f"log={LOG}")[::2] == ("503 Service Unavailable", {"error": "door.away"})
    running.start()
    assert through(app, QUERY_STRING=f"log={LOG}")[0] == "401 Unauthorized"


def test_asset_larger_than_a_socket_takes_at_once_arrives_whole(running: Running) -> None:
    from hashlib import sha256

    for name in ("ann", "bob"):
        running.cast(running.paper(name), ["aaaaaa"])
    running.now = sample.CLOSES
    told = running.door.post("/shortlist", {"log": LOG})
    closed = [sample.minute("shortlist.declared", LOG, **told), sample.minute("jury.closed", LOG, sheets=0, at=running.now)]
    sample.hand_over(running.door, LOG, closed, 800)
    named = running.door.post("/open-ballots", {"log": LOG})["asset_sha256"]
    assert running.site is not None
    path = running.site.assets(LOG) / named
    assert sha256(path.read_bytes()).hexdigest() == named
    path.write_bytes(random.Random(1).randbytes(20_000_000))  # the wire is what is tried here
    slow = Door(running.private)
    assert slow.asset(LOG, named) == path.read_bytes()
    start = time.monotonic()
    assert running.counted("")[0] == 401 and time.monotonic() >= start
