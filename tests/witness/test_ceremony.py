from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from showground.rules import records
from showground.tlog import Unverified, merkle, note
from showground.tlog.malformed import to_base64
from showground.witness import ceremony, keys
from showground.witness.app import Witness
from showground.witness.escrow import seal_escrow
from showground.witness.state import State

from .small_log import SmallLog

ORIGIN = "demo.rehearsal.invalid/2026"
SALT = "A" * 43
VOTER = "A" * 22
SIG = "AAAAAAAAAAAA"


class PaperSite(ThreadingHTTPServer):
    """A site that serves files from a dictionary and keeps what is posted to it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.posted: list[tuple[str, dict]] = []
        self.says = 200
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                data = site.files.get(self.path)
                self._say(404 if data is None else 200, data or b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.posted.append((self.path, json.loads(body)))
                self._say(site.says, b"{}" if site.says == 200 else b'{"error": "jury.not_open"}')

            def _say(self, status: int, data: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def publish(self, log: SmallLog, size: int) -> None:
        self.files["/log/2026/checkpoint"] = log.signed(size).encode()
        self.files |= {f"/log/2026/{path}": data for path, data in log.files(size).items()}


class Scene:
    """A witness, a site and a log that grows record by record."""

    def __init__(self, folder, patient: bool = False) -> None:
        self.site = PaperSite()
        self.vkeys = keys.generate(folder, "notary.example")
        self.keys = keys.read(folder)
        self.log = SmallLog(ORIGIN, [])
        self.witness = Witness(State(folder / "state.sqlite"), self.keys.witness, lambda: 1_790_000_000)
        self.witness.state.add_log(self.log.key.vkey)
        url = f"http://127.0.0.1:{self.site.server_address[1]}"
        self.watch = ceremony.Watch(ceremony.Site(url, "2026"), ORIGIN, self.witness, self.keys, patient)

    def record(self, kind: str, **fields: object) -> None:
        self.log.entries.append(records.canonical(records.build(kind, ORIGIN, **fields)))

    def ballots(self, count: int) -> None:
        for i in range(count):
            commit = hashlib.sha256(str(i).encode()).hexdigest()
            self.record("ballot.cast", voter=VOTER, scope="week", channel="mail", commit=commit)

    def commit(self, juror: int, points: int, sheet: str = "final") -> dict:
        opening = records.jury_opening(ORIGIN, juror, sheet, [["aaaaaa", "idea", points]], SALT)
        blob = seal_escrow(records.canonical(opening), self.vkeys["escrow"], ORIGIN, juror, sheet)
        self.logged(juror, sheet, records.commitment(opening), blob)
        return opening

    def logged(self, juror: int, sheet: str, commit: str, blob: bytes) -> None:
        hashed = hashlib.sha256(blob).hexdigest()
        self.site.files[f"/log/2026/assets/{hashed}"] = blob
        self.record("jury.committed", juror=juror, sheet=sheet, commit=commit, escrow_sha256=hashed, sig=SIG)

    def close_jury(self, sheets: int) -> None:
        self.record("jury.closed", sheets=sheets, at=1_790_000_000)

    def award(self) -> None:
        self.record("award.decided", entry="aaaaaa", prize="first", category="video", basis={"votes": 3})

    def publish(self, *, cosign: bool = True) -> None:
        size = len(self.log.entries)
        self.site.publish(self.log, size)
        if cosign:
            old = self.witness.state.log(ORIGIN).size
            path = None if old else []
            assert self.witness.add_checkpoint(self.log.request(old, size, path=path)).status == 200


@pytest.fixture
def scene(tmp_path):
    made = Scene(tmp_path)
    yield made
    made.site.shutdown()
    made.site.server_close()


def test_sheets_are_opened_once_after_the_gate_the_last_of_each(scene):
    scene.ballots(300)
    scene.commit(1, 3)
    kept = [scene.commit(2, 9), scene.commit(1, 7), scene.commit(1, 5, "second")]
    scene.publish()
    assert scene.watch.look().opened == 0
    scene.close_jury(3)
    scene.commit(2, 1)  # after the gate: does not count
    scene.publish()
    done = scene.watch.look()
    assert (done.opened, done.unopened, done.size) == (3, [], 306)
    path, sent = scene.site.posted[0]
    assert path == "/jury/openings/2026"
    assert sorted(sent["openings"], key=records.canonical) == sorted(kept, key=records.canonical)
    assert scene.watch.look().opened == 0
    assert len(scene.site.posted) == 1


def test_nothing_is_opened_before_this_witness_cosigned_the_gate(scene):
    scene.commit(1, 3)
    scene.publish()
    scene.close_jury(1)
    scene.publish(cosign=False)
    assert scene.watch.look().opened == 0
    assert scene.site.posted == []
    scene.publish()
    assert scene.watch.look().opened == 1


def test_sheets_opened_in_the_log_already_are_left_alone(scene):
    scene.commit(1, 3)
    scene.commit(2, 4)
    scene.close_jury(2)
    scene.record("jury.opened", juror=1, sheet="final", scores=[["aaaaaa", "idea", 3]], salt=SALT)
    scene.publish()
    assert scene.watch.look().opened == 1
    assert [o["juror"] for o in scene.site.posted[0][1]["openings"]] == [2]


def test_sheets_that_do_not_open_are_named_and_the_others_opened(scene):
    good = scene.commit(1, 3)
    opening = records.jury_opening(ORIGIN, 2, "final", [], SALT)
    data, vkey = records.canonical(opening), scene.vkeys["escrow"]
    scene.logged(2, "final", records.commitment(opening), seal_escrow(data, vkey, ORIGIN, 9, "final"))
    scene.logged(3, "final", "0" * 64, seal_escrow(data, vkey, ORIGIN, 3, "final"))
    scene.logged(4, "final", records.commitment(opening), seal_escrow(data, vkey, ORIGIN, 4, "final"))
    scene.logged(5, "final", records.sha256_hex(b"{}"), seal_escrow(b"{}", vkey, ORIGIN, 5, "final"))
    scene.logged(6, "final", records.sha256_hex(b"no"), seal_escrow(b"no", vkey, ORIGIN, 6, "final"))
    scene.commit(7, 1)
    scene.site.files[[path for path in scene.site.files if "assets" in path][-1]] = b"another blob"
    scene.commit(8, 1)
    del scene.site.files[[path for path in scene.site.files if "assets" in path][-1]]
    scene.close_jury(8)
    scene.publish()
    done = scene.watch.look()
    assert scene.site.posted == [("/jury/openings/2026", {"openings": [good]})]
    assert [line.partition(":")[0] for line in done.unopened] == [f"juror {n}, sheet final" for n in range(2, 9)]
    reasons = ["does not open", "not the one that was committed", "another juror", "another juror", "record.not_json"]
    reasons += ["whose hash was logged", "404"]
    assert all(reason in line for reason, line in zip(reasons, done.unopened, strict=True))


def test_refused_openings_are_sent_again(scene):
    scene.commit(1, 3)
    scene.close_jury(1)
    scene.publish()
    scene.site.says = 409
    with pytest.raises(ceremony.SiteFault, match=r"409 jury\.not_open") as caught:
        scene.watch.look()
    assert caught.value.code == "jury.not_open"
    scene.site.says = 200
    assert scene.watch.look().opened == 1


def test_statement_is_signed_once_over_the_awards(scene):
    scene.ballots(2)
    scene.award()
    scene.publish()
    assert scene.watch.look().statement == 3
    assert scene.watch.look().statement is None
    ((path, sent),) = scene.site.posted
    assert path == "/notary/statements/2026"
    assert sent["covers_size"] == 3
    lines = sent["text"].split("\n")
    root = to_base64(merkle.root(scene.log.leaves))
    assert lines[1:4] == [ORIGIN, "3", root]
    key = scene.keys.statements.key
    signed = note.join(sent["text"], [f"— {key.name} {sent['sig']}\n"])
    assert note.open_note(signed, [key]).text == sent["text"]


def test_statement_in_the_log_already_is_not_signed_again(scene):
    scene.award()
    scene.record("notary.statement", text="seen\n", covers_size=1, sig=SIG)
    scene.publish()
    assert scene.watch.look().statement is None
    scene.award()
    scene.publish()
    assert scene.watch.look().statement == 3


def test_patient_watch_waits_until_no_record_comes(tmp_path):
    scene = Scene(tmp_path, patient=True)
    scene.award()
    scene.publish()
    assert scene.watch.look().statement is None
    scene.award()
    scene.publish()
    assert scene.watch.look().statement is None
    assert scene.watch.look().statement == 2
    scene.site.shutdown()
    scene.site.server_close()


def test_log_other_than_the_cosigned_one_is_not_believed(scene):
    scene.commit(1, 3)
    scene.close_jury(1)
    scene.ballots(1)
    scene.publish()
    scene.log.entries[2] = scene.log.entries[2].replace(b"mail", b"post")
    scene.publish(cosign=False)
    with pytest.raises(Unverified, match="do not have the root"):
        scene.watch.look()
    assert scene.site.posted == []


def test_checkpoint_by_another_key_is_not_believed(scene):
    scene.award()
    scene.publish()
    scene.site.files["/log/2026/checkpoint"] = SmallLog("other.example/2026", [b"x"]).signed(1).encode()
    with pytest.raises(Unverified, match="no signature by a known key"):
        scene.watch.look()


def test_log_the_notary_never_chose_is_not_watched(scene):
    scene.award()
    scene.publish()
    scene.watch.origin = "unknown.example/2026"
    with pytest.raises(ceremony.SiteFault, match="not one this witness knows"):
        scene.watch.look()


def test_site_behind_the_witness_is_waited_for(scene):
    scene.award()
    scene.publish()
    published = dict(scene.site.files)
    scene.award()
    scene.publish()
    scene.site.files = published
    assert (scene.watch.look().size, scene.site.posted) == (0, [])


def test_records_that_are_no_records_do_not_stop_the_notary(scene):
    scene.log.entries += [b"", b"not json", b'{"type":"jury.closed"}', b"[]", b'{"type":["award.decided"]}']
    scene.award()
    scene.publish()
    assert scene.watch.look().statement == 6


def test_one_week_that_fails_keeps_no_other_from_looking(scene, tmp_path):
    other = Scene(tmp_path / "other")
    other.award()
    other.publish()
    said = []
    ceremony.look_at_all([scene.watch, other.watch], lambda origin, text: said.append(text))
    assert "404" in said[0]
    assert "statement signed over 1 records" in said[1]
    other.site.shutdown()
    other.site.server_close()


def test_address_that_is_no_web_address_is_refused():
    with pytest.raises(ValueError, match="not a web address"):
        ceremony.Site("file:///etc", "2026")
