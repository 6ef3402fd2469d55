"""What the trials of a session come to, as plain values: an object for JSON, rows for a table, sentences for people.

One place for what the terminal, the picture and other people's programs are told, so that they agree. Computes nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from forcelab.analysis.advice import GOAL, SPREAD_LIMITS, Advice
from forcelab.analysis.asymmetry import ASYMMETRIES
from forcelab.analysis.change import Sem
from forcelab.analysis.difference import Decision
from forcelab.analysis.estimate import Estimate
from forcelab.analysis.ratios import CutOff
from forcelab.analysis.scores import Rule, Score
from forcelab.evaluate import Comparison, SideSummary, Summary
from forcelab.model import Result
from forcelab.report.notes import legend, signs
from forcelab.report.results import listed, shown, term

SHORT_RULES: Final[Mapping[Rule, str]] = {"best": "best", "mean": "mean", "mean_fastest_3": "mean of the 3 fastest"}
"""The rules of scores, short enough for a column."""


def summary_json(summary: Summary) -> dict[str, object]:
    """The object that other programs read; its names are kept.

    Args:
        summary: of one session.

    Returns:
        Only what JSON knows: numbers in SI, text, None.
    """
    first = summary.comparison
    return {
        "scored": summary.scored,
        "planned": summary.planned,
        "sides": {side: _side_json(found) for side, found in summary.sides.items()},
        "lsi": _estimate_json(first.lsi) if first and first.lsi else None,
        "comparisons": {metric: _comparison_json(found) for metric, found in summary.comparisons.items()},
    }


def _side_json(side: SideSummary) -> dict[str, object]:
    percent, _, rule = SPREAD_LIMITS[side.advice.limit] if side.advice.limit else (None, None, None)
    return {
        "made": side.made,
        "counted": side.counted,
        "scores": {metric: _score_json(found) for metric, found in side.scores.items()},
        "spread": {
            "value": side.advice.spread,
            "unit": "%",
            "goal": GOAL if side.advice.limit else None,
            "limit": percent,
            "rule": rule,
        },
        "advice": {"more": side.advice.more, "rest": side.advice.rest, "sentences": list(side.advice.sentences)},
    }


def _score_json(score: Score) -> dict[str, object]:
    return {
        "value": score.value,
        "unit": score.unit,
        "rule": score.rule,
        "formula": score.formula,
        "n": len(score.trials),
        "trials": list(score.trials),
        "recipe": score.recipe,
        "mark": score.mark,
        "reason": score.reason,
        "warning": score.warning,
    }


def _comparison_json(comparison: Comparison) -> dict[str, object]:
    decision = comparison.decision
    return {
        "lsi": _estimate_json(comparison.lsi) if comparison.lsi else None,
        "asymmetries": [_estimate_json(each) for each in comparison.asymmetries],
        "beyond_error": decision.real if decision else None,
        "decision": _decision_json(decision) if decision else None,
        "error": error_json(comparison.error) if comparison.error else None,
        "why": comparison.why or None,
        "trial_variation": _decision_json(comparison.variation) if comparison.variation else None,
        "cut_offs": [_cut_off_json(each) for each in comparison.cut_offs],
    }


def _estimate_json(estimate: Estimate) -> dict[str, object]:
    return {"id": estimate.id, "value": estimate.value, "unit": estimate.unit, "formula": estimate.formula}


def _decision_json(decision: Decision) -> dict[str, object]:
    return {
        "exceeds": decision.real,
        "difference": decision.difference,
        "limit": decision.limit,
        "unit": decision.unit,
        "formula": decision.formula,
        "sentence": decision.sentence,
    }


def error_json(error: Sem) -> dict[str, object]:
    """The error of measurement that something rests on, with its origin."""
    return {
        "sem": error.value,
        "unit": error.unit,
        "df": error.df,
        "origin": error.origin,
        "formula": error.formula,
        "source": error.source,
        "passed_over": list(error.passed_over),
    }


def _cut_off_json(cut_off: CutOff) -> dict[str, object]:
    kept = ("kind", "low", "high", "unit", "sentence", "source", "mark", "carried_over")
    whole = asdict(cut_off)
    return {name: whole[name] for name in kept}


def score_rows(summary: Summary) -> tuple[list[str], list[list[str]]]:
    """A row a number, a column a side with how many trials entered, and the rule: what a person reads."""
    sides = list(summary.sides)
    names = dict.fromkeys(name for side in summary.sides.values() for name in side.scores)
    body = []
    for name in names:
        held = [summary.sides[side].scores.get(name) for side in sides]
        if any(score is not None and score.value is not None for score in held):
            rule = next(score.rule for score in held if score is not None)
            body.append([term(name), *(_score_cell(score) for score in held), SHORT_RULES[rule]])
    return ["score", *sides, "rule"], body


def _score_cell(score: Score | None) -> str:
    if score is None or score.value is None:
        return "–"
    return f"{scored(score)} n={len(score.trials)}"


def scored(score: Score) -> str:
    """The value of a score with its unit and the signs that stand beside its numbers."""
    return " ".join(filter(None, (shown(score.value, score.unit), "".join(signs(as_result(score))))))


def as_result(score: Score) -> Result:
    """A score as the numbers that it came from, for their signs and legends."""
    return Result(score.metric, score.value, score.unit, score.recipe, reason=score.reason, mark=score.mark)


def score_legend(summary: Summary) -> str:
    """What the signs beside the scores mean."""
    held = [score for side in summary.sides.values() for score in side.scores.values() if score.value is not None]
    return "\n".join(legend([as_result(score) for score in held]))


def sentences(summary: Summary, *, cut_offs: bool = False) -> list[str]:
    """Advice on more trials, scores that had to be refused, and the sides compared with the formula's name.

    Args:
        summary: of one session.
        cut_offs: whether what is published for the LSI is told too.
    """
    said = [f"{side.capitalize()}: {sentence}" for side, found in summary.sides.items() for sentence in advice(found)]
    for side, found in summary.sides.items():
        missing = refused(found)
        said += [
            f"{side.capitalize()}: no score of {listed(metrics)}: {why.rstrip('.')}."
            for why, metrics in missing.items()
        ]
        warned: dict[str, list[str]] = {}
        for each in found.scores.values():
            if each.warning:
                warned.setdefault(each.warning, []).append(term(each.metric))
        said += [f"{side.capitalize()}: {', '.join(terms)}: {warning}" for warning, terms in warned.items()]
    return said + comparison_sentences(summary, cut_offs=cut_offs)


def refused(side: SideSummary) -> dict[str, list[str]]:
    """Why numbers have no score although trials gave them -> those numbers; nothing where no trial counts at all.

    That a trial could not give a number is told with the trial, that none counts in the advice.
    """
    whys: dict[str, list[str]] = {}
    for name, score in side.scores.items():
        if side.counted and score.value is None and score.reason and name in side.given:
            whys.setdefault(score.reason.replace(name, "these numbers"), []).append(name)
    return whys


def advice(side: SideSummary) -> list[str]:
    """Whether one more trial is advised and why; the spread of the best two where it is within its limit."""
    found: Advice = side.advice
    said = list(found.sentences)
    if found.more:
        said.append("One more trial is advised.")
    elif not said and found.spread is not None:
        said.append(f"The best two trials are {found.spread:.1f} % apart.")
    return said


def comparison_sentences(summary: Summary, *, cut_offs: bool = False) -> list[str]:
    """Left against right by the scored number, and whether that is more than error; nothing unless both have one."""
    found = summary.comparison
    if found is None:
        return []
    said = []
    if found.lsi is not None:
        said.append(f"{term(summary.scored)}: {found.lsi.formula} = {found.lsi.value:.1f} %.")
        said += [_named(each) for each in found.asymmetries]
    said.append(real_difference(summary))
    if cut_offs:
        said += [
            f"Published: {one.kind} {one.low:g} {one.unit}. {one.sentence} {_source(one)}" for one in found.cut_offs
        ]
    return said


def _named(estimate: Estimate) -> str:
    known = ASYMMETRIES[estimate.id]
    doubt = " (not verified)" if "not verified" in known.source else ""
    return f"{known.term}{doubt}: {estimate.value:.1f} %; {estimate.formula}."


def real_difference(summary: Summary) -> str:
    """Whether the sides differ by more than error, and which error; "" unless both have a score."""
    found = summary.comparison
    if found is None:
        return ""
    if found.decision is None or found.error is None:
        return found.why
    return f"{found.decision.sentence} Error: {found.error.source}."


def _source(cut_off: CutOff) -> str:
    mark = "" if cut_off.mark == "verified" or "not verified" in cut_off.source else f" ({cut_off.mark})"
    return f"Source: {cut_off.source}{mark}."
