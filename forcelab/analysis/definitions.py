"""Every definition by its id: metrics, measures, formulas, onset rules and flags of all tables in one shape.

For whoever wants to know what a number or a doubt means. Computes nothing; what is in no table here is on no screen.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from forcelab.analysis.asymmetry import ASYMMETRIES, Asymmetry
from forcelab.analysis.between import BETWEEN, Between
from forcelab.analysis.critical_force import CRITICAL_FORCE
from forcelab.analysis.derived import DERIVED, Derived, meant_by
from forcelab.analysis.doubt import Rule
from forcelab.analysis.evidence import WEAKNESS, Evidence, evidence, source_of
from forcelab.analysis.fatigue import OVER_HOLD, OVER_REPETITIONS
from forcelab.analysis.jump.flags import JUMP_FLAGS
from forcelab.analysis.jump.metric import KIND_NAMES, JumpMetric
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.rule import JumpRule
from forcelab.analysis.measure import Measure
from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.onset_method import OnsetMethod
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.analysis.pulses import SCALING_FACTORS
from forcelab.analysis.quality import FLAGS
from forcelab.analysis.ratios import RATIOS, Ratio
from forcelab.analysis.reliability import ICCS, IccForm
from forcelab.analysis.scaling import SCALINGS, Scaling
from forcelab.analysis.scores import SCORE_RULES, rule_for, score
from forcelab.analysis.steadiness import STEADINESS


@dataclass(frozen=True, slots=True)
class Definition:
    """What one name means.

    Attributes:
        id: the name in assessments, files and exports.
        table: where it belongs, in words.
        version: of the definition; None where it has none of its own.
        term: the name for people.
        unit: SI, "%" or a ratio of them; "" where there is no number.
        formula: in symbols or short words.
        window: s, the length of curve that it looks at, or None.
        needs: what a record must hold, in words.
        source: what it rests on, see `evidence`.
        caution: what must be told with it, or "".
        text: the whole definition with its example.
        steps: the sources of what it follows from, each of which it rests on; the weakest counts.
    """

    id: str
    table: str
    version: int | None
    term: str
    unit: str
    formula: str
    window: float | None
    needs: tuple[str, ...]
    source: str
    caution: str
    text: str
    steps: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        """How far its sources were looked at."""
        return max((evidence(step) for step in self.steps or (self.source,)), key=WEAKNESS.index)


DOUBTS: Final = ("doubts about an effort", "doubts about a jump")
"""The tables of flags: their source is that of the limit."""

FOLLOWING: Final = "following from other numbers"
"""The table of torque forms and scaled numbers: many, and each told by its parts."""

ROUGH: Final = "A rough number at any rate."
"""The caution of a number that no rate makes better."""

_TAKES: Final = {
    "all": "raised, it marks all numbers rejected: no interval, no place in a score",
    "timed": "raised, it marks what rests on {start} rejected: no interval, no place in a score",
    "none": "raised, it rejects no number",
}
_WITHHOLDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("DROPOUT", "NO_ONSET"), "raised, it withholds what rests on onset"),
    "NO_WEIGHING": "raised, it withholds what rests on body weight",
    "RATE_TOO_LOW": "raised, it withholds what rests on take-off",
}
_WEAKENS: Final = "raised, it marks what rests on onset indicative"


def of_effort(table: str, one: Metric) -> Definition:
    """A metric of one effort."""
    return Definition(one.id, table, one.version, one.term, one.unit, one.formula, one.window, one.needs, one.source,
                      "", one.definition)  # fmt: skip


def of_measure(table: str, one: Measure[Any]) -> Definition:
    """A number from a hold, from repetitions or from pulses."""
    return Definition(one.id, table, one.version, one.term, one.unit, one.formula, one.window, one.needs, one.source,
                      one.caution, one.definition)  # fmt: skip


def of_jump(table: str, one: JumpMetric) -> Definition:
    """A metric of a jump."""
    kinds = " or ".join(KIND_NAMES[kind] for kind in one.kinds)
    caution = ROUGH if one.indicative else one.caution
    return Definition(one.id, table, one.version, one.term, one.unit, one.formula, None, (f"a {kinds}", *one.needs),
                      one.source, caution, one.definition)  # fmt: skip


def of_scaling(table: str, one: Scaling) -> Definition:
    """A way to relate a number to the body."""
    unit = ", ".join(dict.fromkeys(one.of.values()))
    return Definition(one.id, table, one.version, one.term, unit, one.formula, None, one.needs, one.source, "",
                      one.definition)  # fmt: skip


def of_derived(table: str, one: Derived) -> Definition:
    """A torque, or a number per kg: no better known than the number that it follows from."""
    steps = (one.base.source, *((one.scaling.source,) if one.scaling else ()))
    return Definition(one.id, table, one.version, one.term, one.unit, one.formula, one.window, one.needs, one.source,
                      one.caution, one.definition, steps)  # fmt: skip


def of_asymmetry(table: str, one: Asymmetry) -> Definition:
    """A comparison of two sides."""
    return Definition(one.id, table, one.version, one.term, "%", one.formula, None, one.inputs, one.source,
                      f"For {one.use}; {one.equal:g} is equal.", one.definition)  # fmt: skip


def of_between(table: str, one: Between) -> Definition:
    """A number of two sides in one trial."""
    return Definition(one.id, table, one.version, one.term, one.unit, one.formula, None, ("two sensors at once",),
                      one.source, one.caution, one.definition)  # fmt: skip


def of_ratio(table: str, one: Ratio) -> Definition:
    """A ratio of two muscle groups."""
    pairs = ", ".join(" with ".join(pair) for pair in one.pairs)
    text = f"{one.formula}, only for {pairs}. Which may be put together is our judgement: equal lever and posture."
    return Definition(one.id, table, one.version, one.term, "1", one.formula, None, (one.numerator, one.denominator),
                      "definition; pairs our own", one.caution, text)  # fmt: skip


def of_icc(table: str, one: IccForm) -> Definition:
    """A coefficient of reliability."""
    return Definition(one.id, table, None, one.term, "1", one.formula, None, ("several persons", "two sessions"),
                      source_of(one.compute), f"For {one.use}.",
                      inspect.getdoc(one.compute) or "")  # fmt: skip


def of_onset(table: str, one: OnsetMethod) -> Definition:
    """A rule for onset."""
    return Definition(one.id, table, one.version, one.term, "s", one.formula, None, one.needs, one.source, "",
                      inspect.getdoc(one.define) or "")  # fmt: skip


def of_flag(table: str, one: Rule | JumpRule) -> Definition:
    """A doubt: `source` is that of its limit."""
    if one.name in _WITHHOLDS:
        takes = _WITHHOLDS[one.name]
    elif isinstance(one, Rule):
        takes = _WEAKENS if one.weakens else _TAKES[one.rejects].format(start="onset")
    else:
        takes = _TAKES[one.rejects].format(start="body weight")
    term = one.definition.partition("\n")[0].partition(": ")[2].rstrip(".")
    return Definition(one.name, table, one.version, term, one.unit, takes, None, (), one.source,
                      "", one.definition)  # fmt: skip


def _scores() -> Iterable[Definition]:
    for name, formula in SCORE_RULES.items():
        yield Definition(name, "scores over trials", None, f"Score: {name.replace('_', ' ')}", "that of the number",
                         formula.format(rank="force at 100 ms (below 100 Hz: at 200 ms)"), None, ("valid trials",),
                         "our judgement", "", f"{inspect.getdoc(score)}\n\n{inspect.getdoc(rule_for)}")  # fmt: skip


def _all() -> Iterable[Definition]:
    yield from (of_effort("one effort", one) for one in METRICS.values())
    yield from (of_measure("a steady hold", one) for one in STEADINESS)
    yield from (of_measure("a sustained hold", one) for one in OVER_HOLD)
    yield from (of_measure("repetitions", one) for one in OVER_REPETITIONS)
    yield from (of_measure("an all-out test", one) for one in CRITICAL_FORCE)
    yield from (of_measure("fast pulses", one) for one in SCALING_FACTORS)
    yield from (of_jump("a jump", one) for one in JUMP_METRICS.values())
    yield from (of_scaling("related to the body", one) for one in SCALINGS.values())
    yield from (of_derived(FOLLOWING, one) for one in DERIVED.values())
    yield from (of_asymmetry("left and right", one) for one in ASYMMETRIES.values())
    yield from (of_between("both sides at once", one) for one in BETWEEN.values())
    yield from (of_ratio("ratios of muscle groups", one) for one in RATIOS.values())
    yield from _scores()
    yield from (of_icc("reliability", one) for one in ICCS.values())
    yield from (of_onset("onset rules", one) for one in ONSET_METHODS.values())
    yield from (of_flag(DOUBTS[0], one) for one in FLAGS.values())
    yield from (of_flag(DOUBTS[1], one) for one in JUMP_FLAGS.values())


DEFINITIONS: Final[tuple[Definition, ...]] = tuple(_all())
"""All of them, table by table. An id may stand in two tables: a flag of efforts and one of jumps."""

_BY_ID: Final[Mapping[str, Definition]] = {one.id: one for one in reversed(DEFINITIONS)}


def definition(name: str) -> Definition | None:
    """The first definition of an id; None if there is none."""
    return _BY_ID.get(name)


def find(name: str) -> tuple[Definition, ...]:
    """All definitions of an id, in any case of its letters; those that an alias may mean; empty if there is none.

    >>> [one.id for one in find("peak_rfd")], [one.table for one in find("CLIPPED")]
    (['peak_rfd_20', 'peak_rfd_50', 'peak_rfd_200'], ['doubts about an effort', 'doubts about a jump'])
    >>> [one.id for one in find("peak_rfd_per_kg")]
    ['peak_rfd_20_per_kg', 'peak_rfd_50_per_kg', 'peak_rfd_200_per_kg']
    """
    meant = set(meant_by(name.lower())) or {name.lower()}
    return tuple(one for one in DEFINITIONS if one.id.lower() in meant)


def like(name: str) -> tuple[str, ...]:
    """Known ids that a mistyped name may have meant, the likeliest first.

    >>> like("peak_frce")[0]
    'peak_force'
    """
    key: Callable[[str], str] = str.lower
    known = {key(one.id): one.id for one in DEFINITIONS}
    close = get_close_matches(key(name), known, n=5, cutoff=0.5)
    return tuple(known[one] for one in close)
