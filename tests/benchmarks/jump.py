"""The analysis of a countermovement jump against PyPI `jumpmetrics` 0.2.0, in one process, turn about.

Both are asked for the same outputs: body weight, phases, take-off velocity, heights by impulse and by flight time,
impulses, mean forces, braking RFD, depth and the landing's peak. jumpmetrics gets arguments that work (its defaults
raise) and a record that ends with the athlete stepping off (who stays on the plate raises IndexError), cut so that its
weighing window lies in the quiet stand; its 50 Hz filter is on by default and is measured on and off. Imports are not
timed. Not installed: the benchmark says so; `pip install -e .[bench]` brings it.

Below that stands what a record of several jumps costs: a line, as long as the cost a jump stays what it is.
"""

import contextlib
import importlib.metadata
import importlib.util
import io
import logging
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from forcelab.analysis.jump.answers import answers
from forcelab.analysis.jump.find import find_jumps
from forcelab.model import Trace
from tests.analysis.jump.signals import Touch, countermovement, sample

PEER, VERSION = "jumpmetrics", "0.2.0"
RATE, ROUNDS, CALLS = 1000.0, 5, 3
TRUE_HEIGHT, TRUE_FLIGHT = 0.317566, 0.508894

ASKED = (
    "body_weight", "takeoff_velocity", "jump_height", "jump_height_flight", "flight_time", "unweighting_time",
    "braking_time", "propulsion_time", "contraction_time", "braking_impulse", "propulsive_impulse",
    "mean_braking_force", "mean_propulsive_force", "push_peak_force", "braking_rfd", "depth", "landing_peak_force",
    "landing_time_to_peak", "landing_impulse",
)  # fmt: skip


def record(touch: Touch, noise: float) -> Trace:
    """Stand, jump, landing, a second of stand, and off the plate."""
    trace = sample(countermovement(touch), RATE, before=2.0, after=3.0, noise=noise, seed=1)
    off = np.clip((4.6 - trace.t) / 0.3, 0.0, 1.0)
    return Trace(trace.t, trace.force * off, RATE)


def ours(trace: Trace) -> Mapping[str, float | None]:
    """All that is asked, from the raw record."""
    (jump,) = find_jumps(trace, "cmj")
    return {result.metric: result.value for result in answers(jump, ASKED)}


def theirs(process: Callable[..., Mapping[str, object]], trace: Trace, *, lowpass: bool) -> Mapping[str, float]:
    """The same of the peer; it keeps two seconds before take-off, of which the first second is weighed."""
    found = process(
        full_force_series=trace.force, sampling_frequency=int(RATE), jump_type="countermovement", weighing_time=1.0,
        pid="1", lowpass_filter=lowpass, compute_jump_height_from_flight_time=True,
    )  # fmt: skip
    table = found["results_dataframe"]
    row = table.iloc[0]  # type: ignore[attr-defined] # a pandas frame, which this project does not depend on
    names = {
        "jump_height": "jump_height_takeoff_velocity",
        "jump_height_flight": "jump_height_flight_time",
        "flight_time": "flight_time",
    }
    return {ours_: float(row[name]) for ours_, name in names.items()}


def seconds(call: Callable[[], object]) -> float:
    """Mean duration of a call over one round."""
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def errors(got: Mapping[str, float | None]) -> str:
    """Relative errors against the closed form in %."""
    truth = {"jump_height": TRUE_HEIGHT, "jump_height_flight": TRUE_HEIGHT, "flight_time": TRUE_FLIGHT}
    return "  ".join(f"{100.0 * ((got[name] or 0.0) / true - 1.0):+8.3f} %" for name, true in truth.items())


def peer() -> Callable[..., Mapping[str, object]] | None:
    """The peer's function, or None if it is not installed in the version that is compared."""
    if importlib.util.find_spec(PEER) is None or importlib.metadata.version(PEER) != VERSION:
        return None
    module = importlib.import_module("jumpmetrics.core.jump_processing")
    process: Callable[..., Mapping[str, object]] = module.process_jump_trial
    return process


def main() -> str:
    """The table."""
    lines = [
        f"countermovement jump, {RATE:.0f} Hz, 5 s, the same outputs asked; best of {ROUNDS} rounds of {CALLS}",
        "ratio: times forcelab's; errors against the closed form",
        f"  {'':44s}{'µs a jump':>10s} {'ratio':>7s}  {'h impulse':>10s}  {'h flight':>10s}  {'t flight':>10s}",
    ]
    process = peer()
    if process is None:
        lines.append(f"  {PEER} {VERSION} is not installed here: forcelab alone")
    logging.disable(logging.WARNING)
    try:
        for touch in ("abrupt", "smooth"):
            for noise in (0.0, 1.0):
                lines += _rows(process, touch, noise)
    finally:
        logging.disable(logging.NOTSET)
    return "\n".join([*lines, _line()])


def several(count: int) -> Trace:
    """So many jumps in one record, each from a stand of 2 s."""
    one = sample(countermovement("smooth"), RATE, before=2.0, after=2.0, noise=1.0, seed=1)
    force = np.tile(one.force, count)
    return Trace(np.arange(len(force)) / RATE, force, RATE)


def _line() -> str:
    """Processor time a jump in records of 1 to 16 jumps, and the slope of its logarithm: 1 is linear."""
    records = {count: several(count) for count in (1, 2, 4, 8, 16)}
    counts, best = tuple(records), dict.fromkeys(records, float("inf"))
    for _ in range(ROUNDS):
        for count, trace in records.items():
            start = time.process_time()
            _all_jumps(trace)
            best[count] = min(best[count], time.process_time() - start)
    power = float(np.polyfit(np.log(counts), np.log([best[count] for count in counts]), 1)[0])
    each = "  ".join(f"{count}: {1e6 * best[count] / count:.0f}" for count in counts)
    return f"  jumps in one record: µs a jump  {each}   cost grows with count to the power of {power:.2f}"


def _all_jumps(trace: Trace) -> list[Mapping[str, float | None]]:
    return [{result.metric: result.value for result in answers(jump, ASKED)} for jump in find_jumps(trace, "cmj")]


def _rows(process: Callable[..., Mapping[str, object]] | None, touch: Touch, noise: float) -> list[str]:
    trace = record(touch, noise)
    calls: dict[str, Callable[[], Mapping[str, float | None]]] = {"forcelab": partial(ours, trace)}
    if process is not None:
        calls[f"{PEER}, filter on"] = partial(theirs, process, trace, lowpass=True)
        calls[f"{PEER}, filter off"] = partial(theirs, process, trace, lowpass=False)
    best = dict.fromkeys(calls, float("inf"))
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        got = {name: call() for name, call in calls.items()}
        # Turn about, so that whatever else the machine does meets all.
        for _ in range(ROUNDS):
            for name, call in calls.items():
                best[name] = min(best[name], seconds(call))
    what = f"{touch} touch-down, noise {noise:.0f} N"
    return [
        f"  {f'{what}: {name}':58s}{1e6 * best[name]:8.0f} {best[name] / best['forcelab']:7.1f}  {errors(got[name])}"
        for name in calls
    ]
