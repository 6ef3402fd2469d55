"""A whole session through every room, with a simulated sensor and no waiting."""

import math
import threading
from pathlib import Path

import numpy as np
import pytest

from firmware_protocols import CODECS
from forcelab import flow
from forcelab.acquisition.faults import Faults
from forcelab.assemble import assemble, traces
from forcelab.check import check
from forcelab.engine import Worker
from forcelab.evaluate import evaluate, strongest, summarise
from forcelab.journal import JournalError, JournalWriter, read, records, state
from forcelab.model import Trace
from tests.engine.sessions import LONG, Simulation, plan


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return Simulation(plan(tmp_path_factory.mktemp("session") / "s.forcelab")).run()


def equal(one: Trace, other: Trace) -> bool:
    fields = ("rate", "own_time", "capacity", "zero", "lost", "discarded", "zero_before")
    arrays = one.t.tobytes() == other.t.tobytes() and one.force.tobytes() == other.force.tobytes()
    return arrays and all(getattr(one, name) == getattr(other, name) for name in fields)


def test_replay_is_live(finished: Simulation) -> None:
    story = read(finished.engine.plan.path).story
    again = dict(traces(story))
    assert len(finished.engine.view.trials) == 4
    for trial in finished.engine.view.trials:
        assert trial.trace is not None
        assert len(trial.trace.t) > 80 * 6
        (role,) = again[trial.trial]
        assert role == trial.side
        assert equal(trial.trace, again[trial.trial][role])
        assert equal(trial.trace, assemble(story, trial.trial)[role])


def test_replay_is_live_through_loss_delay_and_duplication(tmp_path: Path) -> None:
    faults = Faults(loss=0.05, delay=0.05, duplication=0.05, noise=0.5)
    simulation = Simulation(plan(tmp_path / "s.forcelab"), faults=faults).run()
    again = dict(traces(read(simulation.engine.plan.path).story))
    seen = [trial.trace for trial in simulation.engine.view.trials if trial.trace is not None]
    assert any(trace.lost for trace in seen)
    assert any(trace.discarded for trace in seen)
    for trial in simulation.engine.view.trials:
        assert trial.trace is not None
        assert equal(trial.trace, *again[trial.trial].values())


def test_live_replay_and_re_analysis_agree(finished: Simulation) -> None:
    story = read(finished.engine.plan.path).story
    stored = state(story).trials
    for trial in finished.engine.view.trials:
        fresh = strongest(evaluate(assemble(story, trial.trial), finished.engine.plan.assessment))
        kept = stored[trial.trial].in_force
        assert kept is not None
        assert trial.evaluation == kept.evaluation == fresh
    report = check(finished.engine.plan.path)
    assert report.verdict == "identical"


def test_the_weaker_side_is_found_weaker(finished: Simulation) -> None:
    summary = summarise(finished.engine.view.trials, finished.engine.plan.assessment, planned=2)
    assert {side: found.counted for side, found in summary.sides.items()} == {"left": 2, "right": 2}
    assert summary.comparison is not None
    assert summary.comparison.lsi is not None
    assert summary.comparison.lsi.value == pytest.approx(85.0, abs=8.0)


def test_what_pulled_at_the_sensor_is_what_the_file_holds(tmp_path: Path) -> None:
    pulled: list[float] = []

    def never_twice_the_same(seconds: float) -> float:
        force = 0.0 if seconds < 8.0 else 300.0 * abs(math.sin(0.3 * (seconds - 8.0))) + 1e-3 * seconds
        pulled.append(force)
        return force

    only = plan(tmp_path / "s.forcelab", sides=("left",), trials=1)
    Simulation(only, curve=never_twice_the_same).run()
    (trace,) = assemble(read(only.path).story, 1).values()
    sent = np.float32(np.array(pulled) / 9.80665).astype(float) * 9.80665  # the wire carries float32 kilograms
    (first,) = np.flatnonzero(sent == trace.force[-1]) - (len(trace.force) - 1)
    assert trace.force.tobytes() == sent[first : first + len(trace.force)].tobytes()
    np.testing.assert_allclose(np.diff(trace.t), 1 / 80, atol=1e-6)  # ticks are whole microseconds


def test_a_sensor_that_is_lost_in_a_trial_ends_it_and_comes_back(tmp_path: Path) -> None:
    dropped: list[int] = []

    def drop_once(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "relax" and not dropped:
            dropped.append(1)
            assert simulation.radio is not None
            simulation.radio.drop("SIMULATED", away=3.0)

    headers: list[tuple[int, int]] = []
    simulation = Simulation(plan(tmp_path / "s.forcelab", sides=("left",), trials=2), on_cue=drop_once)
    simulation.engine.on_view = lambda view: headers.append((view.number, view.trials_wanted))
    story = read(simulation.run().engine.plan.path).story
    session = state(story)
    assert [trial.stopped.why for trial in session.trials.values() if trial.stopped] == [
        "interrupted",
        "released",
        "released",
    ]
    assert list(session.connections) == [1, 2]
    assert [trial.started.roles for trial in session.trials.values()] == [{"left": 1}, {"left": 2}, {"left": 2}]
    assert check(simulation.engine.plan.path).verdict == "identical"
    assert simulation.engine.view.trials[0].trace is not None, "what was recorded before the loss is kept"
    assert [trial.number for trial in simulation.engine.view.trials] == [1, 2, 3]
    assert list(dict.fromkeys(headers)) == [(1, 2), (2, 3), (3, 3), (0, 2)], "header and table count alike"
    assert sum(isinstance(record, records.ClockAnchor) for record in story) == 2, "the computer may have slept"


def test_the_peak_shown_is_the_largest_sample(finished: Simulation) -> None:
    trace = finished.engine.view.trials[-1].trace
    assert trace is not None
    assert trace.zero is not None
    assert finished.engine.view.peak == max(trace.force) - trace.zero


def test_each_trial_is_brought_onto_the_disk_when_it_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sync = JournalWriter.sync

    def counted(writer: JournalWriter) -> bool:
        synced.append(1)
        return sync(writer)

    monkeypatch.setattr(JournalWriter, "sync", counted)
    Simulation(plan(tmp_path / "s.forcelab", sides=("left",), trials=2)).run()
    assert len(synced) == 2


def test_a_trial_is_left_out_and_taken_back_by_records(tmp_path: Path) -> None:
    def judge(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "rest":
            simulation.engine.post(flow.Exclude(1, "the strap slipped"))
            simulation.engine.post(flow.Exclude(1, "twice is once"))
            simulation.engine.post(flow.Include(1))
            simulation.engine.post(flow.Exclude(1, "after all"))

    simulation = Simulation(plan(tmp_path / "s.forcelab", sides=("left",)), on_cue=judge).run()
    story = read(simulation.engine.plan.path).story
    judged = [record for record in story if isinstance(record, records.Judged)]
    assert [(one.excluded, one.reason) for one in judged] == [
        (True, "the strap slipped"),
        (False, ""),
        (True, "after all"),
    ]
    assert simulation.engine.view.trials[0].excluded
    assert state(story).trials[1].excluded


def test_ending_early_closes_the_file_in_order(tmp_path: Path) -> None:
    def end(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "relax":
            simulation.engine.post(flow.EndSession())

    simulation = Simulation(plan(tmp_path / "s.forcelab"), on_cue=end).run()
    journal = read(simulation.engine.plan.path)
    assert journal.closed
    assert not journal.faults
    assert [trial.stopped for trial in simulation.engine.view.trials] == ["operator"]


def test_the_sensor_is_stopped_when_the_session_ends(finished: Simulation) -> None:
    story = read(finished.engine.plan.path).story
    sent = [record.hex for record in story if isinstance(record, records.Sent)]
    assert sent[-1] == "66"
    assert "6e" not in sent, "a sensor is switched off only when somebody asks for it"


def test_a_session_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    path.write_bytes(b"precious")
    with pytest.raises(JournalError, match="exists already"):
        Simulation(plan(path)).engine.start()
    assert path.read_bytes() == b"precious"


def test_a_fault_of_ours_is_told_and_the_file_stays_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("forcelab.engine.session.evaluate", broken)
    simulation = Simulation(plan(tmp_path / "s.forcelab"))
    simulation.engine.start()
    assert simulation.engine.join(60.0)
    assert "s.forcelab" in simulation.engine.failure
    assert "ZeroDivisionError: on purpose" in simulation.engine.failure
    journal = read(simulation.engine.plan.path)
    assert not journal.faults
    assert state(journal.story).trials[1].stopped is not None


@pytest.mark.parametrize("request_", [flow.SkipTrial(), flow.EndSession()])
def test_a_fault_of_ours_in_a_request_does_not_hang_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_: flow.Request
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    def ask(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "relax":
            simulation.engine.post(request_)

    monkeypatch.setattr("forcelab.engine.session.evaluate", broken)
    simulation = Simulation(plan(tmp_path / "s.forcelab"), on_cue=ask)
    simulation.engine.start()
    assert simulation.engine.join(LONG), "the session hangs"
    assert "ZeroDivisionError: on purpose" in simulation.engine.failure
    journal = read(simulation.engine.plan.path)
    assert journal.closed
    assert not journal.faults


@pytest.mark.parametrize("word", ["zero", "push", "done"])
def test_a_fault_in_a_cue_does_not_hang_the_session(tmp_path: Path, word: str) -> None:
    def silent(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "ready":
            simulation.engine.post(flow.Go())  # so that the cue to push comes out of a request
        if cue.word in (word, "done"):
            raise OSError("no loudspeaker")

    simulation = Simulation(plan(tmp_path / "s.forcelab", sides=("left",), trials=1), on_cue=silent)
    simulation.engine.start()
    assert simulation.engine.join(LONG), "the session hangs"
    assert "OSError: no loudspeaker" in simulation.engine.failure
    assert read(simulation.engine.plan.path).closed


def test_the_ring_holds_force_above_zero(finished: Simulation) -> None:
    t, force = finished.engine.ring.last(20.0)
    assert len(t) == len(force) > 80 * 15
    assert np.all(np.diff(t) > 0)
    assert force.max() == pytest.approx(max(_peaks(finished)), rel=0.1)


def test_a_seed_makes_the_same_session_again(finished: Simulation, tmp_path: Path) -> None:
    again = Simulation(plan(tmp_path / "again.forcelab")).run()
    stories = [read(one.engine.plan.path).story for one in (finished, again)]
    packets = [[r.hex for r in story if isinstance(r, records.PacketIn)] for story in stories]
    assert packets[0] == packets[1]


def test_every_family_can_be_simulated() -> None:
    for codec in CODECS.values():
        assert codec.recognises(codec.puppet().advertisement)


def _peaks(simulation: Simulation) -> list[float]:
    return [
        trial.evaluation.effort.peak
        for trial in simulation.engine.view.trials
        if trial.evaluation is not None and trial.evaluation.effort is not None
    ]


def test_one_worker_runs_session_after_session(tmp_path: Path) -> None:
    worker = Worker(math.inf)
    for name in ("one", "two"):
        simulation = Simulation(plan(tmp_path / f"{name}.forcelab", sides=("left",), trials=1), worker=worker).run()
        assert len(simulation.engine.view.trials) == 1
    worker.stop()


def test_a_worker_that_is_stopped_leaves_a_closed_file(tmp_path: Path) -> None:
    worker = Worker(math.inf)
    pushed = threading.Event()

    def hang(_simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "relax":
            pushed.set()

    simulation = Simulation(plan(tmp_path / "s.forcelab", waits_at_end=True), worker=worker, on_cue=hang)
    simulation.engine.start()
    assert pushed.wait(60.0)
    worker.stop()
    journal = read(simulation.engine.plan.path)
    assert journal.closed
    assert not journal.faults
