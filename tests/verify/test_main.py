from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from showground import cli
from showground.verify import pyz
from showground.verify.__main__ import main
from showground.verify.checks import STEPS
from tests.harness.week import Week, sealed_again, write

FILES = Week(voters=3, days=0).run().files()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(FILES, tmp_path_factory.mktemp("bundle"))


def test_main_says_words_first_then_numbers_then_the_exit_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "VERIFIED (rehearsal: times are invented)"
    assert lines.index("Numbers") < lines.index("Result") < lines.index("What is left to believe") < lines.index("exit 0")
    assert lines[-1] == "exit 0"


def test_main_names_step_and_file_of_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(FILES | {"policy": FILES["policy"] + b"#"}, tmp_path / "w"))]) == 1
    out = capsys.readouterr().out
    assert out.startswith("NOT VERIFIED\n") and "[step files, file policy]" in out and "[step keys, file policy]" in out


def test_main_cannot_say_anything_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing")]) == 2
    assert capsys.readouterr().out.startswith("CANNOT SAY\n")
    assert main([str(tmp_path / "nothing"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["verdict"] == "CANNOT SAY"


def test_main_as_json_has_every_step(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["steps"]) == len(STEPS) and told["exit"] == 0 and told["numbers"]["ballots"]["counted"] == 3


def test_main_without_anything_to_check_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    assert "bundle" in capsys.readouterr().err


def test_the_command_of_the_product_is_the_same_program(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("VERIFIED")


def test_pyz_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    one, other = pyz.build(tmp_path / "one.pyz"), pyz.build(tmp_path / "sub" / "other.pyz")
    assert one == other
    assert (tmp_path / "one.pyz").read_bytes() == (tmp_path / "sub" / "other.pyz").read_bytes()


def test_pyz_verifies_in_a_bare_interpreter_that_has_no_packages(folder: Path, tmp_path: Path) -> None:
    pyz.build(tmp_path / "v.pyz")
    run = subprocess.run([sys.executable, "-I", "-S", str(tmp_path / "v.pyz"), str(folder)], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("VERIFIED (rehearsal: times are invented)\n")
    wrong = write(sealed_again(FILES | {"checkpoint": FILES["checkpoint"][:-9] + b"A" + FILES["checkpoint"][-8:]}), tmp_path / "w")
    run = subprocess.run([sys.executable, "-I", "-S", str(tmp_path / "v.pyz"), str(wrong)], capture_output=True, text=True)
    assert run.returncode == 1 and run.stdout.startswith("NOT VERIFIED\n")


def test_verify_imports_the_standard_library_and_itself_only(folder: Path) -> None:
    program = (
        "import sys\nfrom showground.verify.__main__ import main\ncode = main([sys.argv[1]])\n"
        "mine = {n.split('.')[0] for n in sys.modules}\n"
        "print(sorted(mine - set(sys.stdlib_module_names) - {'showground', '__main__', 'sitecustomize', 'usercustomize'}))\n"
        "print(sorted(n for n in sys.modules if n.startswith('showground.') and n.count('.') == 1))\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)
    foreign, own = run.stdout.splitlines()[-2:]
    assert [name for name in json.loads(foreign.replace("'", '"')) if not name.startswith("_")] == []
    assert own == "['showground.rules', 'showground.tlog', 'showground.verify']"
