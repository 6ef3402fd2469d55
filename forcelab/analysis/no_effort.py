"""Why no effort was found in a record, in words: it never rises from a rest, or it ends too soon after the rise.

Looks at a record in which none was found; it does not look for efforts itself.
"""

from typing import Final

from forcelab.model import Array, Trace

QUIET: Final = "no effort found: force does not rise clearly from a quiet phase"
EMPTY: Final = "no effort found: the record holds no samples"

_SD, _LEAST, _FEWEST = 8.0, 5.0, 3  # as for efforts: 8 quiet SD, 5 N; a spread takes three samples
_SOON: Final = 0.5


def why_none(trace: Trace) -> str:
    """The reason.

    Formula: the record ends too soon if it ends within 0.5 s (our judgement) of the rise, its last sample lies above
    half of the way from the mean of what comes before the rise to the greatest force, and that way is more than 8 SD
    of what comes before and more than 5 N.

    >>> import numpy as np
    >>> t = np.arange(1150) / 1000.0
    >>> why_none(Trace(t, np.where(t < 1.0, 0.0, 4000.0 * (t - 1.0)), 1000.0))
    'no effort found: force rises to 596 N, and the record ends too soon after the rise'
    """
    force = trace.force
    if len(force) == 0:
        return EMPTY
    top, rest = float(force.max()), _rest(force)
    if len(rest) < _FEWEST or float(trace.t[-1] - trace.t[len(rest)]) > _SOON:
        return QUIET
    low = float(rest.mean())
    up = top - low > max(_LEAST, _SD * float(rest.std(ddof=1))) and float(force[-1]) > low + 0.5 * (top - low)
    return f"no effort found: force rises to {top:.0f} N, and the record ends too soon after the rise" if up else QUIET


def _rest(force: Array) -> Array:
    """What comes before force passes a tenth of its way up for the first time."""
    low, top = float(force.min()), float(force.max())
    return force[: int((force > low + 0.1 * (top - low)).argmax())]
