"""Where a session stands, and how long its phases last."""

from dataclasses import dataclass

from forcelab.model import Assessment, Phase, Side

SECOND = 1_000_000_000

GET_READY = 3 * SECOND
"""From the announcement of a trial until it is armed: long enough to hear the side and take the position."""

LEAD_IN = 4 * SECOND
"""What is kept from before the trigger: the quiet window is looked for in the 3 s before the rise."""

RELEASED = 0.1
"""Share of the trial's peak below which a person has let go, where that is more than the assessment's `stop_at`: the
weight of a limb or a strap held tight must not keep a trial open."""

SETTLED = SECOND // 2
"""So long must force stay below the release threshold before a trial ends; it is also the quiet tail of the record."""

RELEASE_LIMIT = 5 * SECOND
"""A person who has not let go by then has not heard the cue: the trial ends all the same."""


@dataclass(frozen=True, slots=True)
class Item:
    """One trial still to be done."""

    side: Side
    practice: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where the session stands.

    Attributes:
        queue: trials still to be done; the first is due or under way.
        rest: between trials, s; the assessment's own unless the plan says otherwise.
        since: when the phase began, ns.
        trial: number of the latest trial in the session.
        rest_until: before this host time, ns, no trial is announced, whatever comes between: the rest between maximal
            efforts is the person's, and neither a zero nor a lost sensor shortens it.
        earliest: no sample from before this host time, ns, may belong to the next trial.
        quiet_since: when force last fell below the release threshold, ns.
        peak: largest force of the trial under way, N.
        done: the trials that have stopped, in order; one that was interrupted is among them and due again.
        waits_at_end: whether a person must say that the session is over; a script does not wait.
    """

    assessment: Assessment
    queue: tuple[Item, ...]
    rest: float
    phase: Phase = "connecting"
    since: int = 0
    trial: int = 0
    rest_until: int = 0
    earliest: int = 0
    quiet_since: int | None = None
    peak: float = 0.0
    done: tuple[Item, ...] = ()
    waits_at_end: bool = False

    @property
    def item(self) -> Item | None:
        """The trial that is due or under way."""
        return self.queue[0] if self.queue else None

    @property
    def in_trial(self) -> bool:
        """Whether a trial is being recorded."""
        return self.phase in ("effort", "releasing")

    def number(self, item: Item) -> int:
        """Which trial of its side (and kind) the item is, counted from 1."""
        return 1 + self.done.count(item)

    def wanted(self, item: Item) -> int:
        """How many trials of its side (and kind) there will have been if all goes on as planned."""
        return self.done.count(item) + self.queue.count(item)

    def ends_at(self) -> int | None:
        """When the present phase ends by the clock alone, or None if it waits for something else."""
        if self.phase == "resting":
            return self.rest_until
        length = {
            "ready": GET_READY,
            "effort": int(self.assessment.hold * SECOND),
            "releasing": RELEASE_LIMIT,
        }.get(self.phase)
        return None if length is None else self.since + length


def begin(
    assessment: Assessment,
    sides: tuple[Side, ...],
    *,
    trials: int,
    practice: int,
    rest: float | None = None,
    waits_at_end: bool = False,
) -> State:
    """The state of a session in which each side does `practice` and then `trials` trials, the sides in turn."""
    rounds = [True] * practice + [False] * trials
    queue = tuple(Item(side, practice=easy) for easy in rounds for side in sides)
    return State(assessment, queue, assessment.rest if rest is None else rest, waits_at_end=waits_at_end)
