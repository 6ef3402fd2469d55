"""`python3 -m tests` passes the tests on a bare machine: it makes what it needs first, then runs everything.

Standard library only, since it starts before anything is installed. Steps: a virtual environment in `.venv` with the
`dev` extra (unless this Python has it already); on Debian as root the system packages; then style, types, tests, tests
in a real window, the whole Bluetooth stack in a kernel of its own, and the benchmarks. What cannot run on a machine is
told with its reason. The exit code is 0 only when everything that ran has passed.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"

NEEDED = ("bleak", "bumble", "hypothesis", "mypy", "PySide6", "pyqtgraph", "pytest", "pytestqt", "ruff")
"""What the `dev` extra brings, as modules: if one is missing here, `.venv` is used."""

SKIPPED = 77
"""Exit code by which a step says that it cannot run here; it has printed why."""

WINDOW_PACKAGES = (
    "libgl1",
    "libegl1",
    "libxkbcommon0",
    "libfontconfig1",
    "libdbus-1-3",
    "libglib2.0-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "xvfb",
)
"""What a bare Debian 12 lacks for a window on a virtual screen."""

STEPS: dict[str, tuple[str, ...]] = {
    "style": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy"),
    "tests": ("-m", "pytest"),
    "window": ("-m", "tests.window"),
    "system": ("-m", "tests.system", "--prepare"),
    "benchmarks": ("-m", "tests.benchmarks"),
}
"""Each step is a command of this Python; `python3 -m tests tests types` runs those two only."""


def ready() -> bool:
    """Whether this Python has everything that the tests need."""
    return all(importlib.util.find_spec(name) for name in NEEDED)


def python_of_venv() -> Path:
    """The interpreter inside `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv() -> Path:
    """Make `.venv`, install forcelab with its `dev` extra into it, and return its Python."""
    python = python_of_venv()
    if not python.exists():
        say(f"making {VENV.name}")
        venv.create(VENV, with_pip=True)
    say("installing forcelab with what its tests need")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[dev]"], check=True)
    return python


def install_packages(names: tuple[str, ...]) -> None:
    """Install Debian packages where that is possible without asking anybody; else say what may be missing."""
    if sys.platform != "linux" or shutil.which("dpkg-query") is None:
        return
    query = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names]
    listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    missing = [name for name in names if f"{name} installed" not in listed.splitlines()]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say("not installed, so some tests may be skipped: " + " ".join(missing))
        return
    say("installing " + " ".join(missing))
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update"], check=False, **quiet)  # type: ignore[call-overload] # two keywords from a dict
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    subprocess.run(install, check=False, **quiet)  # type: ignore[call-overload] # as above


def say(what: str) -> None:
    """Tell how far it is, at once, also into a pipe."""
    sys.stdout.write(f"==> {what}\n")
    sys.stdout.flush()


def run(steps: list[str]) -> int:
    """Run the steps in order, all of them, and sum up."""
    verdicts: dict[str, str] = {}
    for name in steps:
        say(name)
        began = time.monotonic()
        code = subprocess.run([sys.executable, *STEPS[name]], cwd=ROOT, check=False).returncode
        verdict = {0: "passed", SKIPPED: "skipped, for the reason above"}.get(code, f"FAILED ({code})")
        verdicts[name] = f"{verdict} in {time.monotonic() - began:.0f} s"
    for name, verdict in verdicts.items():
        say(f"{name}: {verdict}")
    return 1 if any("FAILED" in verdict for verdict in verdicts.values()) else 0


def main() -> int:
    """Prepare, then run."""
    parser = argparse.ArgumentParser(prog="python3 -m tests", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("steps", nargs="*", metavar="STEP", help="run only these of " + ", ".join(STEPS))
    chosen = parser.parse_args().steps or list(STEPS)
    unknown = [name for name in chosen if name not in STEPS]
    if unknown:
        parser.error(f"no step is called {', '.join(unknown)}")
    needs_venv = () if ready() or importlib.util.find_spec("ensurepip") else ("python3-venv",)
    install_packages((*needs_venv, *WINDOW_PACKAGES))
    if not ready():
        command = [make_venv(), "-m", "tests", *chosen]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    return run(chosen)


if __name__ == "__main__":
    sys.exit(main())
