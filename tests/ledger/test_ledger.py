"""The outbox, tiles and checkpoints of the site, with a real door and a real witness beside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from showground.ledger import queries
from showground.ledger.actions import append as outbox
from showground.ledger.actions.cosign import WitnessAway, cosign
from showground.ledger.actions.keys import key_path, make_log_key
from showground.ledger.actions.publish import Forked, Publisher
from showground.ledger.models import Checkpoint, Log, Minute
from showground.ledger.queries import chronicle, covering, log_folder, log_state, receipt, record_at
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.tlog import checkpoint, merkle, note, proof, tiles
from showground.witness import keys as witness_keys
from showground.witness.app import Server, Witness
from showground.witness.state import State

ORIGIN = "ledger.rehearsal.invalid"
AT = 1_790_000_000


class Desk:
    """A door that only keeps entries: enough for the outbox and the publisher, over the same calls."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.ids: dict[str, int] = {}

    def post(self, target: str, body: dict[str, object]) -> dict[str, object]:
        """Takes minutes, each id once."""
        assert target == "/minutes"
        for minute in body["minutes"]:  # type: ignore[attr-defined]
            if minute["id"] not in self.ids:
                self.ids[minute["id"]] = len(self.entries)
                self.entries.append(minute["entry"])
        return {"indexes": {m["id"]: self.ids[m["id"]] for m in body["minutes"]}}  # type: ignore[attr-defined]

    def get(self, target: str, log: str, from_: int, to_: int) -> dict[str, object]:
        """Gives entries."""
        assert target == "/entries" and log == ORIGIN
        return {"size": len(self.entries), "entries": self.entries[from_:to_]}


@pytest.fixture
def log(tmp_path: Path, db: None, settings: object, monkeypatch: pytest.MonkeyPatch) -> Log:
    settings.KEYS, settings.LOG_ROOT = tmp_path / "keys", tmp_path / "log"  # type: ignore[attr-defined]
    monkeypatch.setattr(queries, "_kept", {})
    return outbox.open_log(ORIGIN, vkey=make_log_key(ORIGIN), policy="")


def write(count: int, start: int = 0) -> None:
    if start == 0:
        outbox.append(
            ORIGIN, "log.opened", written_at=AT, software="t", policy_sha256="0" * 64, operator="t",
            vkeys=[make_log_key(ORIGIN)], clock="rehearsal",
        )  # fmt: skip
    for number in range(max(start, 1), count):
        code = "".join("abcdefghijklmnopqrstuvwxyz234567"[(number >> (5 * k)) & 31] for k in range(6))
        outbox.append(
            ORIGIN, "entry.submitted", written_at=AT, entry=code, category="picture", genre="poster", title_commit="1" * 64,
            files_commit="2" * 64, pledge_sha256="3" * 64, submitter="4" * 64,
        )  # fmt: skip


def test_a_record_enters_the_log_only_if_its_transaction_commits(log: Log) -> None:
    from django.db import transaction

    class Change(Exception):
        pass

    with pytest.raises(Change), transaction.atomic():
        write(1)
        raise Change
    assert not Minute.objects.exists()


def test_a_record_for_an_unknown_log_is_refused(db: None) -> None:
    with pytest.raises(Refused, match=r"log\.unknown"):
        outbox.append("nowhere.rehearsal.invalid", "entries.closed", written_at=AT, count=0, list_sha256="0" * 64)


def test_waiting_records_are_handed_over_in_order_and_once(log: Log) -> None:
    write(5)
    desk = Desk()
    assert outbox.hand_over(log, desk) == 5  # type: ignore[arg-type]
    Minute.objects.update(index=None)  # the answer got lost
    assert outbox.hand_over(log, desk) == 5  # type: ignore[arg-type]
    assert list(Minute.objects.values_list("index", flat=True)) == [0, 1, 2, 3, 4]
    assert len(desk.entries) == 5


def test_a_refused_record_stops_the_line_and_stays_visible(log: Log) -> None:
    write(3)

    class Strict(Desk):
        def post(self, target: str, body: dict[str, object]) -> dict[str, object]:
            first, second = body["minutes"][:2]  # type: ignore[index]
            raise Refused("entry.late", id=second["id"], indexes={first["id"]: 0})

    assert outbox.hand_over(log, Strict()) == 1  # type: ignore[arg-type]
    assert outbox.hand_over(log, Desk()) == 0  # type: ignore[arg-type]
    assert [m.refused[:10] for m in log.minutes.all()] == ["", "entry.late", ""]


@pytest.mark.parametrize("steps", [[1, 2, 3], [255, 256, 257], [300, 700]])
def test_published_tiles_give_the_signed_root_at_every_size(log: Log, steps: list[int]) -> None:
    desk, done = Desk(), 0
    publisher = Publisher(log, desk)  # type: ignore[arg-type]
    for size in steps:
        write(size, done)
        while outbox.hand_over(log, desk):  # type: ignore[arg-type]
            pass
        done = size
        publisher.publish(at=AT)
        head = checkpoint.open_checkpoint((log_folder(ORIGIN) / "checkpoint").read_bytes(), note.parse_vkey(log.vkey)).checkpoint
        assert head.size == size
        assert head.root == merkle.root([merkle.leaf_hash(e.encode()) for e in desk.entries])
        for tile in tiles.tiles_for(size):
            assert (log_folder(ORIGIN) / tile.path).exists()


def test_a_publisher_goes_on_after_a_crash_at_any_step(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.ledger.actions import publish

    desk, written = Desk(), 0
    write(300)
    while outbox.hand_over(log, desk):  # type: ignore[arg-type]
        pass
    whole = publish.write_whole
    for survives in range(6):
        count = 0

        def dies(path: Path, data: bytes, survives: int = survives) -> None:
            nonlocal count
            count += 1
            if count > survives:
                raise OSError("the machine went down")
            whole(path, data)

        monkeypatch.setattr(publish, "write_whole", dies)
        with pytest.raises(OSError, match="went down"):
            Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
        written += 1
    monkeypatch.setattr(publish, "write_whole", whole)
    Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
    assert Checkpoint.objects.get(size=300).root == merkle.root([merkle.leaf_hash(e.encode()) for e in desk.entries]).hex()
    assert written == 6


def test_a_door_that_forgot_is_a_fork(log: Log) -> None:
    desk = Desk()
    write(4)
    outbox.hand_over(log, desk)  # type: ignore[arg-type]
    Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
    desk.entries = desk.entries[:2]
    with pytest.raises(Forked):
        Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]


def test_tiles_that_were_tampered_with_stop_the_publisher(log: Log) -> None:
    desk = Desk()
    write(4)
    outbox.hand_over(log, desk)  # type: ignore[arg-type]
    Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
    tile = log_folder(ORIGIN) / tiles.tile_path(0, 0, 4)
    tile.write_bytes(b"\0" + tile.read_bytes()[1:])
    with pytest.raises(Forked):
        Publisher(log, desk)  # type: ignore[arg-type]


@pytest.fixture
def witness(log: Log, tmp_path: Path) -> Iterator[str]:
    vkeys = witness_keys.generate(tmp_path / "notary", "notary.example")
    state = State(tmp_path / "notary" / "state.sqlite")
    state.add_log(log.vkey)
    server = Server(Witness(state, witness_keys.read(tmp_path / "notary").witness, lambda: AT), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    log.policy = f"log {log.vkey}\nwitness notary {vkeys['witness']} {url}\nquorum notary\n"
    log.save()
    yield url
    server.shutdown()


def test_the_notary_cosigns_and_the_receipt_proves_it(log: Log, witness: str) -> None:
    desk = Desk()
    publisher = Publisher(log, desk)  # type: ignore[arg-type]
    for size in (3, 9):
        write(size, 0 if size == 3 else 3)
        outbox.hand_over(log, desk)  # type: ignore[arg-type]
        publisher.publish(at=AT)
        head = cosign(log, url=witness)
        assert head is not None and head.size == size and head.witnessed_at == AT
    assert cosign(log, url=witness) is None
    state = log_state(ORIGIN)
    assert state is not None and (state.size, state.witnessed_size) == (9, 9)
    assert covering(ORIGIN, 5).size == 9 and covering(ORIGIN, 2).size == 3  # type: ignore[union-attr]
    found = receipt(ORIGIN, 5, b"{}")
    assert found is not None
    key = note.parse_vkey(log.policy.split()[4])
    assert proof.check(found, merkle.leaf_hash(desk.entries[5].encode()), note.parse_vkey(log.vkey), [key]).cosigned
    assert chronicle(ORIGIN).size == 9
    assert canonical(record_at(ORIGIN, 5)) == desk.entries[5].encode()


def test_a_witness_that_has_seen_more_means_a_fork(log: Log, witness: str) -> None:
    desk = Desk()
    write(6)
    outbox.hand_over(log, desk)  # type: ignore[arg-type]
    Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
    cosign(log, url=witness)
    Checkpoint.objects.all().delete()
    (log_folder(ORIGIN) / "checkpoint").unlink()
    desk.entries = desk.entries[:4]
    Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
    with pytest.raises(Forked):
        cosign(log, url=witness)


def test_a_sleeping_witness_holds_nothing_up(log: Log) -> None:
    desk = Desk()
    write(2)
    outbox.hand_over(log, desk)  # type: ignore[arg-type]
    Publisher(log, desk).publish(at=AT)  # type: ignore[arg-type]
    with pytest.raises(WitnessAway):
        cosign(log, url="http://127.0.0.1:9")
    assert log_state(ORIGIN).witnessed_at is None  # type: ignore[union-attr]


def test_the_log_key_is_the_owner_s_alone(log: Log) -> None:
    assert key_path(ORIGIN).stat().st_mode & 0o077 == 0
    write(2)
    secret = key_path(ORIGIN).read_text(encoding="ascii").strip().split("+", 4)[4]  # Base64 may hold a "+" itself
    assert secret not in "".join(Minute.objects.values_list("entry", flat=True)) + log.vkey


# ---- reading ----


def test_who_reads_one_week_does_not_wait_for_who_reads_another(log: Log) -> None:
    begun, read = threading.Event(), threading.Event()
    waited: list[bool] = []

    def slowly() -> None:
        with queries._reading.setdefault("another.rehearsal.invalid", threading.RLock()):
            begun.set()
            waited.append(read.wait(20))

    reader = threading.Thread(target=slowly)
    reader.start()
    assert begun.wait(20)
    assert chronicle(ORIGIN).size == 0
    read.set()
    reader.join()
    assert waited == [True]
