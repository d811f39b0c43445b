"""How fast the door is: durable, receipted ballots against a bare echo of the same bytes, on unix sockets, in turns.

    python bench/intake.py [--ballots 20000] [--connections 128] [--rounds 3]     prints JSON

The load comes from this process; server CPU is read from the kernel, so ratios per CPU-second hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvloop

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from showground.intake.client import Door, DoorAway  # noqa: E402
from showground.intake.paper import Paper, PaperPress, cookie_name  # noqa: E402
from tests.intake import sample  # noqa: E402

LOG, ORIGIN = "bench.example/2026", "https://bench.example"
ECHO = """
import asyncio, sys, uvloop
class Echo(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data): self.transport.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(data) + data)
async def main():
    server = await asyncio.get_running_loop().create_unix_server(Echo, sys.argv[1], backlog=1024)
    await server.serve_forever()
uvloop.run(main())
"""


def coded(size: int) -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()


def requests(press: PaperPress, number: int) -> Iterator[bytes]:
    """Ballots of as many voters, one cast each, as a browser sends them."""
    expires = int(time.time()) + 3600
    for place in range(number):
        paper = press.mint(Paper(LOG, "week", "email", coded(16), expires))
        choices = [["aaaaaa"], ["bbbbbb", "dddddd"], ["cccccc", "eeeeee", "ffffff"]][place % 3]
        body = json.dumps({"log": LOG, "choices": choices, "salt": coded(32)}).encode()
        head = f"POST /cast HTTP/1.1\r\nHost: bench.example\r\nContent-Type: application/json\r\nOrigin: {ORIGIN}\r\n"
        yield f"{head}Cookie: {cookie_name(LOG)}={paper}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class Client(asyncio.Protocol):
    """One connection that sends the next request when the answer is there."""

    def __init__(self, waiting: Iterator[bytes], took: list[float], done: asyncio.Event) -> None:
        self.waiting, self.took, self.done = waiting, took, done
        self.got, self.bad = b"", 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        request = next(self.waiting, None)
        if request is None:
            self.transport.close()
            return self.done.set()
        self.sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, found, rest = self.got.partition(b"\r\n\r\n")
        if not found or len(rest) < int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]):
            return
        self.took.append(time.perf_counter() - self.sent)
        self.bad += not self.got.startswith(b"HTTP/1.1 200")
        self.got = b""
        self.next()


async def storm(path: str, waiting: list[bytes], connections: int) -> dict[str, float]:
    source, took, clients = iter(waiting), list[float](), list[Client]()
    done = [asyncio.Event() for _ in range(connections)]
    start = time.perf_counter()
    for event in done:
        clients.append(Client(source, took, event))
        await asyncio.get_running_loop().create_unix_connection(lambda client=clients[-1]: client, path)
    for event in done:
        await event.wait()
    seconds, took = time.perf_counter() - start, sorted(took)
    assert not sum(client.bad for client in clients), "a ballot was refused"
    return {"seconds": seconds, "p50_ms": took[len(took) // 2] * 1000, "p99_ms": took[int(len(took) * 0.99)] * 1000}


def cpu(process: subprocess.Popen[bytes]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(path: Path, process: subprocess.Popen[bytes], waiting: list[bytes], connections: int) -> dict[str, float]:
    before = cpu(process)
    told = uvloop.run(storm(str(path), waiting, connections))
    used = cpu(process) - before
    return told | {"per_second": len(waiting) / told["seconds"], "per_cpu_second": len(waiting) / used}


def wait_for(ready: Any) -> None:
    for _ in range(500):
        try:
            if ready():
                return
        except DoorAway:
            pass
        time.sleep(0.02)
    raise SystemExit("a server did not come up")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ballots", type=int, default=20_000)
    options.add_argument("--connections", type=int, default=128)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="door-") as name:
        folder = Path(name)
        environ = {**os.environ, "SHOWGROUND_DATA": name, "SHOWGROUND_URL": ORIGIN, "SHOWGROUND_CLOCK": "real"}
        echo = subprocess.Popen([sys.executable, "-c", ECHO, str(folder / "echo.sock")])
        door = subprocess.Popen([sys.executable, "-m", "showground", "door"], env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            told = rounds(folder, echo, door, asked)
        finally:
            echo.kill()
            door.terminate()
            door.wait()
    print(json.dumps(told, indent=1))
    return 0


def rounds(folder: Path, echo: subprocess.Popen[bytes], door: subprocess.Popen[bytes], asked: argparse.Namespace) -> dict[str, Any]:
    private = Door(folder / "run/door-private.sock")
    wait_for(lambda: private.get("/health"))
    wait_for((folder / "echo.sock").exists)
    now = int(time.time())
    sample.prepare(private, LOG, now - 10, now + 86_400, scope="week")
    press = PaperPress((folder / "door/paper.key").read_bytes())
    found: dict[str, list[dict[str, float]]] = {"echo": [], "door": []}
    for _ in range(asked.rounds):
        waiting = list(requests(press, asked.ballots))
        found["echo"].append(measure(folder / "echo.sock", echo, waiting, asked.connections))
        found["door"].append(measure(folder / "run/door.sock", door, waiting, asked.connections))
    assert private.get("/state", log=LOG)["ballots"] == asked.ballots * asked.rounds
    told: dict[str, Any] = {
        name: {key: round(statistics.median(run[key] for run in runs), 2) for key in runs[0]} for name, runs in found.items()
    }
    told["door_of_echo_per_cpu_second"] = round(told["door"]["per_cpu_second"] / told["echo"]["per_cpu_second"], 3)
    told["memory_mb"] = round(int(Path(f"/proc/{door.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    return told | {"ballots": asked.ballots * asked.rounds, "connections": asked.connections}


if __name__ == "__main__":
    raise SystemExit(main())
