"""Commands in processes of their own: signals, closed pipes, faults of our own, an installation without extras."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forcelab.__main__ import app
from forcelab.journal import read
from tests.commands.running import LONG, ROOT, Said, child, forcelab

SIMULATED = ("--device", "simulated:progressor", "--assessment", "free", "--participant", "P", "--trials", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_recording_in_order(name: str, tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    # A child is born with the signals that its parent ignores, and under nohup SIGHUP is one of them.
    inherited = signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        process = child("record", *SIMULATED, "--json", "--out", path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(getattr(signal, name), inherited)
    assert process.stderr is not None
    first = process.stderr.readline()
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=LONG)
    said = Said(process.returncode, out, first + err)
    assert said.code == 1
    assert "No trial was recorded" in said.sentence
    journal = read(path)
    assert journal.closed
    assert not journal.faults


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe on Windows breaks in another way")
@pytest.mark.parametrize(
    "arguments",
    [("metrics",), ("metrics", "--json"), ("devices",), ("devices", "--json"), ("decode", "progressor", "CAPTURE")],
)
def test_a_reader_who_leaves_is_no_fault(arguments: tuple[str, ...], tmp_path: Path) -> None:
    capture = tmp_path / "capture"
    line = "1 7e4e1702-1ea6-40c9-9dcc-13d34ffead57 01 08 00 00 48 41 07 00 00 00\n"
    capture.write_text(line * 5000)
    real = [str(capture) if argument == "CAPTURE" else argument for argument in arguments]
    with child(*real, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(LONG) == 1


def test_results_go_into_a_pipe_that_knows_few_signs(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "utf8=0", "-m", "forcelab", "metrics"]
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "", "SYSTEMROOT": "C:\\Windows", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=LONG, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"peak_force" in done.stdout


def test_a_fault_of_ours_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("forcelab.commands.lists.emit", broken)
    result = CliRunner().invoke(app, ["devices", "--json"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "ZeroDivisionError: on purpose" in result.stderr


def test_no_log_of_a_fault_stands_beside_its_sentence() -> None:
    code = "from forcelab.commands import lists; lists.emit = None; from forcelab.__main__ import main; main()"
    command = [sys.executable, "-c", code, "devices", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    command = [*command[:3], "--verbose", *command[3:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)
    assert "Traceback" in done.stderr, "who asks sees where it happened"


def test_a_fault_while_recording_is_one_sentence_and_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("forcelab.engine.session.evaluate", broken)
    path = tmp_path / "s.forcelab"
    arguments = ["record", *map(str, SIMULATED), "--fast", "--out", str(path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("forcelab itself failed")
    assert path.name in last
    assert not read(path).faults


@pytest.mark.parametrize("module", ["PySide6", "pyqtgraph", "bleak", "matplotlib"])
def test_the_command_line_starts_without_its_extras(module: str) -> None:
    code = f"import sys; sys.modules[{module!r}] = None; from forcelab.__main__ import main; main()"
    command = [sys.executable, "-c", code, "devices", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LONG, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_nothing_is_logged_unless_asked() -> None:
    process = child("--verbose", "devices", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, _err = process.communicate(timeout=LONG)
    assert Said(process.returncode, out, "").json
    assert forcelab("devices", "--json").err == ""
