"""`python -m tests.window`: the window's tests once more, in a real window on a virtual screen, and the demonstration.

Needs Xvfb; where it is missing this says so and leaves with the code for "skipped". A picture of the window at the end
of a demonstration is left in a temporary folder (or where `--screenshot` says) for somebody to look at.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SKIPPED = 77


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen of 1400 × 900; its name for DISPLAY."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Run both; the exit code is 0 only when both have passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.window")
    parser.add_argument("--screenshot", type=Path, help="where to leave the picture of the window")
    wanted = parser.parse_args().screenshot
    if shutil.which("Xvfb") is None:
        sys.stdout.write("the tests in a real window were skipped: Xvfb is not installed\n")
        return SKIPPED
    folder = Path(tempfile.mkdtemp(prefix="forcelab-window-"))
    picture = wanted or folder / "window.png"
    with screen() as display:
        real = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        tests = subprocess.run([sys.executable, "-m", "pytest", "tests/app", "-q"], env=real, check=False)
        command = ["-m", "forcelab", "demo", "--fast", "--out", str(folder), "--screenshot", str(picture)]
        demo = subprocess.run([sys.executable, *command], env=real, check=False, timeout=180)
    sys.stdout.write(f"the window at the end of the demonstration: {picture}\n")
    looks_like_a_window = picture.is_file() and picture.stat().st_size > 20_000
    return 0 if tests.returncode == demo.returncode == 0 and looks_like_a_window else 1


if __name__ == "__main__":
    sys.exit(main())
