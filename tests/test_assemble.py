import dataclasses
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from forcelab.assemble import AssembleError, assemble, traces
from forcelab.journal.records import AnyRecord, Connected, PacketIn, TrialStarted
from forcelab.model import Trace
from tests.recorded import Recording, push, session


def assert_same(one: Trace, other: Trace) -> None:
    """Equal to the last bit, in everything."""
    for name in (field.name for field in fields(Trace)):
        a: Any = getattr(one, name)
        b: Any = getattr(other, name)
        if isinstance(a, np.ndarray):
            assert a.tobytes() == b.tobytes(), name
        else:
            assert a == b, name


@pytest.mark.parametrize("seed", range(3))
def test_replay_is_live(seed: int) -> None:
    """Invariant 1: assembled again, every trial has the arrays that it had live, bit for bit."""
    recording = session(300.0, 250.0, 280.0, seed=seed)
    again = dict(traces(recording.records))
    assert list(again) == [1, 2, 3]
    for trial, live in recording.live.items():
        assert len(live.t) > 500
        assert live.zero is not None
        assert live.force.max() == pytest.approx((0, 300.0, 250.0, 280.0)[trial], abs=0.1)
        assert_same(again[trial]["left"], live)
        assert_same(assemble(recording.records, trial)["left"], live)


def test_a_trial_uses_nothing_that_came_after_its_stop() -> None:
    recording = session(300.0, 250.0)
    stop = next(n for n, r in enumerate(recording.records) if getattr(r, "why", None) == "released")
    assert_same(assemble(recording.records[: stop + 1], 1)["left"], recording.live[1])


def test_a_trial_without_a_stop_ends_with_the_last_record() -> None:
    recording = Recording()
    recording.send_start_and_rest()
    recording.start(1)
    recording.feel(push(200.0), 2.0)
    recording.keep(1)
    assert_same(assemble(recording.records, 1)["left"], recording.live[1])


def test_a_reconnection_is_a_sensor_of_its_own() -> None:
    recording = session(300.0)
    del recording.records[-1]
    recording.connect()
    recording.send_start_and_rest()
    recording.start(2)
    recording.feel(push(200.0), 4.5)
    recording.stop(2)
    again = dict(traces(recording.records))
    for trial, live in recording.live.items():
        assert_same(again[trial]["left"], live)


def test_each_run_of_a_sensor_begins_anew() -> None:
    """Its ticks restart with each Start, so without the writes in the file a second run could not be told."""
    recording = session(300.0)
    del recording.records[-1]
    recording.send_start_and_rest()
    recording.start(2)
    recording.feel(push(200.0), 4.5)
    recording.stop(2)
    assert recording.live[2].t[0] < recording.live[1].t[0] + 1.0
    again = dict(traces(recording.records))
    for trial, live in recording.live.items():
        assert_same(again[trial]["left"], live)


def test_a_sensor_that_this_version_does_not_know_costs_only_its_own_trials() -> None:
    recording = session(300.0, 250.0)
    other = [
        replace(record, connection=2, **({"codec": "abacus"} if isinstance(record, Connected) else {}))
        for record in recording.records
        if isinstance(record, Connected | PacketIn)
    ]
    records: list[AnyRecord] = [*other]
    for record in recording.records:
        records.append(replace(record, roles={"left": 2}) if _starts(record, 1) else record)
    told: dict[int, str] = {}
    again = dict(traces(records, told.__setitem__))
    assert again[1] == {}
    # Trial 1 was made with another sensor now, so that no zero of this one stands before trial 2.
    assert_same(again[2]["left"], dataclasses.replace(recording.live[2], zero_before=None))
    assert list(told) == [1]
    assert "abacus" in told[1]
    with pytest.raises(AssembleError, match="does not know"):
        assemble(records, 1)


def test_a_connection_that_the_file_does_not_tell_of() -> None:
    records = [replace(r, roles={"left": 9}) if isinstance(r, TrialStarted) else r for r in session(300.0).records]
    with pytest.raises(AssembleError, match="connection, 9"):
        assemble(records, 1)


def test_a_trial_that_never_started() -> None:
    with pytest.raises(AssembleError, match="no trial 4"):
        assemble(session(300.0).records, 4)


def _starts(record: AnyRecord, trial: int) -> bool:
    return isinstance(record, TrialStarted) and record.trial == trial
