"""How the jump is landed: peak, its time and rate, impulse and duration. Each docstring is the full definition.

The examples are the jumps of `example.py`: force jumps to 800 N and rises to 4000 N in 0.1 s,
then 1600 N for 0.1 s until velocity zero.
"""

from typing import Final

from forcelab.analysis.curve import first_rise, integral
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metric import ALL, JumpMetric


def landing_peak_force(jump: Jump) -> float | None:
    """Peak force of landing.

    Formula: max F in the 0.5 s after touch-down. Unit: N, gross.

    Edge cases: the largest sample; None if it is the record's last one, since force was then still rising. Landing
    peaks are short: at 500 Hz and below part of them falls between the samples.

    Source: definition; the window is our own.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(landing_peak_force(by_hand()), 6)
    4000.0
    """
    return None if jump.landing_peak is None else jump.landing_peak[1]


def landing_peak_bw(jump: Jump) -> float | None:
    """Peak force of landing in body weights.

    Formula: max F / BW in the 0.5 s after touch-down. Unit: 1.

    Edge cases: as for `landing_peak_force`.

    Source: definition.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(landing_peak_bw(by_hand()), 6)
    5.0
    """
    peak = landing_peak_force(jump)
    return None if peak is None or jump.weighing is None else peak / jump.weighing.weight


def landing_time_to_peak(jump: Jump) -> float | None:
    """Time from touch-down to the peak of landing.

    Formula: t(max F) − t_ld. Unit: s.

    Edge cases: a landing often has two peaks, of toes and heel; which is higher may change from jump to jump.

    Source: definition.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(landing_time_to_peak(by_hand()), 6)
    0.1
    """
    landing = jump.marks.landing
    return None if jump.landing_peak is None or landing is None else jump.landing_peak[0] - landing


def landing_loading_rate(jump: Jump) -> float | None:
    """Loading rate of landing.

    Formula: 0.6 max F / (t_80 − t_20), t_x the first time after touch-down at which force rises through x % of the
    peak. Unit: N/s.

    Edge cases: with two peaks t_20 and t_80 may lie on different ones; the definition stays the same.

    Source: 20–80 % of the peak, our own choice of the usual ones.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(landing_loading_rate(by_hand()), 3)  # 2400 N in 0.075 s
    32000.0
    """
    landing, found = jump.marks.landing, jump.landing_peak
    if landing is None or found is None:
        return None
    at, peak = found
    # Up to the peak only: a record of many jumps must not be searched to its end for each of them.
    i, j = jump.trace.t.searchsorted((landing, at), side="right")
    t, force = jump.trace.t[max(i - 1, 0) : j], jump.trace.force[max(i - 1, 0) : j]
    low, high = (first_rise(t, force, share * peak, landing) for share in (0.2, 0.8))
    return None if low is None or high is None or not high > low else 0.6 * peak / (high - low)


def landing_time(jump: Jump) -> float | None:
    """Duration of landing: from touch-down until the body comes to rest.

    Formula: t_r − t_ld, t_r the first time at which v(t_ld) + ∫ (F − BW) dt / m is zero again; v(t_ld) = v_to − g t_f
    (without v_to: −g t_f / 2). Unit: s.

    Edge cases: None if the record ends before.

    Source: landing phase until velocity zero, McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(landing_time(by_hand()), 6)
    0.2
    """
    landing, settled = jump.marks.landing, jump.marks.settled
    return None if landing is None or settled is None else settled - landing


def landing_impulse(jump: Jump) -> float | None:
    """Impulse of landing.

    Formula: ∫ F dt, t_ld to t_r (see `landing_time`). Unit: N·s, gross: the net one is m |v(t_ld)| by definition and
    says nothing of the landing, while this one grows with its softness.

    Edge cases: as for `landing_time`.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375, for the phase; gross by our own choice.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(landing_impulse(by_hand()), 4)  # 240 + 160
    400.0
    """
    landing, settled = jump.marks.landing, jump.marks.settled
    if landing is None or settled is None:
        return None
    return integral(jump.trace.t, jump.trace.force, landing, settled)


_MCMAHON: Final = "McMahon et al. 2018, doi:10.1519/SSC.0000000000000375"
_NONE: Final = "the landing does not give this number"

LANDING: Final = (
    JumpMetric(
        "landing_peak_force", 1, "Peak landing force", "N", "max F, 0.5 s from t_ld", ALL, ("landing", "peak"),
        "definition", _NONE, landing_peak_force, landing_peak_force, timed=False,
    ),
    JumpMetric(
        "landing_peak_bw", 1, "Peak landing force in body weights", "1", "max F / BW, 0.5 s from t_ld", ALL,
        ("weight", "landing", "peak"), "definition", _NONE, landing_peak_bw, landing_peak_bw, timed=False,
    ),
    JumpMetric(
        "landing_time_to_peak", 1, "Time to peak landing force", "s", "t(max F) − t_ld", ALL, ("landing", "peak"),
        "definition", _NONE, landing_time_to_peak, landing_time_to_peak,
    ),
    JumpMetric(
        "landing_loading_rate", 1, "Landing loading rate", "N/s", "0.6 max F / (t_80 − t_20)", ALL, ("landing", "peak"),
        "20–80 % of the peak, our own choice", _NONE, landing_loading_rate, landing_loading_rate,
    ),
    JumpMetric(
        "landing_time", 1, "Landing time", "s", "t_r − t_ld", ALL, ("weight", "landing", "settled"), _MCMAHON, _NONE,
        landing_time, landing_time,
    ),
    JumpMetric(
        "landing_impulse", 1, "Landing impulse", "N·s", "∫ F dt, t_ld to t_r", ALL, ("weight", "landing", "settled"),
        _MCMAHON, _NONE, landing_impulse, landing_impulse,
    ),
)  # fmt: skip
