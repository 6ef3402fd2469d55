"""`forcelab` without a command: choose who, which test and which sensor in the window, then run the session there.

One worker thread serves all the sessions of an afternoon, since Bluetooth wants one event loop for the life of a
program; after each session the first page comes again with what was chosen last.
"""

from pathlib import Path

from forcelab import app
from forcelab.app.choice import SIMULATED, Choice, Offer
from forcelab.commands.asked_device import AskedDevice, asked_device
from forcelab.commands.known_assessments import at_hand
from forcelab.commands.output import fail
from forcelab.commands.remembered import known_sensors, remember_from
from forcelab.commands.sessions import new_path, real_radio, recoverable, sessions_folder, sides_of
from forcelab.commands.simulated import simulated_engine
from forcelab.engine import Engine, SessionPlan, Worker, not_live
from forcelab.journal import JournalError
from forcelab.journal import recover as recover_file


def open_window() -> None:
    """Session after session, until the first page is closed."""
    reason = app.missing_libraries() or app.no_display()
    if reason:
        fail(f"{reason} Without a window, `forcelab record` runs a session in the terminal.")
    worker = Worker()
    last: Choice | None = None
    while (choice := app.choose(_offer(last))) is not None:
        last = choice
        engine = _engine(choice, worker)
        try:
            engine.start()
        except JournalError as error:
            fail(str(error))
        app.main(engine)
        engine.join()
        if choice.sensor != SIMULATED:
            remember_from(engine.plan.path)
    worker.stop()


def _offer(last: Choice | None) -> Offer:
    catalogue = at_hand()
    return Offer(
        assessments={name: assessment for name, (assessment, _text) in catalogue.items() if not not_live(assessment)},
        problems=tuple(str(problem) for problem in catalogue.problems),
        unclosed=tuple(recoverable(sessions_folder())),
        recover=_recover,
        last=last,
    )


def _recover(path: Path) -> str:
    try:
        record = recover_file(path)
    except JournalError as error:
        return str(error)
    torn = len(record.torn_hex) // 2 if record else 0
    return f"{path.name} is recovered" + (f"; {torn} bytes of an unfinished line were left in place." if torn else ".")


def _asked(sensor: str) -> list[AskedDevice]:
    """The sensors that were chosen: a simulated one, a left and a right one, or one by its name, whatever that is."""
    texts = [text.strip() for text in sensor.split(" + ")]
    if sensor == SIMULATED or [text.partition("=")[0] for text in texts] in (["left", "right"], ["right", "left"]):
        return [asked_device(text) for text in texts]
    return [AskedDevice(called=sensor)]


def _engine(choice: Choice, worker: Worker) -> Engine:
    assessment, text = at_hand()[choice.assessment]
    asked = _asked(choice.sensor)
    plan = SessionPlan(
        participant=choice.participant,
        operator=choice.operator,
        assessment=assessment,
        text=text,
        sides=sides_of(assessment, choice.side, len(asked)),
        trials=choice.trials,
        practice=choice.practice,
        sensors=tuple(one.wanted(choice.capacity, known_sensors()) for one in asked),
        path=new_path(choice.participant, assessment),
        set_up=choice.set_up,
        waits_at_end=True,
    )
    if all(one.simulated for one in asked):
        return simulated_engine(plan, [one.family for one in asked], worker=worker)
    return Engine(plan, real_radio(), worker=worker)
