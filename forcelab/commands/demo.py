"""`forcelab demo`: a simulated sensor and a simulated person go through the whole pipeline, in the window or without.

With a window the session is watched; without one (no display, or libraries that Qt needs are missing) it runs in the
terminal. Either way the session file, a picture of its trials and a table of results are what is left.
"""

import math
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from forcelab import app, assessments
from forcelab.commands.options import JSON
from forcelab.commands.output import fail, tell
from forcelab.commands.pictures import draw
from forcelab.commands.reanalysis import from_session
from forcelab.commands.results import present
from forcelab.commands.sessions import run_in_terminal
from forcelab.commands.simulated import simulated_engine
from forcelab.engine import Engine, SessionPlan, WantedSensor
from forcelab.journal import SUFFIX, JournalError
from forcelab.model import SetUp

ASSESSMENT = "abd_supine_long"
REST = 3.0
"""s between the trials: long enough to read the verdict, too short for real muscles."""

CAPACITY = 1471.0
"""N, that of a sensor for 150 kg, which the puppet is taken for."""

HURRY = 8.0
"""How many times faster than real time a window goes through a `--fast` demonstration: it can still be followed."""


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Without a window.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Faster than real time.")] = False,
    seed: Annotated[int, typer.Option(help="Of the simulated person.")] = 1,
    out: Annotated[Path, typer.Option(help="Where to leave the session file and the picture.")] = Path("forcelab-demo"),
    screenshot: Annotated[Path | None, typer.Option(help="Picture of the window at the end, then close it.")] = None,
    json: JSON = False,
) -> None:
    """Show what forcelab does, with a simulated sensor: no hardware needed."""
    if not headless:
        reason = app.missing_libraries() or app.no_display()
        if reason:
            tell(f"{reason} Going on without a window.")
            headless = True
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{out} cannot be made: {error.strerror}.")
    engine = simulated_engine(
        _plan(out / f"demo-{datetime.now():%Y%m%d-%H%M%S-%f}{SUFFIX}"),
        ["progressor"],
        speed=(math.inf if headless else HURRY) if fast else 1.0,
        seed=seed,
    )
    if headless:
        run_in_terminal(engine)
    else:
        _run_in_window(engine, screenshot)
    _leave(engine, as_json=json)


def _plan(path: Path) -> SessionPlan:
    assessment, text = assessments.available()[ASSESSMENT]
    return SessionPlan(
        participant="DEMO",
        assessment=assessment,
        text=text,
        sides=("left", "right"),
        trials=assessment.trials,
        rest=REST,
        sensors=(WantedSensor("total", capacity=CAPACITY),),
        path=path,
        set_up=SetUp(body_mass=70.0, lever_arm=0.80),
    )


def _run_in_window(engine: Engine, screenshot: Path | None) -> None:
    try:
        engine.start()
    except JournalError as error:
        fail(str(error))
    code = app.main(engine, screenshot=screenshot)
    engine.join()
    if code:
        fail(f"The picture of the window could not be saved as {screenshot}.")


def _leave(engine: Engine, *, as_json: bool) -> None:
    path = engine.plan.path
    if engine.failure:
        fail(engine.failure)
    shown = from_session(path)
    picture = path.with_suffix(".png")
    if shown.trials:
        drawn = draw(shown, picture)
        present(shown, as_json=as_json)
        more = f", each by itself in {drawn[1]} and so on" if len(drawn) > 1 else ""
        tell(f"The session is in {path}, its curves are in {picture}{more}.")
    if not shown.trials or not all(trial.stopped == "released" for trial in shown.trials):
        fail("The demonstration was ended before its last trial.")
