"""Reads one sensor on request, for whoever hangs known weights at it: mean and SD of what hangs still.

Nothing is written to the sensor but the start of its stream: neither tare nor any calibration. Keeps no file, knows no
weight and asks nobody.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_protocols.codec import Start
from forcelab.acquisition import virtual_time
from forcelab.acquisition.link import Radio
from forcelab.analysis.calibration import unsteady
from forcelab.engine.recognition import WantedSensor
from forcelab.engine.sensor import Sensor
from forcelab.engine.thread import Worker
from forcelab.journal import records
from forcelab.model import Trace

WINDOW: Final = 2.0
"""s of force that one reading is the mean of."""
SETTLE: Final = 1.0
"""s before them that are passed over: what a sensor without a time of its own sends may have been measured earlier."""
PATIENCE: Final = 15.0
"""s for which a reading is waited for."""
TICK: Final = 0.05

LOST: Final = "The connection was lost, and with it the zero of the series: begin it anew. Nothing was kept."
SILENT: Final = "The sensor sent nothing that can be used for too long. Switch it off and on again, or bring it closer."
UNSTEADY: Final = (
    "Each number of this sensor is the outcome of a weighing: write down what it shows, and give it with --from."
)


class WeighingError(Exception):
    """The series cannot go on; `str()` is a sentence."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Mean and sample SD (N) of `samples` samples over `seconds` of the sensor's own clock."""

    mean: float
    sd: float
    seconds: float
    samples: int


class Weighing:
    """One sensor, connected and running, read from another thread.

    Args:
        wanted: which sensor.
        make_radio: makes the radio inside the worker thread, given the host's clock (ns).
        worker: the thread.
    """

    def __init__(self, wanted: WantedSensor, make_radio: Callable[[Callable[[], int]], Radio], worker: Worker) -> None:
        self._wanted, self._make_radio, self._worker = wanted, make_radio, worker
        self._connections: list[records.Connected] = []
        self._sensor: Sensor | None = None
        self._running: asyncio.Task[None] | None = None

    def connect(self, patience: float) -> records.Connected:
        """Find the sensor, connect and start it.

        Args:
            patience: s until it is given up.

        Raises:
            WeighingError: it was not found, or cannot be read so.
        """
        return self._worker.submit(self._connect(patience)).result()

    def read(self) -> Reading | str:
        """Wait for 2 s of force after 1 s from now on; a sentence where what hangs there does not hang still.

        Raises:
            WeighingError: the connection was lost, or nothing came.
        """
        return self._worker.submit(self._read()).result()

    def close(self) -> None:
        """Stop the sensor and leave it."""
        self._worker.submit(self._close()).result()

    def about(self) -> dict[str, str]:
        """What the sensor has told of itself, by the names that people read."""
        return self._worker.submit(self._about()).result()

    # --- in the worker thread ---

    @property
    def _here(self) -> Sensor:
        assert self._sensor is not None, "a sensor is read after it was connected"
        return self._sensor

    async def _connect(self, patience: float) -> records.Connected:
        now = virtual_time.now_ns
        self._sensor = Sensor(
            self._wanted,
            self._make_radio(now),
            now=now,
            write=self._note,
            number=lambda: len(self._connections) + 1,
            changed=self._changed,
            sampled=lambda *_: None,
        )
        self._running = asyncio.create_task(self._sensor.connection.run())
        try:
            async with asyncio.timeout(patience):
                while not (self._sensor.recording and self._sensor.recording.stream.running):
                    await self._wait()
        except TimeoutError:
            raise WeighingError(self._sensor.view().sentence or SILENT) from None
        if not self._sensor.recording.codec.capabilities.steady:
            raise WeighingError(UNSTEADY)
        return self._connections[0]

    async def _wait(self) -> None:
        await asyncio.sleep(TICK)
        if len(self._connections) > 1 or (self._connections and self._here.link_state == "lost"):
            raise WeighingError(LOST)
        if self._running is not None and self._running.done():
            self._running.result()  # a fault of ours comes out here
            raise WeighingError(self._here.view().sentence)

    async def _read(self) -> Reading | str:
        recording = self._here.recording
        assert recording is not None, "a sensor is read after it was connected"
        since = virtual_time.now_ns()
        try:
            async with asyncio.timeout(PATIENCE):
                # Ticks are whole microseconds.
                while (recording.stream.seconds_since(since) or 0.0) < SETTLE + WINDOW - 1e-6:
                    await self._wait()
        except TimeoutError:
            raise WeighingError(SILENT) from None
        return _reading(recording.trace(since), recording.codec.capabilities.resolution)

    async def _about(self) -> dict[str, str]:
        return dict(self._here.view().about)

    async def _close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    def _note(self, record: records.Known) -> None:
        if isinstance(record, records.Connected):
            self._connections.append(record)

    def _changed(self, sensor: Sensor) -> None:
        if sensor.link_state == "ready" and sensor.recording and not sensor.recording.stream.running:
            sensor.connection.post(Start())


def _reading(trace: Trace, step: float | None) -> Reading | str:
    """The last seconds of a trace."""
    last = trace.t >= trace.t[-1] - WINDOW - 5e-7
    force = trace.force[last]
    if why := unsteady(force, step):
        return why
    seconds = float(trace.t[-1] - trace.t[last][0])
    return Reading(float(np.mean(force)), float(np.std(force, ddof=1)), seconds, int(force.size))
