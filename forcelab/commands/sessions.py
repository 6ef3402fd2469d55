"""Commands that reach for sensors: `scan`, and `record` in the terminal."""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from firmware_protocols import candidates, identify
from firmware_protocols.codec import Codec
from forcelab import assessments
from forcelab.acquisition.link import Found, Radio, RadioError
from forcelab.commands import measured
from forcelab.commands.asked import band
from forcelab.commands.asked_device import SYNTAX, AskedDevice, DeviceError, asked_device, without_force
from forcelab.commands.calibrations import known_calibrations
from forcelab.commands.grouped import grouped
from forcelab.commands.known_assessments import find_assessment
from forcelab.commands.options import JSON, TARGET, code, finite
from forcelab.commands.output import emit, fail, table, tell
from forcelab.commands.raw import capture_raw
from forcelab.commands.reanalysis import from_session
from forcelab.commands.remembered import known_sensors, remember_from
from forcelab.commands.results import present
from forcelab.commands.simulated import simulated_engine
from forcelab.commands.terminal import guide
from forcelab.engine import Engine, KnownSensor, SessionPlan, no_such_set, not_live
from forcelab.journal import SUFFIX, JournalError, being_written, unclosed
from forcelab.model import Assessment, Side

PATIENCE = 60.0
"""s to wait for a real sensor to be found and connected."""


@dataclass(frozen=True)
class CourseOptions:
    """What was said of the course of a session."""

    side: Annotated[Side, typer.Option(help="Which limb, or both: in turn, with two sensors at once.")] = "both"
    trials: Annotated[int | None, typer.Option(min=1, max=10, help="Maximal trials a side.")] = None
    practice: Annotated[int, typer.Option(min=0, max=5, help="Trials for practice before them.")] = 0
    rest: Annotated[float | None, typer.Option(min=0, max=3600, help="Rest between trials, s.", callback=finite)] = None

    def sides(self, test: Assessment, sensors: int) -> tuple[Side, ...]:
        """The limbs in turn, or both at once; tells of a limb that a test of both cannot take by itself."""
        if test.sides == "both" and self.side != "both":
            tell(f"{test.id} tests both limbs at once: --side {self.side} is passed over.")
        return sides_of(test, self.side, sensors)


def sessions_folder() -> Path:
    """Where this platform keeps a user's sessions; made when it is not there."""
    return Path(platformdirs.user_data_dir("forcelab", appauthor=False, ensure_exists=True)) / "sessions"


@grouped
def record(
    *,
    assessment: Annotated[str, typer.Option(help="Which test: its name or its file.", show_default=False)] = "",
    participant: Annotated[
        str, typer.Option(help="The participant's code, never a name.", show_default=False, callback=code)
    ] = "",
    device: Annotated[
        list[str] | None,
        typer.Option(
            metavar=SYNTAX,
            help="The sensor: name, address, or any of a FAMILY (`forcelab devices`). Any known one if not said. "
            "Twice, as left=… and right=…: a sensor at each limb.",
        ),
    ] = None,
    capacity: Annotated[
        float | None, typer.Option(min=1, help="The sensor's capacity, N: tells clipped force.", callback=finite)
    ] = None,
    course: CourseOptions,
    operator: Annotated[str, typer.Option(help="The tester's code.", callback=code)] = "",
    target: TARGET = None,
    set_up: measured.SetUpOptions,
    out: Annotated[
        Path | None, typer.Option(help="The session file, or the folder for it; your sessions folder if not said.")
    ] = None,
    raw: Annotated[
        Path | None,
        typer.Option(help="Capture all that the sensor sends into this file instead, for `forcelab decode`."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="How long, with --raw; till Ctrl-C if not said.", callback=finite)
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Do not wait; for simulated sensors only.")] = False,
    seed: Annotated[int, typer.Option(help="Of the simulated person.")] = 0,
    json: JSON = False,
) -> None:
    """Record a guided session in the terminal, with a live bar of force; --assessment and --participant are needed.

    With --raw everything that the sensor sends goes into a file, and nothing is made of it.
    """
    known = known_sensors()
    asked = [_device(text, known) for text in device or ("",)]
    if raw is not None:
        capture_raw(raw, asked, known, real_radio, seconds=seconds, fast=fast)
        return
    if not assessment:
        raise typer.BadParameter("which test is needed, or --raw.", param_hint="--assessment")
    if not participant:
        raise typer.BadParameter("a code is needed; it may be any that is no name.", param_hint="--participant")
    for one in asked:
        if reason := without_force(one):
            fail(reason)
    said = measured.given(set_up)
    test, text = _test(assessment, target)
    checks = known_calibrations()
    wanted = tuple(one.wanted(capacity, known, checks) for one in asked)
    if reason := no_such_set(wanted):
        fail(reason)
    path = _session_file(out, participant, test)
    for folder in {path.parent, sessions_folder()}:
        offer_recovery(folder)
    plan = SessionPlan(
        participant=participant,
        assessment=test,
        text=text,
        sides=course.sides(test, len(wanted)),
        trials=course.trials or test.trials,
        practice=course.practice,
        rest=course.rest,
        sensors=wanted,
        path=path,
        operator=operator,
        set_up=measured.with_given(None, said) if said else None,
    )
    engine = _engine(plan, asked, fast=fast, seed=seed)
    run_in_terminal(engine)
    if not any(one.simulated for one in asked):
        remember_from(path)
    _finish(engine, as_json=json)


def scan(
    seconds: Annotated[float, typer.Option(min=1, max=120, help="How long to listen.", callback=finite)] = 8.0,
    json: JSON = False,
) -> None:
    """List the sensors in range that a codec knows."""
    radio = real_radio()
    try:
        found = asyncio.run(_listen(radio, seconds))
    except RadioError as error:
        fail(str(error))
    told = [
        {
            "name": one.advertisement.name or "",
            "address": one.address,
            "family": " or ".join(codec.family for codec in families),
            "codec": "|".join(codec.id for codec in families),
            "signal": one.signal,
        }
        for one, families in found
    ]
    if json:
        emit(told)
    elif told:
        rows = [(str(t["name"]), str(t["family"]), f"{t['signal'] or '–'}", str(t["address"])) for t in told]
        table("Sensors in range", ("name", "family", "signal (dBm)", "address"), rows)
    if not told:
        fail(
            "No sensor was heard. Wake it with its button, bring it within a few metres, and close any phone app that "
            "is connected to it."
        )


async def _listen(
    make_radio: Callable[[Callable[[], int]], Radio], seconds: float
) -> list[tuple[Found, tuple[Codec, ...]]]:
    """What was heard, the strongest first, each with the families that it may be of."""
    heard: dict[str, tuple[Found, tuple[Codec, ...]]] = {}

    async def listen() -> None:
        async for found in make_radio(time.perf_counter_ns).find():
            sure = identify(found.advertisement)
            families = (sure,) if sure else candidates(found.advertisement)
            if families:
                heard[found.address] = (found, families)

    with contextlib.suppress(TimeoutError):  # the time for listening is over
        await asyncio.wait_for(listen(), seconds)
    return sorted(heard.values(), key=lambda pair: pair[0].signal or -200.0, reverse=True)


def run_in_terminal(engine: Engine) -> None:
    """Start the engine and guide through its session."""
    try:
        engine.start()
    except JournalError as error:
        fail(str(error))
    guide(engine, patience=PATIENCE)


def _finish(engine: Engine, *, as_json: bool) -> None:
    view, plan = engine.view, engine.plan
    if engine.failure:
        fail(engine.failure)
    if not view.trials:
        fail(f"No trial was recorded. The session so far is in {plan.path}.")
    present(from_session(plan.path), as_json=as_json)
    tell(f"Saved as {plan.path}")
    wanted = len(plan.sides) * plan.trials
    whole = sum(1 for trial in view.trials if not trial.practice and trial.stopped in ("released", "timeout"))
    if whole < wanted:
        fail(f"{whole} of {wanted} trials were recorded to their end.")


def real_radio() -> Callable[[Callable[[], int]], Radio]:
    """What makes a Bluetooth radio; leaves with a sentence where the library for it is not installed."""
    try:
        from forcelab.acquisition.ble import BleRadio  # noqa: PLC0415 - the base install has no Bluetooth
    except ImportError:
        fail("Bluetooth needs the extra 'ble': install it with  pip install 'forcelab[ble]'")
    return lambda _now: BleRadio()


def recoverable(folder: Path) -> list[Path]:
    """Sessions that ended without closing and that no program is recording into."""
    return [path for path in unclosed(folder) if not being_written(path)]


def offer_recovery(folder: Path) -> None:
    """Name the sessions that ended without closing, and how to recover them."""
    for path in recoverable(folder):
        tell(
            f"{path.name} ended without closing; everything up to its end is in it. "
            f"Recover it with  forcelab recover {path}"
        )


def _test(name: str, target: float | None) -> tuple[Assessment, str]:
    """The test with its text; leaves with a sentence where it cannot be recorded."""
    test, text = find_assessment(name)
    if target is not None:
        test, text = _aimed(test, text, target)
    if reason := not_live(test):
        fail(reason)
    return test, text


def _engine(plan: SessionPlan, asked: Sequence[AskedDevice], *, fast: bool, seed: int) -> Engine:
    """What runs the session: with simulated sensors, or over Bluetooth."""
    if all(one.simulated for one in asked):
        return simulated_engine(plan, [one.family for one in asked], speed=math.inf if fast else 1.0, seed=seed)
    if any(one.simulated for one in asked):
        fail("Of two sensors either both are simulated or none: they could not feel the same person.")
    if fast:
        fail("Only simulated sensors can hurry: leave out --fast.")
    return Engine(plan, real_radio())


def _aimed(test: Assessment, text: str, target: float) -> tuple[Assessment, str]:
    """The test with the force that this person is to hold, which thus stands in the session file."""
    if test.target is not None:
        fail(f"{test.id} has a target of its own: leave out --target.")
    low, high = band(target)
    text = f"target = [{low!r}, {high!r}]\n{text}"
    return assessments.load(text, test.id), text


def _device(text: str, known: Sequence[KnownSensor]) -> AskedDevice:
    try:
        return asked_device(text, known)
    except DeviceError as error:
        fail(str(error))


def sides_of(assessment: Assessment, side: Side, sensors: int = 1) -> tuple[Side, ...]:
    """The limbs in the order in which they are tested; both at once where the test or a second sensor asks for it."""
    if assessment.sides == "both" or (side == "both" and sensors > 1):
        return ("both",)
    return ("left", "right") if side == "both" else (side,)


def _session_file(out: Path | None, participant: str, assessment: Assessment) -> Path:
    """Where the session goes; its folder is made, and it is named as session files are, so that it is found again."""
    try:
        if out is None or out.is_dir():
            return new_path(participant, assessment, out)
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"The folder of the session, {error.filename}, cannot be made: {error.strerror}.")
    return out if out.suffix == SUFFIX else out.with_name(f"{out.name}{SUFFIX}")


def new_path(participant: str, assessment: Assessment, folder: Path | None = None) -> Path:
    """A new session file in this or in the user's folder, named by time, code and test."""
    folder = folder or sessions_folder()
    folder.mkdir(parents=True, exist_ok=True)
    code = "".join(char if char.isalnum() or char in "-_" else "_" for char in participant)
    return folder / f"{datetime.now():%Y-%m-%d_%H%M%S}_{code}_{assessment.id}{SUFFIX}"
