"""What a check of a session file found: each stored result beside the one made anew, and the verdict on all of them.

Compares nothing and reads no file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from forcelab.journal import Fault
from forcelab.journal.records import Connected

Outcome: TypeAlias = Literal["identical", "equal", "older definition", "differs", "not recomputed"]
Verdict: TypeAlias = Outcome | Literal["no results", "ended without closing", "damaged"]

WORST_LAST: Final[tuple[Outcome, ...]] = ("identical", "equal", "older definition", "not recomputed", "differs")


@dataclass(frozen=True, slots=True)
class Checked:
    """One stored result beside the same result made anew.

    Attributes:
        trial: number of the trial in the session.
        what: id of the metric, or "effort" or "jump" (the marks), "weighing", "onset" (set by hand), "intervals" (with
            the ranges over onset rules), "flags" (with the verdict), "evaluation" (all of it).
        stored, now: the values, None if withheld or if it is not one number.
        sentence: what is to be said about it; empty if identical.
    """

    trial: int
    what: str
    outcome: Outcome
    stored: float | None = None
    now: float | None = None
    unit: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in a session file.

    Attributes:
        faults: what is wrong with its lines, the first bad line first.
        closed: whether it was ended in order or recovered.
        results: every stored result.
        sensors: as they were connected, each connection that took part in a trial.
        utc_ns: when the session began, ns since 1970, None if unknown.
    """

    path: Path
    faults: tuple[Fault, ...]
    closed: bool
    results: tuple[Checked, ...]
    sensors: tuple[Connected, ...] = ()
    utc_ns: int | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of all that was found."""
        if self.faults:
            return "damaged"
        if not self.closed:
            return "ended without closing"
        return max((one.outcome for one in self.results), key=WORST_LAST.index, default="no results")

    @property
    def ok(self) -> bool:
        """Whether the exit code is 0: the file is whole and no result differs or withstands recomputation."""
        return self.verdict in ("identical", "equal", "older definition", "no results")

    @property
    def sentence(self) -> str:
        """The verdict for people."""
        count = sum(one.outcome == self.verdict for one in self.results)
        match self.verdict:
            case "damaged":
                more = f" {len(self.faults) - 1} more lines are faulty." if len(self.faults) > 1 else ""
                return f"The file is damaged. {self.faults[0].sentence}{more}"
            case "ended without closing":
                return "The session ended without closing; every line that is there is in order."
            case "no results":
                return "The file is in order; no results are stored in it."
            case "identical" | "equal":
                return f"The file is in order; all {len(self.results)} stored results come out {self.verdict}."
            case "older definition":
                return f"The file is in order; {count} stored results were made by an older definition."
            case outcome:
                first = next(one.sentence for one in self.results if one.outcome == outcome)
                return f"{count} of {len(self.results)} stored results: {outcome}. {first}"
