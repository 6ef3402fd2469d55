from dataclasses import replace
from itertools import pairwise
from typing import get_args

import msgspec
import pytest

from forcelab.app.prompt import LOOKS, prompt_for
from forcelab.model import LimbWeight, LinkState, Phase, SensorView, View
from tests.app.fakes import ABDUCTION, WORDS

DUE = View(phase="ready", assessment=ABDUCTION, side="left", number=2, trials_wanted=3)


def test_every_phase_has_a_look() -> None:
    assert set(LOOKS) == set(get_args(Phase))


def test_no_two_phases_that_follow_each_other_look_the_same() -> None:
    way = ["connecting", "zeroing", "ready", "armed", "effort", "releasing", "resting", "review"]
    for one, next_one in pairwise(way):
        assert LOOKS[one] != LOOKS[next_one]


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (replace(DUE, phase="connecting"), "Connecting to the sensor"),
        (replace(DUE, phase="zeroing"), "Take all load off the sensor"),
        (DUE, "Get ready: left side, trial 2 of 3"),
        (replace(DUE, side="both"), "Get ready: both sides, trial 2 of 3"),
        (replace(DUE, number=4), "Get ready: left side, trial 4"),
        (replace(DUE, practice=True), "Get ready: left side, practice trial"),
        (replace(DUE, phase="armed"), "Push!"),
        (replace(DUE, phase="effort", remaining=2.01), "Hold … 3 s"),
        (replace(DUE, phase="effort"), "Hold …"),
        (replace(DUE, phase="releasing"), "Relax"),
        (replace(DUE, phase="resting", remaining=25.0), "Rest 25 s"),
        (replace(DUE, phase="interrupted"), "The sensor was lost"),
        (replace(DUE, phase="review"), "All trials are done"),
        (replace(DUE, phase="done"), "Finished"),
    ],
)
def test_each_phase_in_plain_words(view: View, text: str) -> None:
    assert prompt_for(view).text == text


def test_a_limb_that_is_tared_lies_on_the_sensor_while_it_is_zeroed() -> None:
    tared = msgspec.structs.replace(ABDUCTION, limb_weight=LimbWeight("tared"))
    shown = prompt_for(replace(DUE, phase="zeroing", assessment=tared))
    assert shown.text == "Rest the limb on the sensor"
    assert "limb relaxed" in shown.hint
    assert prompt_for(replace(DUE, assessment=tared)) == prompt_for(DUE)


def test_the_instruction_stands_under_the_cue_and_the_next_side_under_the_rest() -> None:
    assert prompt_for(DUE).hint == WORDS.instruction
    assert prompt_for(replace(DUE, phase="resting")).hint == "Next: left side, trial 2 of 3."


def test_a_sensor_that_is_not_ready_says_itself_what_to_do() -> None:
    sensor = SensorView("P", "Progressor", "absent", "Switch Bluetooth on.")
    assert prompt_for(View(phase="connecting", sensors=(sensor,))).hint == "Switch Bluetooth on."


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("absent", "Looking for the sensor"),
        ("connecting", "Connecting to the sensor"),
        ("greeting", "Connecting to the sensor"),
        ("refused", "The sensor cannot be reached"),
    ],
)
def test_nothing_is_being_connected_that_was_not_heard(state: LinkState, text: str) -> None:
    sensor = SensorView("P", "Progressor", state, "Allow Bluetooth in the settings.")
    shown = prompt_for(View(phase="connecting", sensors=(sensor,)))
    assert (shown.text, shown.hint) == (text, sensor.sentence)
    assert (shown.tone == "stop") is (state == "refused")


def test_the_end_names_the_file() -> None:
    assert prompt_for(View(phase="done", saved_as="a/b.forcelab")).hint.startswith("Saved as a/b.forcelab.")
