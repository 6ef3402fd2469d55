"""The session file as something that can be appended to and nothing else. Knows no records.

The file is opened for appending only, so that even a second writer by mistake could not overwrite a byte.
"""

import contextlib
import errno
import os
import time
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

UNTOUCHED: Final = 10.0
"""s since the last write after which, on Windows, nobody can be recording into a file."""


class Disk(Protocol):
    """Where lines go. Each method may raise OSError."""

    def write(self, data: bytes) -> int:
        """Hand bytes to the operating system; says how many it took."""

    def sync(self) -> None:
        """Return when everything written would survive a power failure."""

    def close(self) -> None:
        """Let go of the file."""


class FileDisk:
    """A real file.

    Args:
        path: where it lies.
        new: it must not exist yet (FileExistsError); else it must exist (FileNotFoundError).
    """

    def __init__(self, path: Path, *, new: bool) -> None:
        self._path = path
        path.open("xb" if new else "r+b").close()
        self._file = path.open("ab", buffering=0)
        _lock(self._file.fileno())
        self._folder_synced = not new

    def write(self, data: bytes) -> int:
        """See Disk.write."""
        return self._file.write(data) or 0

    def sync(self) -> None:
        """See Disk.sync. Also notices that the file was deleted while it is open, which no write would tell."""
        os.fsync(self._file.fileno())
        if os.fstat(self._file.fileno()).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, "the file was deleted while it was being written", str(self._path))
        if not self._folder_synced:
            self._folder_synced = True
            _sync_folder(self._path.parent)

    def close(self) -> None:
        """See Disk.close."""
        self._file.close()


def _lock(descriptor: int) -> bool:
    """Mark an open file as being written until it is closed or its process dies; whether nobody else had done so."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def being_written(path: Path) -> bool:
    """Whether a running program has a session file open for writing: then nobody may recover it.

    On Windows there is no such mark; there a file that was written to within the last 10 s counts as being written.
    """
    if fcntl is None:
        return time.time() - path.stat().st_mtime < UNTOUCHED
    with path.open("rb") as file:
        return not _lock(file.fileno())


def _sync_folder(folder: Path) -> None:
    """A new file survives a power failure only if its folder's entry does. Windows keeps no handle on folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
