"""The session file as something that can be appended to and nothing else. Knows no records.

The file is opened for appending only, so that even a second writer by mistake could not overwrite a byte.
"""

import contextlib
import errno
import os
from pathlib import Path
from typing import Protocol


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


def _sync_folder(folder: Path) -> None:
    """A new file survives a power failure only if its folder's entry does. Windows keeps no handle on folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
