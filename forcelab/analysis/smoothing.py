"""A low-pass filter for the eye. No number, no onset and no take-off is ever read from what it gives.

On the curves of the tests it moves onset by up to 25 ms and takes up to half of an early RFD (5 Hz); on the closed-form
jump 50 Hz took 6 % of the height. Knows no effort.
"""

from typing import Final

import numpy as np

from forcelab.model import Array

ORDER: Final = 2
"""Of each of the two passes; together they are what is called a zero-lag filter of fourth order."""

_FASTEST: Final = 0.4
_GAP: Final = 0.050


def pass_correction(order: int) -> float:
    """What the cut-off of each pass is divided by, so that both together lose 3 dB at the wanted one.

    Formula: C = (√2 − 1)^(1 / (2 n)), n the order of a pass.

    >>> round(pass_correction(2), 5), round(pass_correction(4), 5)
    (0.80224, 0.89568)
    """
    return float((2.0**0.5 - 1.0) ** (1.0 / (2.0 * order)))


def smoothed(t: Array, force: Array, cutoff: float) -> tuple[Array, Array] | None:
    """The curve after a zero-lag low-pass filter, on an even grid of its own mean rate.

    Formula: a Butterworth filter of second order, forwards and backwards, each pass at tan⁻¹(tan(cutoff) / C) in the
    warped frequency, which for slow cut-offs is cutoff / C (see `pass_correction`); after linear interpolation to
    round(rate) Hz, reflected by up to a second at both ends. Nothing is sampled up.

    Args:
        t: s, shape (n,), strictly increasing.
        force: any unit, shape (n,).
        cutoff: Hz, where both passes together lose 3 dB.

    Returns:
        Times and values on the grid; None where the filter has no meaning: a cut-off above 0.4 of the rate or not above
        0, less than a tenth of a second or fewer than 20 samples, or more than 50 ms (and 1.5 intervals) without one.

    >>> t = np.arange(100) / 100.0
    >>> _, still = smoothed(t, np.full(100, 7.0), 20.0)
    >>> round(float(still.min()), 9), round(float(still.max()), 9), smoothed(t, t, 41.0)
    (7.0, 7.0, None)
    """
    from scipy import signal  # noqa: PLC0415 - takes half a second to import, for pictures only

    if len(t) < 20 or t[-1] - t[0] < 0.1:
        return None
    steps = np.diff(t)
    rate = round(1.0 / float(np.median(steps)))
    if not 0.0 < cutoff <= _FASTEST * rate or float(steps.max()) > max(_GAP, 1.5 / rate):
        return None
    grid = np.arange(float(t[0]), float(t[-1]), 1.0 / rate)
    # In the warped frequency of a digital filter, or near the end of its range the two passes would lose less.
    warped = np.tan(np.pi * cutoff / rate) / pass_correction(ORDER)
    passes = signal.butter(ORDER, rate / np.pi * float(np.arctan(warped)), fs=rate, output="sos")
    even = np.interp(grid, t, force)
    return grid, np.asarray(signal.sosfiltfilt(passes, even, padlen=min(rate, len(grid) - 1)))
