"""Ratios of opposing muscle groups and the cut-offs that somebody published, held as data: assessment by assessment.

A cut-off is valid for the assessments that it names and for no others: the same healthy hips give an ADD:ABD of 0.7
with a long lever and of 1.1 with a short one. Decides nothing about a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from forcelab.analysis.estimate import Estimate, RefusedError, positive, strength

Mark: TypeAlias = Literal["verified", "not verified", "judgement"]
"""Whether the source was looked at, only known from the field, or the statement is our own judgement."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One ratio of two strengths.

    Attributes:
        id: as it stands in tables and exports.
        version: raised whenever the same strengths would give another value.
        term: the name for people.
        formula: printed beside each value.
        numerator: the muscle group above.
        denominator: the muscle group below.
        pairs: assessments (above, below) that may be put together: same lever, same posture, same contraction mode.
        caution: what must be told with it.
        share: whether the denominator is the sum of both.
    """

    id: str
    version: int
    term: str
    formula: str
    numerator: str
    denominator: str
    pairs: tuple[tuple[str, str], ...]
    caution: str
    share: bool = False


@dataclass(frozen=True, slots=True)
class CutOff:
    """A published or customary limit for one number in named assessments.

    Attributes:
        of: id of a ratio or an asymmetry formula.
        assessments: the assessments it is stated for, each a tuple of ids: one for an asymmetry, two for a ratio.
        kind: "alert" (below it somebody found more injuries), "target" (custom aims at it), "range" (healthy people).
        low: the limit, or the lower end of the range.
        high: the upper end of a range, else None.
        unit: "1" or "%".
        sentence: what it means, for people.
        source: author, year, DOI.
        mark: of the source.
        carried_over: where the source measured otherwise than these assessments do, how it comes to stand here.
    """

    of: str
    assessments: tuple[tuple[str, ...], ...]
    kind: Literal["alert", "target", "range"]
    low: float
    high: float | None
    unit: str
    sentence: str
    source: str
    mark: Mark
    carried_over: str = ""


_LEVER = "It depends on lever and method; compare only with values of the same assessments."
_LONG_ADD_ABD = (("add_supine_long", "abd_supine_long"),)

RATIOS: Final[Mapping[str, Ratio]] = {
    entry.id: entry
    for entry in (
        Ratio("add_abd", 1, "Adduction to abduction", "ADD:ABD = ADD / ABD", "adduction", "abduction",
              _LONG_ADD_ABD, _LEVER),
        Ratio("er_ir", 1, "External to internal rotation", "ER:IR = ER / IR", "external rotation", "internal rotation",
              (("er_prone", "ir_prone"), ("er_sit", "ir_sit")),
              "There is no accepted cut-off. " + _LEVER),
        Ratio("ext_flex", 1, "Extension to flexion", "EXT:FLEX = EXT / FLEX", "extension", "flexion",
              (("ext_prone_kn0", "flex_sup"),),
              "It depends on the position and has no cut-off. " + _LEVER),
        Ratio("ext_share", 1, "Share of extension", "EXT share = EXT / (EXT + FLEX)", "extension", "flexion",
              (("ext_prone_kn0", "flex_sup"),),
              "It depends on the position and has no cut-off. " + _LEVER, share=True),
    )
}  # fmt: skip
"""Id -> ratio."""

CUT_OFFS: Final[tuple[CutOff, ...]] = (
    CutOff(
        "lsi",
        (
            ("abd_supine_long",), ("abd_side",), ("abd_side_short",), ("ext_prone_kn90",), ("ext_prone_kn0",),
            ("er_prone",), ("ir_prone",), ("er_sit",), ("ir_sit",), ("flex_sit",), ("flex_sup",), ("bridge_uni",),
        ),
        "target", 90.0, None, "%",
        "A deficit below 10 % is a conventional milestone for return to sport.",
        "discussed by Thorborg et al. 2011, doi:10.1136/bjsm.2009.061762 (not verified)", "not verified",
        "A convention for limbs at large, not derived for any one of these assessments.",
    ),
    CutOff(
        "lsi", (("add_supine_long",),), "target", 90.0, None, "%",
        "A deficit below 10 % is a conventional milestone, but healthy footballers were 14 % stronger in adduction on "
        "the dominant side: a deficit of the other side may be their normal state.",
        "Thorborg et al. 2011, doi:10.1136/bjsm.2009.061762 (not verified)", "not verified",
    ),
    CutOff(
        "add_abd", _LONG_ADD_ABD, "alert", 0.80, None, "1",
        "Ice hockey players below 0.80 before the season had 17 times as many adductor strains; the mean was 0.95 in "
        "those who stayed well and 0.78 in those who did not (n = 47). With a long lever healthy footballers measured "
        "0.68 to 0.88, so that here a low ratio alone is no finding.",
        "Tyler et al. 2001, doi:10.1177/03635465010290020301", "verified",
        "Measured with another method; that it is shown for the long lever is our judgement.",
    ),
    CutOff(
        "add_abd", _LONG_ADD_ABD, "target", 0.90, 1.00, "1",
        "Custom in return to sport aims at 0.90 to 1.00.", "common practice (not verified)", "not verified",
        "Customary for the ratio at large; that it is shown for the long lever is our judgement.",
    ),
    CutOff(
        "add_abd", _LONG_ADD_ABD, "range", 0.68, 0.88, "1",
        "Healthy college footballers with a long lever on a fixed frame; with a short lever the same kind of players "
        "measured 1.05 to 1.09.",
        "PMID 39908711", "verified",
        "Measured on a frame with built-in pads, here with a strap.",
    ),
)  # fmt: skip
"""All cut-offs that are shown. A number without an entry for its assessments is shown alone."""


def ratio(name: str, above: float, below: float, assessments: tuple[str, str]) -> Estimate:
    """One of RATIOS: two scores of one session, side and score rule.

    Formula: above / below, or above / (above + below) for a share. Unit: 1.

    Args:
        name: an id of RATIOS.
        above: the score of its first muscle group, N or N·m.
        below: the score of its second, in the same unit.
        assessments: in which the two were measured.

    Returns:
        The value; its warning is the caution that belongs to the ratio.

    Raises:
        RefusedError: an unknown ratio, assessments that must not be put together, or nothing to divide by.

    Source: which pairs may be put together is our judgement; that lever and method change the ratio, see CUT_OFFS.

    >>> ratio("add_abd", 180.0, 200.0, ("add_supine_long", "abd_supine_long")).value
    0.9
    >>> ratio("add_abd", 180.0, 200.0, ("add_supine_long", "abd_side"))
    Traceback (most recent call last):
    forcelab.analysis.estimate.RefusedError: add_supine_long and abd_side differ in lever or posture: no ratio of both.
    """
    known = RATIOS.get(name)
    if known is None:
        raise RefusedError(f"There is no ratio “{name}”. Known are: {', '.join(RATIOS)}.")
    if assessments not in known.pairs:
        raise RefusedError(f"{assessments[0]} and {assessments[1]} differ in lever or posture: no ratio of both.")
    top, bottom = strength(above, known.numerator), positive(below, known.denominator)
    return Estimate(
        known.id, top / (top + bottom) if known.share else top / bottom, "1", known.formula, warning=known.caution
    )


def cut_offs(name: str, assessments: tuple[str, ...]) -> tuple[CutOff, ...]:
    """What is published for a number in exactly these assessments; empty if nothing is.

    >>> [limit.low for limit in cut_offs("add_abd", ("add_supine_long", "abd_supine_long")) if limit.kind == "alert"]
    [0.8]
    >>> cut_offs("er_ir", ("er_prone", "ir_prone"))
    ()
    """
    return tuple(limit for limit in CUT_OFFS if limit.of == name and assessments in limit.assessments)
