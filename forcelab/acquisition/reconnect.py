"""When to look, when to connect and when to try again: the states of a link as one table, and the back-off.

Six states, each with what it means to the person waiting:

    ABSENT      the sensor has not been heard
    CONNECTING  it was heard, or was known from before, and is being connected
    GREETING    it is connected and answers the first questions
    READY       it can be started
    LOST        it was connected and the connection ended; it is looked for, and connected when it is heard. An attempt
                that fails leaves it lost: whoever waits should still read that
    REFUSED     it cannot be reached in any way, as when the system does not let us use Bluetooth; nothing more is tried
                until somebody says so

A pure state machine: knows no radio, no device and no clock.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from forcelab.model import LinkState


class Event(Enum):
    """What can happen to a link."""

    HEARD = auto()
    """The sensor advertised."""
    WAITED = auto()
    """The back-off is over and the sensor was not heard, but is known from before: try it all the same."""
    OPENED = auto()
    """Connected, and listening to its notifications."""
    FAILED = auto()
    """The attempt to connect, or the scan, failed in a way that another try may mend."""
    NOT_BACK = auto()
    """The same, for a sensor that had been connected before."""
    GREETED = auto()
    """The sensor is ready."""
    ENDED = auto()
    """The connection ended, whoever noticed it first."""
    REFUSED = auto()
    """The system does not let us: trying again cannot help."""
    AGAIN = auto()
    """A person wants it to be tried once more after a refusal."""
    CLOSED = auto()
    """We were told to leave off."""


class IllegalEvent(Exception):  # noqa: N818 - it reads as what happened
    """This cannot happen in this state: our mistake."""


TRANSITIONS: Final[Mapping[tuple[LinkState, Event], LinkState]] = {
    ("absent", Event.HEARD): "connecting",
    ("absent", Event.WAITED): "connecting",
    ("absent", Event.FAILED): "absent",
    ("absent", Event.NOT_BACK): "lost",  # run once more after a refusal
    ("absent", Event.REFUSED): "refused",
    ("absent", Event.CLOSED): "absent",
    ("connecting", Event.OPENED): "greeting",
    ("connecting", Event.FAILED): "absent",
    ("connecting", Event.NOT_BACK): "lost",
    ("connecting", Event.REFUSED): "refused",
    ("connecting", Event.CLOSED): "absent",
    ("greeting", Event.GREETED): "ready",
    ("greeting", Event.ENDED): "lost",
    ("greeting", Event.CLOSED): "absent",
    ("ready", Event.ENDED): "lost",
    ("ready", Event.CLOSED): "absent",
    ("lost", Event.HEARD): "connecting",
    ("lost", Event.WAITED): "connecting",
    ("lost", Event.NOT_BACK): "lost",
    ("lost", Event.REFUSED): "refused",
    ("lost", Event.CLOSED): "absent",
    ("refused", Event.AGAIN): "absent",
    ("refused", Event.CLOSED): "absent",
}


def after(state: LinkState, event: Event) -> LinkState:
    """The state that follows.

    Raises:
        IllegalEvent: if the table has no such line.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalEvent(f"{event.name} cannot happen to a link that is {state}") from None


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 1.8 to the power of their number, ten at most.

    The base follows aioesphomeapi's reconnection, whose story is the same: the first tries come quickly, since most
    breaks are short, and a sensor that is switched off does not keep the radio busy.

    >>> [round(backoff(failures), 1) for failures in range(6)]
    [1.0, 1.8, 3.2, 5.8, 10.0, 10.0]
    """
    # Beyond 4 the power is above the limit, and some day it would overflow.
    return float(min(1.8 ** min(failures, 10), 10.0))
