"""A sensor that is only read while somebody hangs known weights at it."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from firmware_protocols import CODECS
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Radio
from forcelab.acquisition.person import Curve
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.analysis.calibration import findings
from forcelab.engine import WantedSensor, Worker
from forcelab.engine.weighing import LOST, SILENT, UNSTEADY, Reading, Weighing, WeighingError

LIVE = [name for name, codec in CODECS.items() if codec.live and codec.capabilities.steady]


@contextmanager
def weighing(curve: Curve, family: str = "progressor", faults: Faults = Faults()) -> Iterator[Weighing]:  # noqa: B008 - frozen
    codec = CODECS[family]

    def radio(now: Callable[[], int]) -> Radio:
        return SimulatedRadio({"A": (codec.puppet(), curve)}, faults=faults, now=now)

    worker = Worker(math.inf)
    one = Weighing(WantedSensor("total", family=family, settings=codec.chosen(codec.examples)), radio, worker)
    try:
        yield one
    finally:
        one.close()
        worker.stop()


class Hook:
    """What hangs there, N."""

    newtons = 0.0

    def __call__(self, _seconds: float) -> float:
        return self.newtons


@pytest.mark.parametrize("family", LIVE)
def test_any_sensor_reads_what_hangs_there_and_is_not_tared(family: str) -> None:
    hook = Hook()
    hook.newtons = 20.0
    step = CODECS[family].capabilities.resolution or 0.1
    with weighing(hook, family) as one:
        sensor = one.connect(30.0)
        assert sensor.codec == family
        for newtons in (20.0, 45.0):
            hook.newtons = newtons
            reading = one.read()
            assert isinstance(reading, Reading)
            assert reading.mean == pytest.approx(newtons, abs=max(step, 0.2))
            assert reading.seconds == pytest.approx(2.0, abs=0.5)


def test_a_gain_error_is_found() -> None:
    hook, weights, read = Hook(), [0.0, 50.0, 100.0, 200.0, 100.0, 50.0, 0.0], []
    with weighing(lambda seconds: 3.0 + 1.03 * hook(seconds)) as one:
        one.connect(30.0)
        for hook.newtons in weights:
            reading = one.read()
            assert isinstance(reading, Reading)
            read.append(reading.mean)
    found = findings(weights, read)
    assert found.line.slope.value == pytest.approx(1.03, abs=1e-4)
    assert found.line.offset.value == pytest.approx(3.0, abs=0.01)
    assert not found.passed
    assert found.error == pytest.approx(6.0, abs=0.02)
    assert found.error_at == 200.0


def test_what_swings_is_not_read() -> None:
    with weighing(lambda seconds: 100.0 + 5.0 * math.sin(2 * math.pi * seconds)) as one:
        one.connect(30.0)
        reading = one.read()
        assert isinstance(reading, str)
        assert "does not hang still" in reading


def test_a_lost_connection_ends_the_series() -> None:
    def read_on(one: Weighing) -> None:
        for _ in range(5):
            one.read()

    with weighing(lambda _seconds: 0.0, faults=Faults(disconnect_at=(5.0,), away=1.0)) as one:
        one.connect(30.0)
        # How many readings come before the loss is left to the threads: simulated time runs on between two of them.
        with pytest.raises(WeighingError) as error:
            read_on(one)
    assert str(error.value) == LOST


def test_a_sensor_that_falls_silent_ends_the_series() -> None:
    with weighing(lambda _seconds: math.nan, family="progressor") as one:
        one.connect(30.0)
        with pytest.raises(WeighingError) as error:
            one.read()
    assert str(error.value) in (SILENT, LOST)


def test_a_scale_that_weighs_once_is_not_read_so() -> None:
    with weighing(lambda _seconds: 0.0, family="weightscale") as one, pytest.raises(WeighingError) as error:
        one.connect(30.0)
    assert str(error.value) == UNSTEADY


def test_nobody_there_is_told() -> None:
    worker = Worker(math.inf)
    one = Weighing(WantedSensor("total", "other"), lambda now: SimulatedRadio({}, now=now), worker)
    with pytest.raises(WeighingError, match="No sensor is in range"):
        one.connect(30.0)
    one.close()
    worker.stop()
