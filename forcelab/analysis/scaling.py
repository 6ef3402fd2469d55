"""Numbers related to the body: per kilogram, in percent of body weight, allometric.

A table of scalings and their definitions. Knows no trial: a number and a body go in. Which numbers a scaling may be
put on stands in the table.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from forcelab.analysis.estimate import RefusedError, finite
from forcelab.model import GRAVITY

_LIGHTEST, _HEAVIEST = 2.0, 400.0
"""kg; beyond these a mass was given in another unit or mistyped."""
_LEAST_GRAVITY, _GREATEST_GRAVITY = 9.7, 9.9
"""m/s²; on the ground it is 9.76 to 9.84."""


@dataclass(frozen=True, slots=True)
class Body:
    """Whose force it is: body mass in kg and the local acceleration of free fall in m/s²."""

    mass: float
    gravity: float = GRAVITY

    def __post_init__(self) -> None:
        if not _LIGHTEST <= finite(self.mass, "body mass") <= _HEAVIEST:
            raise RefusedError(f"A body mass of {self.mass:g} kg cannot be right.")
        if not _LEAST_GRAVITY <= finite(self.gravity, "acceleration of free fall") <= _GREATEST_GRAVITY:
            raise RefusedError(f"An acceleration of free fall of {self.gravity:g} m/s² cannot be right.")

    @property
    def weight(self) -> float:
        """Body weight in N."""
        return self.mass * self.gravity


@dataclass(frozen=True, slots=True)
class Scaling:
    """One way to relate a number to the body.

    Attributes:
        id: what is added to a metric's id: `peak_force` becomes `peak_force_per_kg`.
        version: raised whenever the same number and body would give another value.
        term: the name for people, what is added to a metric's.
        of: unit of the number that it may be put on -> unit of what comes out.
        formula: in symbols: x the number, m body mass, g free fall.
        needs: in words for people.
        source: author, year, DOI; what nobody checked against the paper says so.
        compute: the scaled number.
        define: the function that bears the definition.
        falls: whether free fall enters, which then belongs in the recipe.
    """

    id: str
    version: int
    term: str
    of: Mapping[str, str]
    formula: str
    needs: tuple[str, ...]
    source: str
    compute: Callable[[float, Body], float]
    define: Callable[..., object]
    falls: bool = False

    @property
    def definition(self) -> str:
        """The whole definition with its example."""
        return inspect.getdoc(self.define) or ""

    def recipe(self, recipe: str, gravity: float = GRAVITY) -> str:
        """The recipe of the scaled number: that of the number itself, and what was done to it.

        >>> SCALINGS["percent_bw"].recipe("peak_force/1"), SCALINGS["per_kg"].recipe("rfd/1")
        ('peak_force/1; percent_bw/1(g=9.81)', 'rfd/1; per_kg/1')
        """
        held = f"(g={gravity:g})" if self.falls else ""
        return f"{recipe}; {self.id}/{self.version}{held}"


def per_kg(value: float, body: Body) -> float:
    """Per kilogram of body mass.

    Formula: x / m. Unit: N/kg, N·m/kg, N/s/kg, N·s/kg and so on, by what is scaled.

    Edge cases: favours light people where force grows with less than the first power of mass, as it does; for torque
    the first power is right. Refused (by `Body`) without a believable mass.

    Source: in common use; that torque scales with the first power of mass, Jaric 2002 (not verified).

    >>> round(per_kg(205.0, Body(70.0)), 6)
    2.928571
    """
    return finite(value, "number") / body.mass


def percent_bw(value: float, body: Body) -> float:
    """In percent of body weight.

    Formula: 100 · F / (m·g). Unit: %. g is 9.81 m/s² unless the local one was set.

    Edge cases: as per kilogram; the same information in another unit.

    Source: in common use.

    >>> round(percent_bw(392.4, Body(80.0)), 9)
    50.0
    """
    return 100.0 * finite(value, "number") / body.weight


def allometric(value: float, body: Body, *, power: float) -> float:
    """Allometric: per body mass to the power by which force grows with it.

    Formula: F / m^0.67 or F / m^(2/3). Unit: N/kg^0.67, N/kg^(2/3). The two differ by 1.4 % at 80 kg, so each has its
    own name.

    Edge cases: for force alone; torque grows with the first power of mass.

    Source: force grows with mass to the power 2/3, Jaric 2002 (not verified); supine hip abduction scaled with 0.67 had
    the best retest, ICC 0.94, CV 5.6 %, in Cerda Vega et al. 2018, doi:10.1371/journal.pone.0202248.

    >>> round(allometric(300.0, Body(80.0), power=0.67), 5), round(allometric(300.0, Body(80.0), power=2 / 3), 5)
    (15.92396, 16.15826)
    """
    return finite(value, "number") / float(body.mass**power)


_MASS: Final = ("body mass",)
_ALLOMETRIC: Final = (
    "Jaric 2002 (not verified); Cerda Vega et al. 2018, doi:10.1371/journal.pone.0202248 (retest with 0.67)"
)

SCALINGS: Final[Mapping[str, Scaling]] = {
    scaling.id: scaling
    for scaling in (
        Scaling(
            "per_kg", 1, "per kg", {unit: f"{unit}/kg" for unit in ("N", "N/s", "N·s", "N·m", "N·m/s", "N·m·s")},
            "x / m", _MASS, "definition; for torque Jaric 2002 (not verified)", per_kg, per_kg,
        ),
        Scaling(
            "percent_bw", 1, "% of body weight", {"N": "%"}, "100 · x / (m·g)", _MASS, "definition",
            percent_bw, percent_bw, falls=True,
        ),
        Scaling(
            "allometric_067", 1, "per kg^0.67", {"N": "N/kg^0.67"}, "x / m^0.67", _MASS, _ALLOMETRIC,
            partial(allometric, power=0.67), allometric,
        ),
        Scaling(
            "allometric_2_3", 1, "per kg^(2/3)", {"N": "N/kg^(2/3)"}, "x / m^(2/3)", _MASS, _ALLOMETRIC,
            partial(allometric, power=2.0 / 3.0), allometric,
        ),
    )
}  # fmt: skip
"""Id -> scaling."""
