"""Builds the user-mode Linux kernel from Debian's source, once, and keeps it in this user's cache.

The kernel is an ordinary program of about 5 MB that shows a Linux of its own to the processes inside it, Bluetooth
included. It is GPL-2 and is never part of the repository. Knows how to make it and where it is kept; not how it is
run, nor what for.
"""

import hashlib
import logging
import os
import subprocess
import tempfile
import time
from pathlib import Path

log = logging.getLogger(__name__)

PACKAGE = "linux-source-6.1"
SOURCE = Path(f"/usr/src/{PACKAGE}.tar.xz")
OPTIONS = Path(__file__).with_name("uml.config")
BUILD_LIMIT = 1800.0
"""s; a build takes two to four minutes on two cores."""


class KernelError(Exception):
    """The kernel could not be made; `str(error)` is one sentence."""


def cache() -> Path:
    """The folder in which kernels are kept from one run to the next."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "forcelab"


def version_of(package: str) -> str | None:
    """The installed version of a Debian package, None if it is not installed."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout.split()
    except FileNotFoundError:
        return None
    return answer[1] if answer and answer[0] == "installed" else None


def kept() -> Path | None:
    """The kernel for the present options and the installed source, if it was built before.

    Where the source package is not installed (a fresh container with a restored cache), one made from any version.
    """
    folder = cache() / "uml"
    found = [*folder.glob(f"{_recipe()}-{version_of(PACKAGE) or '*'}/linux")]
    return max(found, default=None)


def user_mode_kernel() -> Path:
    """The kernel for the present source and options: from the cache, else built now. Raises KernelError."""
    if (kernel := kept()) is not None:
        return kernel
    version = version_of(PACKAGE)
    if version is None or not SOURCE.exists():
        raise KernelError(f"The package {PACKAGE} is not installed, from which the user-mode kernel is built.")
    kernel = cache() / "uml" / f"{_recipe()}-{version}" / "linux"
    kernel.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    log.info("Building the user-mode kernel from %s %s; this takes two to four minutes, once.", PACKAGE, version)
    with tempfile.TemporaryDirectory(dir=kernel.parent, prefix="build-") as folder:
        # Renamed into place: a run that is stopped half-way, or a second one beside it, never leaves half a kernel.
        _build(Path(folder)).replace(kernel)
    log.info("Built in %.0f s, kept as %s.", time.monotonic() - began, kernel)
    return kernel


def _recipe() -> str:
    return hashlib.sha256(OPTIONS.read_bytes()).hexdigest()[:16]


def _build(folder: Path) -> Path:
    """Unpack, configure and compile in `folder` (1.5 GB for a while); the stripped kernel."""
    log.info("  unpacking the source …")
    _run(["tar", "-xf", str(SOURCE)], folder)
    tree = folder / PACKAGE
    wanted = folder / "wanted.config"
    wanted.write_text(_as_kconfig(OPTIONS.read_text()))
    log.info("  configuring …")
    _run(["make", "ARCH=um", "tinyconfig"], tree)
    _run(["scripts/kconfig/merge_config.sh", "-m", ".config", str(wanted)], tree)
    _run(["make", "ARCH=um", "olddefconfig"], tree)
    _complain_of_missing(wanted.read_text(), (tree / ".config").read_text())
    log.info("  compiling …")
    _run(["make", "ARCH=um", f"-j{os.cpu_count() or 1}", "linux"], tree)
    _run(["strip", "linux"], tree)
    return tree / "linux"


def _as_kconfig(text: str) -> str:
    """Our list of names as the kernel's own format.

    >>> _as_kconfig("# why\\nBT\\n-SLOB\\n")
    'CONFIG_BT=y\\n# CONFIG_SLOB is not set\\n'
    """
    names = [line for line in text.split("\n") if line and not line.startswith("#")]
    return "".join(f"# CONFIG_{n[1:]} is not set\n" if n.startswith("-") else f"CONFIG_{n}=y\n" for n in names)


def _complain_of_missing(wanted: str, settled: str) -> None:
    """The kernel's configuration drops silently what depends on something that is off: say so instead."""
    have = set(settled.splitlines())
    missing = [line for line in wanted.splitlines() if line.endswith("=y") and line not in have]
    if missing:
        raise KernelError(f"The kernel's configuration did not take {', '.join(missing)}.")


def _run(command: list[str], tree: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=tree,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BUILD_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KernelError(f"Building the user-mode kernel failed: {error}.") from error
    if done.returncode:
        log.error("%s", done.stdout[-4000:])
        raise KernelError(f"Building the user-mode kernel failed at {' '.join(command)}.")
