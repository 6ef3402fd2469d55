"""What `evaluate` costs: against plain numpy, against a script as a researcher writes it, and by length and number.

All metrics and flags of a 5-s trial, without intervals and with. Ratios only, made side by side in one process; the
best of many single calls counts, since whatever else the machine does only adds.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from scipy.signal import butter, sosfiltfilt

from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate
from forcelab.model import Array, Assessment, Trace
from tests.signals import Signal, assessment, raised_cosine, sample

ROUNDS = 200
FIVE_SECONDS = Signal("five seconds", raised_cosine(), 2.4)
CUT_OFF = 20.0  # Hz, after both passes
TIMES = (1, 2, 4, 8)
EFFORTS = (1, 2, 4, 8, 16)


def plain(trace: Trace) -> tuple[float, float]:
    """The least that could be called an analysis: maximum, and RFD 0–200 from the first sample above 2 % of it."""
    net = trace.force - trace.force[trace.t < 1.0].mean()
    peak = float(net.max())
    onset = float(trace.t[int(np.argmax(net > 0.02 * peak))])
    start, stop = np.interp((onset, onset + 0.2), trace.t, net)
    return peak, float(stop - start) / 0.2


def script(trace: Trace) -> dict[str, float]:
    """A straightforward script: zero-lag filter on an even grid, onset by 3 SD or 2 %, RFD, force and impulse."""
    t = np.arange(trace.t[0], trace.t[-1], 1.0 / trace.rate)
    raw = np.interp(t, trace.t, trace.force)
    sos = butter(2, CUT_OFF / 0.80224, fs=trace.rate, output="sos")  # two passes lower the cut-off by this much
    force = sosfiltfilt(sos, raw)
    quiet = force[t < 1.0]
    net = force - quiet.mean()
    peak = float(net.max())
    onset = int(np.argmax(net > max(3.0 * quiet.std(ddof=1), 0.02 * peak)))
    found = {"peak_force": peak, "time_to_peak": float(t[np.argmax(net)] - t[onset])}
    for w in (50, 100, 150, 200, 250):
        stop = onset + round(w / 1000 * trace.rate)
        found[f"rfd_0_{w}"] = float(net[stop] - net[onset]) / (w / 1000)
        found[f"force_at_{w}"] = float(net[stop])
        found[f"impulse_0_{w}"] = float(np.trapezoid(net[onset : stop + 1], t[onset : stop + 1]))
    width = round(trace.rate)
    found["mean_1s"] = float(np.convolve(net, np.full(width, 1.0 / width), mode="valid").max())
    return found


def best(calls: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """The shortest duration of each call in s; turn about, so that whatever else the machine does meets all."""
    found = [np.inf] * len(calls)
    for _ in range(rounds):
        for k, call in enumerate(calls):
            start = time.perf_counter()
            call()
            found[k] = min(found[k], time.perf_counter() - start)
    return found


def repeated(trace: Trace, times: int) -> Trace:
    """One record after the other."""
    step = float(trace.t[-1]) + 1.0 / trace.rate
    t = np.concatenate([trace.t + k * step for k in range(times)])
    return Trace(t, np.tile(trace.force, times), trace.rate, capacity=trace.capacity, zero=trace.zero)


def finer(rate: float, times: int) -> Trace:
    """The same five seconds with so many times the samples."""
    return sample(FIVE_SECONDS, rate * times, noise=0.3, resolution=0.05)


def line(x: Sequence[int], seconds: Array) -> str:
    """The straight line through durations, and by how much the worst of them lies off it."""
    slope, start = np.polyfit(x, seconds, 1, w=1.0 / seconds)
    off = seconds / (start + slope * np.asarray(x)) - 1.0
    worst = float(off[np.argmax(np.abs(off))])
    return f"{1e6 * start:.0f} µs + {1e6 * slope:.4g} µs each, worst off by {100 * worst:+.0f} %"


def _trial(asked: Assessment, rate: float) -> list[str]:
    trace = finer(rate, 1)
    call = partial(evaluate, {"total": trace}, asked)
    least, usual, bare = best([partial(plain, trace), partial(script, trace), partial(call, intervals=False)])
    (full,) = best([call], ROUNDS // 10)
    return [
        f"  {rate:5.0f} Hz, {len(trace.t)} samples: plain {1e6 * least:.0f} µs, script {1e6 * usual:.0f} µs",
        *(
            f"    {name} intervals {1e6 * took:6.0f} µs = {took / least:5.1f} × plain = {took / usual:4.1f} × script, "
            f"{1 / took:5.0f} trials/s"
            for name, took in (("without", bare), ("   with", full))
        ),
    ]


def _growth(asked: Assessment, *, intervals: bool) -> list[str]:
    rounds = ROUNDS // 20 if intervals else ROUNDS // 4
    lines = []
    for what, traces, x in (
        ("a sample", [finer(1000.0, k) for k in TIMES], None),
        ("an effort", [repeated(finer(80.0, 1), k) for k in EFFORTS], EFFORTS),
        ("an effort", [repeated(finer(1000.0, 1), k) for k in EFFORTS], EFFORTS),
    ):
        took = best([partial(evaluate, {"total": t}, asked, intervals=intervals) for t in traces], rounds)
        sizes = x or tuple(len(trace.t) for trace in traces)
        lines.append(
            f"    {what:9} from {sizes[0]} to {sizes[-1]} at {traces[0].rate:.0f} Hz: {line(sizes, np.array(took))}"
        )
    return lines


def main() -> str:
    """The table."""
    asked = assessment()
    lines = [f"evaluate, 5-s trial, all {len(METRICS)} metrics and flags; best of {ROUNDS} calls"]
    for rate in (80.0, 1000.0):
        lines += _trial(asked, rate)
    for intervals in (False, True):
        lines += [
            f"  cost by size, {'with' if intervals else 'without'} intervals",
            *_growth(asked, intervals=intervals),
        ]
    return "\n".join(lines)
