"""How unlike the two sides are: each formula under its own name, because the same two forces give five numbers.

Definitions only. Which side is injured or dominant, and whether a difference is more than error, is not known here
(the latter: `difference`). Both forces must be scores of the same rule in the same assessment.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from forcelab.analysis.estimate import Estimate, RefusedError, finite, positive, strength


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """One way to compare two sides.

    Attributes:
        id: as it stands in tables and exports.
        version: raised whenever the same forces would give another value.
        term: the name for people.
        formula: in symbols, printed beside each value.
        inputs: what the two arguments are, in order.
        equal: the value for equal sides.
        use: when it is the right one, in words for people.
        source: author, year, DOI; what nobody checked against the paper says so.
        compute: the value in %; its docstring is the definition.
    """

    id: str
    version: int
    term: str
    formula: str
    inputs: tuple[str, str]
    equal: float
    use: str
    source: str
    compute: Callable[[float, float], float]

    @property
    def definition(self) -> str:
        """The whole definition with its example."""
        return inspect.getdoc(self.compute) or ""


def lsi(involved: float, uninvolved: float) -> float:
    """Limb symmetry index: the involved side in percent of the other.

    Formula: LSI = 100 · I / U. Unit: %. 100 is equal, below 100 the involved side is weaker.

    Edge cases: refused if U is 0; 0 if the involved side gave no force. Not symmetric: exchanging the sides gives
    10000 / LSI. It cannot see that both sides lost strength; `epic` can.

    Source: usual; discussed by Bishop et al. 2016, doi:10.1519/SSC.0000000000000264.

    >>> lsi(255.0, 300.0)
    85.0
    """
    return 100.0 * strength(involved, "involved side") / positive(uninvolved, "uninvolved side")


def lsi_dnd(dominant: float, nondominant: float) -> float:
    """Limb symmetry index by dominance: the non-dominant side in percent of the dominant.

    Formula: LSI_DND = 100 · ND / D. Unit: %.

    Edge cases: refused if D is 0. Above 100 where the non-dominant side is the stronger one, as happens.

    Source: one of the formulas in Bishop et al. 2016, doi:10.1519/SSC.0000000000000264.

    >>> lsi_dnd(300.0, 255.0)
    85.0
    """
    return 100.0 * strength(nondominant, "non-dominant side") / positive(dominant, "dominant side")


def bsa(one: float, other: float) -> float:
    """Bilateral strength asymmetry: by how much the weaker side falls short of the stronger.

    Formula: BSA = 100 · (S − W) / S, S the stronger, W the weaker. Unit: %, from 0 to 100.

    Edge cases: refused if both are 0. Has no direction: which side is weaker must be told beside it.

    Source: Impellizzeri et al. 2007, doi:10.1249/mss.0b013e31814fb55c (not verified).

    >>> bsa(255.0, 300.0)
    15.0
    """
    weaker, stronger = _sorted(one, other)
    return 100.0 * (stronger - weaker) / stronger


def percent_difference(right: float, left: float) -> float:
    """Signed percentage difference: the shortfall of the weaker side, with the direction kept.

    Formula: %diff = ±(100 − 100 / max(R, L) · min(R, L)), + if R > L, else −. Unit: %, from −100 to 100.

    Edge cases: refused if both are 0. Its size is that of BSA. Equal sides give 0.

    Source: Bishop et al. 2018, doi:10.1519/SSC.0000000000000371 (not verified).

    >>> percent_difference(300.0, 255.0), percent_difference(255.0, 300.0)
    (15.0, -15.0)
    """
    size = bsa(right, left)
    return size if right >= left else -size


def bai_1(dominant: float, nondominant: float) -> float:
    """Bilateral asymmetry index 1: the difference as a share of the sum.

    Formula: BAI-1 = 100 · (D − ND) / (D + ND). Unit: %, from −100 to 100.

    Edge cases: refused if both are 0. Meant for both sides at once, where the sum is itself a measurement. Half of
    BAI-2, and about half of BSA: never compare across formulas.

    Source: one of the formulas in Bishop et al. 2016, doi:10.1519/SSC.0000000000000264.

    >>> round(bai_1(300.0, 255.0), 3)  # 45 of 555
    8.108
    """
    total = _total(dominant, nondominant)
    return 100.0 * (dominant - nondominant) / total


def bai_2(dominant: float, nondominant: float) -> float:
    """Bilateral asymmetry index 2, also "asymmetry index": the difference as a share of the mean.

    Formula: BAI-2 = 100 · 2 · (D − ND) / (D + ND). Unit: %, from −200 to 200.

    Edge cases: refused if both are 0.

    Source: one of the formulas in Bishop et al. 2016, doi:10.1519/SSC.0000000000000264.

    >>> round(bai_2(300.0, 255.0), 3)  # 45 of 277.5
    16.216
    """
    return 2.0 * bai_1(dominant, nondominant)


def symmetry_angle(right: float, left: float) -> float:
    """Symmetry angle: how far the point (right, left) is turned from the diagonal of equal sides.

    Formula: SA = 100 · (45° − atan(L / R)) / 90°; if 45° − atan(L / R) > 90°, SA = 100 · (45° − atan(L / R) − 180°) /
    90°. Unit: %, above −100 and up to 100; for strengths −50 to 50. + where the right side is the greater.

    Edge cases: needs no side to divide by: R = 0 gives −50, L = 0 gives +50. Refused if both are 0. Unlike the other
    formulas it takes signed numbers; the second line of the formula is for those, where the sides have opposite
    signs and |L| > |R|. L = −R gives 100.

    Source: Zifchock et al. 2008, doi:10.1016/j.gaitpost.2007.08.006 (not verified).

    >>> round(symmetry_angle(300.0, 255.0), 4), symmetry_angle(200.0, 0.0)
    (5.1505, 50.0)
    """
    finite(right, "right side")
    finite(left, "left side")
    if right == left == 0.0:
        raise RefusedError("Both sides are 0, so there is nothing to compare.")
    # atan2 with both signs turned so that R is not negative is atan(L / R) without the division.
    angle = math.degrees(math.atan2(math.copysign(1.0, right) * left, abs(right)))
    turned = 45.0 - angle
    return 100.0 * (turned - 180.0 if turned > 90.0 else turned) / 90.0


def epic(involved_now: float, uninvolved_before: float) -> float:
    """Estimated pre-injury capacity: the involved side now in percent of the uninvolved side before the injury.

    Formula: EPIC = 100 · I_now / U_before. Unit: %.

    Edge cases: refused without a measurement of the uninvolved side before injury or treatment. Why it exists: of
    those after cruciate ligament surgery 57 % reached LSI ≥ 90 % but only 29 % EPIC ≥ 90 %, and the sensitivity for
    a second injury was 0.27 with LSI and 0.82 with EPIC. That is the knee; for the hip nobody showed it.

    Source: Wellsandt et al. 2017, doi:10.2519/jospt.2017.7285.

    >>> epic(240.0, 320.0)
    75.0
    """
    return (
        100.0 * strength(involved_now, "involved side") / positive(uninvolved_before, "uninvolved side before injury")
    )


def compare(name: str, first: float, second: float) -> Estimate:
    """One of ASYMMETRIES by name, with its formula.

    Args:
        name: an id of ASYMMETRIES.
        first: the first of its inputs, N or any unit that both share.
        second: the second.

    Returns:
        The value in %.

    Raises:
        RefusedError: the formula has no value for these two, or there is no such formula.

    >>> found = compare("lsi", 255.0, 300.0)
    >>> found.value, found.unit, found.formula
    (85.0, '%', 'LSI = 100 · I / U')
    """
    known = ASYMMETRIES.get(name)
    if known is None:
        raise RefusedError(f"There is no asymmetry formula “{name}”. Known are: {', '.join(ASYMMETRIES)}.")
    return Estimate(known.id, known.compute(first, second), "%", known.formula)


def _sorted(one: float, other: float) -> tuple[float, float]:
    _total(one, other)
    return min(one, other), max(one, other)


def _total(one: float, other: float) -> float:
    total = strength(one, "one side") + strength(other, "other side")
    if total == 0.0:
        raise RefusedError("Both sides are 0, so there is nothing to compare.")
    return total


_BISHOP = "Bishop et al. 2016, doi:10.1519/SSC.0000000000000264"
_LIMBS = ("right", "left")
_DOMINANCE = ("dominant", "non-dominant")

ASYMMETRIES: Final[Mapping[str, Asymmetry]] = {
    entry.id: entry
    for entry in (
        Asymmetry("lsi", 1, "Limb symmetry index", "LSI = 100 · I / U", ("involved", "uninvolved"), 100.0,
                  "an injured client (default)", _BISHOP, lsi),
        Asymmetry("lsi_dnd", 1, "Limb symmetry index by dominance", "LSI_DND = 100 · ND / D", _DOMINANCE, 100.0,
                  "a healthy person whose dominant side is known", _BISHOP, lsi_dnd),
        Asymmetry("bsa", 1, "Bilateral strength asymmetry", "BSA = 100 · (S − W) / S", ("one side", "other side"), 0.0,
                  "healthy athletes, each side tested alone",
                  "Impellizzeri et al. 2007, doi:10.1249/mss.0b013e31814fb55c (not verified)", bsa),
        Asymmetry("percent_difference", 1, "Signed percentage difference",
                  "%diff = ±(100 − 100 / max(R, L) · min(R, L)), + if R > L", _LIMBS, 0.0,
                  "healthy persons, each side tested alone, direction kept",
                  "Bishop et al. 2018, doi:10.1519/SSC.0000000000000371 (not verified)", percent_difference),
        Asymmetry("bai_1", 1, "Bilateral asymmetry index 1", "BAI-1 = 100 · (D − ND) / (D + ND)", _DOMINANCE, 0.0,
                  "both sides at once, two plates or pads", _BISHOP, bai_1),
        Asymmetry("bai_2", 1, "Bilateral asymmetry index 2", "BAI-2 = 100 · 2 · (D − ND) / (D + ND)", _DOMINANCE, 0.0,
                  "both sides at once; the difference over the mean", _BISHOP, bai_2),
        Asymmetry("symmetry_angle", 1, "Symmetry angle", "SA = 100 · (45° − atan(L / R)) / 90°, less 180° if > 90°",
                  _LIMBS, 0.0, "where no side may serve as reference",
                  "Zifchock et al. 2008, doi:10.1016/j.gaitpost.2007.08.006 (not verified)", symmetry_angle),
        Asymmetry("epic", 1, "Estimated pre-injury capacity", "EPIC = 100 · I_now / U_before",
                  ("involved now", "uninvolved before injury"), 100.0,
                  "a client whose uninvolved side was measured before the injury",
                  "Wellsandt et al. 2017, doi:10.2519/jospt.2017.7285", epic),
    )
}  # fmt: skip
"""Id -> formula. Print the formula with every value."""
