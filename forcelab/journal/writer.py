"""Writes a session file from two threads of its own, so that neither the radio nor the window ever waits for a disk.

One thread turns records into lines and hands them to the operating system at least every 50 ms; the other asks for
`fsync` at least every 500 ms and at once on `sync()`. They are two because one `fsync` on a busy disk can take longer
than the 250 ms that a killed process may lose. A disk that fails is told in `failure`; what could not be written is
held and tried again. Knows records, not what they mean.
"""

import contextlib
import errno
import logging
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final, Self

import msgspec

from forcelab.journal.disk import Disk, FileDisk
from forcelab.journal.errors import JournalError, JournalFull
from forcelab.journal.lines import seal
from forcelab.journal.records import Entry

LIMIT: Final = 65536
"""Records that may wait: at 1000 notifications a second the writer would have to stand still for a minute."""
WRITE_EVERY: Final = 0.05
SYNC_EVERY: Final = 0.5

_log = logging.getLogger(__name__)


class JournalWriter:
    """Appends records to a session file. `append` belongs to one thread, the event loop's.

    Args:
        path: the file, which must not exist yet; its folder must.
        limit: how many records may wait for the writer's thread.
        disk: in place of the file; for tests of failing disks, and for `resume`.
        before: the `h` of the line after which it goes on; nothing for a new file.

    Raises:
        JournalError: the file exists already or cannot be made.
    """

    def __init__(self, path: Path, *, limit: int = LIMIT, disk: Disk | None = None, before: str = "") -> None:
        self.path = path
        self._limit = limit
        self._before = before
        self._waiting: deque[Entry] = deque()
        self._pending = bytearray()
        # Counts of records. Each has one writing thread; that a reader may see an older count is harmless.
        self._appended = self._encoded = self._written = self._durable = 0
        self._bad_record = self._bad_write = self._bad_sync = ""
        self._urgent = False
        self._deadline: float | None = None
        self._closed = False
        self._wake_writer = threading.Event()
        self._wake_syncer = threading.Event()
        self._progress = threading.Condition()
        self._disk = disk if disk is not None else _create(path)
        self._writer = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._syncer = threading.Thread(target=self._sync_all, name="journal-sync", daemon=True)
        self._writer.start()
        self._syncer.start()

    @property
    def failure(self) -> str | None:
        """A sentence for people while the disk refuses, else None. A record that could never be written stays told."""
        return self._bad_write or self._bad_sync or self._bad_record or None

    def append(self, record: Entry) -> None:
        """Let a record follow. Returns at once, whatever the disk does.

        Raises:
            JournalFull: more than `limit` records are waiting.
            JournalError: the writer was closed.
        """
        if self._closed:
            raise JournalError(f"{self.path.name} is closed; nothing can be appended.")
        if len(self._waiting) >= self._limit:
            raise JournalFull(f"{self._limit} records wait for the disk")
        self._waiting.append(record)
        self._appended += 1

    def sync(self, *, wait: bool = False, timeout: float = 10.0) -> bool:
        """Bring everything appended so far onto the disk now.

        With `wait` the calling thread waits (never the event loop's: use `asyncio.to_thread`). Says whether it is
        there, as far as one knows on returning.
        """
        ticket = self._appended
        self._urgent = True
        self._wake_writer.set()
        if not wait:
            return self._durable >= ticket
        with self._progress:
            return self._progress.wait_for(lambda: self._durable >= ticket, timeout)

    def close(self, *, timeout: float = 10.0) -> None:
        """Write what is waiting, bring it onto the disk and end the threads. Closing twice does no harm.

        Raises:
            JournalError: the disk refused until `timeout` seconds had passed; says how much is lost.
        """
        if self._closed:
            return
        self._closed = True
        self._deadline = time.monotonic() + timeout
        self._wake_writer.set()
        self._writer.join()
        self._wake_syncer.set()
        self._syncer.join()
        with contextlib.suppress(OSError):
            self._disk.close()
        missing = self._appended - self._durable
        if missing:
            raise JournalError(f"The last {missing} records of {self.path} could not be saved. {self.failure or ''}")

    def __enter__(self) -> Self:
        """For `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _write_all(self) -> None:
        while True:
            self._wake_writer.wait(WRITE_EVERY)
            self._wake_writer.clear()
            # Read before the queue is emptied: what was appended before them is then in it.
            deadline, urgent, self._urgent = self._deadline, self._urgent, False
            self._encode()
            self._write()
            if urgent and self._pending:
                self._urgent = True
            elif urgent:
                self._wake_syncer.set()
            if deadline is not None and (not self._pending or time.monotonic() > deadline):
                return

    def _encode(self) -> None:
        while self._waiting:
            record = self._waiting.popleft()
            try:
                line, self._before = seal(self._before, record)
            except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as problem:
                # Our mistake; but one bad record must not cost the session the ones that follow.
                _log.exception("a %s record cannot be written", type(record).__name__)
                self._bad_record = f"A {type(record).__name__} record could not be written: {problem}."
            else:
                self._pending += line + b"\n"
            self._encoded += 1

    def _write(self) -> None:
        try:
            while self._pending:
                taken = self._disk.write(bytes(self._pending))
                if not taken:
                    raise OSError(errno.EAGAIN, "the system took nothing")
                del self._pending[:taken]
        except OSError as problem:
            if not self._bad_write:
                _log.warning("%s cannot be written: %s", self.path.name, problem)
            self._bad_write = _sentence(problem)
            return
        self._bad_write = ""
        self._written = self._encoded

    def _sync_all(self) -> None:
        while True:
            self._wake_syncer.wait(SYNC_EVERY)
            self._wake_syncer.clear()
            last = not self._writer.is_alive()
            target = self._written
            if target > self._durable:
                self._sync_to(target)
            done = self._durable >= self._written
            if last and (done or self._deadline is None or time.monotonic() > self._deadline):
                return

    def _sync_to(self, target: int) -> None:
        try:
            self._disk.sync()
        except OSError as problem:
            if not self._bad_sync:
                _log.warning("%s cannot be brought onto the disk: %s", self.path.name, problem)
            self._bad_sync = _sentence(problem)
            return
        self._bad_sync = ""
        with self._progress:
            self._durable = target
            self._progress.notify_all()


def _create(path: Path) -> FileDisk:
    try:
        return FileDisk(path, new=True)
    except FileExistsError:
        raise JournalError(f"{path} exists already and is left as it is; choose another name.") from None
    except (OSError, ValueError) as problem:
        raise JournalError(f"{path} cannot be made: {problem}.") from problem


def _sentence(problem: OSError) -> str:
    """What the disk's refusal means to a person, and what to do."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Make room: the recording is kept in memory until it can be written."
    if problem.errno == errno.ENOENT:
        return "The session file was deleted while it was being recorded. Finish the trial and start a new session."
    return (
        f"The session file cannot be written ({problem.strerror or problem}). The recording is kept in memory and "
        "written as soon as the disk takes it."
    )
