from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.media import names, zips
from showground.rules.refused import Refused

from . import corpus
from .corpus import INDEX, Entry, zipped


def _refusal(upload: bytes) -> Refused:
    """Reads the zip to its last byte and returns the refusal that this must end in."""
    with pytest.raises(Refused) as no:
        _read(upload)
    return no.value


def _read(upload: bytes) -> dict[str, bytes]:
    return {member.name: b"".join(zips.inflated(upload, member)) for member in zips.members(upload)}


def test_members_of_an_honest_zip_come_out_whole() -> None:
    body = random.Random(1).randbytes(3 << 20) + bytes(1 << 20)
    assert _read(corpus.honest(**{"a/b.bin": body})) == {"index.html": INDEX, "a/b.bin": body}


def test_members_of_our_own_writer_are_read_too() -> None:
    assert _read(zipped(Entry("index.html", INDEX), Entry("a.txt", b"stored", method=0))) == {
        "index.html": INDEX,
        "a.txt": b"stored",
    }


def test_members_written_to_a_stream_have_descriptors() -> None:
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.held = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.held += data
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[arg-type]
        package.writestr("index.html", INDEX)
        with package.open("big.txt", "w", force_zip64=True) as file:
            file.write(b"big")
    assert _read(bytes(stream.held)) == {"index.html": INDEX, "big.txt": b"big"}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("a", b"x", flags=1), "package.encrypted"),
        (Entry("a", b"x", flags=0x40), "package.encrypted"),
        (Entry("a", b"x", method=12), "package.method"),
        (Entry("a", b"/etc/passwd", mode=0o120777), "package.special"),
        (Entry("a", b"", mode=0o010644), "package.special"),
        (Entry("a", b"", mode=0o020644), "package.special"),
        (Entry("a", bytes(2 << 20)), "package.bomb"),
        (Entry("a", b"x", central={"size": 101 << 20}), "package.file_too_large"),
        (Entry("a/", b"x"), "package.damaged"),
        (Entry("a", b"x", local={"raw": b"b"}), "package.damaged"),
        (Entry("a", b"x", local={"method": 0}), "package.damaged"),
        (Entry("a", b"x", local={"crc": 1}), "package.damaged"),
        (Entry("a", b"x", local={"size": 9}), "package.damaged"),
        (Entry("a", b"x", local={"flags": 1}), "package.damaged"),
        (Entry("a", b"x", local={"crc": 1}, central={"crc": 1}), "package.damaged"),
        (Entry("a", b"xyz", local={"size": 2}, central={"size": 2}), "package.damaged"),
        (Entry("a", b"xyz", local={"size": 4}, central={"size": 4}), "package.damaged"),
        (Entry("a", b"x", central={"offset": 9999999}), "package.damaged"),
        (Entry("a", b"x", central={"offset": 0xFFFFFFFF}), "package.damaged"),
    ],
)
def test_entry_that_lies_or_bites_is_refused(entry: Entry, code: str) -> None:
    assert _refusal(zipped(Entry("index.html", INDEX), entry)).code == code


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("../x", "dots"),
        ("a/../../x", "dots"),
        ("a/./x", "dots"),
        ("a//x", "dots"),
        ("/etc/passwd", "absolute"),
        ("C:/x", "absolute"),
        ("..\\x", "backslash"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("photo\u202egpj.exe", "control"),
        ("CON", "reserved"),
        ("a/com1.txt", "reserved"),
        ("a.", "reserved"),
        ("a /b", "reserved"),
        ("n" * 241, "long"),
        ("/".join("d" * 17), "long"),
    ],
)
def test_name_that_could_climb_or_mislead_is_refused(name: str, reason: str) -> None:
    no = _refusal(zipped(Entry("index.html", INDEX), Entry(name, b"x")))
    assert (no.code, no.facts["reason"]) == ("package.name", reason)
    assert "\u202e" not in str(no.facts["name"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("\u00e9.txt", "e\u0301.txt"), ("ss", "\u00df"), ("a", "a/b"), ("a/", "A")],
)
def test_names_that_meet_on_some_file_system_are_refused(one: str, other: str) -> None:
    assert _refusal(zipped(Entry(one), Entry(other))).code == "package.duplicate"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gb18030", "图片/钓鱼邮件.png"),
        ("big5", "圖片/釣魚郵件.png"),
        ("shift_jis", "がぞう/メール.png"),
        ("utf-8", "图片/邮件.png"),
    ],
)
def test_name_without_the_utf8_flag_is_read_as_it_was_meant(encoding: str, name: str) -> None:
    assert list(_read(zipped(Entry("index.html", INDEX), Entry(name.encode(encoding), b"x")))) == ["index.html", name]


def test_name_in_no_known_encoding_is_refused() -> None:
    no = _refusal(zipped(Entry(b"\xff\xff\x80.png", b"x")))
    assert (no.code, no.facts["reason"]) == ("package.name", "encoding")


def test_overlapping_entries_are_refused_before_inflating() -> None:
    upload = corpus.overlapping()
    assert sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(upload)).infolist()) > 150_000_000  # a real bomb
    no = _refusal(upload)
    assert no.code in {"package.damaged", "package.bomb"}


def test_overlap_of_two_entries_names_the_second() -> None:
    inner = Entry("b", b"x" * 5, method=0)
    hidden = zipped(inner)[: 30 + 1 + 5]
    outer = Entry("a", hidden, method=0)
    upload = zipped(outer, Entry("b", b"x" * 5, method=0, central={"offset": 31}))
    no = _refusal(upload)
    assert (no.code, no.facts) == ("package.damaged", {"name": "b", "reason": "overlap"})


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (zipped(Entry("index.html", INDEX), after=b"trailing"), "trailing"),
        (zipped(Entry("index.html", INDEX), before=b"#!/bin/sh\n"), "leading"),
        (zipped(Entry("index.html", INDEX), count=2), "directory"),
        (zipped(Entry("a"), Entry("b"), count=1), "directory"),
        (b"\x7fELF" + zipped(Entry("index.html", INDEX)), "directory"),
    ],
)
def test_zip_that_is_also_something_else_is_refused(upload: bytes, reason: str) -> None:
    no = _refusal(upload)
    assert (no.code, no.facts["reason"]) == ("package.damaged", reason)


def test_zip_cut_off_is_refused_as_such() -> None:
    whole = corpus.honest(**{"a.bin": zlib.compress(bytes(range(256)) * 40)})
    assert _refusal(whole[: len(whole) // 2]).code == "work.cut_off"


def test_zip_with_nothing_in_it_is_refused() -> None:
    assert _refusal(zipped()).code == "package.empty"


def test_zip_with_too_many_files_is_refused() -> None:
    no = _refusal(zipped(*(Entry(f"{number}", method=0) for number in range(2001))))
    assert (no.code, no.facts) == ("package.too_many_files", {"files": 2001, "limit": 2000})


def test_zip_that_unpacks_to_too_much_is_refused() -> None:
    entries = [Entry(str(n), b"", method=0, central={"size": 99 << 20, "csize": 99 << 20}) for n in range(4)]
    assert _refusal(zipped(*entries)).code == "package.too_large"


def test_bomb_that_lies_about_its_size_is_stopped_by_the_budget() -> None:
    bomb = Entry("a", bytes(50 << 20), local={"size": 1000}, central={"size": 1000})
    pieces = 0
    upload = zipped(bomb)
    with pytest.raises(Refused, match=r"package\.damaged"):
        for _ in zips.inflated(upload, zips.members(upload)[0]):
            pieces += 1
    assert pieces == 0


def test_disks_other_than_the_first_are_refused() -> None:
    upload = bytearray(zipped(Entry("index.html", INDEX)))
    at = upload.index(b"PK\5\6")
    upload[at + 4 : at + 6] = struct.pack("<H", 1)
    assert _refusal(bytes(upload)).facts["reason"] == "disks"


_HONEST = zipped(Entry("index.html", INDEX), Entry("图.txt", b"x" * 300), Entry("a/", mode=0o040755), Entry("a/b", b"y", method=0))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(_HONEST) - 1), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 40))
def test_any_changed_bytes_end_in_files_or_a_refusal(changes: list[tuple[int, int]], cut: int) -> None:
    upload = bytearray(_HONEST)
    for at, byte in changes:
        upload[at] = byte
    try:
        _read(bytes(upload[: len(upload) - cut]))
    except Refused:
        pass


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_after_the_magic_end_in_a_refusal(rubbish: bytes) -> None:
    assert _refusal(b"PK\3\4" + rubbish + zipped()[-22:]).code.startswith(("package.", "work."))


@given(st.text(max_size=40))
def test_a_safe_name_stays_below_its_folder(name: str) -> None:
    try:
        path = names.safe(name)
    except Refused:
        return
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))
