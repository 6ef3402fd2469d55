"""How one record becomes one line and back, and how each line is chained to the one before.

A line is the record as JSON, whose last member `h` is the first 16 hex digits of SHA-256 over the `h` of the line
before (nothing for the first line) and the line as it would stand without its own `h`. That finds accidents and edits
and names the line; it is not a signature. Knows no file and no order of records.
"""

import hashlib
import re
from typing import Final

import msgspec

from forcelab.journal.records import AnyRecord, Entry, Known, Unknown

_SEAL: Final = re.compile(rb',"h":"([0-9a-f]{16})"\}\Z')
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final[msgspec.json.Decoder[Known]] = msgspec.json.Decoder(Known)
KINDS: Final = frozenset(kind.__struct_config__.tag for kind in Known.__args__)
"""The names by which this version knows its records."""


class _Kind(msgspec.Struct):
    """The least that every record says of itself."""

    kind: str = msgspec.field(name="is")


_KIND: Final = msgspec.json.Decoder(_Kind)


def digest(before: str, body: bytes) -> str:
    """The `h` of a line: `before` is that of the line before, `body` the line without its own."""
    return hashlib.sha256(before.encode() + body).hexdigest()[:16]


def seal(before: str, record: Entry) -> tuple[bytes, str]:
    """The line for a record, without line feed, and its `h`."""
    body = _ENCODER.encode(record)
    h = digest(before, body)
    return body[:-1] + b',"h":"' + h.encode() + b'"}', h


def unseal(line: bytes) -> tuple[bytes, str] | None:
    """The line without its `h`, and the `h` that it states; None if it does not end in one."""
    found = _SEAL.search(line)
    return None if found is None else (line[: found.start()] + b"}", found.group(1).decode())


def decode(line: bytes) -> AnyRecord:
    """The record in a line of this version.

    Raises:
        ValueError: whatever is wrong with the line, as a half-sentence.
    """
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        unknown = _unknown(line)
        if unknown is not None:
            return unknown
        raise ValueError(_why(line, problem)) from problem


def _unknown(line: bytes) -> Unknown | None:
    """The line as a record of a kind that came after this version, if it is whole and names one."""
    try:
        kind = _KIND.decode(line).kind
        return None if kind in KINDS else Unknown(kind, line.decode())
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _why(line: bytes, problem: BaseException) -> str:
    """Half a sentence on what is wrong with a line."""
    if b"\0" in line:
        return "it holds NUL bytes, as a power failure leaves them"
    try:
        line.decode()
    except UnicodeDecodeError:
        return "it is not UTF-8 text"
    return str(problem)


def convert(raw: dict[str, object]) -> AnyRecord:
    """The record in an object that has been brought to this version.

    Raises:
        ValueError: it is none.
    """
    return decode(_ENCODER.encode(raw))
