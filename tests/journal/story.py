"""Small session files for the tests of this room."""

from collections.abc import Iterable
from pathlib import Path

from forcelab.journal import JournalWriter
from forcelab.journal.records import (
    ClockAnchor,
    Closed,
    Connected,
    Entry,
    Judged,
    Known,
    Opened,
    PacketIn,
    Participant,
    TrialStarted,
    TrialStopped,
)
from forcelab.model import Environment

HERE = Environment(forcelab="1", python="3.11", numpy="2", platform="Linux x86_64")
OPENED = Opened(host_ns=1, version=1, environment=HERE)
CLOSED = Closed(host_ns=99)
SMALL: tuple[Known, ...] = (
    OPENED,
    ClockAnchor(host_ns=2, utc_ns=3),
    Participant(host_ns=4, code="P-07 ä"),
    Connected(
        host_ns=5, connection=1, role="left", codec="progressor", codec_version=1, family="F", name="N", address="A"
    ),
    PacketIn(host_ns=6, connection=1, characteristic="c", hex="00ff"),
    TrialStarted(host_ns=7, trial=1, side="left", roles={"left": 1}, since_ns=0),
    PacketIn(host_ns=8, connection=1, characteristic="c", hex=""),
    TrialStopped(host_ns=9, trial=1, why="released"),
    Judged(host_ns=10, trial=1, excluded=True, reason='"cough"'),
    CLOSED,
)


def write(path: Path, records: Iterable[Entry] = SMALL) -> Path:
    """A session file with these records."""
    with JournalWriter(path) as writer:
        for record in records:
            writer.append(record)
    return path
