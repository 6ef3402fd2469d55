"""`evaluate` of a 5-s trial with all metrics and flags, against plain numpy that only finds the maximum and one RFD."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from forcelab.evaluate import evaluate
from forcelab.model import Trace
from tests.signals import Signal, assessment, raised_cosine, sample

ROUNDS, CALLS = 15, 40
FIVE_SECONDS = Signal("five seconds", raised_cosine(), 2.4)


def plain(trace: Trace) -> tuple[float, float]:
    """The least that could be called an analysis: maximum, and RFD 0–200 from the first sample above 2 % of it."""
    net = trace.force - trace.force[trace.t < 1.0].mean()
    peak = float(net.max())
    onset = float(trace.t[int(np.argmax(net > 0.02 * peak))])
    start, stop = np.interp((onset, onset + 0.2), trace.t, net)
    return peak, float(stop - start) / 0.2


def seconds(call: Callable[[], object]) -> float:
    """Mean duration of a call over one round."""
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def main() -> str:
    """The table."""
    asked = assessment()
    lines = ["evaluate, 5-s trial, all metrics and flags, against plain numpy (maximum and one RFD); best of rounds"]
    for rate in (80.0, 1000.0):
        trace = sample(FIVE_SECONDS, rate, noise=0.3, resolution=0.05)
        ours: list[float] = []
        theirs: list[float] = []
        # Turn about, so that whatever else the machine does meets both.
        for _ in range(ROUNDS):
            theirs.append(seconds(partial(plain, trace)))
            ours.append(seconds(partial(evaluate, {"total": trace}, asked)))
        ratio = min(ours) / min(theirs)
        lines.append(
            f"  {rate:6.0f} Hz  {len(trace.t):5d} samples  evaluate {1e6 * min(ours):7.0f} µs  "
            f"plain {1e6 * min(theirs):6.1f} µs  ratio {ratio:6.1f}  {1 / min(ours):6.0f} trials/s"
        )
    return "\n".join(lines)
