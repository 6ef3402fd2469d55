"""What the last bits of a number may depend on, as it is on this computer now. Imports none of it but our version."""

import platform
from importlib.metadata import PackageNotFoundError, version

import forcelab
from forcelab.model import Environment


def environment() -> Environment:
    """The environment to write beside what is computed here."""
    return Environment(
        forcelab=forcelab.__version__,
        python=platform.python_version(),
        numpy=_version("numpy"),
        platform=f"{platform.system()} {platform.machine()}",
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
