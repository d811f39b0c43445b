from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from showground.witness import keys
from showground.witness.app import Server, Witness
from showground.witness.state import State


@dataclass
class Running:
    witness: Witness
    keys: keys.Keys
    url: str
    stop: Callable[[], None]


@pytest.fixture(scope="session")
def notary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notary's keys."""
    folder = tmp_path_factory.mktemp("notary")
    keys.generate(folder, "notary.example")
    return folder


@pytest.fixture
def start(notary: Path, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the witness on a free port of loopback, on the state file of this test; may be called again."""
    running: list[Running] = []

    def go(now: Callable[[], int] = lambda: 1_790_000_000) -> Running:
        state = State(tmp_path / "state.sqlite")
        held = keys.read(notary)
        server = Server(Witness(state, held.witness, now), "127.0.0.1", 0)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()
            state.close()

        running.append(Running(server.RequestHandlerClass.witness, held, server.url, stop))
        return running[-1]

    yield go
    for one in running:
        one.stop()
