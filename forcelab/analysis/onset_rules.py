"""The other onset rules: multiples of the noise, of body weight, a fixed force, the slope, the last trough.

Each is one entry of `ONSET_METHODS` with its definition; the percent rule stands there too, so that one loop gives the
spread over all rules. Takes the curve of one effort and gives a time or the reason why there is none. Which rule
applies is the assessment's choice; onset by hand is not a rule.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np

from forcelab.analysis.gate import fast_enough
from forcelab.analysis.onset import CERTAIN, find_onset, percent_threshold
from forcelab.analysis.onset_method import Found, OnsetMethod, Rise
from forcelab.model import OnsetRule

_SPAN: Final = 0.020
_STEEP: Final = 0.20
_BEFORE: Final = 0.200  # s before the certain rise, in which a sharp start may be steepest; a knock before it is none
_LEAST_FORCE: Final = 5.0
_TROUGH_RATE: Final = 500.0
_TOO_HIGH: Final = "force is above the threshold from the first sample on, or never stays above it"


def sd_threshold(_rule: OnsetRule, _peak: float, sd: float, *, times: float) -> float:
    """Net force in N at which onset is taken: so many times the SD of the quiet window.

    Formula: θ = 3 σ0 (`sd3`) or 5 σ0 (`sd5`); onset is the last upward crossing of θ before force first exceeds 25 %
    of the peak, interpolated and confirmed as for the percent rule. In a standing test the baseline is body weight,
    so that `sd5` is body weight + 5 SD. Unit: N.

    Edge cases: the threshold, and with it every early number, depends on the noise of device and day: on a raised
    cosine of 300 ms to 600 N onset lies 7.5 ms late at σ = 0.3 N and 25 ms late at σ = 3 N (`sd3`). Values from two
    devices do not compare. A sensor without any noise gives θ = 0; the resolution is the floor of σ0.

    Source: 3 SD is often used, Maffiuletti et al. 2016, doi:10.1007/s00421-016-3346-6; 5 SD of body weight is
    recommended for isometric pulls by Dos'Santos et al. 2017, doi:10.1519/JSC.0000000000001765.

    >>> sd_threshold(OnsetRule(), 600.0, 0.5, times=3.0)
    1.5
    """
    return times * sd


def absolute_threshold(rule: OnsetRule, _peak: float, _sd: float) -> float:
    """Net force in N at which onset is taken: a fixed force, whoever pulls.

    Formula: θ = the rule's `minimum`, at least 5 N; crossing and confirmation as for the percent rule. Unit: N.

    Edge cases: for a weak client a larger share of the peak than for a strong one, so that onset is later in the weak.
    Only for comparison with older data of the same site, which mostly used 5 to 20 N.

    Source: fixed thresholds are in use, such as 7.5 N·m in Aagaard et al. 2002,
    doi:10.1152/japplphysiol.00283.2002 (not verified); 5 N as the least is our own.

    >>> absolute_threshold(OnsetRule(), 600.0, 0.5), absolute_threshold(OnsetRule(minimum=20), 600.0, 0.5)
    (5.0, 20.0)
    """
    return max(float(rule.minimum), _LEAST_FORCE)


def by_threshold(threshold: Callable[[OnsetRule, float, float], float], rule: OnsetRule, rise: Rise) -> Found:
    """Onset by a threshold on net force: backward search, interpolated crossing, confirmation; see `find_onset`.

    >>> t, net = np.array([0.0, 1.0, 1.25, 2.0, 3.0]), np.array([0.0, 0.0, 500.0, 500.0, 500.0])
    >>> by_threshold(absolute_threshold, OnsetRule(), Rise(t, net, 500.0, 0.1, 1000.0))  # 5 N at 2000 N/s: 2.5 ms
    Found(at=1.0025, threshold=5.0, reason=None)
    """
    return _crossed(rise, threshold(rule, rise.peak, rise.sd))


def body_weight_onset(_rule: OnsetRule, rise: Rise, *, percent: float) -> Found:
    """Onset at a share of body weight above the baseline.

    Formula: θ = 1, 2.5 or 5 % of body weight (`bw1`, `bw2.5`, `bw5`); crossing and confirmation as for the percent
    rule. Unit: s.

    Edge cases: refused where nobody was weighed. 5 % of body weight (about 40 N) moves onset so far that numbers of
    the first 100 ms lose their meaning.

    Source: 1 % advised and 5 % found too late by Moir et al. 2019, PMID 30988839; 2.5 % agreed with 5 SD, and 10 % did
    not, in Dos'Santos et al. 2017, doi:10.1519/JSC.0000000000001765.

    >>> t, net = np.array([0.0, 1.0, 1.25, 2.0, 3.0]), np.array([0.0, 0.0, 500.0, 500.0, 500.0])
    >>> body_weight_onset(OnsetRule(), Rise(t, net, 500.0, 0.1, 1000.0, body_weight=800.0), percent=1.0)
    Found(at=1.004, threshold=8.0, reason=None)
    """
    if rise.body_weight is None or not rise.body_weight > 0.0:
        return Found(None, reason="body weight: nobody was weighed")
    return _crossed(rise, percent / 100.0 * rise.body_weight)


def derivative_onset(_rule: OnsetRule, rise: Rise) -> Found:
    """Onset where force begins to rise steeply: by a threshold on its slope.

    Formula: D(t) = (F(t + 10 ms) − F(t − 10 ms)) / 20 ms on the straight lines between samples; onset is where D last
    rises through 20 % of its maximum, searched backwards from the confirmed rise of force through 25 % of its peak and
    confirmed for 3 samples and 20 ms itself. The maximum is that from 0.2 s before this rise up to the peak. Unit: s.

    Edge cases: the window reaches 10 ms ahead, so on a sharp corner onset lies before the true one: by 6 ms on a ramp.
    Noise of σ gives D an SD of σ·√2 / 20 ms; where that nears 20 % of max D the rule finds noise. Below 100 Hz the
    window is shorter than two sample intervals and D is the slope of one of them.

    Source: the first derivative lay within about 30 ms of onset by eye, closer than thresholds of force, in 93 pulls,
    Liu et al. 2020, PMID 32835635; onset methods are compared in Maffiuletti et al. 2016,
    doi:10.1007/s00421-016-3346-6. That the share is 20 %, from 10 to 20 % in use, is our choice.

    >>> t = np.arange(0.0, 3.0005, 0.001)
    >>> net = 2000.0 * np.clip(t - 1.0, 0.0, 0.25)  # D rises from 0 to 2000 N/s between 0.99 and 1.01 s
    >>> round(derivative_onset(OnsetRule(), Rise(t, net, 500.0, 0.1, 1000.0)).at, 6)
    0.994
    """
    t, net = rise.t, rise.net
    certain = find_onset(t, net, rise.peak, CERTAIN * rise.peak, rise.since)
    if certain is None:
        return Found(None, reason=_TOO_HIGH)
    since = int(t.searchsorted(certain))
    ahead, behind = np.interp(t + 0.5 * _SPAN, t, net), np.interp(t - 0.5 * _SPAN, t, net)
    slope = (ahead - behind) / _SPAN
    top = since + int(np.argmax(net[since:]))
    steepest = float(slope[int(t.searchsorted(certain - _BEFORE)) : top + 1].max())
    at = find_onset(t, slope, steepest, _STEEP * steepest, since) if steepest > 0.0 else None
    if at is None:
        return Found(None, reason="force rises steeply from the first sample on, or never for long enough")
    return Found(at, float(np.interp(at, t, net)))


def trough_onset(_rule: OnsetRule, rise: Rise) -> Found:
    """Onset at the last trough before the rise: where force stops falling for the last time.

    Formula: from the crossing of 5 σ0 (rule `sd5`) back to the last sample that is not above the one before it: the
    time of that sample. Not interpolated. Unit: s.

    Edge cases: refused below 500 Hz: at 80 Hz the last trough of the noise lies up to 35 ms before the rise and
    scatters by 11 ms. With much noise it hardly goes back behind the crossing. None if force rises from the first
    sample on.

    Source: the systematic rule by eye of Tillin, Pain and Folland 2013, doi:10.1016/j.jelekin.2013.04.015
    (not verified), made automatic here.

    >>> t, net = np.arange(7) * 0.1, np.array([0.0, 2.0, -1.0, 1.0, 200.0, 400.0, 400.0])
    >>> trough_onset(OnsetRule(), Rise(t, net, 400.0, 1.0, 1000.0))  # 5 N are crossed between 0.3 and 0.4 s
    Found(at=0.2, threshold=-1.0, reason=None)
    """
    if not fast_enough(rise.rate, _TROUGH_RATE, estimated=rise.estimated):
        return Found(None, reason=f"rate: {rise.rate:.0f} Hz is too slow for the last trough, which needs 500 Hz")
    crossed = _crossed(rise, 5.0 * rise.sd)
    if crossed.at is None:
        return crossed
    before = int(np.searchsorted(rise.t, crossed.at, side="right")) - 1
    falls = np.flatnonzero(rise.net[1 : before + 1] <= rise.net[:before])
    if len(falls) == 0:
        return Found(None, reason="force rises from the first sample on: there is no trough")
    last = int(falls[-1]) + 1
    return Found(float(rise.t[last]), float(rise.net[last]))


def _crossed(rise: Rise, threshold: float) -> Found:
    at = find_onset(rise.t, rise.net, rise.peak, threshold, rise.since)
    return Found(at, threshold, _TOO_HIGH if at is None else None)


_QUIET: Final = ("a quiet phase",)
_SD: Final = (
    "Maffiuletti et al. 2016, doi:10.1007/s00421-016-3346-6; Dos'Santos et al. 2017, doi:10.1519/JSC.0000000000001765"
)

THRESHOLDS: Final[Mapping[str, Callable[[OnsetRule, float, float], float]]] = {
    "percent": percent_threshold,
    "sd3": partial(sd_threshold, times=3.0),
    "sd5": partial(sd_threshold, times=5.0),
    "abs": absolute_threshold,
}
"""The rules that are a threshold on net force and need no more than peak and quiet SD."""

OF_BODY_WEIGHT: Final[Mapping[str, float]] = {"bw1": 1.0, "bw2.5": 2.5, "bw5": 5.0}
"""The rules that are a threshold at so many percent of body weight."""

ONSET_METHODS: Final[Mapping[str, OnsetMethod]] = {
    method.id: method
    for method in (
        OnsetMethod(
            "percent", 1, "Percent of peak", "θ = max(2 % P, 5 σ0, 2 N)", _QUIET,
            "definition our own; a share of 2 to 2.5 % after Andersen & Aagaard 2006, doi:10.1007/s00421-005-0070-z "
            "(not verified)",
            "+27 ms on a smooth start and +3 ms on a sharp one, at any rate and noise that 2 % of peak outweighs",
            partial(by_threshold, THRESHOLDS["percent"]), percent_threshold, ("percent", "sd", "minimum"),
        ),
        OnsetMethod(
            "sd3", 1, "3 SD of the quiet phase", "θ = 3 σ0", _QUIET, _SD,
            "grows with the noise: on a smooth start +7.5 ms at an SD of 0.3 N, +25.5 ms at 3 N (simulated)",
            partial(by_threshold, THRESHOLDS["sd3"]), sd_threshold,
        ),
        OnsetMethod(
            "sd5", 1, "5 SD of the quiet phase", "θ = 5 σ0", _QUIET, _SD,
            "grows with the noise: on a smooth start +9.4 ms at an SD of 0.3 N, +31.5 ms at 3 N (simulated)",
            partial(by_threshold, THRESHOLDS["sd5"]), sd_threshold,
        ),
        OnsetMethod(
            "abs", 1, "Fixed force", "θ = max(minimum, 5 N)", _QUIET,
            "Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified)",
            "at 5 N +17 ms on a smooth start and +1 ms on a sharp one to 600 N; more for weaker people",
            partial(by_threshold, THRESHOLDS["abs"]), absolute_threshold, ("minimum",),
        ),
        *(
            OnsetMethod(
                name, 1, f"{percent:g} % of body weight", f"θ = {percent:g} % BW",
                ("a quiet phase", "body weight"),
                "Moir et al. 2019, PMID 30988839; Dos'Santos et al. 2017, doi:10.1519/JSC.0000000000001765",
                f"at 800 N of body weight {smooth} on a smooth start and {sharp} on a sharp one to 600 N",
                partial(body_weight_onset, percent=percent), body_weight_onset,
            )
            for (name, percent), smooth, sharp in zip(
                OF_BODY_WEIGHT.items(), ("+22 ms", "+35 ms", "+50 ms"), ("+2 ms", "+5 ms", "+10 ms"), strict=True
            )
        ),
        OnsetMethod(
            "deriv", 1, "20 % of the steepest slope", "D > 20 % max D, D over 20 ms", ("a quiet phase",),
            "Liu et al. 2020, PMID 32835635", "+19 ms on a smooth start, −6 ms on a sharp one",
            derivative_onset, derivative_onset,
        ),
        OnsetMethod(
            "trough", 1, "Last trough", "last sample before the 5 σ0 crossing at which force stops falling",
            ("a quiet phase", "500 Hz"),
            "Tillin, Pain & Folland 2013, doi:10.1016/j.jelekin.2013.04.015 (not verified)",
            "grows with the noise: on a smooth start +7.7 ms at an SD of 0.3 N, +30.7 ms at 3 N (simulated)",
            trough_onset, trough_onset,
        ),
    )
}  # fmt: skip
"""Name -> onset rule, all of them."""
