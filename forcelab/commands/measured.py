"""Options that say what was measured on the participant, and the `SetUp` that they mean: kg, m and degrees to SI.

Options that are left out are left out here too, so that what a session file holds is not overruled by silence.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
import typer

from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.torque import Lever, torque_range
from forcelab.commands.options import finite
from forcelab.commands.output import fail
from forcelab.evaluate.body import doubts
from forcelab.model import SetUp

Given: TypeAlias = Mapping[str, float | str]
"""Fields of `SetUp` that were given, in SI."""


@dataclass(frozen=True)
class SetUpOptions:
    """What was said of a set-up, angles in degrees; None: not said."""

    body_mass: Annotated[float | None, typer.Option(help="Body mass of the participant, kg.", callback=finite)] = None
    sex: Annotated[
        Literal["female", "male"] | None, typer.Option(help="Of the participant, for tables of limb masses.")
    ] = None
    lever_arm: Annotated[
        float | None,
        typer.Option(help="Lever arm, m: from the joint along the limb to the line of force.", callback=finite),
    ] = None
    lever_arm_error: Annotated[
        float | None, typer.Option(help="How far the lever arm may be wrong either way, m.", callback=finite)
    ] = None
    pull_angle: Annotated[
        float | None,
        typer.Option(help="Angle between limb and line of force, degrees; 90 if not said.", callback=finite),
    ] = None
    pull_angle_error: Annotated[
        float | None, typer.Option(help="How far that angle may be wrong either way, degrees.", callback=finite)
    ] = None
    to_mass: Annotated[
        float | None, typer.Option(help="From the joint to the limb's centre of mass, m.", callback=finite)
    ] = None
    gravity: Annotated[
        float | None,
        typer.Option(help="Acceleration of free fall of the place, m/s²; 9.81 if not said.", callback=finite),
    ] = None
    involved: Annotated[
        Literal["left", "right"] | None, typer.Option(help="The injured side: the symmetry index is then by that.")
    ] = None


_DEGREES: Final = ("pull_angle", "pull_angle_error")
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "body_mass": ("body mass", "kg"),
    "sex": ("sex", ""),
    "lever_arm": ("lever arm", "m"),
    "lever_arm_error": ("error of the lever arm", "m"),
    "pull_angle": ("angle of pull", "°"),
    "pull_angle_error": ("error of that angle", "°"),
    "to_mass": ("distance to the centre of mass", "m"),
    "gravity": ("free fall", "m/s²"),
    "involved": ("involved side", ""),
}
"""Field -> its name for people and the unit in which they give it."""


def given(options: SetUpOptions) -> Given:
    """The fields of `SetUp` that were given; leaves with a sentence where one cannot be right."""
    said = {
        name: math.radians(value) if name in _DEGREES and isinstance(value, float) else value
        for name, value in asdict(options).items()
        if value is not None
    }
    problems = doubts(with_given(None, said))
    if problems:
        fail(" ".join(problems))
    return said


def with_given(kept: SetUp | None, said: Given) -> SetUp:
    """A set-up with what was given in place of what was kept."""
    return msgspec.structs.replace(kept or SetUp(), **said)


def overruled(kept: SetUp | None, said: Given) -> str:
    """A sentence about what was given against what is in the file; "" where they do not disagree.

    >>> overruled(SetUp(body_mass=70.0, lever_arm=0.8), {"body_mass": 72.5, "lever_arm": 0.8})
    'Given here, not as recorded: body mass 72.5 kg (recorded 70 kg).'
    """
    if kept is None:
        return ""
    usual = SetUp()
    parts = [
        f"{_WORDS[name][0]} {_value(name, value)} (recorded {_value(name, getattr(kept, name))})"
        for name, value in said.items()
        if getattr(kept, name) not in (value, getattr(usual, name))
    ]
    return f"Given here, not as recorded: {', '.join(parts)}." if parts else ""


def differs(one: SetUp, other: SetUp) -> str:
    """Where two set-ups differ, in words; "" where they do not.

    >>> differs(SetUp(body_mass=70.0, lever_arm=0.8), SetUp(body_mass=70.0, lever_arm=0.82))
    'lever arm 0.8 m, then 0.82 m'
    """
    parts = [
        f"{words} {_value(name, getattr(one, name))}, then {_value(name, getattr(other, name))}"
        for name, (words, _) in _WORDS.items()
        if getattr(one, name) != getattr(other, name)
    ]
    return "; ".join(parts)


def told(set_up: SetUp | None) -> str:
    """A sentence about what numbers of the body and of the sides rest on; "" where nothing was measured or told.

    >>> told(SetUp(body_mass=72.5, lever_arm=0.82))
    'Measured: body mass 72.5 kg, lever arm 0.82 m, angle of pull 90°.'
    >>> told(SetUp(lever_arm=0.80, lever_arm_error=0.01)).partition(". ")[2]
    'Their errors leave each torque open from -1.2 to +1.2 %, beside its interval.'
    >>> told(SetUp(involved="left"))
    'The involved side is the left one.'
    """
    if set_up is None:
        return ""
    usual = SetUp()
    names = [name for name in _WORDS if getattr(set_up, name) != getattr(usual, name) and name != "involved"]
    involved = f"The involved side is the {set_up.involved} one." if set_up.involved else ""
    if not names:
        return involved
    if set_up.lever_arm is not None and "pull_angle" not in names:
        names.append("pull_angle")
    measured = ", ".join(f"{_WORDS[name][0]} {_value(name, getattr(set_up, name))}" for name in names)
    return f"Measured: {measured}.{_leaves_open(set_up)} {involved}".rstrip()


def _leaves_open(set_up: SetUp) -> str:
    """By how much errors of lever arm and angle may move every torque; no interval holds them."""
    if set_up.lever_arm is None or not (set_up.lever_arm_error or set_up.pull_angle_error):
        return ""
    try:
        lever = Lever(set_up.lever_arm, set_up.pull_angle, set_up.lever_arm_error, set_up.pull_angle_error)
    except RefusedError:
        return ""
    least, most = (100.0 * (end / lever.arm - 1.0) for end in torque_range(1.0, lever))
    return f" Their errors leave each torque open from {least:+.1f} to {most:+.1f} %, beside its interval."


def _value(name: str, value: float | str | None) -> str:
    unit = _WORDS[name][1]
    if value is None:
        return "not measured" if unit else "not said"
    if not isinstance(value, float):
        return value
    return f"{math.degrees(value):.3g}{unit}" if name in _DEGREES else f"{value:.4g} {unit}"
