"""The real stack, tested with no radio: `python -m tests.system`.

Everything between our code and the air is real here: bleak, D-Bus, bluetoothd and Linux's own Bluetooth, in a kernel
that runs as an ordinary program. Only the antenna is not: at /dev/vhci a virtual controller is plugged in, and on the
other side of its air stands a sensor that plays our puppets. The story of a run:

1. A user-mode Linux kernel is built from Debian's source, once (two to four minutes), and kept in this user's cache
   (`kernel.py`). It needs a compiler once, no root, no KVM and no image: its root is this computer's own, read-only,
   so the Python environment in use is used as it is.
2. The kernel boots in half a second (`uml.py`, `inside/init.sh`), starts a message bus, bluetoothd and the virtual
   radio (`virtual_radio.py`), and runs pytest on `cases/` (`inside/session.sh`).
3. The verdict comes back as a file, for a user-mode kernel's exit status means nothing. Output is passed on as it
   comes; the logs of kernel, bluetoothd and radio stay in the cache beside the kernel.
4. All of it happens twice, in two guests side by side: in real time, and in virtual time, where a wait is over at
   once and the clock jumps, so that ten-minute sessions, time-outs and back-off take seconds and do not depend on how
   busy the computer is. Cases marked `real_time` or `virtual_time` run in one of them only.

Where the user-mode kernel cannot be built or started (no compiler, no ptrace), it says so, and Debian's stock kernel
under QEMU runs the cases (`qemu.py`): slower, and in real time only.

Options: `--real-time` or `--virtual-time` for one of the two, `--kernel uml|qemu`, `--prepare` to install missing
Debian packages first (needs root; nothing is ever installed otherwise). What follows `--` goes to pytest.

Exit code 0: all passed. 1: a case failed, or a guest came to no verdict. 77: it cannot run here, with a sentence.

Not covered by any of it: real radio loss, controllers that filter duplicates, vendors' firmware, Windows and macOS.
"""

import argparse
import logging
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from tests.system import guest, kernel, prepare, qemu, uml

log = logging.getLogger("tests.system")

Which: TypeAlias = Literal["uml", "qemu"]
Pace: TypeAlias = Literal["real", "virtual"]
CANNOT_RUN = 77
"""The exit code that other test drivers (automake, meson) read as "skipped"."""
BOOT_LIMIT = {"uml": 30.0, "qemu": 120.0}
LIMIT = {"uml": 600.0, "qemu": 900.0}
"""s, for a guest from start to end. Usual on two idle cores: two minutes and a half, under QEMU five."""
CASE_LIMIT: dict[Pace, float] = {"real": 120.0, "virtual": 7200.0}
"""s of the guest's own time, for one case."""

NOT_FOR: dict[tuple[Which, Pace], str] = {
    ("uml", "real"): "not virtual_time",
    ("uml", "virtual"): "not real_time",
    ("qemu", "real"): "not virtual_time",
}


class CannotRunError(Exception):
    """This computer cannot run the real stack; `str(error)` is one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the options ask for; the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    options = _options(arguments)
    try:
        return _run_all(options)
    except (CannotRunError, kernel.KernelError) as error:
        log.info("The real stack cannot be tested here. %s", error)
        return CANNOT_RUN
    except guest.GuestError as error:
        log.error("%s", error)
        return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.system", description=(__doc__ or "").partition("\n")[0])
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument("--real-time", dest="paces", action="store_const", const=("real",), help="only real")
    pace.add_argument(
        "--virtual-time", dest="paces", action="store_const", const=("virtual",), help="only virtual time"
    )
    parser.add_argument("--kernel", choices=("uml", "qemu"), help="no fall-back: this kernel or none")
    parser.add_argument("--prepare", action="store_true", help="install missing Debian packages first (needs root)")
    parser.add_argument("pytest", nargs="*", help="after --: arguments for pytest in the guest")
    parser.set_defaults(paces=("real", "virtual"))
    return parser.parse_args(arguments)


def _run_all(options: argparse.Namespace) -> int:
    if not sys.platform.startswith("linux"):
        raise CannotRunError("It needs Linux.")
    if options.kernel == "qemu":
        return _in_qemu(options)
    try:
        return _in_uml(options)
    except (CannotRunError, kernel.KernelError, guest.NotStartedError) as error:
        if options.kernel == "uml":
            raise CannotRunError(str(error)) from error
        log.info("%s Falling back to Debian's stock kernel under QEMU.", error)
        return _in_qemu(options)


def _in_uml(options: argparse.Namespace) -> int:
    _have_packages("uml", install=options.prepare)
    path = kernel.user_mode_kernel()
    guests = []
    for pace in options.paces:
        out = _folder(f"uml-{pace}")
        _lay_down(out, "uml", pace, options.pytest)
        machine = uml.machine(path, out, virtual_time=pace == "virtual")
        guests.append(_guest("uml", f"user-mode kernel in {pace} time", machine, out))
    return _verdict(guests)


def _in_qemu(options: argparse.Namespace) -> int:
    if "real" not in options.paces:
        raise CannotRunError("QEMU has no virtual time.")
    _have_packages("qemu", install=options.prepare)
    out = _folder("qemu")
    _lay_down(out, "qemu", "real", options.pytest)
    return _verdict([_guest("qemu", "Debian kernel under QEMU", qemu.machine(*qemu.stock_kernel(), out), out)])


def _have_packages(which: Which, *, install: bool) -> None:
    missing = prepare.missing(which)
    if missing and install and prepare.reason_against() is None:
        try:
            prepare.install(missing)
        except subprocess.CalledProcessError as error:
            raise CannotRunError(f"apt-get could not install {' '.join(missing)}.") from error
        missing = prepare.missing(which)
    if missing:
        how = prepare.reason_against() or "`python -m tests.system --prepare` installs them."
        raise CannotRunError(f"These Debian packages are missing: {' '.join(missing)}. {how}")


def _folder(name: str) -> Path:
    """An empty folder for one guest; the last run's logs stay until the next."""
    out = kernel.cache() / "logs" / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return out


def _lay_down(out: Path, which: Which, pace: Pace, arguments: Sequence[str]) -> None:
    command = [
        *(sys.executable, "-m", "pytest", "tests/system/cases", "-o", "norecursedirs=.*"),
        # Nothing of these is used here, and Qt alone takes seconds to load.
        *("-p", "no:cacheprovider", "-p", "no:pytest-qt", "-p", "no:xdist"),
        # One loop for all, as in the program: bleak keeps its bus connection per loop.
        *("-o", "asyncio_default_test_loop_scope=session", "-o", "asyncio_default_fixture_loop_scope=session"),
        f"--timeout={CASE_LIMIT[pace]:.0f}",
        *("-m", NOT_FOR[which, pace], "--junitxml=/run/out/junit.xml", "--durations=8", "--tb=short", *arguments),
    ]
    guest.prepare(out, command, {"FORCELAB_GUEST": which, "FORCELAB_TIME": pace})


def _guest(which: Which, title: str, machine: Sequence[str], out: Path) -> guest.Guest:
    return guest.Guest(title, machine, out, boot_limit=BOOT_LIMIT[which], limit=LIMIT[which])


def _verdict(guests: Sequence[guest.Guest]) -> int:
    codes = guest.run(guests)
    if any(codes):
        log.info("The logs of kernel, bluetoothd and virtual radio are in %s", kernel.cache() / "logs")
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
