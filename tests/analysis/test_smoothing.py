"""The filter for the eye: loses 3 dB where it must, without lag, and does to numbers what keeps it away from them."""

import numpy as np
import pytest

from forcelab.analysis.curve import first_rise, value_at
from forcelab.analysis.smoothing import pass_correction, smoothed
from forcelab.model import Array
from tests.signals import ONSET, S2, S4, Signal


def test_each_pass_is_corrected() -> None:
    assert pass_correction(2) == pytest.approx(0.80224, abs=5e-6)
    assert pass_correction(4) == pytest.approx(0.89568, abs=5e-6)


@pytest.mark.parametrize("rate", [80.0, 1000.0])
@pytest.mark.parametrize(("hertz", "left"), [(1.0, 1.0), (20.0, 0.5**0.5)])
def test_a_wave_at_the_cut_off_loses_3_db_and_is_not_late(rate: float, hertz: float, left: float) -> None:
    t = np.arange(int(10 * rate)) / rate
    found = smoothed(t, np.cos(2.0 * np.pi * hertz * t), 20.0)
    assert found is not None
    grid, wave = found
    inside = (grid > 2.0) & (grid < 8.0)
    assert wave[inside] == pytest.approx(left * np.cos(2.0 * np.pi * hertz * grid[inside]), abs=0.01)


# From the specification's table: signal, cut-off in Hz, shift of onset at 1 % in ms, error of RFD 0–50 in %.
@pytest.mark.parametrize(
    ("signal", "cutoff", "shift", "error"),
    [
        (S2, 5.0, -24.6, -46.0), (S2, 10.0, -9.5, -18.0), (S2, 20.0, -3.2, -5.4), (S2, 50.0, -0.4, -0.7),
        (S4, 5.0, -6.9, -15.0), (S4, 10.0, -1.5, -4.5), (S4, 20.0, -0.1, -0.4),
    ],
)  # fmt: skip
def test_it_does_to_onset_and_rfd_what_the_table_says(
    signal: Signal, cutoff: float, shift: float, error: float
) -> None:
    t = np.arange(int(1000 * signal.end)) / 1000.0
    force = signal.force(t) - signal.baseline

    def early(t: Array, force: Array) -> tuple[float, float]:
        onset = first_rise(t, force, 6.0, ONSET - 0.2)
        assert onset is not None
        start, stop = value_at(t, force, onset), value_at(t, force, onset + 0.05)
        assert start is not None
        assert stop is not None
        return 1e3 * onset, (stop - start) / 0.05

    found = smoothed(t, force, cutoff)
    assert found is not None
    (raw_onset, raw), (onset, rate) = early(t, force), early(*found)
    assert onset - raw_onset == pytest.approx(shift, abs=0.6)
    assert 100.0 * (rate / raw - 1.0) == pytest.approx(error, abs=1.0)


def test_where_a_filter_has_no_meaning_there_is_none() -> None:
    t = np.arange(200) / 80.0
    assert smoothed(t, t, 20.0) is not None
    for cutoff in (0.0, -1.0, 32.1, float("nan")):
        assert smoothed(t, t, cutoff) is None
    assert smoothed(t[:19], t[:19], 20.0) is None
    holed = np.delete(t, range(100, 105))
    assert smoothed(holed, holed, 20.0) is None
