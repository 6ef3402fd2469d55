"""What the last bits of a number may depend on, as it is on this computer now. Imports none of it."""

import platform
from importlib.metadata import PackageNotFoundError, version

from forcelab.model import Environment


def environment() -> Environment:
    """The environment to write beside what is computed here."""
    return Environment(
        forcelab=_version("forcelab"),
        python=platform.python_version(),
        numpy=_version("numpy"),
        platform=f"{platform.system()} {platform.machine()}",
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unpacked"  # run from its source, never installed
