"""The command line that boots the user-mode kernel on this computer's files. Knows the kernel's words and its traps."""

import os
import shutil
import tempfile
from pathlib import Path

from tests.system.guest import SCRIPTS

MEMORY = 768
"""MB; the kernel keeps it in a file of which only what is touched takes room."""


def machine(kernel: Path, out: Path, *, virtual_time: bool) -> list[str]:
    """Boot `kernel` with `out` as its folder for what comes out.

    In virtual time every wait is over at once and the guest's clock jumps instead: ten minutes of 80 Hz take seconds,
    and how busy the computer is changes nothing. Not for throughput: what is not paced by a clock overruns itself.
    """
    words = [
        f"mem={MEMORY}M",
        # Without block devices the kernel must be told that the root is the host's folder, or init "fails with -2".
        "root=hostfs",
        "rootfstype=hostfs",
        "rootflags=/",
        "ro",
        "quiet",
        "init=/bin/sh",
        "con=null",
        "con0=fd:0,fd:1",
        f"OUT={out}",
    ]
    if virtual_time:
        words.append("time-travel=inf-cpu")
    # What follows `--` goes to init: a shell, so that the script works without the executable bit too.
    return ["env", f"TMPDIR={_roomy()}", str(kernel), *words, "--", str(SCRIPTS / "init.sh")]


def _roomy() -> str:
    """Where the guest's memory lies. Containers often have 64 MB of /dev/shm, and a guest that fills it is killed."""
    shm = Path("/dev/shm")
    if shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > MEMORY * 2**20:
        return str(shm)
    return tempfile.gettempdir()
