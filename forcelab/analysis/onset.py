"""Where an effort begins and where it ends: the default threshold, the search that all onset rules share, and release.

Takes the net force of one effort and gives times. Knows no device: which rule applies is the assessment's choice.
"""

from typing import Final

from forcelab.analysis.curve import crossing
from forcelab.model import Array, OnsetRule

MANUAL: Final = "manual"
CERTAIN: Final = 0.25
"""Share of peak force above which a rise is certain, whatever the noise."""

_CONFIRM, _CONFIRM_SAMPLES = 0.020, 3
_OFF, _OFF_FOR = 0.05, 0.100


def percent_threshold(rule: OnsetRule, peak: float, sd: float) -> float:
    """Net force in N at which onset is taken: the greatest of percent of peak, sd × quiet SD, and a minimum.

    Formula: θ = max(2 % P, 5 σ0, 2 N). Unit: N. Onset is the last upward crossing of θ before force first exceeds 25 %
    of the peak P, searched backwards from there, so that earlier knocks are passed over; the crossing is interpolated
    between samples. It counts only if force then stays above θ for at least 3 samples and 20 ms; else the search goes
    on from the next time force exceeds 25 % P.

    Edge cases: no onset where force is above θ from the first sample on. Where 5 σ0 is the greatest, the flag
    NOISY_BASELINE says so. Why a share of the peak: a threshold in multiples of the noise makes onset depend on the
    device and on the day, while 2 % of peak has a constant bias: +27 ms on a raised cosine of 300 ms, +3 ms on an
    exponential (closed forms in tests/signals.py). On the smooth start of the cosine it is the same at 80 Hz and at
    1000 Hz within 0.5 ms; a sharp start falls between two samples and is found earlier at 80 Hz, by 0.7 ms on a ramp
    and 1.4 ms on an exponential, with an SD of 0.9 and 1.5 ms (simulated).

    Source: thresholds of 2 to 2.5 % of MVC are in use since Andersen & Aagaard 2006, doi:10.1007/s00421-005-0070-z
    (not verified); the term 5 σ0 follows Dos'Santos et al. 2017, doi:10.1519/JSC.0000000000001765; the minimum of 2 N
    and the confirmation are our own.

    >>> percent_threshold(OnsetRule(), peak=600.0, sd=0.5)
    12.0
    >>> percent_threshold(OnsetRule(), peak=600.0, sd=3.0)
    15.0
    """
    return max(rule.percent / 100.0 * peak, rule.sd * sd, rule.minimum)


def find_onset(t: Array, net: Array, peak: float, threshold: float, since: int = 0) -> float | None:
    """The time of onset by backward search and interpolated crossing; see `percent_threshold` for the definition.

    Args:
        t: s, shape (n,), from somewhere in the quiet phase on.
        net: N above the baseline, shape (n,).
        peak: N, the largest net sample of the effort.
        threshold: N.
        since: index of a sample from which on the rise is looked for; what is before may be an earlier effort's end.

    Returns:
        s, or None if force is above the threshold from the first sample on.

    >>> import numpy as np
    >>> t, net = np.array([0.0, 1.0, 1.25, 2.0, 3.0]), np.array([0.0, 0.0, 500.0, 500.0, 500.0])
    >>> find_onset(t, net, peak=500.0, threshold=10.0)
    1.005
    """
    certain = since + (net[since:] > max(CERTAIN * peak, threshold)).nonzero()[0]
    low = (net <= threshold).nonzero()[0]
    while len(certain):
        k = int(low.searchsorted(certain.item(0))) - 1
        if k < 0:
            return None
        before = low.item(k)
        fallen = low.item(k + 1) if k + 1 < len(low) else len(net)
        above = t.item(fallen - 1) - t.item(before + 1)
        if fallen - before - 1 >= _CONFIRM_SAMPLES and above >= _CONFIRM:
            return crossing(t, net, before, threshold)
        certain = certain[certain > fallen]
    return None


def find_release(t: Array, net: Array, peak: float) -> float | None:
    """Where the effort ends: the last fall through 5 % of peak after which force stays below for at least 100 ms.

    Both limits are our own judgement.

    Args:
        t: s, from the peak on, up to where the next effort (or knock) begins.
        net: N above the baseline.
        peak: N.

    Returns:
        s, interpolated; None if the record ends before force has stayed below for 100 ms.

    >>> import numpy as np
    >>> t, net = np.array([0.0, 1.0, 2.0, 3.0]), np.array([100.0, 100.0, 0.0, 0.0])
    >>> find_release(t, net, peak=100.0)
    1.95
    """
    level = _OFF * peak
    above = net > level
    falls = (above[:-1] > above[1:]).nonzero()[0]
    rises = (above[:-1] < above[1:]).nonzero()[0]
    for before in falls[::-1].tolist():
        at = crossing(t, net, before, level)
        k = int(rises.searchsorted(before))
        until = t.item(rises.item(k)) if k < len(rises) else t.item(-1)
        if until - at >= _OFF_FOR:
            return at
    return None
