"""Reads a session file patiently: whatever is wrong with a line becomes a fault that names it, and reading goes on.

Only a file that is no session file at all, that a newer forcelab wrote, or that cannot be read raises `JournalError`.
Knows no codec, no metric and does not write.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

import msgspec

from forcelab.journal.errors import JournalError
from forcelab.journal.lines import convert, decode, digest, unseal
from forcelab.journal.records import FORMAT, VERSION, AnyRecord, Closed, Recovered
from forcelab.journal.upgrades import UPGRADES, Raw, upgrade

MAX_LINE: Final = 1 << 24
"""Bytes; the longest line that can be anything of ours is a thousandth of it."""
_BEGIN: Final = b'{"is":"'


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a line, the first line being 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Journal:
    """What a session file holds.

    Attributes:
        records: (number of the line, record) in the order of the file.
        faults: what is wrong, in the order of the lines; a file that merely was not closed has none.
        closed: whether the last thing in it is its closing or its recovery.
        torn: bytes at the end that are no whole line (empty if only the line feed is missing); None at a line's end.
        last: the `h` after which the next line would go on.
    """

    records: list[tuple[int, AnyRecord]]
    faults: list[Fault]
    closed: bool
    torn: bytes | None
    last: str

    @property
    def story(self) -> list[AnyRecord]:
        """The records without their line numbers."""
        return [record for _, record in self.records]


class _Header(msgspec.Struct):
    """The part of the first line that every version has."""

    kind: str = msgspec.field(name="is")
    format: str
    version: int


_HEADER: Final = msgspec.json.Decoder(_Header)
_RAW: Final[msgspec.json.Decoder[Raw]] = msgspec.json.Decoder(Raw)
Numbered: TypeAlias = tuple[int, bytes, bool]


def read(path: Path) -> Journal:
    """Read a session file.

    Raises:
        JournalError: it cannot be read, is not a forcelab session, or was written by a newer forcelab.
    """
    try:
        with path.open("rb") as file:
            return _Reading(path.name).all(_lines(file))
    except (OSError, ValueError) as problem:
        raise JournalError(f"{path} cannot be read: {getattr(problem, 'strerror', None) or problem}.") from problem


def _lines(file: BinaryIO) -> Iterator[Numbered]:
    """Number, bytes without line feed (cut at `MAX_LINE` + 1), whether there was a line feed."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        ended = line.endswith(b"\n")
        rest = line
        while not ended and len(rest) == MAX_LINE + 1:  # a line too long to be held is passed over in pieces
            rest = file.readline(MAX_LINE + 1)
            ended = rest.endswith(b"\n")
        yield number, line.removesuffix(b"\n"), ended


def known(first: bytes, *, ended: bool = True, name: str = "The file") -> int:
    """The version of the format, from the first line, which may be damaged or torn.

    Raises:
        JournalError: this is no session file, or one that a newer forcelab wrote.
    """
    try:
        header = _HEADER.decode(first)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        header = None
    if header is None or header.kind != "opened" or header.format != FORMAT:
        whole = first.startswith(_BEGIN) or (ended and unseal(first) is not None)
        if not whole and not (first and _BEGIN.startswith(first)):
            raise JournalError(f"{name} is not a forcelab session file.")
        return VERSION
    if header.version > VERSION:
        raise JournalError(
            f"{name} was written by a newer forcelab (format {header.version}; this one knows {VERSION}). "
            "Update forcelab to open it."
        )
    if header.version != VERSION and header.version not in UPGRADES:
        raise JournalError(f"{name} says that its format is {header.version}, which never existed.")
    return header.version


class _Reading:
    """The state of one pass over a file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._records: list[tuple[int, AnyRecord]] = []
        self._faults: list[Fault] = []
        self._version = VERSION
        self._before = ""
        self._closed = False
        # Lines without `h` that cannot be read: torn, if a recovery that follows names exactly them; else damaged.
        self._unsealed: list[tuple[int, bytes, str]] = []

    def all(self, lines: Iterable[Numbered]) -> Journal:
        """Take every line in."""
        ended = True
        number = 0
        for number, line, ended in lines:
            if number == 1:
                self._version = known(line, ended=ended, name=self._name)
            found = unseal(line)
            if found is None:
                self._without_seal(number, line)
            else:
                self._with_seal(number, line, *found)
        torn: bytes | None = None
        if self._unsealed or not ended:
            torn = b"\n".join(line for _, line, _ in self._unsealed)
            self._faults.append(_torn_fault(number, torn))
        return Journal(self._records, self._faults, self._closed and torn is None, torn, self._before)

    def _with_seal(self, number: int, line: bytes, body: bytes, stated: str) -> None:
        right = digest(self._before, body) == stated
        self._before = stated
        self._closed = False
        try:
            record = self._decode(line)
        except (ValueError, KeyError) as problem:
            self._settle()
            self._fault(number, f"Line {number} cannot be read: {problem}.")
            return
        if isinstance(record, Recovered):
            self._recovered(number, record)
        self._settle()
        if not right:
            self._fault(number, f"Line {number} was altered, or a line before it was removed, added or moved.")
        self._closed = isinstance(record, Closed | Recovered)
        self._records.append((number, record))

    def _without_seal(self, number: int, line: bytes) -> None:
        self._closed = False
        try:
            record = self._decode(line)
        except (ValueError, KeyError) as problem:
            self._unsealed.append((number, line, str(problem)))
            return
        self._settle()
        self._fault(number, f"Line {number} was altered: it does not end in its check value.")
        self._records.append((number, record))

    def _decode(self, line: bytes) -> AnyRecord:
        if len(line) > MAX_LINE:
            raise ValueError(f"it is longer than {MAX_LINE} bytes")
        if self._version == VERSION:
            return decode(line)
        try:
            raw = _RAW.decode(line)
        except (msgspec.MsgspecError, RecursionError) as problem:
            raise ValueError(str(problem)) from problem
        return convert(upgrade(raw, self._version, VERSION))

    def _recovered(self, number: int, record: Recovered) -> None:
        """A recovery explains the lines just before it that it names, to the byte."""
        if record.torn_hex == b"\n".join(line for _, line, _ in self._unsealed).hex():
            self._unsealed.clear()
        elif not self._unsealed:
            self._fault(number, f"Line {number} tells of a torn line, which is no longer there.")

    def _settle(self) -> None:
        """Unreadable lines that nothing explains are damage."""
        for number, _, why in self._unsealed:
            self._fault(number, f"Line {number} cannot be read: {why}.")
        self._unsealed.clear()

    def _fault(self, number: int, sentence: str) -> None:
        self._faults.append(Fault(number, sentence))


def _torn_fault(number: int, torn: bytes) -> Fault:
    if not torn:
        return Fault(number, f"The file ends without the line feed of line {number}; nothing is lost.")
    return Fault(number, f"The file ends in the middle of line {number}; {len(torn)} bytes are torn.")
