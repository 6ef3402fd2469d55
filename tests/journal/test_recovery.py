from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forcelab.journal import JournalError, read, recover, resume, unclosed
from forcelab.journal.records import Closed, Entry, Judged, Recovered
from tests.journal.story import CLOSED, OPENED, SMALL, write
from tests.journal.strategies import MIDDLE

JUDGED = Judged(host_ns=100, trial=1, excluded=False, reason="")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("small") / "small.forcelab").read_bytes()


def test_torn_at_any_byte_it_opens_and_recovery_is_accepted(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    for length in range(len(small)):
        path.write_bytes(small[:length])
        torn = small[:length].rpartition(b"\n")[2]
        journal = read(path)
        assert journal.story == list(SMALL[: len(journal.records)])
        assert len(journal.records) == small[: length + 1].count(b"\n"), "whole lines are kept"
        if length and torn:
            assert [fault.line for fault in journal.faults] == [small[:length].count(b"\n") + 1]
        assert unclosed(tmp_path) == [path]
        record = recover(path, host_ns=7)
        whole = small[length : length + 1] == b"\n"  # only the line feed is missing: nothing is torn
        assert record == Recovered(host_ns=7, torn_hex="" if whole else torn.hex())
        assert path.read_bytes().startswith(small[:length])
        again = read(path)
        assert (again.faults, again.closed, again.torn) == ([], True, None), length
        assert again.story == [*journal.story, record]
        assert unclosed(tmp_path) == []


def test_a_recovery_that_is_itself_torn_can_be_recovered(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    for cut in (0, 3, 140):
        path.write_bytes(small[:cut])
        recover(path, host_ns=7)
        recovered = path.read_bytes()
        for length in range(cut + 1, len(recovered)):
            path.write_bytes(recovered[:length])
            assert not read(path).closed
            recover(path, host_ns=8)
            journal = read(path)
            assert (journal.faults, journal.closed) == ([], True), (cut, length)


def test_only_the_torn_bytes_that_are_named_are_accepted(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    path.write_bytes(small[:150])
    recover(path)
    torn = small[:150].rpartition(b"\n")[2]
    good = path.read_bytes()
    path.write_bytes(good.replace(torn + b"\n", torn[:-1] + b"?\n"))
    assert read(path).faults
    path.write_bytes(good.replace(torn + b"\n", b""))
    assert "no longer there" in read(path).faults[0].sentence


def test_what_was_closed_or_recovered_is_left_alone(small: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / "a.forcelab")
    assert recover(path) is None
    assert path.read_bytes() == small
    path.write_bytes(small[:100])
    assert recover(path) is not None
    once = path.read_bytes()
    assert recover(path) is None
    assert path.read_bytes() == once


def test_damage_that_is_not_a_torn_end_stays_a_fault(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    path.write_bytes(small[:50] + b"\0" + small[51:-30])
    recover(path)
    journal = read(path)
    assert journal.closed
    assert [fault.line for fault in journal.faults] == [1]


def test_resuming_goes_on_in_the_chain(small: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / "a.forcelab")
    with resume(path) as writer:
        writer.append(JUDGED)
    assert path.read_bytes().startswith(small)
    assert unclosed(tmp_path) == [path], "a closing is due after what was added"
    with resume(path) as writer:
        writer.append(CLOSED)
    journal = read(path)
    assert (journal.story, journal.faults, journal.closed) == ([*SMALL, JUDGED, CLOSED], [], True)


def test_a_torn_session_must_be_recovered_before_it_is_resumed(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.forcelab"
    path.write_bytes(small[:100])
    with pytest.raises(JournalError, match="Recover it first"):
        resume(path)
    recover(path)
    with resume(path) as writer:
        writer.append(Closed(host_ns=1))
    assert read(path).faults == []


def test_what_is_no_session_is_neither_recovered_nor_resumed_nor_offered(tmp_path: Path) -> None:
    for name, content in {"a": b"a picture", "b": b'{"is":"opened","format":"forcelab-session","version":9}\n'}.items():
        path = tmp_path / f"{name}.forcelab"
        path.write_bytes(content)
        for change in (recover, resume):
            with pytest.raises(JournalError):
                change(path)
        assert path.read_bytes() == content
    (tmp_path / "c.forcelab").mkdir()
    (tmp_path / "d.txt").write_bytes(b"")
    assert unclosed(tmp_path) == []
    assert unclosed(tmp_path / "nowhere") == []


def test_unclosed_sees_past_a_last_line_that_is_very_long(tmp_path: Path) -> None:
    path = write(tmp_path / "a.forcelab", [OPENED])
    with path.open("ab") as file:
        file.write(b"\0" * 300_000)
    assert unclosed(tmp_path) == [path]
    recover(path)
    assert unclosed(tmp_path) == []
    assert read(path).faults == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(data=st.data())
def test_a_record_once_written_is_never_changed(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Invariant 5, over any order of recording, crashing, recovering and resuming."""
    records: st.SearchStrategy[list[Entry]] = st.lists(MIDDLE, max_size=4)
    path = write(tmp_path_factory.mktemp("s") / "a.forcelab", [OPENED, *data.draw(records)])
    before = path.read_bytes()
    for step in data.draw(st.lists(st.sampled_from(["crash", "recover", "resume", "close"]), max_size=6)):
        match step:
            case "crash":  # the world takes bytes from the end; we do not
                before = before[: data.draw(st.integers(1, len(before)))]
                path.write_bytes(before)
            case "recover":
                recover(path)
            case _ if read(path).torn is None:
                with resume(path) as writer:
                    for record in data.draw(records) if step == "resume" else [CLOSED]:
                        writer.append(record)
        after = path.read_bytes()
        assert after.startswith(before)
        before = after
    recover(path)
    assert path.read_bytes().startswith(before)
    journal = read(path)
    assert (journal.faults, journal.closed) == ([], True)
