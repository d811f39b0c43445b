from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from showground.verify import bundle, verdict
from showground.verify.bundle import Unreadable, manifest, open_bundle, read_manifest
from showground.verify.checks import check
from tests.harness.week import Week, write

FILES = Week(voters=3, days=0).run().files()


def zipped(path: Path, files: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (FILES if files is None else files).items():
            archive.writestr(name, data)
    return path


def test_open_bundle_reads_the_same_from_folder_zip_and_url(tmp_path: Path) -> None:
    folder, packed = write(FILES, tmp_path / "week"), zipped(tmp_path / "week.zip")
    for where in (str(folder), str(packed), packed.as_uri()):
        held = open_bundle(where)
        assert {name: held.read(name) for name in held.names} == FILES
        assert verdict.exit_code(check(held)) == 0


@pytest.mark.parametrize("where", ["nothing", "nothing.zip", "file:///nothing.zip", "http://127.0.0.1:1/week.zip", "http://[/"])
def test_open_bundle_says_what_is_not_there(tmp_path: Path, where: str) -> None:
    with pytest.raises(Unreadable):
        open_bundle(where if ":" in where else str(tmp_path / where))


@pytest.mark.parametrize("name", ["../policy", "/etc/passwd", "a/../../b", "a\\b", "./policy", "a//b", "C:x", "polic\u0443", "a b"])
def test_open_bundle_refuses_a_zip_with_a_name_that_climbs(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable) as no:
        open_bundle(str(zipped(tmp_path / "week.zip", {"policy": b"", name: b"x"})))
    assert no.value.file


def test_open_bundle_refuses_two_files_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("policy", b"a")
        archive.writestr("policy", b"b")
    with pytest.raises(Unreadable, match="one name"):
        open_bundle(str(path))


def test_open_bundle_refuses_a_link_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("policy")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, b"/etc/passwd")
    with pytest.raises(Unreadable):
        open_bundle(str(path))


def test_open_bundle_refuses_a_link_in_a_folder(tmp_path: Path) -> None:
    folder = write(FILES, tmp_path / "week")
    os.remove(folder / "policy")
    os.symlink("/etc/hostname", folder / "policy")
    with pytest.raises(Unreadable) as no:
        open_bundle(str(folder))
    assert no.value.file == "policy"


@pytest.mark.parametrize("damage", ["cut", "middle", "empty", "text"])
def test_a_damaged_zip_is_never_verified(tmp_path: Path, damage: str) -> None:
    path = zipped(tmp_path / "week.zip")
    data = bytearray(path.read_bytes())
    if damage == "middle":
        data[len(data) // 3 : len(data) // 3 + 40] = bytes(40)
    path.write_bytes({"cut": data[: len(data) // 2], "middle": data, "empty": b"", "text": b"PK, or not?"}[damage])
    try:
        outcome = check(open_bundle(str(path)))
    except Unreadable:
        return
    assert verdict.exit_code(outcome) != 0


def test_open_bundle_refuses_an_archive_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MAX_TOTAL", 1000)
    with pytest.raises(Unreadable, match="more than"):
        open_bundle(str(zipped(tmp_path / "week.zip", {"policy": b"x" * 2000})))


def test_manifest_reads_back_as_it_was_written() -> None:
    listed = read_manifest(FILES["MANIFEST"])
    assert sorted(listed) == sorted(set(FILES) - {"MANIFEST"})
    assert manifest(FILES) == FILES["MANIFEST"]


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m[:-1],
        lambda m: m.replace(b"  ", b" ", 1),
        lambda m: m + m.splitlines(True)[-1],
        lambda m: b"\n" + m,
        lambda m: m + b"\n",
        lambda m: b"".join(reversed(m.splitlines(True))),
        lambda m: m.replace(b"\n", b"\r\n"),
        lambda m: b"A" + m[1:],
        lambda m: b"\xff" + m,
        lambda m: b"",
    ],
)
def test_manifest_has_one_form(change: object) -> None:
    with pytest.raises(ValueError):
        read_manifest(change(FILES["MANIFEST"]))  # type: ignore[operator]


@pytest.mark.parametrize(
    "name",
    ["policy", "checkpoints/0", "checkpoints/12", "tile/0/000", "tile/entries/x001/000.p/7", "assets/" + "a" * 64, "README.txt"],
)
def test_is_expected_knows_the_files_of_a_bundle(name: str) -> None:
    assert bundle.is_expected(name)


@pytest.mark.parametrize(
    "name", ["MANIFEST2", "checkpoints/012", "checkpoints/x", "assets/" + "A" * 64, "assets/a", "readme.txt", "x/policy"]
)
def test_is_expected_knows_no_other(name: str) -> None:
    assert not bundle.is_expected(name)
