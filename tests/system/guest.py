"""Runs commands inside guest machines and brings back their verdicts, their output and their logs.

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
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).parent / "inside"


class GuestError(Exception):
    """The guest came to no verdict; `str(error)` is one sentence."""


class NotStartedError(GuestError):
    """The guest did not even start."""


def prepare(out: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Lay down in `out` what the guest's scripts read: the settings and the command."""
    settings = {
        "REPOSITORY": str(REPOSITORY),
        "PYTHON": sys.executable,
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "GUEST": str(SCRIPTS),
        **environment,
    }
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in settings.items()]
    (out / "settings.sh").write_text("".join(lines))
    (out / "command.sh").write_text(shlex.join(command) + "\n")


class Guest:
    """One machine with one command.

    Args:
        title: what it is called in what is said of it.
        machine: the command line that boots it.
        out: its folder, as `prepare` has laid it out.
        boot_limit, limit: s after which it is ended by force: when it has not booted, and in any case.
    """

    def __init__(self, title: str, machine: Sequence[str], out: Path, *, boot_limit: float, limit: float) -> None:
        self.title, self.out = title, out
        self._boot_limit, self._limit = boot_limit, limit
        self._shown = 0
        self._boot: float | None = None
        self._whole: float | None = None
        self._began = time.monotonic()
        with (out / "kernel.log").open("wb") as kernel:
            # A session of its own, so that every process that the machine makes of itself can be ended with it.
            self._process = subprocess.Popen(
                machine, stdin=subprocess.DEVNULL, stdout=kernel, stderr=subprocess.STDOUT, start_new_session=True
            )

    def is_over(self) -> bool:
        """Whether it has ended, by itself or, since a limit is over, by force now."""
        if self._whole is None:
            passed = time.monotonic() - self._began
            if self._boot is None and (self.out / "booted").exists():
                self._boot = passed
            too_long = passed > self._limit or (self._boot is None and passed > self._boot_limit)
            if too_long or self._process.poll() is not None:
                self.end()
        return self._whole is not None

    def end(self) -> None:
        """End it by force, with all its processes; quietly also when it has ended by itself."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._whole is None:
            self._whole = time.monotonic() - self._began

    def pass_on(self) -> None:
        """Write what its command has put out since the last time to our own output."""
        with suppress(FileNotFoundError), (self.out / "output.txt").open("rb") as file:
            file.seek(self._shown)
            added = file.read()
            self._shown += len(added)
            sys.stdout.buffer.write(added)
            sys.stdout.flush()

    def verdict(self) -> int:
        """The exit code of its command, once it is over. Raises NotStartedError, GuestError."""
        whole = self._whole or 0.0
        if not (self.out / "booted").exists():
            words = self.out / "kernel.log"
            raise NotStartedError(f"The {self.title} did not start within {whole:.0f} s; its own words: {words}.")
        try:
            code = int((self.out / "rc").read_text())
        except (FileNotFoundError, ValueError) as error:
            why = "was ended by force" if whole > self._limit else "stopped"
            raise GuestError(
                f"The {self.title} {why} after {whole:.0f} s without a verdict; its logs are in {self.out}."
            ) from error
        log.info("=== %s: exit code %d after %.0f s (up after %.1f s)", self.title, code, whole, self._boot or whole)
        return code


def run(guests: Sequence[Guest]) -> list[int]:
    """Let guests that were started together run to their ends; their output comes one after another.

    Returns their exit codes. Raises NotStartedError, GuestError.
    """
    codes = []
    try:
        for shown in guests:
            log.info("=== Real stack: %s", shown.title)
            while not shown.is_over():
                shown.pass_on()
                for other in guests:
                    other.is_over()
                time.sleep(0.1)
            shown.pass_on()
            codes.append(shown.verdict())
    finally:
        for guest in guests:
            guest.end()
    return codes
