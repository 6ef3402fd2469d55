"""Torque, numbers related to the body, the limb's weight and weighing: worked values, bounds and refusals."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.body_weight import body_weight
from forcelab.analysis.critical_force import CRITICAL_FORCE
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.fatigue import OVER_HOLD, OVER_REPETITIONS
from forcelab.analysis.limb_weight import (
    MASS_SHARE,
    Limb,
    Modelled,
    Sex,
    Tared,
    Uncorrected,
    weight_on_strap,
)
from forcelab.analysis.measure import Measure
from forcelab.analysis.pulses import SCALING_FACTORS
from forcelab.analysis.scaling import SCALINGS, Body, Scaling, per_kg
from forcelab.analysis.steadiness import STEADINESS
from forcelab.analysis.torque import Lever, torque, torque_range

MEASURES: tuple[Measure[object], ...] = (
    *STEADINESS, *OVER_REPETITIONS, *OVER_HOLD, *CRITICAL_FORCE, *SCALING_FACTORS,  # type: ignore[arg-type] # each table has its own subject; here only the words count
)  # fmt: skip


def test_worked_torque() -> None:
    assert torque(250.0, Lever(0.82)) == pytest.approx(205.0)
    assert torque(250.0, Lever(0.82, math.radians(70.0))) == pytest.approx(192.637, abs=5e-4)
    assert torque(250.0, Lever(0.82, math.radians(110.0))) == pytest.approx(192.637, abs=5e-4)
    assert torque(-250.0, Lever(0.82)) == pytest.approx(-205.0)


@pytest.mark.parametrize(("off", "percent"), [(10.0, 1.5), (15.0, 3.4), (20.0, 6.0)])
def test_what_ignoring_the_angle_costs(off: float, percent: float) -> None:
    low, high = torque_range(100.0, Lever(1.0, angle_error=math.radians(off)))
    assert high == pytest.approx(100.0)
    assert 100.0 - low == pytest.approx(percent, abs=0.05)


def test_what_a_centimetre_costs() -> None:
    low, high = torque_range(100.0, Lever(0.80, length_error=0.01))
    assert (low, high) == pytest.approx((80.0 * 0.9875, 80.0 * 1.0125))


@given(
    force=st.floats(-3000.0, 3000.0), length=st.floats(0.05, 1.2), angle=st.floats(0.1, 3.0),
    length_error=st.floats(0.0, 0.04), angle_error=st.floats(0.0, 1.0), a=st.floats(-1.0, 1.0), b=st.floats(-1.0, 1.0),
)  # fmt: skip
def test_no_error_within_the_bounds_leads_out_of_the_range(
    *, force: float, length: float, angle: float, length_error: float, angle_error: float, a: float, b: float
) -> None:
    low, high = torque_range(force, Lever(length, angle, length_error, angle_error))
    turned = min(max(angle + b * angle_error, 0.0), math.pi)
    real = force * (length + a * length_error) * math.sin(turned)
    assert low - 1e-9 <= real <= high + 1e-9


@pytest.mark.parametrize(
    "bad",
    [
        {"length": 0.0}, {"length": -0.8}, {"length": math.nan}, {"length": 0.8, "angle": 0.0},
        {"length": 0.8, "angle": math.pi}, {"length": 0.8, "angle": 70.0}, {"length": 0.8, "length_error": 0.8},
        {"length": 0.8, "length_error": -0.1}, {"length": 0.8, "angle_error": -0.1},
        {"length": 0.8, "angle_error": 10.0},
    ],
)  # fmt: skip
def test_a_lever_that_cannot_be(bad: dict[str, float]) -> None:
    with pytest.raises(RefusedError):
        Lever(**bad)


@pytest.mark.parametrize(
    ("name", "value", "unit", "body", "known", "becomes"),
    [
        ("per_kg", 205.0, "N·m", Body(70.0), 2.928571, "N·m/kg"),
        ("allometric_2_3", 300.0, "N", Body(80.0), 16.15826, "N/kg^(2/3)"),
        ("allometric_067", 300.0, "N", Body(80.0), 15.92396, "N/kg^0.67"),
        ("percent_bw", 392.4, "N", Body(80.0), 50.0, "%"),
        ("percent_bw", 393.2, "N", Body(80.0, gravity=9.83), 50.0, "%"),
        ("per_kg", 2919.4973, "N/s", Body(75.0), 38.926631, "N/s/kg"),
    ],
)
def test_worked_scalings(*, name: str, value: float, unit: str, body: Body, known: float, becomes: str) -> None:
    assert SCALINGS[name].compute(value, body) == pytest.approx(known, abs=1e-5)
    assert SCALINGS[name].of[unit] == becomes


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("percent_bw", "N·m"), ("allometric_067", "N·m"), ("per_kg", "s"), ("per_kg", "%/s"), ("allometric_2_3", "N/s"),
    ],
)  # fmt: skip
def test_a_scaling_is_put_on_no_unit_that_it_has_no_meaning_for(name: str, unit: str) -> None:
    assert unit not in SCALINGS[name].of


@pytest.mark.parametrize("mass", [0.0, -70.0, 1.0, 700.0, math.nan, math.inf])
def test_a_body_that_cannot_be(mass: float) -> None:
    with pytest.raises(RefusedError):
        Body(mass)


@given(value=st.floats(-5000.0, 5000.0), mass=st.floats(2.0, 300.0), scale=st.floats(0.1, 10.0))
def test_scalings_are_linear(*, value: float, mass: float, scale: float) -> None:
    for scaling in SCALINGS.values():
        one, other = scaling.compute(value, Body(mass)), scaling.compute(scale * value, Body(mass))
        assert other == pytest.approx(scale * one, rel=1e-9, abs=1e-12)


def test_the_worked_leg() -> None:
    # 75 kg man: 146 N of leg; with its centre of mass at 0.43 and the strap at 0.85 of its length 74 N at the strap.
    leg = Limb(Body(75.0), "male", to_mass=0.43, to_strap=0.85)
    assert MASS_SHARE["leg"]["male"] * leg.body.weight == pytest.approx(146.0, abs=0.5)
    assert weight_on_strap(Modelled(), leg) == pytest.approx(74.0, abs=0.1)
    assert weight_on_strap(Modelled(against=False), leg) == pytest.approx(-74.0, abs=0.1)
    assert weight_on_strap(Modelled(angle=math.radians(60.0)), leg) == pytest.approx(37.0, abs=0.05)
    assert weight_on_strap(Modelled(angle=math.pi / 2), leg) == pytest.approx(0.0, abs=1e-9)
    for none in (Tared(), Uncorrected()):
        assert weight_on_strap(none, None) == weight_on_strap(none, leg) == 0.0
    woman = Limb(Body(60.0), "female", 0.4, 0.8)
    assert weight_on_strap(Modelled("thigh"), woman) == pytest.approx(0.148 * 60.0 * 9.81 / 2.0)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_the_parts_of_a_leg_make_a_leg(sex: Sex) -> None:
    parts = sum(MASS_SHARE[part][sex] for part in ("thigh", "shank", "foot"))
    assert parts == pytest.approx(MASS_SHARE["leg"][sex])


def test_the_model_is_never_silently_nothing() -> None:
    with pytest.raises(RefusedError, match="missing"):
        weight_on_strap(Modelled(), None)
    for bad in (0.0, -0.4, math.nan):
        with pytest.raises(RefusedError):
            Limb(Body(75.0), "male", bad, 0.85)
        with pytest.raises(RefusedError):
            Limb(Body(75.0), "male", 0.43, bad)
    with pytest.raises(RefusedError):
        Modelled(angle=10.0)  # degrees where radians belong


def test_the_correction_is_part_of_what_is_measured() -> None:
    modes = (
        Uncorrected(), Tared(), Modelled(), Modelled(against=False), Modelled("thigh"),
        Modelled(angle=math.radians(10.0)),
    )  # fmt: skip
    assert len({mode.identity for mode in modes}) == len(modes)
    assert Modelled(angle=math.radians(10.0)).identity == "limb weight model/1(leg,s=+1,angle=10,de Leva 1996)"


def stand(rate: float = 1000.0, quiet: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    t = np.arange(0.0, 4.0, 1.0 / rate)
    noise = np.random.default_rng(0).normal(0.0, 0.5, len(t))
    steps = 0.2 * 784.8 * np.sin(2.0 * np.pi * 1.5 * t)
    return t, np.where(t < 3.0 - quiet, 784.8 + steps, np.where(t < 3.0, 784.8, 2000.0)) + noise


@pytest.mark.parametrize("rate", [40.0, 80.0, 1000.0])
def test_weighing(rate: float) -> None:
    t, force = stand(rate)
    found = body_weight(t, force, 0.0, 3.0)
    assert found.weight == pytest.approx(784.8, abs=0.3)
    assert found.body.mass == pytest.approx(80.0, abs=0.03)
    assert found.stop <= 3.0
    assert found.stop - found.start == pytest.approx(1.0, abs=2.1 / rate)


def test_weighing_by_a_sensor_that_jitters() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        t = (np.arange(320) + rng.uniform(0.0, 1.0) + rng.uniform(-0.2, 0.2, 320)) / 80.0
        assert body_weight(t, np.where(t < 3.0, 784.8, 2000.0), 0.0, 3.0).weight == pytest.approx(784.8)


def test_weighing_is_refused_without_a_whole_second() -> None:
    t, force = stand(quiet=0.7)
    with pytest.raises(RefusedError, match="weighing takes 1 s"):
        body_weight(t, force, 0.0, 3.0)
    with pytest.raises(RefusedError, match="Nobody stands still"):
        body_weight(t, 0.0 * t, 0.0, 3.0)
    with pytest.raises(RefusedError, match="Nobody stands still"):
        body_weight(t[:0], force[:0], 0.0, 3.0)
    with pytest.raises(RefusedError, match="cannot be right"):
        body_weight(t, force + 6000.0, 0.0, 3.0)


@pytest.mark.parametrize("scaling", SCALINGS.values(), ids=SCALINGS.keys())
def test_a_scaling_explains_itself(scaling: Scaling) -> None:
    assert SCALINGS[scaling.id] is scaling
    assert scaling.of
    for part in ("Formula:", "Unit:", "Edge cases:", "Source:", ">>>"):
        assert part in scaling.definition
    assert (scaling.recipe("x/1", 9.81) != scaling.recipe("x/1", 9.82)) is (scaling.id == "percent_bw")
    assert f"{scaling.id}/{scaling.version}" in scaling.recipe("x/1")


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.id)
def test_a_measure_explains_itself(measure: Measure[object]) -> None:
    assert re.fullmatch("[a-z][a-z0-9_]*", measure.id)
    assert measure.version >= 1
    for text in (measure.term, measure.unit, measure.formula, measure.source, *measure.needs):
        assert text
    for part in ("Formula:", "Unit:", "Edge cases:", "Source:", ">>>"):
        assert part in measure.definition, part
    assert measure.recipe("a hold") == f"{measure.id}/{measure.version}; a hold"
    for place in (measure.source, " ".join(measure.definition.split())):
        for found in re.finditer(re.escape("10.1152/physiol.00027.2020"), place):
            assert "not verified" in place[found.end() : found.end() + 30]


def test_a_number_that_is_none_is_not_given() -> None:
    odd = Measure[float]("odd", 1, "Odd", "N", "x", None, (), "ours", lambda x: x, per_kg)
    assert odd.result(1.0).value == 1.0
    for bad in (math.nan, math.inf):
        assert odd.result(bad).value is None
        assert odd.result(bad).reason


def test_measures_have_one_name_each() -> None:
    assert len({measure.id for measure in MEASURES}) == len(MEASURES)
