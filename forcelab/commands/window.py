"""`forcelab` without a command: choose who, which test and which sensor in the window, then run the session there.

One worker thread serves all the sessions of an afternoon, since Bluetooth wants one event loop for the life of a
program; after each session the first page comes again with what was chosen last.
"""

from collections.abc import Sequence
from pathlib import Path

from forcelab import app
from forcelab.app.choice import SIMULATED, Choice, Offer
from forcelab.commands.asked_device import AskedDevice, asked_device
from forcelab.commands.calibrations import known_calibrations
from forcelab.commands.known_assessments import at_hand
from forcelab.commands.output import fail
from forcelab.commands.remembered import known_sensors, remember_from
from forcelab.commands.sessions import new_path, real_radio, recoverable, sessions_folder, sides_of
from forcelab.commands.simulated import simulated_engine
from forcelab.engine import Engine, KnownSensor, SessionPlan, Worker, not_live
from forcelab.journal import JournalError
from forcelab.journal import recover as recover_file


def open_window() -> None:
    """Session after session, until the first page is closed."""
    reason = app.missing_libraries() or app.no_display()
    if reason:
        fail(f"{reason} Without a window, `forcelab record` runs a session in the terminal.")
    worker = Worker()
    last: Choice | None = None
    refused = ""
    while (choice := app.choose(_offer(last, refused))) is not None:
        last, refused = choice, ""
        try:
            engine = _engine(choice, worker)
        except ValueError as error:  # these sensors make no sense: the first page comes again and says so
            refused = str(error)
            continue
        try:
            engine.start()
        except JournalError as error:
            fail(str(error))
        app.main(engine)
        engine.join()
        if choice.sensor != SIMULATED:
            remember_from(engine.plan.path)
    worker.stop()


def _offer(last: Choice | None, refused: str = "") -> Offer:
    catalogue = at_hand()
    return Offer(
        assessments={name: assessment for name, (assessment, _text) in catalogue.items() if not not_live(assessment)},
        problems=tuple(filter(None, (refused, *(str(problem) for problem in catalogue.problems)))),
        unclosed=tuple(recoverable(sessions_folder())),
        recover=_recover,
        last=last,
        sensors=tuple(dict.fromkeys(one.name for one in known_sensors())),
    )


def _recover(path: Path) -> str:
    try:
        record = recover_file(path)
    except JournalError as error:
        return str(error)
    torn = len(record.torn_hex) // 2 if record else 0
    return f"{path.name} is recovered" + (f"; {torn} bytes of an unfinished line were left in place." if torn else ".")


def _asked(sensor: str, known: Sequence[KnownSensor]) -> list[AskedDevice]:
    """The sensors that were chosen, each written as behind `--device`. Raises DeviceError."""
    return [asked_device(text.strip(), known) for text in sensor.split(" + ")]


def _engine(choice: Choice, worker: Worker) -> Engine:
    """The session that was chosen. Raises ValueError with a sentence about its sensors."""
    assessment, text = at_hand()[choice.assessment]
    known = known_sensors()
    asked, checks = _asked(choice.sensor, known), known_calibrations()
    plan = SessionPlan(
        participant=choice.participant,
        operator=choice.operator,
        assessment=assessment,
        text=text,
        sides=sides_of(assessment, choice.side, len(asked)),
        trials=choice.trials,
        practice=choice.practice,
        sensors=tuple(one.wanted(choice.capacity, known, checks) for one in asked),
        path=new_path(choice.participant, assessment),
        set_up=choice.set_up,
        waits_at_end=True,
    )
    if all(one.simulated for one in asked):
        return simulated_engine(plan, [one.family for one in asked], worker=worker)
    return Engine(plan, real_radio(), worker=worker)
