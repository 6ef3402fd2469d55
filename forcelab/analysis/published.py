"""Errors of measurement that somebody published for a test, held as data: assessment by assessment, number by number.

The weakest origin of an error: other persons, another device. One stands here only if its parts agree with one
another when they are computed again, and only for the assessments that it was measured in. Judges nothing.
"""

from dataclasses import dataclass
from typing import Final, Literal

from forcelab.analysis.change import Sem
from forcelab.analysis.estimate import positive


@dataclass(frozen=True, slots=True)
class PublishedError:
    """A published standard error of measurement in percent of the score.

    Attributes:
        assessment: the test that it was measured in.
        metrics: the numbers it holds for.
        percent: SEM in % of the score.
        source: author, year, DOI, and who was measured.
        mark: whether somebody read it there.
        carried_over: where the source measured otherwise than this assessment does.
    """

    assessment: str
    metrics: tuple[str, ...]
    percent: float
    source: str
    mark: Literal["verified", "not verified"]
    carried_over: str


PUBLISHED: Final[tuple[PublishedError, ...]] = (
    PublishedError(
        "squeeze_0_long",
        ("peak_force", "peak_torque"),
        # Printed: SEM 7.6 to 8.6 %, MDC 21.2 to 24 %; 2.772 times the SEM is 21.1 to 23.8 %, so the two agree.
        8.6,
        "Ishøi et al. 2025, doi:10.26603/001c.138472: 79 youth elite footballers, week to week, the largest of 7.6 to "
        "8.6 %",
        "verified",
        "measured with a device made for the squeeze",
    ),
)
"""All of them. Byrne et al. 2020 (PMC7853325) is not among them: within one day, in postures of its own."""


def published_error(assessment: str, metric: str, score: float, unit: str) -> Sem | None:
    """The published error of a score, None if there is none for this number in this assessment.

    Formula: SEM = SEM% · score / 100. Unit: that of the score.

    Edge cases: refused if there is one but the score is not above 0. A percentage takes the error to grow with the
    score, as the papers that print one do.

    Source: that of each entry of PUBLISHED, with its mark.

    >>> found = published_error("squeeze_0_long", "peak_force", 300.0, "N")
    >>> found and round(found.value, 9)
    25.8
    >>> published_error("abd_side", "peak_force", 300.0, "N")
    """
    for known in PUBLISHED:
        if known.assessment == assessment and metric in known.metrics:
            value = known.percent * positive(score, "score") / 100.0
            mark = "" if known.mark == "verified" else " (not verified)"
            source = f"{known.source}{mark}; {known.carried_over}"
            return Sem("published", value, unit, None, "SEM = SEM% · score / 100", source)
    return None
