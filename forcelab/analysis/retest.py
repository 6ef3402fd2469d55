"""Everything that a table of persons by sessions says about a test: how it tells persons apart, how large its error is.

Only the list: each number is defined where it is computed. Knows a complete table, and no file.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from forcelab.analysis import measurement_error as error
from forcelab.analysis.agreement import bland_altman, ratio_limits
from forcelab.analysis.estimate import Estimate, RefusedError, Table, complete
from forcelab.analysis.evidence import source_of
from forcelab.analysis.reliability import ICCS, band, icc

ALONE = "One person has no ICC, and no error of a test: both compare persons. Ask for the change of one (`compare`)."


@dataclass(frozen=True, slots=True)
class Finding:
    """One number of a retest study, or the reason why there is none.

    Attributes:
        id: as it stands in exports.
        term: the name for people.
        estimate: the number with its formula and interval; None with a reason.
        source: author, year, DOI; what nobody checked against the paper says so.
        word: of an ICC by the lower end of its interval, else "".
        reason: why there is no number, else "".
    """

    id: str
    term: str
    estimate: Estimate | None
    source: str
    word: str = ""
    reason: str = ""


def study(values: Table, unit: str) -> tuple[Finding, ...]:
    """All numbers of a retest study.

    Args:
        values: shape (n, k), rows persons, columns sessions, trials or raters.
        unit: of the values.

    Returns:
        ICCs, errors, detectable and worthwhile changes, and for two columns the agreement of Bland and Altman, in
        the order in which they are shown; what cannot be given has a reason.

    Raises:
        RefusedError: one person, fewer than two columns, or a value is missing.
    """
    table = complete(values, least=1)
    if table.shape[0] == 1:
        raise RefusedError(ALONE)
    return (*_iccs(table), *_errors(table, unit), *(_agreement(table, unit) if table.shape[1] == 2 else ()))


def _iccs(table: Table) -> Iterator[Finding]:
    for form in ICCS.values():
        finding = _find(form.id, form.term, partial(icc, form.id, table), source_of(form.compute))
        word = f"{band(finding.estimate)}, by the lower end (Koo & Li 2016, not verified)" if finding.estimate else ""
        yield Finding(finding.id, finding.term, finding.estimate, finding.source, word, finding.reason)


def _errors(table: Table, unit: str) -> Iterator[Finding]:
    mean = float(table.mean())
    sems = {"consistency": error.sem_consistency, "agreement": error.sem_agreement}
    yield _find(
        "typical_error", "Typical error", partial(error.typical_error, table, unit), source_of(error.typical_error)
    )
    for kind, sem in sems.items():
        value = sem(table, unit)
        yield Finding(value.id, f"SEM, {kind}", value, source_of(sem))
        for name, mdc in (("MDC95", error.mdc95), ("MDC90", error.mdc90)):
            found = mdc(value.value, unit)
            yield Finding(f"{found.id}_{kind}", f"{name}, {kind}", found, source_of(mdc))
        percents = partial(error.mdc_percent, error.mdc95(value.value, unit).value, mean)
        yield _find(f"mdc95_percent_{kind}", f"MDC95 %, {kind}", percents, source_of(error.mdc_percent))
    yield _find("cv_log", "CV from logarithms", partial(error.cv_log, table), source_of(error.cv_log))
    yield _find("cv_rms", "CV, root mean square", partial(error.cv_rms, table), source_of(error.cv_rms))
    yield _find("swc", "Smallest worthwhile change", partial(error.swc, table, unit), source_of(error.swc))


def _agreement(table: Table, unit: str) -> Iterator[Finding]:
    """Of two columns, first less second."""
    source, first, second = source_of(bland_altman), table[:, 0], table[:, 1]
    try:
        found = bland_altman(first, second, unit)
    except RefusedError as refused:
        yield Finding("bias", "Bland–Altman", None, source, reason=str(refused))
        return
    low, high = found.prediction
    yield Finding("bias", "Bias, first − second", found.bias, source)
    yield Finding("sd_differences", "SD of the differences", Estimate("sd", found.sd, unit, "SD with n − 1"), source)
    yield Finding("lower_limit", "Lower limit of agreement", found.lower, source)
    yield Finding("upper_limit", "Upper limit of agreement", found.upper, source)
    next_one = Estimate("prediction", found.bias.value, unit, found.prediction_formula, low, high, 0.95, found.n - 1.0)
    yield Finding("prediction", "Next difference", next_one, source)
    if found.slope is not None:
        yield Finding("slope", "Slope of difference on size", found.slope, source, reason=found.advice or "")
    if found.proportional:
        yield _find("ratio", "Ratio, first / second", partial(_ratio, table), source_of(ratio_limits))


def _ratio(table: Table) -> Estimate:
    found = ratio_limits(table[:, 0], table[:, 1])
    said = f"Limits of agreement of the ratio: {found.lower:.3f} to {found.upper:.3f}."
    return Estimate("ratio", found.ratio.value, "1", f"{found.ratio.formula}; limits {found.formula}",
                    found.ratio.low, found.ratio.high, found.ratio.level, found.ratio.df, said)  # fmt: skip


def _find(name: str, term: str, compute: Callable[[], Estimate], source: str) -> Finding:
    try:
        found = compute()
    except RefusedError as refused:
        return Finding(name, term, None, source, reason=str(refused))
    if not math.isfinite(found.value):
        return Finding(name, term, None, source, reason="It does not exist for these values.")
    return Finding(name, term, found, source)
