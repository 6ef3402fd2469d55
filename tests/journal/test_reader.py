from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forcelab.journal import JournalError, JournalWriter, read, reader, state
from forcelab.journal.lines import seal
from forcelab.journal.records import VERSION, Closed, Participant, Unknown
from forcelab.journal.upgrades import UPGRADES, Raw, upgrade
from tests.journal.story import CLOSED, OPENED, SMALL, write

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The lines of a small session, with their line feeds."""
    return write(tmp_path_factory.mktemp("small") / "small.forcelab").read_bytes().splitlines(keepends=True)


def first_fault(path: Path, lines: list[bytes]) -> int | None:
    """The line that the first fault names; None without fault. That it is no session at all counts for line 1."""
    path.write_bytes(b"".join(lines))
    try:
        journal = read(path)
    except JournalError:
        return 1
    return journal.faults[0].line if journal.faults else None


def read_or_refused(path: Path) -> None:
    try:
        story = read(path).story
    except JournalError:
        return
    state(story)


ANY_LINE = range(len(SMALL))


@pytest.mark.parametrize("at", ANY_LINE)
@same_folder
@given(data=st.data())
def test_an_altered_line_is_named(at: int, lines: list[bytes], tmp_path: Path, data: st.DataObject) -> None:
    line = bytearray(lines[at])
    where = data.draw(st.integers(0, len(line) - 2))
    line[where] = data.draw(st.integers(0, 255).filter(lambda byte: byte not in (line[where], ord("\n"))))
    assert first_fault(tmp_path / "a", [*lines[:at], bytes(line), *lines[at + 1 :]]) == at + 1


@pytest.mark.parametrize("at", ANY_LINE)
def test_a_line_altered_so_that_it_reads_well_is_named(at: int, lines: list[bytes], tmp_path: Path) -> None:
    altered = lines[at].replace(b'"host_ns":', b'"host_ns":1')
    assert altered != lines[at]
    path = tmp_path / "a"
    assert first_fault(path, [*lines[:at], altered, *lines[at + 1 :]]) == at + 1
    journal = read(path)
    assert len(journal.records) == len(SMALL), "what can be read is kept"
    assert len(journal.faults) == 1, "the lines after it are in order"


@pytest.mark.parametrize("at", ANY_LINE[:-1])
def test_a_dropped_line_is_found(at: int, lines: list[bytes], tmp_path: Path) -> None:
    assert first_fault(tmp_path / "a", [*lines[:at], *lines[at + 1 :]]) == at + 1


@pytest.mark.parametrize("count", ANY_LINE[1:])
def test_a_file_cut_between_lines_has_ended_without_closing(count: int, lines: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"".join(lines[:count]))
    journal = read(path)
    assert (journal.story, journal.faults, journal.closed) == (list(SMALL[:count]), [], False)


@pytest.mark.parametrize("at", ANY_LINE[:-1])
def test_swapped_lines_are_found(at: int, lines: list[bytes], tmp_path: Path) -> None:
    assert first_fault(tmp_path / "a", [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]) == at + 1


@pytest.mark.parametrize("at", range(len(SMALL) + 1))
@pytest.mark.parametrize("inserted", [b"\n", b"nonsense\n", b"\0" * 50 + b"\n", b"\xff\xfe\n", None])
def test_an_inserted_line_is_found(at: int, inserted: bytes | None, lines: list[bytes], tmp_path: Path) -> None:
    # None: a line of the file itself stands there twice. Before itself the first of the two is in its right place.
    new = lines[4] if inserted is None else inserted
    right_place = inserted is None and at == 4
    assert first_fault(tmp_path / "a", [*lines[:at], new, *lines[at:]]) == at + (2 if right_place else 1)


def test_an_inserted_line_with_a_check_value_of_its_own_breaks_the_next(lines: list[bytes], tmp_path: Path) -> None:
    before = lines[2][-19:-3].decode()
    forged, _ = seal(before, Participant(host_ns=1, code="other"))
    assert first_fault(tmp_path / "a", [*lines[:3], forged + b"\n", *lines[3:]]) == 5


def test_line_ends_of_another_system_are_an_alteration(lines: list[bytes], tmp_path: Path) -> None:
    assert first_fault(tmp_path / "a", [line.replace(b"\n", b"\r\n") for line in lines]) == 1


@same_folder
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    read_or_refused(path)


@same_folder
@given(data=st.data())
def test_a_session_cut_up_and_pasted_with_anything_is_read_or_refused(
    data: st.DataObject, lines: list[bytes], tmp_path: Path
) -> None:
    whole = b"".join(lines)
    piece = st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole))).map(lambda ends: whole[slice(*ends)])
    path = tmp_path / "a"
    path.write_bytes(b"".join(data.draw(st.lists(st.one_of(piece, st.binary(max_size=20)), max_size=8))))
    read_or_refused(path)


@pytest.mark.parametrize(
    "content", [b"time,force\n0,1\n", b"\x89PNG\r\n\x1a\n", b"\n", b"{}", b'{"format":"x"}\n', b"\0"]
)
def test_another_kind_of_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"a\.csv is not a forcelab session"):
        read(path)


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be read"):
        read(tmp_path / "nothing")
    with pytest.raises(JournalError, match="cannot be read"):
        read(tmp_path)
    with pytest.raises(JournalError, match="cannot be read"):
        read(Path("a\0b"))


def test_an_empty_file_is_a_session_that_has_not_begun(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    journal = read(path)
    assert (journal.records, journal.faults, journal.closed, journal.torn) == ([], [], False, None)


def test_a_newer_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b'{"is":"opened","format":"forcelab-session","version":2,"shape":"unheard of"}\n')
    with pytest.raises(JournalError, match=r"newer forcelab .*Update"):
        read(path)


def test_a_version_that_never_was_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b'{"is":"opened","format":"forcelab-session","version":0}\n')
    with pytest.raises(JournalError, match="never existed"):
        read(path)


def test_an_unknown_kind_is_kept_and_passed_over(tmp_path: Path) -> None:
    class Weather(Participant, frozen=True, tag="weather"):
        pass

    path = write(tmp_path / "a.forcelab", [OPENED, Weather(host_ns=1, code="sunny"), CLOSED])
    journal = read(path)
    assert journal.faults == []
    unknown = journal.story[1]
    assert isinstance(unknown, Unknown)
    assert unknown.kind == "weather"
    assert "sunny" in unknown.line
    assert state(journal.story).participant == ""


def test_a_gigantic_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_LINE", 1000)
    path = write(tmp_path / "a.forcelab", [OPENED, Participant(host_ns=1, code="x" * 10_000), Closed(host_ns=2)])
    journal = read(path)
    assert [line for line, _ in journal.records] == [1, 3]
    assert journal.faults[0].line == 2
    assert "longer than 1000 bytes" in journal.faults[0].sentence


def test_what_a_later_version_adds_to_a_record_is_passed_over(tmp_path: Path) -> None:
    class Richer(Participant, frozen=True, tag="participant"):
        hair: str

    path = write(tmp_path / "a.forcelab", [OPENED, Richer(host_ns=1, code="P", hair="red"), CLOSED])
    journal = read(path)
    assert journal.faults == []
    assert journal.story[1] == Participant(host_ns=1, code="P")


def test_versions_climb_one_step_at_a_time() -> None:
    def second(raw: Raw) -> Raw:
        return {**raw, "steps": "2"}

    def third(raw: Raw) -> Raw:
        return {**raw, "steps": f"{raw['steps']}3"}

    assert upgrade({"is": "x"}, 1, 3, {1: second, 2: third}) == {"is": "x", "steps": "23"}
    assert set(UPGRADES) == set(range(1, VERSION))


def test_an_older_version_is_brought_up_to_date_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(raw: Raw) -> Raw:
        return {**raw, "code": raw["pseudonym"]} if raw["is"] == "participant" else raw

    class Older(Participant, frozen=True, tag="participant"):
        pseudonym: str

    path = tmp_path / "a.forcelab"
    with JournalWriter(path) as writer:
        for record in (OPENED, Older(host_ns=1, code="", pseudonym="P"), CLOSED):
            writer.append(record)
    monkeypatch.setattr(reader, "VERSION", 2)
    monkeypatch.setattr(reader, "UPGRADES", {1: code})
    monkeypatch.setattr(reader, "upgrade", lambda raw, version, to: upgrade(raw, version, to, {1: code}))
    assert state(read(path).story).participant == "P"
