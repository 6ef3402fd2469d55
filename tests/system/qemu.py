"""The fall-back: Debian's stock kernel in QEMU, which needs no compiler and no ptrace, only patience.

Everything is emulated (TCG). KVM is left alone on purpose: there are computers on which /dev/kvm opens and a guest
hangs all the same. Up to about 100 notifications/s arrive in time, so only the slow cases run here. The kernel
package is downloaded and unpacked, never installed. Knows how to fetch it, how to make the initial file system and
the command line; not what runs inside.
"""

import hashlib
import logging
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.system.guest import SCRIPTS
from tests.system.kernel import KernelError, cache

log = logging.getLogger(__name__)

META_PACKAGE = "linux-image-amd64"
PACKAGES = ("qemu-system-x86", "busybox-static", "dpkg", "bluez", "dbus")
BUSYBOX = Path("/bin/busybox")
MODULES = (
    # this computer's files
    "virtio_pci",
    "9pnet_virtio",
    "9p",
    # Bluetooth, and the ciphers that it starts up with
    "bluetooth",
    "hci_vhci",
    "ecb",
    "cmac",
    "algif_hash",
    "algif_skcipher",
)


def stock_kernel() -> tuple[Path, Path]:
    """Kernel and initial file system, from the cache, else fetched and made now. Raises KernelError."""
    name = _kernel_package()
    recipe = hashlib.sha256((SCRIPTS / "init_qemu.sh").read_bytes() + repr(MODULES).encode()).hexdigest()[:16]
    kept = cache() / "qemu" / f"{name}-{recipe}"
    kernel, initial = kept / "vmlinuz", kept / "initrd"
    if not (kernel.exists() and initial.exists()):
        kept.mkdir(parents=True, exist_ok=True)
        log.info("Fetching %s (70 MB), once.", name)
        with tempfile.TemporaryDirectory(dir=kept, prefix="unpack-") as folder:
            unpacked = _download(name, Path(folder))
            version = name.removeprefix("linux-image-")
            _initial_file_system(unpacked, version, Path(folder)).replace(initial)
            (unpacked / "boot" / f"vmlinuz-{version}").replace(kernel)
    return kernel, initial


def machine(kernel: Path, initial: Path, out: Path) -> list[str]:
    """Boot `kernel` with `out` as its folder for what comes out."""
    share = "local,security_model=none,multidevs=remap"
    return [
        *("qemu-system-x86_64", "-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1200"),
        *("-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot", "-net", "none"),
        *("-kernel", str(kernel), "-initrd", str(initial)),
        *("-virtfs", f"{share},path=/,mount_tag=host,readonly=on"),
        *("-virtfs", f"{share},path={out},mount_tag=out"),
        "-append",
        "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on nokaslr cryptomgr.notests",
    ]


def _kernel_package() -> str:
    """The name of the kernel package behind Debian's meta package."""
    said = _run(["apt-cache", "depends", META_PACKAGE])
    names = [line.split()[-1] for line in said.splitlines() if "Depends: linux-image-" in line]
    if not names:
        raise KernelError(f"apt knows no {META_PACKAGE}.")
    return names[0]


def _download(name: str, folder: Path) -> Path:
    _run(["apt-get", "download", name], folder)
    (package,) = folder.glob("*.deb")
    _run(["dpkg-deb", "-x", str(package), "unpacked"], folder)
    return folder / "unpacked"


def _initial_file_system(unpacked: Path, version: str, folder: Path) -> Path:
    """Busybox, the modules with all that they need, and our init: a few megabytes."""
    _run([str(BUSYBOX), "depmod", "-b", str(unpacked), version])
    root = folder / "root"
    for name in ("bin", "proc", "host"):
        (root / name).mkdir(parents=True)
    shutil.copy2(BUSYBOX, root / "bin" / "busybox")
    shutil.copy2(SCRIPTS / "init_qemu.sh", root / "init")
    (root / "init").chmod(0o755)
    modules = Path("lib/modules") / version
    for module in sorted(_with_dependencies(unpacked / modules / "modules.dep")):
        (root / modules / module).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(unpacked / modules / module, root / modules / module)
    _run([str(BUSYBOX), "depmod", "-b", str(root), version])
    listing = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    done = subprocess.run(
        [str(BUSYBOX), "cpio", "-o", "-H", "newc"], cwd=root, input=listing.encode(), capture_output=True, check=True
    )
    initial = folder / "initrd"
    initial.write_bytes(done.stdout)
    return initial


def _with_dependencies(table: Path) -> set[str]:
    """The files of MODULES and of everything that they need, from the table that depmod makes."""
    needs = {}
    for line in table.read_text().splitlines():
        module, _, rest = line.partition(":")
        needs[module] = rest.split()
    by_name = {Path(module).name.split(".")[0].replace("-", "_"): module for module in needs}
    unknown = [name for name in MODULES if name not in by_name]
    if unknown:
        log.info("  not in this kernel as modules: %s", ", ".join(unknown))
    files, todo = set[str](), [by_name[name] for name in MODULES if name in by_name]
    while todo:
        module = todo.pop()
        if module not in files:
            files.add(module)
            todo.extend(needs[module])
    return files


def _run(command: list[str], folder: Path | None = None) -> str:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise KernelError(f"Debian's stock kernel could not be had: {error}.") from error
