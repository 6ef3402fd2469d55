"""Every family's zero: its own tare where that is safe, the host's always; a zero that moves between trials is told."""

from pathlib import Path

import pytest

from firmware_protocols import CODECS
from firmware_protocols.codec import Tare, UnsupportedCommand
from forcelab import flow
from forcelab.engine import WantedSensor
from forcelab.journal import read, records
from tests.engine.sessions import Simulation, plan

LIVE = [name for name, codec in CODECS.items() if codec.live and codec.capabilities.steady]
BEFORE, LATER = 5.0, 20.0
"""N that hang in the strap from the beginning, and after the first trial."""


@pytest.mark.parametrize("family", CODECS)
def test_a_tare_is_sent_only_where_the_family_says_that_it_is_safe(family: str) -> None:
    codec = CODECS[family]
    dialogue = codec.dialogue(codec.examples)
    if codec.capabilities.tare:
        dialogue.send(Tare())
    else:
        with pytest.raises(UnsupportedCommand):
            dialogue.send(Tare())


@pytest.mark.parametrize("family", LIVE)
def test_a_zero_is_read_with_or_without_a_tare_and_its_drift_is_told(tmp_path: Path, family: str) -> None:
    codec = CODECS[family]
    step = codec.capabilities.resolution or 0.1
    strap = [BEFORE]

    def curve(seconds: float) -> float:
        return strap[0] + simulation.person.curve(seconds)

    def load(_simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "rest" and strap[0] == BEFORE:
            strap[0] = LATER
            simulation.engine.post(flow.Zero())

    sensor = WantedSensor("total", family=family, settings=codec.chosen(codec.examples))
    path = tmp_path / "s.forcelab"
    session = plan(path, sides=("left",), trials=2, sensors=(sensor,))
    simulation = Simulation(session, curve=curve, puppet=codec.puppet(), on_cue=load)
    simulation.run()
    zeros = [one.mean for one in read(path).story if isinstance(one, records.Zeroed)]
    tared = BEFORE if codec.capabilities.tare else 0.0
    # Of a sensor without a time of its own a sample that was measured before the load changed may come after it.
    assert zeros == pytest.approx([BEFORE - tared, LATER - tared], abs=max(step, 0.5))
    first, second = simulation.engine.view.trials
    for trial, zero in ((first, zeros[0]), (second, zeros[1])):
        assert trial.trace is not None
        assert trial.trace.zero == zero, "the host's zero goes with each trial"
    told = [[f.value for f in t.evaluation.flags if f.name == "ZERO_DRIFT"] for t in (first, second) if t.evaluation]
    assert told == [[], [zeros[1] - zeros[0]]]
