"""What the real stack needs of the operating system: says what is missing, and installs it only when asked to.

The one place that touches packages: `python -m tests.system --prepare`. Knows Debian's names; nothing of kernels.
"""

import logging
import os
import shutil
import subprocess

from tests.system import kernel, qemu

log = logging.getLogger(__name__)

RUN = ("bluez", "dbus")
BUILD = ("gcc", "make", "flex", "bison", "bc", "libc6-dev", "xz-utils", kernel.PACKAGE)


def missing(which: str) -> list[str]:
    """Debian packages without which the guest (`uml` or `qemu`) cannot run here."""
    wanted = [*RUN]
    if which == "qemu":
        wanted += qemu.PACKAGES
    elif kernel.kept() is None:
        wanted += BUILD
    return [package for package in dict.fromkeys(wanted) if kernel.version_of(package) is None]


def reason_against() -> str | None:
    """Why packages cannot be installed from here, in one sentence; None if they can."""
    if shutil.which("apt-get") is None:
        return "This is not a Debian system: packages cannot be installed from here."
    if os.geteuid() != 0:
        return "Installing packages needs root."
    return None


def install(packages: list[str]) -> None:
    """Install Debian packages; raises subprocess.CalledProcessError."""
    log.info("Installing %s.", " ".join(packages))
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=quiet, stdout=subprocess.DEVNULL, check=True)
    command = ["apt-get", "-qq", "-y", "install", "--no-install-recommends", *packages]
    subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=True)
