"""The picture of an effort shows what the evaluation says: asserted on what is drawn, not on pixels."""

import struct
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import matplotlib
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import forcelab
from forcelab.analysis.onset_method import Found
from forcelab.assessments import available
from forcelab.evaluate import evaluate, every_onset
from forcelab.model import Array, Evaluation, Flag, Trace
from forcelab.report import ink
from forcelab.report.curve import draw, figure
from forcelab.report.onset_marks import spread
from forcelab.report.results import VERDICTS

HOSTILE = "$\\frac{1}{0}$ 50 % <b>_^{\x1b[2J \u202e名前 \n\ttrial"


def ramp(rate: float = 80.0) -> Trace:
    """20 N of rest, from 1.5 s on 2000 N/s for 0.25 s, 3 s of hold, released within 0.2 s."""
    t = np.arange(int(6.0 * rate)) / rate
    force = 20.0 + np.interp(t, [0.0, 1.5, 1.75, 4.75, 4.95, 6.0], [0.0, 0.0, 500.0, 500.0, 0.0, 0.0])
    return Trace(t=t, force=force + 0.05 * np.cos(40.0 * t), rate=rate, capacity=1500.0, zero=20.0)


def evaluated(trace: Trace, *, show_all: bool = False) -> Evaluation:
    return evaluate({"total": trace}, available()["free"][0], show_all=show_all)[0]


def made(trace: Trace, evaluation: Evaluation, title: str = "a trial") -> Figure:
    with ink.settings():
        drawn = figure(trace, evaluation, title)
        agg(drawn).draw()  # type: ignore[no-untyped-call] # matplotlib's own
        return drawn


def agg(drawn: Figure) -> FigureCanvasAgg:
    assert isinstance(drawn.canvas, FigureCanvasAgg)
    return drawn.canvas


def points(line: Line2D) -> tuple[Array, Array]:
    return np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)


def lines(axes: Axes, label: str) -> list[Line2D]:
    return [line for line in axes.get_lines() if str(line.get_label()).startswith(label)]


def words(drawn: Figure) -> list[str]:
    return [text.get_text() for text in drawn.findobj(Text) if text.get_text()]


def said(drawn: Figure) -> str:
    return " ".join(words(drawn))


def test_onset_threshold_quiet_window_peak_and_release_stand_where_the_evaluation_says() -> None:
    trace = ramp()
    evaluation = evaluated(trace)
    effort = evaluation.effort
    assert effort is not None
    whole = made(trace, evaluation).axes[0]
    (onset,) = lines(whole, "onset")
    assert points(onset)[0] == pytest.approx(effort.onset)
    (threshold,) = lines(whole, "threshold")
    assert points(threshold)[1] == pytest.approx(effort.threshold)
    (release,) = lines(whole, "release")
    assert points(release)[0] == pytest.approx(effort.release)
    (peak,) = lines(whole, "peak")
    assert [float(each[0]) for each in points(peak)] == [effort.peak_at, effort.peak]
    (quiet,) = [
        patch for patch in whole.patches if isinstance(patch, Rectangle) and patch.get_label() == "quiet window"
    ]
    assert (quiet.get_x(), quiet.get_x() + quiet.get_width()) == pytest.approx(
        (effort.baseline.start, effort.baseline.stop)
    )
    assert f"peak {effort.peak:.1f} N" in said(whole.figure)  # type: ignore[arg-type] # a figure, not a subfigure
    (curve,) = lines(whole, "force")
    assert np.max(points(curve)[1]) == pytest.approx(effort.peak)


def test_each_secant_ends_on_the_curve_and_has_the_slope_that_it_names() -> None:
    trace = ramp(1000.0)
    evaluation = evaluated(trace)
    effort = evaluation.effort
    assert effort is not None
    rise = made(trace, evaluation).axes[1]
    for window in (50, 100, 150, 200, 250):
        (secant,) = lines(rise, f"RFD 0–{window} ms")
        (start, stop), (low, high) = points(secant)
        assert (start, stop) == (0.0, window)
        on_curve = np.interp(effort.onset + window / 1000.0, trace.t, trace.force) - effort.baseline.mean
        assert high == pytest.approx(on_curve, abs=1e-9)
        (result,) = [result for result in evaluation.results if result.metric == f"rfd_0_{window}"]
        assert (high - low) / (window / 1000.0) == pytest.approx(result.value)
        assert f"{result.value:.0f} N/s" in str(secant.get_label())


def test_what_the_rate_withholds_is_not_drawn_but_told_with_its_reason() -> None:
    drawn = made(ramp(80.0), evaluated(ramp(80.0)))
    assert lines(drawn.axes[1], "RFD 0–50 ms") == []
    (indicative,) = lines(drawn.axes[1], "RFD 0–100 ms")
    assert "indicative" in str(indicative.get_label())
    assert "Withheld" in words(drawn)
    assert "80 Hz does not carry" in said(drawn)
    everything = made(ramp(80.0), evaluated(ramp(80.0), show_all=True))
    (asked,) = lines(everything.axes[1], "RFD 0–50 ms")
    assert "below rate" in str(asked.get_label())


def test_verdict_doubts_and_gaps_are_told_in_words() -> None:
    doubt = Flag("PRETENSION", "The strap was pulled before the push; let go and wait.", 12.0, 4.0, "N")
    gap = Flag("CLIPPED", "Overload was not assessed.", assessed=False)
    evaluation = msgspec.structs.replace(evaluated(ramp()), flags=(doubt, gap), verdict="peak_only")
    drawn = made(ramp(), evaluation)
    assert "Peak only" in words(drawn)
    assert f"PRETENSION: {doubt.sentence}" in said(drawn)
    assert gap.sentence in said(drawn)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_stands_in_words_and_not_only_in_colour(verdict: str) -> None:
    evaluation = msgspec.structs.replace(evaluated(ramp()), verdict=verdict)
    assert any(word.lower().replace(" ", "_") == verdict for word in words(made(ramp(), evaluation)))


def test_axes_have_units_and_the_foot_says_software_recipe_and_that_it_is_no_medical_device() -> None:
    drawn = made(ramp(), evaluated(ramp()))
    whole, rise = drawn.axes[:2]
    assert (whole.get_xlabel(), whole.get_ylabel()) == ("Time (s)", "Force above rest (N)")
    assert (rise.get_xlabel(), rise.get_ylabel()) == ("Time after onset (ms)", "Force above rest (N)")
    (foot,) = [text for text in words(drawn) if "not a medical device" in text]
    assert f"forcelab {forcelab.__version__}" in foot
    assert "onset percent" in foot


def test_colours_are_those_that_colour_blind_eyes_can_tell() -> None:
    drawn = made(ramp(1000.0), evaluated(ramp(1000.0)))
    used = {to_hex(line.get_color()).upper() for axes in drawn.axes[:2] for line in axes.get_lines()}
    assert used == {"#000000", "#0072B2", "#D55E00", "#CC79A7"}


def test_a_title_is_drawn_as_it_stands_and_is_no_formula() -> None:
    drawn = made(ramp(), evaluated(ramp()), HOSTILE)
    assert "$\\frac{1}{0}$ 50 % <b>_^{ [2J 名前 trial" in words(drawn)


def test_no_text_from_outside_is_taken_for_a_formula() -> None:
    flag = Flag("$\\alpha", HOSTILE)
    result = msgspec.structs.replace(evaluated(ramp()).results[0], metric="$x_{", unit="$", mark=None)
    evaluation = msgspec.structs.replace(evaluated(ramp()), flags=(flag,), results=(result,))
    drawn = made(ramp(), evaluation, HOSTILE)
    assert not any(text.get_parse_math() for text in drawn.findobj(Text) if text.get_text())


def test_all_words_stay_on_the_page_however_many_there_are() -> None:
    flags = tuple(Flag(f"DOUBT_{n}", f"{n}: " + "a sentence of some length about it " * 3) for n in range(14))
    evaluation = msgspec.structs.replace(evaluated(ramp()), flags=flags, verdict="repeat")
    drawn = made(ramp(), evaluation, "W" * 300)
    renderer = agg(drawn).get_renderer()  # type: ignore[no-untyped-call] # matplotlib's own
    for text in (text for text in drawn.findobj(Text) if text.get_text()):
        box = text.get_window_extent(renderer)
        assert box.y0 >= 0.0, text.get_text()
        assert box.y1 <= drawn.bbox.height, text.get_text()
        assert box.x1 <= drawn.bbox.width, text.get_text()


def test_a_record_without_effort_and_an_empty_one_are_drawn_with_the_reason() -> None:
    flat = Trace(t=np.arange(200) / 80.0, force=np.full(200, 20.0), rate=80.0)
    drawn = made(flat, evaluated(flat))
    assert "Nothing to evaluate was found in this record" in words(drawn)
    assert "no effort found" in said(drawn)
    empty = Trace(t=np.empty(0), force=np.empty(0), rate=80.0)
    assert "The record holds no samples." in words(made(empty, evaluated(empty)))


def test_an_onset_set_by_hand_is_told_as_such() -> None:
    trace = ramp()
    (evaluation,) = evaluate({"total": trace}, available()["free"][0], onset_at=1.52)
    whole = made(trace, evaluation).axes[0]
    assert len(lines(whole, "onset, set by hand")) == 1
    assert lines(whole, "threshold") == []


def test_only_the_stretch_around_the_effort_is_drawn_of_a_long_record() -> None:
    one = ramp(80.0)
    n = len(one.t)
    long = Trace(t=np.arange(20 * n) / 80.0, force=np.tile(one.force, 20), rate=80.0)
    evaluations = evaluate({"total": long}, available()["free"][0])
    assert len(evaluations) == 20
    (curve,) = lines(made(long, evaluations[7]).axes[0], "force")
    assert len(points(curve)[0]) < n


def user_settings() -> dict[str, object]:
    return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if not key.startswith("backend")}


def test_the_file_is_a_png_of_a_page_and_settings_are_left_as_they_were(tmp_path: Path) -> None:
    before = user_settings()
    with matplotlib.rc_context({"text.usetex": True, "font.family": ["No such font"]}):
        draw(ramp(), evaluated(ramp()), tmp_path / "trial.png", title=HOSTILE)
    assert user_settings() == before
    data = (tmp_path / "trial.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == pytest.approx((11.69 * 120, 8.27 * 120), abs=1.0)


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"trial\.png"):
        draw(ramp(), evaluated(ramp()), tmp_path / "no such folder" / "trial.png", title="a trial")


def test_drawing_needs_no_pyplot_and_no_window_system() -> None:
    code = "import sys, forcelab.report.curve, forcelab.report.session; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_title_is_drawn_in_one_line_within_the_page(title: str) -> None:
    with ink.settings():
        drawn = ink.page((6.0, 1.0))
        text = ink.heading(drawn, title)
        agg(drawn).draw()  # type: ignore[no-untyped-call] # matplotlib's own
        assert text.get_window_extent().x1 <= drawn.bbox.width
    assert text.get_text().isprintable()


def drawn_with_rules(rate: float = 1000.0) -> tuple[Figure, Evaluation, Mapping[str, Found]]:
    trace = ramp(rate)
    evaluation = evaluated(trace)
    assert evaluation.effort is not None
    by_rule = every_onset(trace, evaluation.effort, available()["free"][0].onset)
    with ink.settings():
        drawn = figure(trace, evaluation, "a trial", by_rule)
        agg(drawn).draw()  # type: ignore[no-untyped-call] # matplotlib's own
    return drawn, evaluation, by_rule


@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_every_rule_that_finds_an_onset_has_a_named_line_and_the_others_a_reason(rate: float) -> None:
    drawn, evaluation, by_rule = drawn_with_rules(rate)
    effort = evaluation.effort
    assert effort is not None
    rise = drawn.axes[1]
    at = sorted({float(points(line)[0][0]) for line in rise.get_lines() if len(set(points(line)[0])) == 1})
    for name, found in by_rule.items():
        if found.at is None:
            assert any(
                word.startswith(f"{name}:") or f", {name}" in word or f"{name}, " in word for word in words(drawn)
            )
            continue
        assert any(each == pytest.approx(1000.0 * (found.at - effort.onset), abs=1e-6) for each in at), name
        assert any(word.startswith(f"{name}\n") for word in words(drawn)), name
    assert "percent\nchosen" in words(drawn)


@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_names_of_rules_never_overlap(rate: float) -> None:
    drawn, _, by_rule = drawn_with_rules(rate)
    renderer = agg(drawn).get_renderer()  # type: ignore[no-untyped-call] # matplotlib's own
    names = [text for text in drawn.axes[1].texts if text.get_text().split("\n")[0] in by_rule]
    boxes = sorted((Text.get_window_extent(text, renderer) for text in names), key=lambda box: box.x0)
    assert len(boxes) >= 4
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


def test_intervals_of_onset_peak_and_rfd_stand_where_the_evaluation_says() -> None:
    drawn, evaluation, _ = drawn_with_rules()
    effort = evaluation.effort
    assert effort is not None
    assert effort.onset_interval is not None
    whole, rise = drawn.axes[:2]
    bands = {patch.get_label(): patch for patch in whole.patches if isinstance(patch, Rectangle)}
    onset, peak = bands["95 % interval of onset"], bands["95 % interval of peak"]
    assert (onset.get_x(), onset.get_x() + onset.get_width()) == pytest.approx(effort.onset_interval)
    (told,) = [result for result in evaluation.results if result.metric == "peak_force"]
    assert told.interval is not None
    assert (peak.get_y(), peak.get_y() + peak.get_height()) == pytest.approx(told.interval)
    (result,) = [result for result in evaluation.results if result.metric == "rfd_0_100"]
    assert result.interval is not None
    assert result.value is not None
    (secant,) = lines(rise, "RFD 0–100 ms")
    foot = points(secant)[1][0]
    bars = [points(line) for line in rise.get_lines() if set(points(line)[0]) == {100.0}]
    (bar,) = bars
    assert sorted(bar[1]) == pytest.approx(sorted(foot + slope * 0.1 for slope in result.interval))


def test_a_peak_outside_its_interval_is_drawn_with_its_sign_and_the_reason() -> None:
    trace = ramp(1000.0)
    evaluation = evaluated(trace)
    first = evaluation.results[0]
    assert first.value is not None
    lifted = msgspec.structs.replace(first, interval=(first.value - 3.0, first.value - 1.0))
    drawn = made(trace, msgspec.structs.replace(evaluation, results=(lifted, *evaluation.results[1:])))
    assert any(word.endswith("N) *") for word in words(drawn))
    assert "the force without noise" in " ".join(said(drawn).split())


def test_what_an_interval_is_not_is_told_in_the_picture() -> None:
    assert "not the error of the test" in said(drawn_with_rules()[0])


@pytest.mark.parametrize(("wanted", "apart"), [([0.5] * 9, 0.1), ([0.0, 0.0, 1.0], 0.2), ([0.3, 0.31, 0.6, 0.95], 0.1)])
def test_names_are_spread_within_the_panel_and_keep_their_order(wanted: list[float], apart: float) -> None:
    places = spread(wanted, apart)
    assert all(other - one >= apart - 1e-6 for one, other in pairwise(places))
    assert places[0] >= 0.0
    assert places[-1] <= 1.0
    assert spread([0.1, 0.5], 0.1) == [0.1, 0.5]


def test_a_smoothed_curve_is_drawn_beside_the_recorded_one_and_says_what_it_is_for() -> None:
    trace = ramp()
    evaluation = evaluated(trace)
    with ink.settings():
        plain, eased, slow = (figure(trace, evaluation, "a trial", smooth=hertz).axes[0] for hertz in (None, 5.0, 33.0))
    (smooth,) = [line for line in eased.get_lines() if line.get_gid() == "smoothed"]
    assert points(smooth)[1].max() > 490.0
    recorded, beside = (points(axes.get_lines()[0])[1] for axes in (plain, eased))
    assert np.array_equal(recorded, beside), "what was recorded stays as it is"
    assert any("below 5 Hz, display only" in text.get_text() for text in eased.texts)
    assert len(slow.get_lines()) == len(plain.get_lines()), "80 Hz carry no filter of 33 Hz"
