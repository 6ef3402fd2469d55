"""One session on the event loop: sensors in, flow's decisions carried out, everything into the journal, a view out.

Order is what makes a session re-computable: a packet is journalled before it is fed, a trial's record before the
trial's traces are taken (`trials`). Computes no number and decides no step (`flow` does).
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from forcelab import flow
from forcelab.acquisition.link import Radio
from forcelab.acquisition.ring import Ring
from forcelab.engine.eye import Eye
from forcelab.engine.plan import SessionPlan
from forcelab.engine.sensor import Sensor
from forcelab.engine.trials import Trials, taking_part
from forcelab.engine.zero import Zeroing
from forcelab.evaluate import evaluate, strongest
from forcelab.journal import JournalWriter, environment, records
from forcelab.model import Evaluation, Role, SensorView, Trace, View

GOES_ON = "The {gone} sensor is gone. The trial goes on with the {left} one and is kept for that side."

T = TypeVar("T")

log = logging.getLogger(__name__)

TICK = 0.05
"""How often, s, the flow hears that time has passed: a tenth of the shortest time that it measures."""

UNUSABLE = "The sensor is running but sends nothing that can be used. Switch it off and on again, or bring it closer."


class Session:
    """Runs one session from `run()` to its last record.

    Args:
        plan: what is to be done.
        radio: where the sensors are.
        writer: the open session file.
        rings: what the eye sees of the force, by the sensors' roles.
        now: the host's clock, ns.
        publish: takes each new view.
        cue: takes each cue, for sound or for a simulated person.
    """

    def __init__(
        self,
        plan: SessionPlan,
        radio: Radio,
        writer: JournalWriter,
        rings: Mapping[Role, Ring],
        *,
        now: Callable[[], int],
        publish: Callable[[View], None],
        cue: Callable[[flow.Cue], None],
    ) -> None:
        self._plan, self._writer = plan, writer
        self._now, self._publish, self._cue = now, publish, cue
        self._flow = flow.begin(
            plan.assessment,
            plan.sides,
            trials=plan.trials,
            practice=plan.practice,
            rest=plan.rest,
            waits_at_end=plan.waits_at_end,
        )
        self._connections = 0
        self._sensors = [
            Sensor(
                wanted,
                radio,
                now=now,
                write=writer.append,
                number=self._new_number,
                changed=self._sensor_changed,
                sampled=self._sampled,
                free=self._free,
            )
            for wanted in plan.sensors
        ]
        self._trials = Trials(self._sensors, writer, now=now, evaluate=self._evaluate)
        self._zeroing = Zeroing(self._sensors, now)
        self._eye = Eye(rings, now)
        self._incomplete = ""
        self._refused = ""
        self._again, self._finished = asyncio.Event(), asyncio.Event()
        self._fault: Exception | None = None

    async def run(self) -> None:
        """From the first record to `closed`. However it ends, the file is whole.

        Raises:
            Exception: a fault of ours, wherever in the session it happened; or an ExceptionGroup around it.
        """
        self._open()
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._keep_connected(sensor)) for sensor in self._sensors]
                tasks.append(group.create_task(self._keep_time()))
                await self._finished.wait()
                for task in tasks:
                    task.cancel()
        finally:
            self._end()
        if self._fault is not None:
            raise self._fault

    def take(self, request: flow.Request) -> None:
        """Carry out what a person wants. Never raises: a fault of ours ends the session and comes out of `run`."""
        self._guard(self._take, request)

    def _take(self, request: flow.Request) -> None:
        match request:
            case flow.Exclude(trial, reason):
                self._trials.judge(trial, excluded=True, reason=reason)
            case flow.Include(trial):
                self._trials.judge(trial, excluded=False, reason="")
            case flow.AskBattery():
                for sensor in self._sensors:
                    sensor.ask_battery()
            case flow.Sleep():
                for sensor in self._sensors:
                    sensor.sleep()
            case _:
                self._step(request)
        self._show()

    def _guard(self, do: Callable[[T], None], what: T) -> None:
        """Requests come out of the loop itself: what they raise would only be logged, and the session would hang."""
        try:
            do(what)
        except Exception as error:
            log.exception("%s could not be carried out", what)
            self._fault = self._fault or error
            self._finished.set()

    def _end(self) -> None:
        if self._flow.phase != "done":
            self._guard(self._step, flow.EndSession())
        self._eye.close()
        self._writer.append(records.Closed(host_ns=self._now()))
        self._show()

    # --- what comes in ---

    def _open(self) -> None:
        plan, now = self._plan, self._now
        text = records.AssessmentText(
            host_ns=now(), id=plan.assessment.id, version=plan.assessment.version, text=plan.text
        )
        self._writer.append(records.Opened(host_ns=now(), version=records.VERSION, environment=environment()))
        self._anchor()
        self._writer.append(records.Participant(host_ns=now(), code=plan.participant))
        if plan.operator:
            self._writer.append(records.Operator(host_ns=now(), code=plan.operator))
        self._writer.append(text)
        rest = plan.assessment.rest if plan.rest is None else plan.rest
        self._writer.append(
            records.Planned(host_ns=now(), trials=plan.trials, practice=plan.practice, rest=rest, sides=plan.sides)
        )
        if plan.set_up is not None:
            self._writer.append(records.Measured(host_ns=now(), set_up=plan.set_up))
        self._show()

    def _anchor(self) -> None:
        self._writer.append(records.ClockAnchor(host_ns=self._now(), utc_ns=time.time_ns()))

    def _new_number(self) -> int:
        self._connections += 1
        if self._connections > 1:
            self._anchor()  # the computer may have slept while the sensor was away
        return self._connections

    def _free(self, sensor: Sensor, address: str) -> bool:
        """Whether no other sensor of the session goes by this address."""
        return all(other is sensor or other.address != address for other in self._sensors)

    def _sensor_changed(self, sensor: Sensor) -> None:
        if all(one.link_state == "ready" for one in self._sensors):
            self._step(flow.SensorReady())
        elif sensor.link_state == "lost":
            self._eye.gone(sensor.wanted.role)
            self._zeroing.give_up()
            left = [one for one in self._taking_part() if one.link_state == "ready"]
            if self._flow.in_trial and left:
                self._incomplete = GOES_ON.format(gone=sensor.wanted.role, left=left[0].wanted.role)
            else:
                self._step(flow.SensorLost())
        self._show()

    def _taking_part(self) -> Sequence[Sensor]:
        """The sensors of the trial that is due or under way."""
        item = self._flow.item
        return tuple(taking_part(self._sensors, item.side).values()) if item else self._sensors

    def _sampled(self, sensor: Sensor, t: list[float], force: list[float]) -> None:
        roles = [one.wanted.role for one in self._taking_part()]
        self._eye.see(sensor.wanted.role, t, force, sensor.zero or 0.0, among=roles, in_trial=self._flow.in_trial)
        if sensor.wanted.role in roles:
            self._step(flow.Force(self._eye.strongest(roles)))
        self._show()

    def _complete_again(self) -> None:
        """The trial that went on without one of its sensors is over: that one is waited for now, or started anew."""
        self._incomplete = ""
        self._step(flow.SensorLost())
        if all(one.link_state == "ready" for one in self._sensors):
            self._step(flow.SensorReady())

    async def _keep_connected(self, sensor: Sensor) -> None:
        while True:
            await sensor.connection.run()
            # It comes back only where trying again by itself cannot help: the system refuses Bluetooth.
            self._refused = sensor.view().sentence
            if not self._plan.waits_at_end:
                self._step(flow.EndSession())
                return
            self._show()
            self._again.clear()
            await self._again.wait()
            self._refused = ""

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self._zeroing.done():
                self._step(flow.Zeroed())
            self._step(flow.Tick())
            self._show()

    # --- what the flow decides ---

    def _step(self, event: flow.Event) -> None:
        self._flow, actions = flow.step(self._flow, event, self._now())
        for action in actions:
            match action:
                case flow.TryAgain():
                    self._again.set()
                case flow.TareAndStart():
                    self._eye.new_runs()
                    for sensor in self._sensors:
                        sensor.tare_and_start()
                case flow.TakeZero():
                    self._zeroing.ask()
                case flow.StartTrial():
                    self._eye.trial()
                    self._trials.start(action)
                case flow.StopTrial():
                    self._trials.stop(action)
                case flow.Cue():
                    self._cue(action)
                case flow.Finish():
                    self._finished.set()
        if self._incomplete and not self._flow.in_trial:
            self._complete_again()

    def _evaluate(self, traces: Mapping[Role, Trace]) -> Evaluation:
        return strongest(evaluate(traces, self._plan.assessment, set_up=self._plan.set_up))

    # --- what goes out ---

    def _problem(self) -> str:
        unheard = next((UNUSABLE for sensor in self._sensors if sensor.brings_nothing), "")
        return self._writer.failure or self._refused or self._incomplete or unheard or self._zeroing.problem

    def _view_of(self, sensor: Sensor) -> SensorView:
        """For the window; of several it says which one it is."""
        view = sensor.view()
        several = len(self._sensors) > 1
        return replace(view, name=f"{sensor.wanted.role}: {view.name}".removesuffix(": ")) if several else view

    def _show(self) -> None:
        state, item = self._flow, self._flow.item
        ends = state.ends_at()
        self._publish(
            View(
                phase=state.phase,
                assessment=self._plan.assessment,
                participant=self._plan.participant,
                side=item.side if item else None,
                number=state.number(item) if item else 0,
                trials_wanted=state.wanted(item) if item else self._plan.trials,
                practice=item.practice if item else False,
                force=self._eye.force,
                peak=self._eye.peak,
                forces=self._eye.forces,
                remaining=None if ends is None else max(0.0, (ends - self._now()) / flow.SECOND),
                sensors=tuple(self._view_of(sensor) for sensor in self._sensors),
                trials=tuple(self._trials.shown),
                problem=self._problem(),
                saved_as=str(self._plan.path),
            )
        )
