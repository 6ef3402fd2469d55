import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.journal.lines import KINDS as NAMES
from forcelab.journal.lines import decode, seal, unseal
from forcelab.journal.records import Closed, Entry, Unknown
from tests.journal.strategies import KINDS, record


def test_a_line_is_what_the_format_says() -> None:
    # The check values are the first 16 digits that `printf '%s' ... | sha256sum` of coreutils prints.
    line, h = seal("", Closed(host_ns=7))
    assert line == b'{"is":"closed","host_ns":7,"h":"eb65f1af600636c7"}'
    line, _ = seal(h, Closed(host_ns=7))
    assert line == b'{"is":"closed","host_ns":7,"h":"168b37d1461a31f9"}'


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__struct_config__.tag)
@given(data=st.data())
def test_every_kind_comes_back_as_it_went(kind: type[Entry], data: st.DataObject) -> None:
    entry = data.draw(record(kind))
    line, h = seal("0123456789abcdef", entry)
    assert b"\n" not in line
    assert decode(line) == entry
    assert unseal(line) == (msgspec.json.encode(entry), h)


def test_kinds_have_the_names_that_others_build_on() -> None:
    assert {"opened", "connected", "packet", "sent", "trial_started", "trial_stopped", "evaluated", "closed"} <= NAMES
    assert len(NAMES) == len(KINDS)


def test_an_unknown_kind_is_kept_as_it_stands() -> None:
    line = b'{"is":"weather","sky":"blue","h":"0000000000000000"}'
    assert decode(line) == Unknown("weather", line.decode())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"is":"closed"}', "host_ns"),
        (b'{"is":"closed","host_ns":"7"}', "host_ns"),
        (b'{"is":"closed","host_ns":99999999999999999999}', "host_ns"),
        (b'{"is":"packet","host_ns":1,"connection":1,"characteristic":"c","hex":"0g"}', "hex"),
        (b'{"is":"packet","host_ns":1,"connection":1,"characteristic":"c","hex":"000"}', "hex"),
        (b'{"is":"zeroed","host_ns":1,"connection":1,"mean":NaN,"sd":0,"seconds":1}', "malformed"),
        (b'{"is":"closed","host_ns":7', "truncated"),
        (b'{"is":"closed","host_ns":\0}', "NUL"),
        (b'{"is":"weather","sky":"\xff"}', "UTF-8"),
        (b"[" * 100_000, "array"),
        (b'{"is":"weather","sky":' + b"[" * 100_000, "weather"),
        (b"", "truncated"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        decode(line)
