"""A decoder that an upload has taken over, inside the real jail: what can it reach?"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from showground.media import jail as jails
from showground.media import walls
from showground.media.jail import Jail, JailBroken, Limits
from showground.rules.refused import Refused

from . import corpus

Hijack = Callable[..., dict[str, Any]]


@pytest.fixture
def hijacked(jail: Jail, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Hijack:
    """Runs the given body as if it had taken over picture.make; returns its answer."""
    return _hijacker(jail, tmp_path, out, monkeypatch)


def _hijacker(jail: Jail, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Hijack:
    copy = tmp_path / "copy" / "showground"
    for part in ("media", "rules"):
        shutil.copytree(walls.PACKAGE / part, copy / part)
    shutil.copy(walls.PACKAGE / "__init__.py", copy)
    monkeypatch.setattr(walls, "PACKAGE", copy)
    (tmp_path / "upload").write_bytes(corpus.picture())

    def runs(body: str, tool: str = "picture", **limits: Any) -> dict[str, Any]:
        code = "import os, sys\nfrom pathlib import Path\n\n\ndef make(source, out, options):\n"
        (copy / f"media/{tool}.py").write_text(code + textwrap.indent(textwrap.dedent(body), "    "), encoding="utf-8")
        return jail.run(tool, tmp_path / "upload", out, limits=Limits(**limits))

    return runs


def test_tool_cannot_reach_a_port_of_this_machine(hijacked: Hijack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = hijacked(f"""
            import socket
            said = []
            for family, address in [(socket.AF_INET, ("127.0.0.1", {listener.getsockname()[1]})), (socket.AF_INET, ("1.1.1.1", 53)),
                                    (socket.AF_INET6, ("::1", {listener.getsockname()[1]}))]:
                try:
                    socket.socket(family).connect(address)
                    said.append("connected")
                except OSError as no:
                    said.append(type(no).__name__)
            return {{"said": said}}
        """)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert len(answer["said"]) == 3
    assert "connected" not in answer["said"]


def test_tool_sees_no_passwords_no_home_and_no_processes(hijacked: Hijack, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("secret", encoding="utf-8")
    answer = hijacked(f"""
        wanted = ["/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/1/cmdline", "/home", "/var", "/tmp", "/sys",
                  {str(tmp_path / "secret.key")!r}, {str(Path.home() / ".bashrc")!r}, {str(Path(__file__))!r}]
        ways = {walls.python_places()!r}  # a virtual environment under /home or /tmp: the way to it is there, and nothing beside it
        bare = [n for n in wanted if os.path.isdir(n) and all(any(w.startswith(n + "/" + e) for w in ways) for e in os.listdir(n))]
        seen = [name for name in wanted if os.path.exists(name) and name not in bare]
        return {{"seen": seen, "env": sorted(os.environ), "root": os.listdir("/")}}
    """)
    assert answer["seen"] == []
    assert set(answer["env"]) <= {"PATH", "LANG", "MALLOC_ARENA_MAX", "PWD", "LC_CTYPE"}
    assert {"app", "in", "out"} <= set(answer["root"])


def test_tool_cannot_write_outside_its_output_folder(hijacked: Hijack, tmp_path: Path, out: Path) -> None:
    before = (tmp_path / "upload").read_bytes()
    answer = hijacked("""
        wrote = []
        for name in ["/in", "/x", "/app/x", "/app/showground/media/inside.py", "/usr/x", "/dev/x", "/tmp/x", "/etc/x", "/out/fine"]:
            try:
                Path(name).write_bytes(b"x")
                wrote.append(name)
            except OSError:
                pass
        return {"wrote": wrote}
    """)
    assert answer["wrote"] == ["/out/fine"]
    assert (tmp_path / "upload").read_bytes() == before
    assert (out / "fine").read_bytes() == b"x"


def test_tool_has_no_capabilities_and_cannot_mount(hijacked: Hijack) -> None:
    answer = hijacked("""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        return {"mount": libc.mount(b"none", b"/out", b"tmpfs", 0, None), "chroot": libc.chroot(b"/out")}
    """)
    assert answer == {"mount": -1, "chroot": -1}


def test_tool_that_wants_all_memory_is_ended(hijacked: Hijack, out: Path) -> None:
    with pytest.raises(Refused) as no:
        hijacked("Path(out / 'part').write_bytes(b'x'); bytearray(4 << 30)")
    assert (no.value.code, no.value.facts) == ("media.too_large", {"tool": "picture"})
    assert not list(out.iterdir())


def test_tool_that_never_ends_is_ended(hijacked: Hijack) -> None:
    with pytest.raises(Refused) as no:
        hijacked("import time; time.sleep(60)", wall=1)
    assert (no.value.code, no.value.facts) == ("media.too_long", {"tool": "picture", "seconds": 1})


def test_tool_s_children_are_ended_with_it(hijacked: Hijack, out: Path) -> None:
    writer = "import itertools; [open(f'/out/{n}', 'w').close() for n in itertools.count()]"
    with pytest.raises(Refused, match=r"media\.too_long"):
        hijacked(f"import subprocess; subprocess.run([sys.executable, '-c', {writer!r}])", tool="video", wall=1)
    assert not list(out.iterdir())


def test_tool_that_only_computes_is_ended(hijacked: Hijack) -> None:
    with pytest.raises(Refused) as no:
        hijacked("while True: pass", cpu=2, wall=50)
    assert (no.value.code, no.value.facts["seconds"]) == ("media.too_long", 2)


def test_tool_that_dies_names_its_death(hijacked: Hijack) -> None:
    with pytest.raises(Refused) as no:
        hijacked("import ctypes; ctypes.string_at(0)")
    assert (no.value.code, no.value.facts) == ("media.unreadable", {"tool": "picture", "ended": "SIGSEGV"})


def test_tool_that_fills_one_file_is_stopped(hijacked: Hijack) -> None:
    with pytest.raises(Refused) as no:
        hijacked("(out / 'big').write_bytes(bytes(3 << 20))", file=2 << 20)
    assert no.value.code == "media.too_large"


def test_tool_that_fills_the_disk_with_many_files_is_stopped(hijacked: Hijack, out: Path) -> None:
    with pytest.raises(Refused) as no:
        hijacked("for n in range(10**9): (out / str(n)).write_bytes(bytes(1 << 20))", output=4 << 20, cpu=20)
    assert no.value.code == "media.too_large"
    assert not list(out.iterdir())


def test_tool_that_forks_without_end_is_stopped(hijacked: Hijack) -> None:
    answer = hijacked("""
        import time
        children = 0
        try:
            while children < 500:
                if os.fork() == 0:
                    time.sleep(30)
                    os._exit(0)
                children += 1
        except OSError:
            pass
        return {"children": children}
    """)
    assert answer["children"] == 0


def test_tool_may_still_use_threads(hijacked: Hijack) -> None:
    answer = hijacked("""
        import threading
        told = []
        thread = threading.Thread(target=lambda: told.append("ran"))
        thread.start()
        thread.join()
        return {"told": told}
    """)
    assert answer == {"told": ["ran"]}


def test_walls_alone_hold_without_the_seal(jail: Jail, tmp_path: Path, out: Path) -> None:
    (tmp_path / "upload").write_bytes(b"x")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        code = f"import socket; socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 2)"
        command = [*walls.around(jail.bwrap, tmp_path / "upload", out), sys.executable, "-I", "-c", code]
        ended = subprocess.run(command, capture_output=True, text=True)
    assert "ConnectionRefusedError" in ended.stderr  # its own loopback, where nobody listens


@pytest.mark.parametrize(
    "body",
    [
        "os.symlink('/etc/passwd', out / 'w320.webp'); return {'renditions': [{'name': 'w320.webp'}]}",
        "os.symlink('/etc', out / 'h5'); return {}",
        "os.mkfifo(out / 'pipe'); return {}",
        "(out / 'a').write_bytes(b'x'); os.link(out / 'a', out / 'b'); return {}",
        "return {'renditions': [{'name': '../upload'}]}",
        "return {'renditions': [{'name': '/etc/passwd'}]}",
        "return {'renditions': [{'name': 'nothing.webp'}]}",
        "from showground.rules.refused import Refused; raise Refused('<script>', a=1)",
    ],
)
def test_tool_that_lies_about_its_output_is_not_believed(hijacked: Hijack, out: Path, body: str) -> None:
    with pytest.raises(Refused) as no:
        hijacked(body)
    assert (no.value.code, no.value.facts["ended"]) == ("media.unreadable", "strange")
    assert not list(out.iterdir())


def test_tool_that_lies_about_hashes_is_measured(hijacked: Hijack) -> None:
    made = "{'name': 'a.webp', 'bytes': 1, 'sha256': 'f' * 64}"
    answer = hijacked(f"(out / 'a.webp').write_bytes(b'abc'); return {{'renditions': [{made}], 'hash32': 'x'}}")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert answer["renditions"] == [{"name": "a.webp", "bytes": 3, "sha256": sha256}]
    assert len(answer["hash32"]) == 32


def test_tool_s_refusal_is_cut_to_short_plain_facts(hijacked: Hijack) -> None:
    with pytest.raises(Refused) as no:
        hijacked("from showground.rules.refused import Refused; raise Refused('work.kind', found='x' * 9999, deep={'a': 1})")
    assert no.value.facts == {"found": "x" * 240, "deep": "{'a': 1}"}


def test_tool_that_shouts_is_not_heard_as_an_answer(hijacked: Hijack) -> None:
    answer = hijacked("""print('{"done": {"from": "a library"}}'); os.write(1, b'{"done": 1}'); return {"from": "the tool"}""")
    assert answer == {"from": "the tool"}


def test_broken_jail_is_not_blamed_on_the_upload(hijacked: Hijack) -> None:
    with pytest.raises(JailBroken, match="SyntaxError"):
        hijacked("def")


def test_best_jail_says_what_it_is() -> None:
    found = jails.best_available()
    assert found.strong == (found.name == "bwrap")
    assert found.says.endswith(".")


def test_weak_jail_says_so_and_still_limits(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = jails.rlimits_only()
    runs = _hijacker(weak, tmp_path, out, monkeypatch)
    assert (weak.name, weak.strong) == ("rlimits", False)
    with pytest.raises(Refused, match=r"media\.too_large"):
        runs("bytearray(4 << 30)")
    with pytest.raises(Refused, match=r"media\.too_long"):
        runs("import subprocess; subprocess.run(['/usr/bin/sleep', '60'])", tool="video", wall=1)
    assert runs("""
        import socket
        try:
            socket.socket()
        except PermissionError:
            return {"socket": False}
    """) == {"socket": False}
    monkeypatch.setenv("SHOWGROUND_SECRET_KEY", "secret")
    assert "SHOWGROUND_SECRET_KEY" not in runs("return {'env': sorted(os.environ)}")["env"]


def test_weak_jail_makes_pictures_too(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(corpus.picture())
    answer = jails.rlimits_only().run("picture", path, out)
    assert (answer["width"], len(os.listdir(out))) == (640, 3)
