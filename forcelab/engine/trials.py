"""The trials of a session: their records, their traces, and what the window shows of them.

A trial's record is written before its traces are taken, so that the session file gives the same ones again. When a
trial begins and ends is the flow's to say; the numbers are made elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from forcelab import flow
from forcelab.engine.recording import Recording
from forcelab.engine.sensor import Sensor
from forcelab.evaluate import whole
from forcelab.journal import JournalWriter, environment, records
from forcelab.model import Evaluation, Role, Side, Trace, TrialView


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
        self._recordings: dict[Role, Recording] = {}
        self.shown: list[TrialView] = []

    def start(self, start: flow.StartTrial) -> None:
        """A trial begins."""
        self._since = start.since_ns
        self._recordings = {
            role: sensor.recording
            for role, sensor in taking_part(self._sensors, start.item.side).items()
            if sensor.recording is not None
        }
        for recording in self._recordings.values():
            recording.begin_trial()
        self._writer.append(
            records.TrialStarted(
                host_ns=self._now(),
                trial=start.trial,
                side=start.item.side,
                roles={role: recording.number for role, recording in self._recordings.items()},
                since_ns=start.since_ns,
                practice=start.item.practice,
            )
        )

    def stop(self, stop: flow.StopTrial) -> None:
        """The trial ends: its traces are taken and evaluated, and all of it is brought onto the disk."""
        item = stop.item
        self._writer.append(records.TrialStopped(host_ns=self._now(), trial=stop.trial, why=stop.why))
        # A sensor may be gone, or back with a connection of its own: what was recorded until then is the trial's.
        traces = {role: recording.trace(self._since) for role, recording in self._recordings.items()}
        evaluation = self._evaluate(stop.trial, traces)
        shown = TrialView(
            number=stop.number,
            side=item.side,
            practice=item.practice,
            stopped=stop.why,
            evaluation=evaluation,
            trace=whole(traces),
            trial=stop.trial,
        )
        parts = evaluation.parts if evaluation else {}
        self.shown.append(
            replace(
                shown,
                parts=tuple(
                    replace(shown, side=role, evaluation=part, trace=traces[role])
                    for role, part in parts.items()
                    if role != "total"
                ),
            )
        )
        self._writer.sync()

    def judge(self, trial: int, *, excluded: bool, reason: str) -> None:
        """Leave a trial out, or take it back in."""
        for index, shown in enumerate(self.shown):
            if shown.trial == trial and shown.excluded != excluded:
                self._writer.append(records.Judged(host_ns=self._now(), trial=trial, excluded=excluded, reason=reason))
                parts = tuple(replace(part, excluded=excluded) for part in shown.parts)
                self.shown[index] = replace(shown, excluded=excluded, parts=parts)

    def _evaluate(self, trial: int, traces: dict[Role, Trace]) -> Evaluation | None:
        if not traces:
            return None
        evaluation = self._evaluation_of(traces)
        self._writer.append(
            records.Evaluated(host_ns=self._now(), trial=trial, environment=environment(), evaluation=evaluation)
        )
        return evaluation


def taking_part(sensors: Sequence[Sensor], side: Side) -> dict[Role, Sensor]:
    """Which sensors a trial of this side is recorded with, by what they measure in it.

    A single sensor measures the limb whose turn it is. Of two, a trial of both sides takes both, one of a limb its own.
    """
    if len(sensors) == 1 and side != "both":
        return {side: sensors[0]}
    return {sensor.wanted.role: sensor for sensor in sensors if side in ("both", sensor.wanted.role)}
