"""The table of link states, walked from end to end."""

import itertools
from typing import get_args

import pytest

from forcelab.acquisition.reconnect import TRANSITIONS, Event, IllegalEvent, after, backoff
from forcelab.model import LinkState

STATES: tuple[LinkState, ...] = get_args(LinkState)

# Written out from the design: what may follow what, not read from the table.
STORY = """
absent      heard    connecting
connecting  opened   greeting
greeting    greeted  ready
ready       ended    lost
lost        heard    connecting
connecting  failed   absent
absent      waited   connecting
connecting  opened   greeting
greeting    ended    lost
lost        not_back lost
lost        waited   connecting
connecting  not_back lost
lost        heard    connecting
connecting  refused  refused
refused     again    absent
absent      failed   absent
absent      refused  refused
refused     closed   absent
absent      closed   absent
absent      not_back lost
"""


def test_a_long_story_follows_the_table() -> None:
    state: LinkState = "absent"
    for line in STORY.split("\n")[1:-1]:
        before, event, then = line.split()
        assert state == before
        state = after(state, Event[event.upper()])
        assert state == then


@pytest.mark.parametrize(("state", "event"), list(itertools.product(STATES, Event)))
def test_each_state_takes_exactly_the_events_of_the_table(state: LinkState, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) in STATES
    else:
        with pytest.raises(IllegalEvent, match=state):
            after(state, event)


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_reached_and_left_off(state: LinkState) -> None:
    assert state in TRANSITIONS.values()
    assert after(state, Event.CLOSED) == "absent"


def test_only_a_greeting_makes_a_sensor_ready() -> None:
    assert [line for line, then in TRANSITIONS.items() if then == "ready"] == [("greeting", Event.GREETED)]


def test_the_wait_grows_to_ten_seconds() -> None:
    waits = [backoff(failures) for failures in range(2000)]
    assert waits[:5] == pytest.approx([1.0, 1.8, 3.24, 5.832, 10.0])
    assert set(waits[4:]) == {10.0}
