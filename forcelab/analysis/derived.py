"""Numbers that follow from other numbers and from what was measured on the participant: torque, per kg, % body weight.

A table made from two others: every metric in newtons (N, N/s, N·s) has a torque form, and each of both can be put on
every scaling that has a meaning for its unit. Holds names and definitions; knows no trial and no body.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import ALIASES, METRICS, resolve
from forcelab.analysis.scaling import SCALINGS, Scaling
from forcelab.analysis.torque import TORQUE_RULE, torque

TORQUE_UNITS: Final[Mapping[str, str]] = {"N": "N·m", "N/s": "N·m/s", "N·s": "N·m·s"}
"""Unit of a number -> unit of its torque form."""

_NAMES: Final = (("impulse", "angular_impulse"), ("force", "torque"), ("rfd", "rtd"), ("rfr", "rtr"))
_TERMS: Final = (
    ("Impulse", "Angular impulse"), ("impulse", "angular impulse"), ("Force", "Torque"), ("force", "torque"),
    ("RFD", "RTD"),
)  # fmt: skip


@dataclass(frozen=True)
class Derived:
    """One number that follows from a metric by torque, by a scaling, or by both in this order.

    Attributes:
        base: the metric that it follows from.
        turned: whether it is the torque form.
        scaling: how it is related to the body, or None.
        caution: none; what errors of the lever arm do to a torque depends on them and is told with the set-up.
    """

    base: Metric
    turned: bool
    scaling: Scaling | None
    caution: str = ""

    @cached_property
    def id(self) -> str:
        """The name in assessments, files and exports."""
        return derived_id(self.base.id, self.turned, self.scaling)

    @property
    def version(self) -> int:
        """That of the metric; torque and scaling stand with versions of their own in the recipe."""
        return self.base.version

    @cached_property
    def term(self) -> str:
        """The name for people."""
        term = _worded(self.base.term, _TERMS, " of torque") if self.turned else self.base.term
        return f"{term}, {self.scaling.term}" if self.scaling else term

    @cached_property
    def unit(self) -> str:
        """SI, or %."""
        unit = TORQUE_UNITS[self.base.unit] if self.turned else self.base.unit
        return self.scaling.of[unit] if self.scaling else unit

    @property
    def formula(self) -> str:
        """In symbols, each step of what it is put on."""
        steps = [f"{self.base.id}: {self.base.formula}"]
        if self.turned:
            steps.append(f"{derived_id(self.base.id, True, None)} = {self.base.id} · L sin φ")
        if self.scaling:
            steps.append(f"{self.id} = {self.scaling.formula}, x = {derived_id(self.base.id, self.turned, None)}")
        return "; ".join(steps)

    @property
    def window(self) -> float | None:
        """s, the length of curve that the metric looks at, or None."""
        return self.base.window

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be recorded and measured, in words for people."""
        lever = ("lever arm", "angle of pull, if not 90°") if self.turned else ()
        return (*self.base.needs, *lever, *(self.scaling.needs if self.scaling else ()))

    @property
    def source(self) -> str:
        """Of the scaling, else mechanics; then that of the metric."""
        return f"{self.scaling.source if self.scaling else 'mechanics'}; {self.base.source}"

    @property
    def definition(self) -> str:
        """The definitions of all its steps, the last first."""
        steps = [inspect.getdoc(torque) or ""] if self.turned else []
        return "\n\n".join((*((self.scaling.definition,) if self.scaling else ()), *steps, self.base.definition))

    def recipe(self, recipe: str, gravity: float) -> str:
        """The recipe of the number, from that of the metric. Lever arm and body mass are measurements, not part of it.

        Args:
            recipe: of the metric's result.
            gravity: m/s², that of the place; it stands in the recipe where it enters.

        >>> DERIVED["peak_torque_per_kg"].recipe("peak_force/1", 9.81)
        'peak_force/1; torque/1(F L sin φ); per_kg/1'
        >>> DERIVED["peak_force_percent_bw"].recipe("peak_force/1", 9.81)
        'peak_force/1; percent_bw/1(g=9.81)'
        """
        turned = f"{recipe}; {TORQUE_RULE}" if self.turned else recipe
        return self.scaling.recipe(turned, gravity) if self.scaling else turned


def derived_id(name: str, turned: bool, scaling: Scaling | None) -> str:
    """The id of a derived number from that of its metric.

    >>> derived_id("rfd_0_100", True, None), derived_id("mean_1s", True, SCALINGS["per_kg"])
    ('rtd_0_100', 'mean_1s_torque_per_kg')
    """
    name = _worded(name, _NAMES, "_torque") if turned else name
    return f"{name}_{scaling.id}" if scaling else name


def derive(metrics: Iterable[Metric]) -> Iterator[Derived]:
    """Every torque form and scaling that has a meaning for the unit of a metric."""
    for metric in metrics:
        for turned in (False, True) if metric.unit in TORQUE_UNITS else ():
            unit = TORQUE_UNITS[metric.unit] if turned else metric.unit
            if turned:
                yield Derived(metric, turned, None)
            yield from (Derived(metric, turned, scaling) for scaling in SCALINGS.values() if unit in scaling.of)


def _worded(text: str, words: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The text with the first word that is found replaced, else with `otherwise` behind it."""
    return next((text.replace(old, new) for old, new in words if old in text), text + otherwise)


DERIVED: Final[Mapping[str, Derived]] = {derived.id: derived for derived in derive(METRICS.values())}
"""Id -> derived number, all of them."""

_ALIASED: Final[Mapping[str, tuple[str, Derived]]] = {
    derived_id(alias, form.turned, form.scaling): (alias, form)
    for alias, rows in ALIASES.items()
    for form in derive((METRICS[rows[0][1]],))
}


def is_derived(name: str) -> bool:
    """Whether a name means a derived number.

    >>> is_derived("peak_torque"), is_derived("peak_rfd_per_kg"), is_derived("peak_force"), is_derived("rfd_20_80_kg")
    (True, True, False, False)
    """
    return name in DERIVED or name in _ALIASED


def meant_by(name: str) -> tuple[str, ...]:
    """The ids that an alias may mean, of a metric or of a number derived from one; empty for every other name.

    >>> meant_by("peak_rtd"), meant_by("peak_torque")
    (('peak_rtd_20', 'peak_rtd_50', 'peak_rtd_200'), ())
    """
    if name not in _ALIASED:
        return tuple(metric for _, metric in ALIASES.get(name, ()))
    alias, form = _ALIASED[name]
    return tuple(derived_id(metric, form.turned, form.scaling) for _, metric in ALIASES[alias])


def resolve_derived(name: str, rate: float, *, estimated: bool = False) -> Derived:
    """The derived number that a name means for a sensor of this rate.

    Raises:
        KeyError: there is none (see `is_derived`).

    >>> resolve_derived("peak_rtd", 80.0).id, resolve_derived("peak_rfd_per_kg", 1000.0).id
    ('peak_rtd_200', 'peak_rfd_20_per_kg')
    """
    if name in DERIVED:
        return DERIVED[name]
    alias, form = _ALIASED[name]
    return DERIVED[derived_id(resolve(alias, rate, estimated=estimated), form.turned, form.scaling)]


def meaningless(name: str) -> str:
    """Why a name that puts a scaling on a known number means nothing; "" if it is not of that kind.

    >>> meaningless("time_to_peak_per_kg")
    'a number in s cannot be given as per kg'
    >>> meaningless("peak_torque_percent_bw")
    'a number in N·m cannot be given as % of body weight'
    >>> meaningless("peak_force_per_kg"), meaningless("strength")
    ('', '')
    """
    if is_derived(name):
        return ""
    for scaling in SCALINGS.values():
        inner = name.removesuffix(f"_{scaling.id}")
        known = METRICS.get(inner) or DERIVED.get(inner)
        if known is not None and known.id != name:
            return f"a number in {known.unit} cannot be given as {scaling.term}"
    return ""
