"""Runs one command inside a guest machine and brings back its verdict, its output and its logs.

A guest is any process that boots, runs `session.sh` on this computer's files (read-only) and writes into the folder
that it is given: `booted`, `output.txt`, `rc` and logs. Knows nothing of Bluetooth, of kernels and of how a guest is
started: that is the caller's command line. Never trusts a guest to end by itself.
"""

import logging
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).parent / "guest"


class GuestError(Exception):
    """The guest came to no verdict; `str(error)` is one sentence."""


class NotStartedError(GuestError):
    """The guest did not even start."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a guest's command came to: its exit code, and the seconds until it was up and until it was off again."""

    code: int
    boot: float
    whole: float


def prepare(out: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Lay down in `out` what the guest's scripts read: the settings and the command."""
    settings = {"REPOSITORY": str(REPOSITORY), "PYTHON": sys.executable, "GUEST": str(SCRIPTS), **environment}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in settings.items()]
    (out / "settings.sh").write_text("".join(lines))
    (out / "command.sh").write_text(shlex.join(command) + "\n")


def run(machine: Sequence[str], out: Path, *, boot_limit: float, limit: float) -> Outcome:
    """Start the machine, pass its command's output on as it comes, and end it by force when a limit (s) is over.

    Raises NotStartedError when nothing was seen to boot within `boot_limit`, GuestError when there is no verdict.
    """
    began = time.monotonic()
    booted = 0.0
    shown = 0
    with (out / "kernel.log").open("wb") as kernel:
        # A session of its own, so that every process that the machine makes of itself can be ended with it.
        process = subprocess.Popen(
            machine, stdin=subprocess.DEVNULL, stdout=kernel, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            while process.poll() is None:
                passed = time.monotonic() - began
                if not booted and (out / "booted").exists():
                    booted = passed
                shown = _pass_on(out / "output.txt", shown)
                if passed > limit or (passed > boot_limit and not booted):
                    break
                time.sleep(0.1)
        finally:
            _end(process)
    _pass_on(out / "output.txt", shown)
    whole = time.monotonic() - began
    if not (out / "booted").exists():
        raise NotStartedError(f"The guest did not start within {whole:.0f} s; its kernel's words are in {kernel.name}.")
    try:
        code = int((out / "rc").read_text())
    except (FileNotFoundError, ValueError) as error:
        why = f"was ended after {whole:.0f} s" if whole > limit else f"stopped after {whole:.0f} s"
        raise GuestError(f"The guest {why} without a verdict; its logs are in {out}.") from error
    return Outcome(code, booted, whole)


def _pass_on(path: Path, start: int) -> int:
    """Write what was added to a file since `start` to our own output; where it ends now."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            added = file.read()
    except FileNotFoundError:
        return start
    sys.stdout.buffer.write(added)
    sys.stdout.flush()
    return start + len(added)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        log.debug("The guest had ended by itself.")
    process.wait()
