"""What the window is shown of the forces while they come: the curve of each sensor, the present force, the peak.

A preview of rounded edges: the latest of each sensor counts as simultaneous. No result rests on it.
"""

from collections.abc import Callable, Mapping, Sequence

from forcelab.acquisition.ring import Ring
from forcelab.model import Role


class Eye:
    """The forces of a session as they come.

    Args:
        rings: of each sensor, by its role.
        now: the host's clock, ns.

    Attributes:
        force: N above zero of all sensors that take part, together; None while nothing is heard.
        peak: the greatest of it in the present or the last trial.
    """

    def __init__(self, rings: Mapping[Role, Ring], now: Callable[[], int]) -> None:
        self._rings, self._now = rings, now
        self._latest: dict[Role, float] = {}
        self._offsets: dict[Role, float] = {}
        self.force: float | None = None
        self.peak: float | None = None

    @property
    def forces(self) -> Mapping[Role, float]:
        """N above zero, the latest of each sensor that is heard."""
        return dict(self._latest)

    def see(
        self,
        role: Role,
        t: Sequence[float],
        force: Sequence[float],
        zero: float,
        *,
        among: Sequence[Role],
        in_trial: bool,
    ) -> None:
        """Samples of one sensor.

        Args:
            role: of the sensor.
            t: s on its own clock.
            force: N.
            zero: N, what it shows unloaded.
            among: the roles whose forces are added up.
            in_trial: whether a trial is under way.
        """
        offset = self._offsets.setdefault(role, self._now() * 1e-9 - t[-1])
        self._rings[role].add([x + offset for x in t], [f - zero for f in force])
        self._latest[role] = force[-1] - zero
        if role not in among:
            return
        others = sum(self._latest.get(other, 0.0) for other in among if other != role)
        self.force = self._latest[role] + others
        if in_trial:
            self.peak = max(self.peak or 0.0, max(force) - zero + others)

    def strongest(self, among: Sequence[Role]) -> float:
        """The greatest force, N, of any of these sensors: a trial begins with the first and ends with the last."""
        return max(self._latest[role] for role in among if role in self._latest)

    def trial(self) -> None:
        """A trial begins."""
        self.peak = self.force

    def new_runs(self) -> None:
        """The sensors are started anew, and their clocks with them."""
        self._offsets.clear()

    def gone(self, role: Role) -> None:
        """A sensor is heard no more."""
        self._latest.pop(role, None)
        self.force = None

    def close(self) -> None:
        """Nothing is heard any more."""
        self._latest.clear()
        self.force = None
