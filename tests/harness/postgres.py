"""PostgreSQL for tests: Debian's own server, run by an unprivileged user in a temporary folder, spoken to over a unix socket."""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

MISSING = "PostgreSQL is missing and these tests are not skipped. Install it with: apt-get install -y postgresql"


def binaries() -> Path:
    """Returns the folder of initdb, pg_ctl and postgres."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    assert found, MISSING
    return Path(found).resolve().parent


def _user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; None: we are nobody special already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("no unprivileged user to run PostgreSQL as")


class Server:
    """A PostgreSQL server in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._bin, self._as = folder, binaries(), _user()
        if self._as:
            os.chown(folder, self._as.pw_uid, self._as.pw_gid)
        self._run("initdb", "-D", str(folder / "data"), "-U", "showground", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def _run(self, name: str, *arguments: str) -> None:
        # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open.
        with tempfile.TemporaryFile() as said:
            who = {"user": self._as.pw_uid, "group": self._as.pw_gid, "extra_groups": []} if self._as else {}
            done = subprocess.run([str(self._bin / name), *arguments], stdout=said, stderr=said, cwd=self.folder, timeout=60, **who)
            said.seek(0)
            assert done.returncode == 0, f"{name}: {said.read().decode(errors='replace')[-2000:]}"

    def start(self, *, hasty: bool = False) -> None:
        """The server takes connections; one that is `hasty` waits for no disk, which matters only if the machine falls."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c shared_buffers=32MB -c max_connections=40"
        options += " -c fsync=off" if hasty else ""
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-w", "-t", "50", "-l", log, "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """The server is gone; "immediate" is what a crash looks like."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def url(self, database: str) -> str:
        """Returns the address of a database of this server."""
        return f"postgresql://showground@/{database}?host={self.folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yields the address of a fresh database, which is dropped afterwards."""
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running(*, hasty: bool = False) -> Iterator[Server]:
    """Yields a server that is gone, with its folder, afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="showground-pg-"))
    server = Server(folder)
    server.start(hasty=hasty)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def server_for_this_run() -> str:
    """Returns the address of a database of a server that runs until this process ends (`pytest --postgres`)."""
    stack = ExitStack()
    server = stack.enter_context(running(hasty=True))
    atexit.register(stack.close)
    return stack.enter_context(server.database())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One PostgreSQL server for the whole test run; fails, with the line to type, when it is not installed."""
    with running() as server:
        yield server
