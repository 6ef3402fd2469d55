"""A guided session in the terminal: what to do, how strongly, and what came out, while the engine runs."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from forcelab import flow
from forcelab.commands.output import clean, number, stderr, tell
from forcelab.engine import Engine
from forcelab.evaluate import LOST
from forcelab.model import Phase, SensorView, TrialView, View
from forcelab.report.results import VERDICTS

LOOK = 0.05
"""How often, s, the terminal asks the engine how things stand."""

FULL_SCALE = 500.0
"""N at the right end of the bar, until somebody pushes harder."""


SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, a request to end, a closed terminal: those of them that a platform has end the session in order."""


def guide(engine: Engine, *, patience: float) -> None:
    """Show a session until it ends. Ctrl-C ends it in order; what was recorded is kept.

    Args:
        engine: started.
        patience: s to wait for the first connection before the session is given up.
    """
    began = time.monotonic()
    teller = _Teller()
    live = Live(console=stderr, refresh_per_second=1 / LOOK, transient=True, auto_refresh=sys.stderr.isatty())
    with _signals() as asked, live:
        while engine.running:
            view = engine.view
            teller.tell(view)
            if sys.stderr.isatty():
                live.update(_picture(view))
            tired = view.phase == "connecting" and time.monotonic() - began > patience
            if asked or tired:
                engine.post(flow.EndSession())
            engine.join(LOOK)
    teller.tell(engine.view)


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Collects signals, each once: whoever asks again, because ending takes too long, ends the program."""
    asked: list[int] = []
    there = [number for name in SIGNALS if (number := getattr(signal, name, None))]
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in there}
    if "SIGHUP" in signal.Signals.__members__ and before[signal.SIGHUP] is signal.SIG_IGN:
        del before[signal.SIGHUP]  # started with nohup: it is to outlive its terminal

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, before[number])

    for number in before:
        signal.signal(number, note)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Teller:
    """Tells each trial and each new sentence about the sensor once, in a line that stays."""

    def __init__(self) -> None:
        self._trials = 0
        self._sentences: set[str] = set()
        self._known: set[tuple[str, str]] = set()

    def tell(self, view: View) -> None:
        """What is new in a view."""
        for sensor in view.sensors:
            for sentence in (sensor.sentence, sensor.warning, sensor.status):
                if sentence and sentence not in self._sentences:
                    self._sentences.add(sentence)
                    tell(sentence)
            if view.phase not in ("connecting", "zeroing"):  # until then it still answers one question after another
                self._tell_about(sensor)
        for trial in view.trials[self._trials :]:
            tell(told_of(trial))
        self._trials = len(view.trials)

    def _tell_about(self, sensor: SensorView) -> None:
        """What the sensor has told of itself, each thing once: a battery that goes down is no news every minute."""
        told = (("battery", sensor.battery),) if sensor.battery else ()
        new = [(name, value) for name, value in (*told, *sensor.about) if (sensor.name, name) not in self._known]
        self._known.update((sensor.name, name) for name, _ in new)
        if new:
            tell(f"{sensor.name or sensor.family}: {', '.join(f'{name} {value}' for name, value in new)}.")


def prompt(view: View) -> str:
    """What the person is to do now."""
    which = f"{view.side} side, " if view.side in ("left", "right") else ""
    trial = f"{which}{'practice' if view.practice else 'trial'} {view.number} of {view.trials_wanted}"
    left = "" if view.remaining is None else f" {view.remaining:.0f} s"
    sensor = " ".join(dict.fromkeys(one.sentence for one in view.sensors if one.sentence and one.state != "ready"))
    tared = view.assessment is not None and view.assessment.limb_weight.mode == "tared"
    rest = "Relax the limb on the sensor, in the position of the test."
    words: dict[Phase, str] = {
        "connecting": sensor or "Looking for the sensor.",
        "zeroing": rest if tared else "Let the limb rest and take all load off the sensor.",
        "ready": f"Get ready: {trial}.{left}",
        "armed": f"Push now: {trial}!",
        "effort": f"Push!{left}",
        "releasing": "Let go.",
        "resting": f"Rest.{left}  Next: {trial}.",
        "review": "All trials are done.",
        "interrupted": f"The sensor is gone. {sensor}",
        "done": "Done.",
    }
    return words[view.phase]


def _picture(view: View) -> RenderableType:
    force = view.force or 0.0
    scale = max(FULL_SCALE, (view.peak or 0.0) * 1.1)
    bar = ProgressBar(total=scale, completed=min(max(force, 0.0), scale), width=50)
    lines: list[RenderableType] = [
        Text(clean(prompt(view)), style="bold"),
        Text(f"{force:7.1f} N   peak {number(view.peak)} N{_each(view)}"),
        bar,
    ]
    if view.problem:
        lines.append(Text(view.problem, style="yellow"))
    return Group(*lines)


def _each(view: View) -> str:
    """The force of each sensor where there are several."""
    if len(view.forces) < 2:
        return ""
    return "   " + "   ".join(f"{role} {force:.0f} N" for role, force in sorted(view.forces.items()))


def told_of(trial: TrialView) -> str:
    """A finished trial in a line."""
    what = f"Trial {trial.trial} ({trial.side}{', practice' if trial.practice else ''})"
    evaluation = trial.evaluation
    each = ", ".join(
        f"{part.side} {part.evaluation.effort.peak:.1f} N"
        for part in trial.parts
        if part.evaluation and part.evaluation.effort
    )
    lost = " ".join(flag.sentence for flag in evaluation.flags if flag.name == LOST) if evaluation else ""
    if lost:
        return f"{what}: {lost} Peak: {each or 'none'}."
    if evaluation is None or evaluation.effort is None:
        return f"{what}: no effort was recorded ({trial.stopped})."
    flags = ", ".join(flag.name for flag in evaluation.flags if flag.assessed)
    why = f" ({flags})" if flags else ""
    early = " It was stopped before its end." if trial.stopped in ("operator", "interrupted") else ""
    sides = f" ({each})" if each else ""
    return f"{what}: peak {evaluation.effort.peak:.1f} N{sides}; {VERDICTS[evaluation.verdict].advice}{why}.{early}"
