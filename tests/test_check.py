import math
from collections.abc import Callable, Iterable
from dataclasses import replace as replace_rule
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forcelab.analysis.quality import FLAGS
from forcelab.assessments import available
from forcelab.check import CheckReport, check
from forcelab.commands.reanalysis import from_session
from forcelab.evaluate import evaluate, strongest
from forcelab.journal import JournalError, environment, recover
from forcelab.journal.records import (
    AssessmentText,
    Closed,
    Connected,
    Entry,
    Evaluated,
    Known,
    OnsetSet,
    PacketIn,
    TrialStopped,
)
from forcelab.model import Flag, Result, Trace
from tests.analysis.jump.signals import countermovement
from tests.analysis.jump.signals import sample as ground
from tests.journal.story import write
from tests.journal.strategies import RECORDS
from tests.recorded import session

ELSEWHERE = {"numpy": "9.9", "platform": "Plan9 vax"}


@pytest.fixture(scope="module")
def records() -> list[Known]:
    """One trial in a session, evaluated in this environment."""
    return session(300.0).records


def report(tmp_path: Path, records: Iterable[Entry]) -> CheckReport:
    path = tmp_path / "a.forcelab"
    path.unlink(missing_ok=True)
    return check(write(path, records))


def changed(records: list[Known], change: Callable[[Evaluated], Evaluated]) -> list[Known]:
    return [change(record) if isinstance(record, Evaluated) else record for record in records]


def with_result(which: str, **new: object) -> Callable[[Evaluated], Evaluated]:
    """Change what is stored of one metric; a callable value is applied to the old one."""

    def changed_result(result: Result) -> Result:
        if result.metric != which:
            return result
        return replace(result, **{name: value(result) if callable(value) else value for name, value in new.items()})

    def change(record: Evaluated) -> Evaluated:
        results = tuple(changed_result(result) for result in record.evaluation.results)
        assert results != record.evaluation.results, f"nothing was changed in {which}"
        return replace(record, evaluation=replace(record.evaluation, results=results))

    return change


def with_evaluation(**new: object) -> Callable[[Evaluated], Evaluated]:
    return lambda record: replace(record, evaluation=replace(record.evaluation, **new))


def with_marks(**new: object) -> Callable[[Evaluated], Evaluated]:
    """Change the stored effort; a callable value is applied to the old one."""

    def change(record: Evaluated) -> Evaluated:
        effort = record.evaluation.effort
        assert effort is not None
        made = {name: value(effort) if callable(value) else value for name, value in new.items()}
        return with_evaluation(effort=replace(effort, **made))(record)

    return change


def elsewhere(record: Evaluated) -> Evaluated:
    return replace(record, environment=replace(record.environment, **ELSEWHERE))


def test_an_untouched_session_is_identical(records: list[Known], tmp_path: Path) -> None:
    found = report(tmp_path, records)
    assert (found.verdict, found.ok, found.faults) == ("identical", True, ())
    whats = {one.what for one in found.results}
    assert {"peak_force", "rfd_0_100", "effort", "intervals", "flags"} <= whats
    peak = next(one for one in found.results if one.what == "peak_force")
    assert peak.stored == peak.now == pytest.approx(300.0, abs=0.2)


def test_the_same_numbers_from_another_environment_are_equal(records: list[Known], tmp_path: Path) -> None:
    found = report(tmp_path, changed(records, elsewhere))
    assert (found.verdict, found.ok) == ("equal", True)


@pytest.mark.parametrize(
    ("factor", "outcome"), [(1 + 5e-10, "equal"), (1 - 5e-10, "equal"), (1 + 2e-9, "differs"), (-1.0, "differs")]
)
def test_numbers_are_equal_within_a_billionth(
    factor: float, outcome: str, records: list[Known], tmp_path: Path
) -> None:
    change = with_result("peak_force", value=lambda result: result.value * factor)
    found = report(tmp_path, changed(records, change))
    assert (found.verdict, found.ok) == (outcome, outcome == "equal")
    assert [one.what for one in found.results if one.outcome == outcome] == ["peak_force"]


@pytest.mark.parametrize(("by", "outcome"), [(5e-7, "equal"), (-5e-7, "equal"), (2e-6, "differs")])
def test_times_are_equal_within_a_microsecond(by: float, outcome: str, records: list[Known], tmp_path: Path) -> None:
    def change(record: Evaluated) -> Evaluated:
        effort = record.evaluation.effort
        assert effort is not None
        return with_evaluation(effort=replace(effort, onset=effort.onset + by))(record)

    found = report(tmp_path, changed(records, change))
    assert found.verdict == outcome
    assert [one.what for one in found.results if one.outcome == outcome] == ["effort"]


def test_a_number_next_door_in_the_same_environment_is_only_equal(records: list[Known], tmp_path: Path) -> None:
    change = with_result("peak_force", value=lambda result: math.nextafter(result.value, math.inf))
    assert report(tmp_path, changed(records, change)).verdict == "equal"


@pytest.mark.parametrize("change", [with_result("peak_force", value=None), with_result("peak_force", unit="lb")])
def test_a_missing_number_or_another_unit_differs(
    change: Callable[[Evaluated], Evaluated], records: list[Known], tmp_path: Path
) -> None:
    found = report(tmp_path, changed(records, change))
    assert found.verdict == "differs"
    assert "peak_force" in found.sentence


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (with_result("peak_force", interval=lambda result: (result.interval[0], result.interval[1] + 1e-8)), "equal"),
        (with_result("peak_force", interval=lambda result: (result.interval[0], result.interval[1] + 1e-5)), "differs"),
        (with_result("peak_force", interval=None), "differs"),
        (with_result("rfd_0_200", method_range=lambda result: (0.0, result.method_range[1])), "differs"),
        (with_result("rfd_0_200", method_range=None), "differs"),
        (with_marks(onset_interval=lambda marks: (marks.onset_interval[0] - 5e-7, marks.onset_interval[1])), "equal"),
        (with_marks(onset_interval=lambda marks: (marks.onset_interval[0] - 2e-6, marks.onset_interval[1])), "differs"),
        (with_marks(onset_range=None), "differs"),
    ],
)
def test_how_far_a_number_may_lie_off_is_checked_too(
    change: Callable[[Evaluated], Evaluated], outcome: str, records: list[Known], tmp_path: Path
) -> None:
    found = report(tmp_path, changed(records, change))
    assert found.verdict == outcome
    assert [one.what for one in found.results if one.outcome == outcome] == ["intervals"]
    older = report(tmp_path, changed(changed(records, change), with_evaluation(rules="interval/0; flags NO_QUIET/0")))
    assert older.verdict == ("older definition" if outcome == "differs" else "equal")


def test_a_session_from_before_intervals_is_checked_without(records: list[Known], tmp_path: Path) -> None:
    def before(record: Evaluated) -> Evaluated:
        told = record.evaluation
        assert told.effort is not None
        results = tuple(replace(r, interval=None, method_range=None, no_interval=None) for r in told.results)
        effort = replace(told.effort, onset_interval=None, onset_range=None, no_onset_interval=None)
        kept = [rule for rule in told.rules.split("; ") if not rule.startswith(("interval/", "range "))]
        return with_evaluation(effort=effort, results=results, rules="; ".join(kept))(record)

    found = report(tmp_path, changed(records, before))
    assert found.verdict == "identical"
    assert "intervals" not in {one.what for one in found.results}


def test_another_verdict_or_flag_differs(records: list[Known], tmp_path: Path) -> None:
    def change(record: Evaluated) -> Evaluated:
        return with_evaluation(verdict="repeat" if record.evaluation.verdict != "repeat" else "trusted")(record)

    found = report(tmp_path, changed(records, change))
    assert [one.what for one in found.results if one.outcome == "differs"] == ["flags"]


def test_a_changed_recipe_is_an_older_definition_and_no_damage(records: list[Known], tmp_path: Path) -> None:
    older = with_result("peak_force", recipe="peak_force/0", value=123.0)
    found = report(tmp_path, changed(records, older))
    assert (found.verdict, found.ok) == ("older definition", True)
    gone = with_result("peak_force", metric="peak_of_yore")
    found = report(tmp_path, changed(records, gone))
    assert (found.verdict, found.ok) == ("older definition", True)


@pytest.mark.parametrize("rules", ["", "flags NO_QUIET/0"])
def test_marks_and_flags_by_other_rules_are_an_older_definition(
    rules: str, records: list[Known], tmp_path: Path
) -> None:
    stored = next(record for record in records if isinstance(record, Evaluated)).evaluation
    assert stored.effort is not None
    doubt = (*stored.flags, Flag("OF_YORE", "It was so."))
    moved = replace(stored.effort, onset=stored.effort.onset + 0.1)
    older = with_evaluation(rules=rules, flags=doubt, effort=moved)
    found = report(tmp_path, changed(records, older))
    assert (found.verdict, found.ok) == ("older definition", True)
    assert [one.what for one in found.results if one.outcome == "older definition"] == ["effort", "intervals", "flags"]
    # The same rules give the same flags, and a number has a recipe of its own.
    found = report(tmp_path, changed(records, with_evaluation(flags=doubt, effort=moved)))
    assert {one.what for one in found.results if one.outcome == "differs"} == {"effort", "flags"}
    number = with_result("peak_force", value=1.0)
    assert report(tmp_path, changed(changed(records, older), number)).verdict == "differs"


def test_an_older_number_excuses_no_other_mark(records: list[Known], tmp_path: Path) -> None:
    stored = next(record for record in records if isinstance(record, Evaluated)).evaluation
    older = with_result("rfd_0_200", recipe="rfd_0_200/0")
    found = report(tmp_path, changed(changed(records, older), with_evaluation(flags=(*stored.flags, Flag("X", "x")))))
    assert [one.what for one in found.results if one.outcome == "differs"] == ["flags"]


def test_a_raised_version_of_a_flag_is_seen(
    records: list[Known], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = replace_rule(FLAGS["NOISY_BASELINE"], look=lambda _c, _demand: Flag("NOISY_BASELINE", "Ever."))
    monkeypatch.setitem(FLAGS, "NOISY_BASELINE", always)
    assert report(tmp_path, records).verdict == "differs"
    monkeypatch.setitem(FLAGS, "NOISY_BASELINE", replace_rule(always, version=99))
    assert report(tmp_path, records).verdict == "older definition"


def test_numbers_made_with_another_version_of_the_codec_are_an_older_definition(
    records: list[Known], tmp_path: Path
) -> None:
    before = [replace(r, codec_version=0) if isinstance(r, Connected) else r for r in records]
    assert report(tmp_path, changed(before, with_result("peak_force", value=1.0))).verdict == "older definition"


def test_an_altered_packet_is_found_twice(records: list[Known], tmp_path: Path) -> None:
    """By the chain; and, were the chain made anew, by the numbers."""
    path = write(tmp_path / "a.forcelab", records)
    packets = [n for n, record in enumerate(records) if isinstance(record, PacketIn)]
    at = packets[len(packets) * 3 // 4]  # in the middle of the push
    lines = path.read_bytes().splitlines(keepends=True)
    altered = records[at]
    assert isinstance(altered, PacketIn)
    new = replace(altered, hex=altered.hex[:4] + "00c07944" + altered.hex[12:])  # 999 kg
    lines[at] = lines[at].replace(altered.hex.encode(), new.hex.encode())
    path.write_bytes(b"".join(lines))
    found = check(path)
    assert (found.verdict, found.ok, found.faults[0].line) == ("damaged", False, at + 1)
    assert report(tmp_path, [*records[:at], new, *records[at + 1 :]]).verdict == "differs"


def test_a_session_without_closing_is_just_that_and_recovery_is_accepted(records: list[Known], tmp_path: Path) -> None:
    path = write(tmp_path / "a.forcelab", records[:-1])
    found = check(path)
    assert (found.verdict, found.ok, found.faults) == ("ended without closing", False, ())
    assert {one.outcome for one in found.results} == {"identical"}
    path.write_bytes(path.read_bytes()[:-7])
    assert check(path).verdict == "damaged"
    recover(path)
    found = check(path)
    assert (found.ok, found.faults) == (True, ())


def test_what_cannot_be_computed_again_is_told(records: list[Known], tmp_path: Path) -> None:
    nonsense = [replace(r, text="id = 7") if isinstance(r, AssessmentText) else r for r in records]
    found = report(tmp_path, nonsense)
    assert (found.verdict, found.ok) == ("not recomputed", False)
    unknown = [replace(r, codec="abacus") if isinstance(r, Connected) else r for r in records]
    found = report(tmp_path, unknown)
    assert (found.verdict, found.ok) == ("not recomputed", False)
    assert "abacus" in found.sentence


def test_a_session_without_results_is_in_order(records: list[Known], tmp_path: Path) -> None:
    found = report(tmp_path, [record for record in records if not isinstance(record, Evaluated)])
    assert (found.verdict, found.ok, found.results) == ("no results", True, ())


def test_every_stored_evaluation_is_checked(records: list[Known], tmp_path: Path) -> None:
    stored = next(record for record in records if isinstance(record, Evaluated))
    older = with_result("peak_force", value=1.0)(stored)
    at = records.index(stored)
    found = report(tmp_path, [*records[:at], older, *records[at:]])
    assert found.verdict == "differs"
    assert [one.stored for one in found.results if one.outcome == "differs"] == [1.0]


def test_a_trial_without_effort_comes_out_again(tmp_path: Path) -> None:
    found = report(tmp_path, session(0.0).records)
    assert found.verdict == "identical"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(data=st.data())
def test_a_damaged_session_is_checked_or_refused(
    data: st.DataObject, records: list[Known], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    lines = write(folder / "whole.forcelab", records).read_bytes().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "twice", "bytes", "swap"])):
            case "drop":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[at - 1] = lines[at - 1], lines[at]
            case _:
                where = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:where] + data.draw(st.binary(min_size=1, max_size=9)) + lines[at][where + 1 :]
    path = folder / "damaged.forcelab"
    path.write_bytes(b"".join(lines))
    try:
        found = check(path)
    except JournalError:
        return
    assert found.sentence


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.data())
def test_records_in_order_that_say_nonsense_are_checked(
    data: st.DataObject, records: list[Known], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A chain without a fault proves nothing about what stands in it."""
    about_the_same = {"connection": 1, "trial": 1, "roles": {"left": 1}, "codec": "progressor", "codec_version": 1}

    def joined(entry: Entry) -> Entry:
        return replace(entry, **{name: value for name, value in about_the_same.items() if hasattr(entry, name)})

    story = st.lists(st.one_of(RECORDS.map(joined), st.sampled_from(records)), max_size=30)
    path = write(tmp_path_factory.mktemp("nonsense") / "a.forcelab", [records[0], *data.draw(story)])
    assert check(path).sentence


def test_an_onset_by_hand_that_no_push_follows_comes_out_again(tmp_path: Path) -> None:
    recording = session(300.0)
    late = float(recording.live[1].t[-1])
    nothing = strongest(evaluate({"left": recording.live[1]}, recording.assessment, onset_at=late))
    assert nothing.effort is None
    by_hand = [
        OnsetSet(host_ns=1, trial=1, at=late, by="AB", reason="x"),
        Evaluated(host_ns=1, trial=1, environment=environment(), evaluation=nothing),
        OnsetSet(host_ns=1, trial=1, at=None, by="AB", reason="x"),
        next(record for record in recording.records if isinstance(record, Evaluated)),
    ]
    assert report(tmp_path, [*recording.records[:-1], *by_hand, recording.records[-1]]).verdict == "identical"


def test_each_trial_has_the_assessment_that_it_started_with(tmp_path: Path) -> None:
    """And so it is evaluated anew, by `check` and by whoever shows or marks it."""
    _, text = available()["free"]
    recording = session(300.0, 200.0)
    records, second = recording.records, AssessmentText(host_ns=1, id="free", version=1, text=text)
    at = next(n for n, record in enumerate(records) if isinstance(record, TrialStopped))
    path = write(tmp_path / "two.forcelab", [*records[: at + 1], second, *records[at + 1 :]])
    one, two = from_session(path).trials
    stored = next(record for record in records if isinstance(record, Evaluated))
    assert one.evaluation == stored.evaluation
    assert two.evaluation == strongest(evaluate({"left": recording.live[2]}, available()["free"][0]))
    assert from_session(path, trial=1).assessment.id == "abd_side"
    assert from_session(path).assessment.id == "free"
    given = from_session(path, available()["free"][0]).trials[0]
    assert given.evaluation == strongest(evaluate({"left": recording.live[1]}, available()["free"][0]))


def test_a_trial_without_an_assessment_is_shown_without_numbers(tmp_path: Path) -> None:
    records = session(300.0).records
    named = [record for record in records if isinstance(record, AssessmentText)]
    late = [*(record for record in records if not isinstance(record, AssessmentText | Closed)), *named, records[-1]]
    shown = from_session(write(tmp_path / "late.forcelab", late))
    assert shown.trials[0].evaluation is None
    assert any("--assessment" in note for note in shown.notes)


@pytest.mark.parametrize(
    ("part", "changes", "outcome"),
    [
        ("jump", {}, "identical"),
        ("jump", {"turn": 2e-6}, "differs"),
        ("jump", {"turn": 5e-7}, "equal"),
        ("jump", {"entry_from": "box"}, "differs"),
        ("weighing", {"weight": 1e-3}, "differs"),
        ("weighing", {"given": True}, "differs"),
    ],
)
def test_marks_and_weighing_of_the_same_jump_are_compared(
    part: str, changes: dict[str, object], outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two jumps in one record, of which the second stands in the file; a float is added to what stands there."""
    one, other = (ground(countermovement(), noise=0.5, seed=seed) for seed in (1, 2))
    t = np.concatenate((one.t, one.t[-1] + 0.001 + other.t))
    trace = Trace(t, np.concatenate((one.force, other.force)), one.rate)
    test, text = available()["cmj"]
    stored = evaluate({"total": trace}, test)[1]
    old = getattr(stored, part)
    new = {name: getattr(old, name) + by if isinstance(by, float) else by for name, by in changes.items()}
    stored = replace(stored, **{part: replace(old, **new)})
    records = [
        replace(record, text=text) if isinstance(record, AssessmentText) else record
        for record in session(300.0).records
    ]
    # No sensor of this version is a plate.
    monkeypatch.setattr("forcelab.check.traces", lambda _story, _problem: [(1, {"total": trace})])
    found = report(tmp_path, changed(records, lambda record: replace(record, evaluation=stored)))
    assert found.verdict == outcome
    assert [one.what for one in found.results if one.outcome != "identical"] == [part] * (outcome != "identical")


def test_an_evaluation_of_nothing_has_nothing_to_compare(records: list[Known], tmp_path: Path) -> None:
    nothing = with_evaluation(effort=None, results=(), flags=(), verdict="repeat")
    found = report(tmp_path, changed(records, nothing))
    assert found.verdict == "differs", "an effort comes out where none was stored"
