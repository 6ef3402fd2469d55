"""What the window asks of whatever runs the session: three things, so that a fake can stand in for the engine.

Knows no sensor, no file and no thread.
"""

from collections.abc import Mapping
from typing import Protocol

from forcelab.flow import Request
from forcelab.model import Array, Role, View


class RingShape(Protocol):
    """The last minute of force, for the eye only."""

    def last(self, seconds: float) -> tuple[Array, Array]:
        """Device time in s and force in N of the last `seconds`, equal shapes (n,), copies that nobody changes."""
        ...


class EngineShape(Protocol):
    """A running session as the window sees it: looked at, never waited for."""

    @property
    def view(self) -> View:
        """The present state, replaced whole."""
        ...

    @property
    def rings(self) -> Mapping[Role, RingShape]:
        """The force of the last minute by each sensor, one or a left and a right one."""
        ...

    @property
    def failure(self) -> str:
        """Why the session has ended by a fault of forcelab's own, as a sentence; empty while all is well."""
        ...

    def post(self, request: Request) -> None:
        """Ask for something; returns at once."""
        ...
