"""The results of trials as plain values: rows for a table, an object for JSON, words for verdicts.

One place for what the terminal, the picture and other people's programs are told, so that they agree. Draws nothing
and computes no metric.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import to_builtins

from forcelab.analysis.definitions import definition
from forcelab.analysis.derived import DERIVED
from forcelab.analysis.metrics import METRICS
from forcelab.model import Evaluation, Result, Side, Verdict
from forcelab.report.decimals import decimals, decimals_of
from forcelab.report.notes import signs


@dataclass(frozen=True, slots=True)
class Words:
    """A verdict in words: `name` of two words, `advice` short enough for a column, `sentence` for a page."""

    name: str
    advice: str
    sentence: str


VERDICTS: Final[Mapping[Verdict, Words]] = {
    "trusted": Words("trusted", "trust it", "Peak force and rate of force development can be used."),
    "peak_only": Words(
        "peak only",
        "trust the peak only",
        "Peak force can be used, rate of force development and other early numbers cannot.",
    ),
    "repeat": Words("repeat", "repeat", "The numbers of this trial should not be used."),
}
"""The one place for what verdicts are called on paper and in the terminal; the window has words in two languages."""

_JUMPS: Final[Mapping[Verdict, Words]] = {
    "trusted": Words("trusted", "trust it", "The numbers of this jump can be used."),
    "peak_only": Words(
        "forces only",
        "trust forces and flight time only",
        "Forces and flight time can be used; what rests on body weight and on the start of the jump cannot.",
    ),
    "repeat": Words("repeat", "repeat", "The numbers of this jump should not be used."),
}

_HELD: Final = Words("trusted", "trust it", "The numbers of this trial can be used.")
"""Of a trial from which nothing early is wanted: then nothing can be promised about it."""


def verdict_words(evaluation: Evaluation) -> Words:
    """What the verdict on an effort, a hold or a jump is called."""
    if evaluation.jump:
        return _JUMPS[evaluation.verdict]
    early = any(base_of(result.metric) in METRICS and METRICS[base_of(result.metric)].timed
                for result in evaluation.results)  # fmt: skip
    return VERDICTS[evaluation.verdict] if early or evaluation.verdict != "trusted" else _HELD


def base_of(metric: str) -> str:
    """The number of the record that a torque form, or a number per kg, follows from; others are their own."""
    return DERIVED[metric].base.id if metric in DERIVED else metric


MOST_NAMED: Final = 6
"""Numbers that one sentence names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of results, all of it text: empty where there is nothing to say.

    `term` is the metric's name for people; `value` ends in its unit, `interval` and `range` (over onset rules) do not;
    `signs` stand beside the value, their meaning in `notes.SIGNS`; `note` is the mark in words, or why there is none.
    """

    metric: str
    term: str
    value: str
    interval: str
    range: str
    signs: str
    note: str


def term(metric: str) -> str:
    """A metric's name for people; its id where this version does not know it."""
    known = definition(metric)
    return known.term if known is not None else metric


def listed(metrics: Sequence[str]) -> str:
    """The names of metrics for people, or how many there are where that is more than a sentence holds."""
    names = list(dict.fromkeys(term(metric) for metric in metrics))
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} numbers"


def shown(value: float | None, unit: str) -> str:
    """A value with its unit and the decimals that its unit deserves; a dash where there is none, a ratio bare.

    >>> shown(714.11, "N"), shown(5032.15, "N/s"), shown(0.975, "1"), shown(None, "N")
    ('714.1 N', '5032 N/s', '0.97', '–')
    """
    if value is None:
        return "–"
    name = "" if unit == "1" else unit
    places = decimals(unit)
    return f"{round(value, places) + 0.0:.{places}f} {name}".strip()


def between(ends: tuple[float, float] | None, unit: str) -> str:
    """Two ends without their unit, with a decimal more where they would else read alike; empty where there are none.

    >>> between((411.93, 412.88), "N"), between((-0.32, 0.04), "N"), between((500.01, 500.04), "N"), between(None, "N")
    ('411.9–412.9', '-0.3 to 0.0', '500.01–500.04', '')
    """
    if ends is None:
        return ""
    places = decimals_of(ends, unit)
    low, high = (f"{round(end, places) + 0.0:.{places}f}" for end in ends)
    return f"{low} to {high}" if low.startswith("-") else f"{low}–{high}"


def row(result: Result) -> Row:
    """One result as text."""
    return Row(
        metric=result.metric,
        term=term(result.metric),
        value=shown(result.value, result.unit),
        interval=between(result.interval, result.unit),
        range=between(result.method_range, result.unit),
        signs=" ".join(signs(result)),
        note=result.mark.replace("_", " ") if result.mark else result.reason or "",
    )


def rows(evaluation: Evaluation) -> list[Row]:
    """All results of an effort as text, in the order of the assessment."""
    return [row(result) for result in evaluation.results]


def withheld(evaluation: Evaluation) -> list[tuple[str, list[str]]]:
    """What is not given and why: each kind of reason once, with the terms of the metrics that it concerns."""
    grouped: dict[str, list[str]] = {}
    for result in evaluation.results:
        if result.value is None:
            grouped.setdefault(_why(result), []).append(term(result.metric))
    return list(grouped.items())


def trial_json(evaluation: Evaluation, *, side: Side | None, trial: int) -> dict[str, object]:
    """One effort or jump as the JSON object that other programs read; its names are kept.

    Args:
        evaluation: of the effort or jump that stands for the trial.
        side: the limb, None for a table that does not say.
        trial: its number in the session.

    Returns:
        Only what JSON knows: numbers in SI, text, None.
    """
    effort, jump = evaluation.effort, evaluation.jump
    return {
        "trial": trial,
        "side": side,
        "onset": effort.onset if effort else jump.onset if jump else None,
        "onset_interval": list(effort.onset_interval) if effort and effort.onset_interval else None,
        "no_onset_interval": effort.no_onset_interval if effort else None,
        "onset_range": list(effort.onset_range) if effort and effort.onset_range else None,
        "release": effort.release if effort else None,
        "jump": to_builtins(jump),
        "weighing": to_builtins(evaluation.weighing),
        "results": {result.metric: result_json(result) for result in evaluation.results},
        "flags": [flag.name for flag in evaluation.flags if flag.assessed],
        "not_assessed": [flag.name for flag in evaluation.flags if not flag.assessed],
        "sentences": {flag.name: flag.sentence for flag in evaluation.flags},
        "verdict": evaluation.verdict,
        "rules": evaluation.rules,
        "between": {result.metric: result_json(result) for result in evaluation.between},
        "alignment": to_builtins(evaluation.alignment),
    }


def alignment_sentence(evaluation: Evaluation) -> str:
    """How well two sensors are on one clock; "" with one."""
    if evaluation.alignment is None:
        return ""
    stated = 1e3 * evaluation.alignment.uncertainty
    told = (
        f"Both sensors are on one clock to within ±{stated:.0f} ms (97 %): onset lag, and early numbers of both "
        "together, rest on that"
    )
    guessed = [
        f" That {role} hands its samples over within {1e3 * clock.latency[1]:.0f} ms is an assumption: nobody tells."
        for role, clock in evaluation.alignment.clocks.items()
        if clock.assumed
    ]
    guessed += [
        f" Samples of {role} were lost that nobody numbers, {1e3 * clock.stepped:.0f} ms by their delay: that is in it."
        for role, clock in evaluation.alignment.clocks.items()
        if clock.stepped
    ]
    made = [result for result in (*evaluation.results, *evaluation.between) if result.value is not None]
    if all(result.interval for result in made):
        return f"{told} and hold it in their intervals.{''.join(guessed)}"
    return (
        f"{told}. Only those with an interval hold it there; of those without, what it moves by more than 10 % is "
        f"rejected.{''.join(guessed)}"
    )


def result_json(result: Result) -> dict[str, object]:
    """One number as the JSON object that other programs read."""
    known = definition(result.metric)
    return {
        "value": result.value,
        "unit": result.unit,
        "interval": list(result.interval) if result.interval else None,
        "no_interval": result.no_interval,
        "method_range": list(result.method_range) if result.method_range else None,
        "set_up_range": list(result.set_up_range) if result.set_up_range else None,
        "recipe": result.recipe,
        "reason": result.reason,
        "mark": result.mark,
        "evidence": known.evidence if known else None,
        "caution": known.caution if known else "",
    }


def _why(result: Result) -> str:
    """The reason without the metric's own name in it, so that equal reasons can be told once."""
    reason = result.reason or "no reason was recorded"
    return reason.replace(term(base_of(result.metric)), "these numbers")
