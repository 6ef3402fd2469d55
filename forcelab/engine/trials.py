"""The trials of a session: their records, their traces, and what the window shows of them.

A trial's record is written before its traces are taken, so that the session file gives the same ones again. When a
trial begins and ends is the flow's to say; the numbers are made elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from forcelab import flow
from forcelab.engine.sensor import Sensor
from forcelab.journal import JournalWriter, environment, records
from forcelab.model import Evaluation, Role, Trace, TrialView


class Trials:
    """What has been recorded so far.

    Args:
        sensors: of the session.
        writer: the open session file.
        now: the host's clock, ns.
        evaluate: what came out of a trial, given its traces.

    Attributes:
        shown: the finished trials, in order.
    """

    def __init__(
        self,
        sensors: Sequence[Sensor],
        writer: JournalWriter,
        *,
        now: Callable[[], int],
        evaluate: Callable[[Mapping[Role, Trace]], Evaluation],
    ) -> None:
        self._sensors, self._writer, self._now, self._evaluation_of = sensors, writer, now, evaluate
        self._since = 0
        self.shown: list[TrialView] = []

    def start(self, start: flow.StartTrial) -> None:
        """A trial begins."""
        self._since = start.since_ns
        roles: dict[Role, int] = {
            self._role(sensor, start.item): sensor.number for sensor in self._sensors if sensor.number is not None
        }
        for sensor in self._sensors:
            if sensor.number is not None:
                sensor.begin_trial()
        self._writer.append(
            records.TrialStarted(
                host_ns=self._now(),
                trial=start.trial,
                side=start.item.side,
                roles=roles,
                since_ns=start.since_ns,
                practice=start.item.practice,
            )
        )

    def stop(self, stop: flow.StopTrial) -> None:
        """The trial ends: its traces are taken and evaluated, and all of it is brought onto the disk."""
        item = stop.item
        self._writer.append(records.TrialStopped(host_ns=self._now(), trial=stop.trial, why=stop.why))
        traces: dict[Role, Trace] = {}
        for sensor in self._sensors:
            trace = sensor.trace(self._since)
            if trace is not None:
                traces[self._role(sensor, item)] = trace
        evaluation = self._evaluate(stop.trial, traces)
        self.shown.append(
            TrialView(
                number=stop.number,
                side=item.side,
                practice=item.practice,
                stopped=stop.why,
                evaluation=evaluation,
                trace=next(iter(traces.values()), None),
                trial=stop.trial,
            )
        )
        self._writer.sync()

    def judge(self, trial: int, *, excluded: bool, reason: str) -> None:
        """Leave a trial out, or take it back in."""
        for index, shown in enumerate(self.shown):
            if shown.trial == trial and shown.excluded != excluded:
                self._writer.append(records.Judged(host_ns=self._now(), trial=trial, excluded=excluded, reason=reason))
                self.shown[index] = replace(shown, excluded=excluded)

    def _role(self, sensor: Sensor, item: flow.Item) -> Role:
        """A single sensor measures the limb whose turn it is."""
        if len(self._sensors) == 1 and item.side != "both":
            return item.side
        return sensor.wanted.role

    def _evaluate(self, trial: int, traces: dict[Role, Trace]) -> Evaluation | None:
        if not traces:
            return None
        evaluation = self._evaluation_of(traces)
        self._writer.append(
            records.Evaluated(host_ns=self._now(), trial=trial, environment=environment(), evaluation=evaluation)
        )
        return evaluation
