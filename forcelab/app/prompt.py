"""What a person is to do now: the phase of the session in plain words, with a tone and a shape.

Pure: a `View` in, words out. Knows no widget and no colour; a tone is a name that the palette gives colours to.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from forcelab.app.words import say
from forcelab.model import View

Tone: TypeAlias = Literal["wait", "ready", "push", "rest", "stop", "done"]
ShapeName: TypeAlias = Literal[
    "dots", "unload", "ring", "play", "hold", "down", "pause", "warning", "check", "half", "again", "left", "right"
]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One line to be read across a room, one smaller line under it, and how they look."""

    text: str
    hint: str
    tone: Tone
    shape: ShapeName


LOOKS: dict[str, tuple[Tone, ShapeName]] = {
    "connecting": ("wait", "dots"),
    "zeroing": ("wait", "unload"),
    "ready": ("ready", "ring"),
    "armed": ("push", "play"),
    "effort": ("push", "hold"),
    "releasing": ("rest", "down"),
    "resting": ("rest", "pause"),
    "review": ("done", "check"),
    "interrupted": ("stop", "warning"),
    "done": ("done", "check"),
}
"""How each phase looks; a test holds the list against the phases of the model."""


def prompt_for(view: View) -> Prompt:
    """The prompt of the present moment."""
    tone, shape = LOOKS["interrupted" if _refused(view) else view.phase]
    return Prompt(_text(view), _hint(view), tone, shape)


def limb_words(view: View) -> str:
    """The side that is due, in words for a sentence."""
    return say(f"limb_{view.side or 'both'}")


def trial_words(view: View) -> str:
    """Which trial of its side is due or under way."""
    if view.practice:
        return say("practice")
    if view.trials_wanted and view.number <= view.trials_wanted:
        return say("trial_of", number=view.number, wanted=view.trials_wanted)
    return say("trial_only", number=view.number)


def _refused(view: View) -> bool:
    return view.phase == "connecting" and any(sensor.state == "refused" for sensor in view.sensors)


def _connecting(view: View) -> str:
    """What is going on while there is no connection: nothing is being connected that was not even heard."""
    if _refused(view):
        return say("connecting_refused")
    absent = bool(view.sensors) and all(sensor.state == "absent" for sensor in view.sensors)
    return say("connecting_absent" if absent else "connecting")


def _key(view: View) -> str:
    """Under which name the words of a phase stand: with a limb that is tared, zeroing has words of its own."""
    tared = view.assessment is not None and view.assessment.limb_weight.mode == "tared"
    return "zeroing_tared" if tared and view.phase == "zeroing" else view.phase


def _text(view: View) -> str:
    if view.phase == "connecting":
        return _connecting(view)
    if view.phase == "ready":
        return say("ready", limb=limb_words(view), trial=trial_words(view))
    if view.phase in ("effort", "resting"):
        if view.remaining is None:
            return say(f"{view.phase}_open")
        # Rounded up: "1 s" is shown until the very end, and 0 never lingers.
        return say(view.phase, left=max(0, math.ceil(view.remaining)))
    return say(_key(view))


def _hint(view: View) -> str:
    instruction = view.assessment.words().instruction if view.assessment else ""
    match view.phase:
        case "ready":
            return instruction
        case "armed":
            return instruction or say("armed_hint")
        case "resting":
            return say("resting_hint", limb=limb_words(view), trial=trial_words(view))
        case "done":
            return say("done_hint", path=view.saved_as) if view.saved_as else say("done_unsaved")
        case "connecting" | "interrupted":
            told = next((sensor.sentence for sensor in view.sensors if sensor.state != "ready" and sensor.sentence), "")
            return told or say(f"{view.phase}_hint")
        case _:
            return say(f"{_key(view)}_hint")
