"""From what a person wants to what is posted, with the questions in between: why a trial is left out, whether to end.

Holds nothing but the way to the engine. Knows no widget but the bar that asks.
"""

from functools import partial

from forcelab import flow
from forcelab.app.actions import ActionId, other_side
from forcelab.app.ask import AskBar
from forcelab.app.save_as import SaveAs
from forcelab.app.source import EngineShape
from forcelab.app.words import say
from forcelab.model import TrialView, View

REASONS = ("pain", "technique", "fixation", "effort", "other")
"""Why a trial may be left out; each has its text in the table of words."""

PLAIN: dict[ActionId, flow.Request] = {
    "go": flow.Go(),
    "zero": flow.Zero(),
    "repeat": flow.RepeatTrial(),
    "skip": flow.SkipTrial(),
}
"""Actions that are posted as they are."""


class Requests:
    """Posts what a person wants, after asking where a slip would cost something."""

    def __init__(self, engine: EngineShape, ask: AskBar, saver: SaveAs) -> None:
        self._engine, self._ask, self._saver = engine, ask, saver

    def do(self, action: ActionId, view: View, chosen: TrialView | None) -> None:
        """Carry out an action on the present view and the chosen trial."""
        if action in PLAIN:
            self._engine.post(PLAIN[action])
        elif action == "switch":
            side = other_side(view)
            if side is not None:
                self._engine.post(flow.SwitchSide(side))
        elif action == "exclude" and chosen is not None:
            self._judge(chosen)
        elif action == "finish":
            self._finish(view)
        elif action == "save":
            self._saver.ask(view.saved_as)

    def _judge(self, trial: TrialView) -> None:
        if trial.excluded:
            self._engine.post(flow.Include(trial.trial))
            return
        answers = []
        for key, reason in enumerate(REASONS, 1):
            words = say(f"reason_{reason}")
            answers.append((words, str(key), partial(self._engine.post, flow.Exclude(trial.trial, words))))
        self._ask.ask(say("why_exclude", number=trial.number), answers)

    def _finish(self, view: View) -> None:
        if view.phase == "review":
            self._engine.post(flow.EndSession())
            return
        end = partial(self._engine.post, flow.EndSession())
        self._ask.ask(say("finish_early"), [(say("finish_yes"), "1", end)], leave=say("finish_no"))
