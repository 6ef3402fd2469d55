"""Pictures of trials, as files: which trial goes into which. What is in a picture is the report's business."""

from collections.abc import Mapping
from pathlib import Path

from forcelab.analysis.onset_method import Found
from forcelab.commands.output import fail
from forcelab.commands.reanalysis import Shown, ShownTrial
from forcelab.evaluate import every_onset
from forcelab.model import Assessment, Evaluation, SetUp, Trace, TrialView


def draw(shown: Shown, path: Path, smooth: float | None = None) -> list[Path]:
    """Draw the trials with their marks into PNGs, and say which.

    A single trial goes into the file of this name. Of several each goes into a file of its own, with its number in the
    name, and the file of this name shows them beside one another; where nobody said which limb, the strongest. `smooth`
    (Hz) draws a filtered curve beside that of each effort, for the eye only.
    """
    from forcelab.report.curve import draw as draw_trial  # noqa: PLC0415 - matplotlib takes most of a second to import
    from forcelab.report.session import draw_session  # noqa: PLC0415 - likewise

    drawn = [one for one in shown.trials if one.trace is not None and one.evaluation is not None]
    if not drawn:
        fail(f"{shown.source.name} holds no trial that could be drawn.")
    title = shown.assessment.words().name
    pages = [(path, max(drawn, key=_peak))]
    views = _views(drawn)
    if len(drawn) > 1:
        own = [(path.with_stem(f"{path.stem}-{one.trial}"), one) for one in drawn]
        pages = own if views else pages + own
    try:
        if len(drawn) > 1 and views:
            draw_session(views, shown.summary, path, title=title)
        for page, one in pages:
            assert one.trace is not None, "only what has a trace is drawn"
            assert one.evaluation is not None, "and an evaluation"
            test = one.assessment or shown.assessment
            by_rule = _by_rule(one.trace, one.evaluation, test, one.set_up)
            draw_trial(one.trace, one.evaluation, page, title=f"{title}, {one.heading}", by_rule=by_rule, smooth=smooth)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror or error}.")
    return list(dict.fromkeys([path, *(page for page, _one in pages)]))


def _by_rule(
    trace: Trace, evaluation: Evaluation, assessment: Assessment, set_up: SetUp | None
) -> Mapping[str, Found] | None:
    """The onset by every rule, where there is an effort."""
    if evaluation.effort is None:
        return None
    weight = evaluation.weighing.weight if evaluation.weighing else None
    if set_up is not None and set_up.body_mass is not None:
        weight = set_up.body_mass * set_up.gravity
    return every_onset(trace, evaluation.effort, assessment.onset, body_weight=weight, standing=assessment.standing)


def _peak(trial: ShownTrial) -> float:
    effort = trial.evaluation.effort if trial.evaluation else None
    return effort.peak if effort else 0.0


def _views(trials: list[ShownTrial]) -> list[TrialView]:
    """The trials as a page of a session wants them; nothing unless each names its limb."""
    views: list[TrialView] = []
    for one in trials:
        if one.side is None:
            return []
        number = sum(1 for view in views if (view.side, view.practice) == (one.side, one.practice)) + 1
        views.append(
            TrialView(
                trial=one.trial,
                number=number,
                side=one.side,
                practice=one.practice,
                stopped=one.stopped or "",
                evaluation=one.evaluation,
                trace=one.trace,
                excluded=one.excluded,
            )
        )
    return views
