"""How a record is to be analysed, as the options of `analyse` say it, beside what its assessment says.

Refuses names that nothing bears, before any number is computed. Reads no file.
"""

from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec
import typer

from forcelab.analysis.definitions import find, like
from forcelab.analysis.derived import meaningless
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.analysis.steadiness import BAND
from forcelab.commands.measured import Given
from forcelab.commands.options import TARGET, finite
from forcelab.commands.output import fail
from forcelab.evaluate import SERIES, everything, supported
from forcelab.model import Assessment

ALL: Final = "all"
"""In place of names of metrics: every one."""


@dataclass(frozen=True)
class AskedOptions:
    """What was said of how a record is to be analysed."""

    metrics: Annotated[
        str,
        typer.Option(help="Give these numbers, whatever the assessment lists: names with commas between them, or all."),
    ] = ""
    show_all: Annotated[bool, typer.Option("--all", help="Show numbers that the rate does not carry too.")] = False
    onset_at: Annotated[
        float | None, typer.Option(help="Onset set by hand, s on the record's clock.", callback=finite)
    ] = None
    onset_rule: Annotated[
        str, typer.Option(help="Find onset by this rule, whatever the assessment says; see `forcelab metrics`.")
    ] = ""
    hold: Annotated[
        float | None,
        typer.Option(
            min=0.1, max=3600, help="How long the push was to last, s, whatever the assessment says.", callback=finite
        ),
    ] = None
    target: TARGET = None

    def asked(self, set_up: Given) -> "Asked":
        """All of it together with what was measured; leaves with a sentence where it contradicts itself."""
        if self.onset_rule and self.onset_at is not None:
            fail("An onset is set by a rule or by hand: leave out --onset-rule or --onset-at.")
        names = tuple(dict.fromkeys(name.strip() for name in self.metrics.split(",") if name.strip()))
        return Asked(names, self.target, self.show_all, self.onset_at, self.onset_rule, self.hold, set_up=set_up)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a record is to be analysed, beside the assessment.

    Attributes:
        metrics: ids in place of those that the assessment lists, of a trial or over repetitions; empty: those;
            "all": whatever a record of its kind can give.
        target: N, the force that was to be held, in place of the assessment's.
        show_all: give also what the sensor's rate does not carry.
        onset_at: s on the record's clock; onset given by hand.
        onset_rule: name of a rule for onset in place of the assessment's; "": that.
        hold: s that the push was to last, in place of what the assessment says.
        by_rule: whether onsets that were set by hand in a session are passed over.
        set_up: what was measured, in place of what the file holds.
    """

    metrics: tuple[str, ...] = ()
    target: float | None = None
    show_all: bool = False
    onset_at: float | None = None
    onset_rule: str = ""
    hold: float | None = None
    by_rule: bool = False
    set_up: Given = field(default_factory=dict)

    def assessment(self, assessment: Assessment) -> Assessment:
        """The assessment with what was asked for in place of what it says; raises ValueError with a sentence."""
        if self.target is not None:
            assessment = msgspec.structs.replace(assessment, target=band(self.target))
        assessment = self._timed(assessment)
        if not self.metrics:
            return assessment
        if self.metrics == (ALL,):
            return msgspec.structs.replace(assessment, metrics=everything(assessment, sustained=self.hold is not None))
        if problems := list(filter(None, (_unknown(name, assessment) for name in self.metrics))):
            raise ValueError(" ".join(problems))
        single = tuple(name for name in self.metrics if name not in SERIES)
        series = tuple(name for name in self.metrics if name in SERIES)
        return msgspec.structs.replace(assessment, metrics=single or assessment.metrics, series=series)

    def _timed(self, assessment: Assessment) -> Assessment:
        """With the onset rule and the length of the push that were asked for."""
        if self.onset_rule and self.onset_rule not in ONSET_METHODS:
            raise ValueError(f"No onset rule is called {self.onset_rule!r}. Known are: {', '.join(ONSET_METHODS)}.")
        if assessment.kind == "jump" and (self.onset_rule or self.hold is not None):
            raise ValueError("A jump is not held and has an onset of its own: leave out --onset-rule and --hold.")
        # Converted and not replaced, so that the name is one of those that the model knows.
        onset = msgspec.to_builtins(assessment.onset) | ({"rule": self.onset_rule} if self.onset_rule else {})
        hold = assessment.hold if self.hold is None else self.hold
        return msgspec.structs.replace(assessment, onset=msgspec.convert(onset, type(assessment.onset)), hold=hold)


AS_IT_SAYS: Final = Asked()
"""Nothing but what the assessment says."""


def band(target: float) -> tuple[float, float]:
    """What is shown around a force that is to be held: 5 % either way, as far as time in band reaches."""
    return (1.0 - BAND) * target, (1.0 + BAND) * target


def hint(name: str) -> str:
    """What a name that is not known may have meant, and where all names are, as the end of a sentence."""
    close = ", ".join(like(name))
    meant = f" Did you mean {close}?" if close else ""
    return f"{meant} `forcelab metrics` lists all names."


def _unknown(name: str, assessment: Assessment) -> str:
    """Why a metric cannot be asked for in a record of this kind; "" if it can."""
    if name in SERIES:
        return ""
    if nonsense := meaningless(name):
        return f"There is no {name!r}: {nonsense}."
    if not find(name):
        return f"No metric is called {name!r}.{hint(name)}"
    if supported(msgspec.structs.replace(assessment, metrics=(name,), series=())):
        record = "a jump" if assessment.kind == "jump" else "an effort"
        return f"{name!r} is no number of {record}. `forcelab metrics {name}` tells what it is."
    return ""
