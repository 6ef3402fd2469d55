"""What to do with a session that ended without closing: find it, mark it, go on writing in it.

Nothing that stands in the file is touched: a torn end is left where it is, and a record that names it follows. Knows
no codec and no metric.
"""

import logging
import os
import time
from pathlib import Path
from typing import Final

from forcelab.journal.disk import FileDisk
from forcelab.journal.errors import JournalError
from forcelab.journal.lines import decode, seal, unseal
from forcelab.journal.reader import MAX_LINE, known, read
from forcelab.journal.records import Closed, Recovered
from forcelab.journal.writer import JournalWriter

SUFFIX: Final = ".forcelab"
_TAIL: Final = 1 << 16
_log = logging.getLogger(__name__)


def unclosed(folder: Path) -> list[Path]:
    """Sessions in a folder that ended without closing, by name. Only the ends of the files are read.

    A session that is being recorded at this moment looks the same.
    """
    found = []
    try:
        paths = sorted(folder.glob(f"*{SUFFIX}"))
    except OSError as problem:
        _log.warning("%s cannot be searched: %s", folder, problem)
        return []
    for path in paths:
        try:
            if path.is_file() and not _closed(path):
                found.append(path)
        except (OSError, JournalError) as problem:
            _log.warning("%s was passed over: %s", path.name, problem)
    return found


def _closed(path: Path) -> bool:
    """Whether the last line of a session is its closing or its recovery; raises JournalError if it is no session."""
    with path.open("rb") as file:
        first = file.readline(_TAIL)
        size = os.fstat(file.fileno()).st_size
        if not first:
            return False
        known(first.rstrip(b"\n"), name=path.name, ended=first.endswith(b"\n"))
        length = _TAIL
        while True:
            file.seek(-min(length, size), os.SEEK_END)
            tail = file.read()
            start = tail.rfind(b"\n", 0, -1) + 1
            if start or length >= min(size, 2 * MAX_LINE):
                break
            length *= 2
    line = tail[start:]
    if not line.endswith(b"\n") or unseal(line[:-1]) is None:
        return False
    try:
        return isinstance(decode(line[:-1]), Closed | Recovered)
    except ValueError:
        return False


def recover(path: Path, *, host_ns: int | None = None) -> Recovered | None:
    """Mark a session that ended without closing as dealt with: a line feed if one is missing, and a record.

    Args:
        path: the session file.
        host_ns: the host's counter now; asked for if not given.

    Returns:
        What was appended; None, and nothing done, if the session was closed or recovered already.

    Raises:
        JournalError: it is no session, a newer one, or the disk refuses.
    """
    journal = read(path)
    if journal.closed:
        return None
    torn = journal.torn or b""
    if len(torn) > MAX_LINE:
        raise JournalError(f"{path.name} ends in more than {MAX_LINE} bytes that are no line of a session.")
    record = Recovered(host_ns=time.perf_counter_ns() if host_ns is None else host_ns, torn_hex=torn.hex())
    line, _ = seal(journal.last, record)
    try:
        disk = FileDisk(path, new=False)
        try:
            _append(disk, (b"" if _ends_a_line(path) else b"\n") + line + b"\n")
            disk.sync()
        finally:
            disk.close()
    except OSError as problem:
        raise JournalError(f"{path} cannot be recovered: {problem.strerror or problem}.") from problem
    return record


def resume(path: Path) -> JournalWriter:
    """Go on writing in a session, as for a judgement or a new evaluation; close it again afterwards.

    Raises:
        JournalError: it is no session, a newer one, it is torn and not yet recovered, or the disk refuses.
    """
    journal = read(path)
    if journal.torn is not None:
        raise JournalError(f"{path.name} ends in the middle of a line. Recover it first.")
    try:
        return JournalWriter(path, disk=FileDisk(path, new=False), before=journal.last)
    except OSError as problem:
        raise JournalError(f"{path} cannot be written: {problem.strerror or problem}.") from problem


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _append(disk: FileDisk, data: bytes) -> None:
    while data:
        data = data[disk.write(data) :]
