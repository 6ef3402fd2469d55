"""Where the variation in a table of persons by trials comes from: two-way analysis of variance.

Knows a complete table. What the mean squares say about a test is for `reliability` and `measurement_error`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forcelab.analysis.estimate import complete, settled


@dataclass(frozen=True, slots=True)
class Anova:
    """Two-way analysis of variance without repetition, n persons by k columns.

    Attributes:
        n: persons.
        k: trials, sessions or raters.
        msb: mean square between persons, n − 1 degrees of freedom.
        msj: mean square between columns, k − 1.
        mse: residual mean square, (n − 1)(k − 1).
        msw: mean square within persons, n(k − 1).
        mean: grand mean.
    """

    n: int
    k: int
    msb: float
    msj: float
    mse: float
    msw: float
    mean: float

    @property
    def df(self) -> int:
        """Degrees of freedom of the residual."""
        return (self.n - 1) * (self.k - 1)


def anova(values: Sequence[Sequence[float]] | ArrayLike) -> Anova:
    """Two-way analysis of variance of a complete table of shape (n, k), one value a cell.

    Formula: SSB = k Σ (x̄_i. − x̄)²; SSJ = n Σ (x̄_.j − x̄)²; SSE = ΣΣ (x − x̄_i. − x̄_.j + x̄)²; SSW = SSJ + SSE;
    MSB = SSB / (n − 1); MSJ = SSJ / (k − 1); MSE = SSE / ((n − 1)(k − 1)); MSW = SSW / (n(k − 1)). Unit: squared.

    Edge cases: the residual is summed from its own terms and not as a difference of larger sums, so that it keeps its
    digits where persons differ much and trials hardly. Differences below 1e-12 of the largest value are rounding and
    count as none.

    Raises:
        RefusedError: fewer than 2 persons or columns, or a value is missing.

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> found = anova([[1, 3], [5, 7], [9, 14]])  # means 2, 6, 11.5 and 5, 8, grand 6.5; residuals ±0.5, ±0.5, ±1
    >>> found.msb, found.msj, found.mse, found.mean
    (45.5, 13.5, 1.5, 6.5)
    """
    table = complete(values)
    n, k = table.shape
    mean = float(table.mean())
    largest = float(np.abs(table).max())
    centred = table - mean
    persons = settled(centred.mean(axis=1, keepdims=True), largest)
    columns = settled(centred.mean(axis=0, keepdims=True), largest)
    between, across = k * float((persons**2).sum()), n * float((columns**2).sum())
    residual = float((settled(centred - persons - columns, largest) ** 2).sum())
    return Anova(
        n, k, between / (n - 1), across / (k - 1), residual / ((n - 1) * (k - 1)),
        (across + residual) / (n * (k - 1)), mean,
    )  # fmt: skip
