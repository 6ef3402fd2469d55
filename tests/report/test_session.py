"""The page of a session: every trial is on it, in order, on common axes, with its state in words."""

from pathlib import Path

import numpy as np
from matplotlib.text import Text

from forcelab.assessments import available
from forcelab.evaluate import evaluate, summarise
from forcelab.model import Side, Trace, TrialView
from forcelab.report import ink
from forcelab.report.session import draw_session, session_figure
from tests.report.test_curve import agg

SIDE_LYING = available()["abd_side"][0]


def trial(number: int, side: Side, top: float, *, practice: bool = False, excluded: bool = False) -> TrialView:
    t = np.arange(480) / 80.0
    force = np.interp(t, [0.0, 1.5, 1.75, 4.75, 4.95, 6.0], [0.0, 0.0, top, top, 0.0, 0.0]) + 0.01 * np.cos(40.0 * t)
    trace = Trace(t=t, force=force, rate=80.0, capacity=1500.0, zero=0.0)
    (evaluation,) = evaluate({"total": trace}, SIDE_LYING)
    return TrialView(number, number, side, practice, "held", evaluation, trace, excluded)


TRIALS = [
    trial(5, "right", 250.0),
    trial(1, "left", 200.0, practice=True),
    trial(2, "left", 300.0),
    trial(3, "left", 400.0, excluded=True),
    trial(4, "right", 240.0),
]


def panels(trials: list[TrialView], title: str = "a session") -> tuple[list[str], list[str]]:
    """What stands in the title lines of the panels, and all other words."""
    with ink.settings():
        drawn = session_figure(trials, summarise(trials, SIDE_LYING), title)
        agg(drawn).draw()  # type: ignore[no-untyped-call] # matplotlib's own
    assert not any(text.get_parse_math() for text in drawn.findobj(Text) if text.get_text())
    titles = [axes.texts[-2].get_text() for axes in drawn.axes if len(axes.texts) > 1]
    return titles, [text.get_text() for text in drawn.findobj(Text)]


def test_every_trial_has_its_panel_side_by_side_and_in_order() -> None:
    titles, _ = panels(TRIALS)
    assert [title.split(" · ")[0] for title in titles] == ["1", "2", "3", "4", "5"]


def test_practice_and_excluded_trials_are_told_and_do_not_count() -> None:
    _, texts = panels(TRIALS)
    assert "practice, trusted" in texts
    assert "excluded, trusted" in texts
    (summary,) = [text for text in texts if text.startswith("Peak force:")]
    assert "left 300.0 N (best of 1), right 250.0 N (best of 2)" in summary
    assert "LSI = 100 × left / right = 120.0 %" in summary
    assert any("No retest error is known" in text for text in texts)


def test_all_panels_share_their_axes() -> None:
    with ink.settings():
        drawn = session_figure(TRIALS, summarise(TRIALS, SIDE_LYING), "a session")
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1
    assert len({axes.get_ylim() for axes in drawn.axes}) == 1
    assert drawn.axes[0].get_ylim()[1] > 400.0


def test_a_session_without_trials_and_trials_without_curve_are_drawn(tmp_path: Path) -> None:
    _, texts = panels([])
    assert "The session holds no trials." in texts
    assert "No trial counts." in texts
    lost = TrialView(1, 1, "both", False, "interrupted", None, None)
    draw_session([lost], summarise([lost], SIDE_LYING), tmp_path / "session.png", title="$x_{")
    assert (tmp_path / "session.png").read_bytes().startswith(b"\x89PNG")


def test_many_trials_go_to_further_rows() -> None:
    with ink.settings():
        trials = [trial(n, "left", 300.0) for n in range(1, 9)]
        drawn = session_figure(trials, summarise(trials, SIDE_LYING), "a session")
    assert len(drawn.axes) == 8
    assert len({round(axes.get_position().y0, 3) for axes in drawn.axes}) == 2
