import errno
import os
import sys
import threading
from pathlib import Path

import pytest

from forcelab.journal import JournalError, JournalFull, JournalWriter, read
from forcelab.journal.records import Closed, Participant
from tests.journal.story import CLOSED, OPENED, SMALL, write


class MemoryDisk:
    """A disk whose faults are switched on and off.

    Attributes:
        written: what it took; `durable`: what it would keep when power fails.
        takes: bytes that it has room for, None without end.
        refusal: raised by writes and fsyncs, None while all is well.
        refused: released at every refusal.
        gate: while clear, every write waits.
    """

    def __init__(self) -> None:
        self.written = b""
        self.durable = b""
        self.takes: int | None = None
        self.refusal: OSError | None = None
        self.refused = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.closed = False

    def write(self, data: bytes) -> int:
        self.entered.set()
        self.gate.wait()
        if self.takes == 0:
            self.refused.release()
            raise OSError(errno.ENOSPC, "No space left on device")
        self._refuse()
        data = data if self.takes is None else data[: self.takes]
        if self.takes is not None:
            self.takes -= len(data)
        self.written += data
        return len(data)

    def sync(self) -> None:
        self._refuse()
        self.durable = self.written

    def close(self) -> None:
        self.closed = True

    def _refuse(self) -> None:
        if self.refusal is not None:
            self.refused.release()
            raise self.refusal


@pytest.fixture
def disk() -> MemoryDisk:
    return MemoryDisk()


def content(tmp_path: Path, disk: MemoryDisk) -> list[object]:
    path = tmp_path / "content.forcelab"
    path.write_bytes(disk.written)
    journal = read(path)
    assert journal.faults == []
    return list(journal.story)


def refuse_twice(disk: MemoryDisk) -> None:
    """After the second refusal the first one has surely been told."""
    for _ in range(2):
        assert disk.refused.acquire(timeout=30)


def test_records_stand_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    codes = [Participant(host_ns=n, code=str(n)) for n in range(5000)]
    path = write(tmp_path / "a.forcelab", [OPENED, *codes, CLOSED])
    journal = read(path)
    assert journal.story == [OPENED, *codes, CLOSED]
    assert [line for line, _ in journal.records] == list(range(1, 5003))
    assert (journal.faults, journal.closed, journal.torn) == ([], True, None)


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    path.write_bytes(b"dear")
    with pytest.raises(JournalError, match="exists already"):
        JournalWriter(path)
    assert path.read_bytes() == b"dear"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be made"):
        JournalWriter(tmp_path / "nowhere" / "a.forcelab")


def test_sync_returns_when_everything_is_on_the_disk(tmp_path: Path, disk: MemoryDisk) -> None:
    with JournalWriter(tmp_path / "a", disk=disk) as writer:
        writer.append(OPENED)
        assert writer.sync(wait=True)
        assert disk.durable.startswith(b'{"is":"opened"')
        writer.append(CLOSED)
        assert writer.sync(wait=True)
        assert disk.durable.count(b"\n") == 2


def test_without_sync_it_comes_to_the_disk_by_itself(tmp_path: Path) -> None:
    synced = threading.Event()

    class Telling(MemoryDisk):
        def sync(self) -> None:
            super().sync()
            synced.set()

    with JournalWriter(tmp_path / "a", disk=Telling()) as writer:
        writer.append(OPENED)
        assert synced.wait(timeout=30)


def test_append_does_not_wait_for_a_disk_that_hangs_and_full_raises(tmp_path: Path, disk: MemoryDisk) -> None:
    disk.gate.clear()
    writer = JournalWriter(tmp_path / "a", disk=disk, limit=10)
    writer.append(OPENED)
    assert disk.entered.wait(timeout=30)  # now the writer's thread hangs in its write
    for n in range(10):
        writer.append(Participant(host_ns=n, code=""))
    with pytest.raises(JournalFull):
        writer.append(CLOSED)
    disk.gate.set()
    writer.close()
    assert len(content(tmp_path, disk)) == 11


def test_a_full_disk_is_told_and_nothing_is_lost_once_there_is_room(tmp_path: Path, disk: MemoryDisk) -> None:
    disk.takes = 70  # not even the first line fits
    writer = JournalWriter(tmp_path / "a", disk=disk)
    assert writer.failure is None
    for record in SMALL:
        writer.append(record)
    refuse_twice(disk)
    assert "full" in str(writer.failure)
    assert len(disk.written) == 70
    disk.takes = None
    assert writer.sync(wait=True)
    assert writer.failure is None
    writer.close()
    assert content(tmp_path, disk) == list(SMALL)


def test_a_failing_fsync_is_told(tmp_path: Path, disk: MemoryDisk) -> None:
    disk.refusal = OSError(errno.EIO, "Input/output error")
    writer = JournalWriter(tmp_path / "a", disk=disk)
    writer.append(OPENED)
    refuse_twice(disk)
    assert "Input/output error" in str(writer.failure)
    disk.refusal = None
    assert writer.sync(wait=True)
    assert writer.failure is None
    writer.close()
    assert disk.closed


def test_closing_on_a_full_disk_says_how_much_is_lost(tmp_path: Path, disk: MemoryDisk) -> None:
    disk.takes = 0
    writer = JournalWriter(tmp_path / "a", disk=disk)
    writer.append(OPENED)
    writer.append(CLOSED)
    with pytest.raises(JournalError, match=r"last 2 records .* full"):
        writer.close(timeout=0.0)


def test_after_closing_nothing_is_taken(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "a.forcelab")
    writer.append(OPENED)
    writer.close()
    writer.close()
    with pytest.raises(JournalError, match="closed"):
        writer.append(CLOSED)
    assert read(tmp_path / "a.forcelab").story == [OPENED]


def test_a_record_that_cannot_be_written_is_told_and_the_others_are_kept(tmp_path: Path, disk: MemoryDisk) -> None:
    with JournalWriter(tmp_path / "a", disk=disk) as writer:
        writer.append(OPENED)
        writer.append(Participant(host_ns=1, code="\ud800"))
        writer.append(CLOSED)
        assert writer.sync(wait=True)
        assert "Participant" in str(writer.failure)
    assert content(tmp_path, disk) == [OPENED, CLOSED]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete files that are open")
def test_a_file_deleted_while_it_is_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    writer = JournalWriter(path)
    writer.append(OPENED)
    assert writer.sync(wait=True)
    path.unlink()
    writer.append(Closed(host_ns=1))
    with pytest.raises(JournalError, match="deleted"):
        writer.close(timeout=0.0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_really_full_device(tmp_path: Path) -> None:
    disk = MemoryDisk()
    with Path("/dev/full").open("wb", buffering=0) as full:
        disk.write = lambda data: os.write(full.fileno(), data)  # type: ignore[method-assign] # the real error of the real system
        writer = JournalWriter(tmp_path / "a", disk=disk)
        writer.append(OPENED)
        with pytest.raises(JournalError, match="full"):
            writer.close(timeout=0.0)
