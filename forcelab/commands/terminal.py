"""A guided session in the terminal: what to do, how strongly, and what came out, while the engine runs."""

import sys
import time

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from forcelab import flow
from forcelab.commands.output import number, stderr, tell
from forcelab.commands.results import VERDICTS
from forcelab.engine import Engine
from forcelab.model import Phase, TrialView, View

LOOK = 0.05
"""How often, s, the terminal asks the engine how things stand."""

FULL_SCALE = 500.0
"""N at the right end of the bar, until somebody pushes harder."""


def guide(engine: Engine, *, patience: float) -> None:
    """Show a session until it ends. Ctrl-C ends it in order; what was recorded is kept.

    Args:
        engine: started.
        patience: s to wait for the first connection before the session is given up.
    """
    began = time.monotonic()
    told = 0
    with Live(console=stderr, refresh_per_second=1 / LOOK, transient=True, auto_refresh=sys.stderr.isatty()) as live:
        while engine.running:
            try:
                view = engine.view
                if sys.stderr.isatty():
                    live.update(_picture(view))
                for trial in view.trials[told:]:
                    tell(_trial(trial))
                told = len(view.trials)
                if view.phase == "connecting" and time.monotonic() - began > patience:
                    engine.post(flow.EndSession())
                engine.join(LOOK)
            except KeyboardInterrupt:
                engine.post(flow.EndSession())
    for trial in engine.view.trials[told:]:
        tell(_trial(trial))


def prompt(view: View) -> str:
    """What the person is to do now."""
    which = f"{view.side} side, " if view.side in ("left", "right") else ""
    trial = f"{which}{'practice' if view.practice else 'trial'} {view.number} of {view.trials_wanted}"
    left = "" if view.remaining is None else f" {view.remaining:.0f} s"
    sensor = view.sensors[0].sentence if view.sensors else ""
    words: dict[Phase, str] = {
        "connecting": sensor or "Connecting.",
        "zeroing": "Let the limb rest and take all load off the sensor.",
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
        Text(prompt(view), style="bold"),
        Text(f"{force:7.1f} N   peak {number(view.peak)} N"),
        bar,
    ]
    if view.problem:
        lines.append(Text(view.problem, style="yellow"))
    return Group(*lines)


def _trial(trial: TrialView) -> str:
    what = f"Trial {trial.trial} ({trial.side}{', practice' if trial.practice else ''})"
    evaluation = trial.evaluation
    if evaluation is None or evaluation.effort is None:
        return f"{what}: no effort was recorded ({trial.stopped})."
    flags = ", ".join(flag.name for flag in evaluation.flags if flag.assessed)
    why = f" because of {flags}" if flags else ""
    return f"{what}: peak {evaluation.effort.peak:.1f} N; {VERDICTS[evaluation.verdict]}{why}."
