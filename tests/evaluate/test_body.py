"""Torque, numbers of a body and limb weight, as `evaluate` gives them: worked values, what is missing, what is kept."""

import math
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.derived import DERIVED, TORQUE_UNITS, Derived, derive
from forcelab.analysis.efforts import contractions
from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate, supported
from forcelab.evaluate.body import (
    NO_LEVER,
    NO_MASS,
    NO_PEAK,
    NO_ZERO,
    OF_PEAK,
    OVER_EFFORT,
    OnBody,
    doubts,
    wanted,
)
from forcelab.evaluate.holds import HOLD_NUMBERS
from forcelab.model import Assessment, Baseline, Effort, LimbWeight, OnsetRule, Result, SetUp, Trace
from tests.signals import S1, S4, assessment, sample

TRACE = sample(S1, 1000.0, noise=0.0)  # 2000 N/s for 0.25 s to 500 N
MAN = SetUp(body_mass=75.0, sex="male", lever_arm=0.85, to_mass=0.43)
LEG = LimbWeight("modelled")
STRAP = 74.07  # N: 0.199 · 75 kg · 9.81 m/s² · 0.43 / 0.85
AT_SHARES = (
    "time_to_30", "time_to_50", "time_to_80", "time_to_90", "rfd_20_80", "rfd_to_1_6", "rfd_to_1_2", "rfd_to_2_3",
    "peak_rfr_20", "peak_rfr_50", "peak_rfr_100", "peak_rfr_200", "half_relaxation", "rfr_75_25", "rfr_90_10",
)  # fmt: skip
EFFORT = Effort(1.0, 2.0, 4.0, 250.0, 5.0, "percent", Baseline(0.0, 0.1, 0.0, 0.5))


def results(test: Assessment, set_up: SetUp | None = None, *, trace: Trace = TRACE) -> dict[str, Result]:
    (evaluation,) = evaluate({"total": trace}, test, set_up=set_up, show_all=True)
    return {result.metric: result for result in evaluation.results}


def with_limb(limb_weight: LimbWeight, *metrics: str) -> Assessment:
    return msgspec.structs.replace(assessment(*metrics), limb_weight=limb_weight)


def related(name: str, result: Result, set_up: SetUp, limb_weight: LimbWeight | None = None) -> Result:
    names = wanted([name], str, rate=1000.0).names
    (made,) = OnBody(limb_weight or LimbWeight(), set_up, TRACE).relate([result], names, EFFORT)
    return made


@pytest.mark.parametrize(
    ("name", "base", "set_up", "known", "unit"),
    [
        ("peak_torque", 250.0, SetUp(lever_arm=0.82), 205.0, "N·m"),
        ("peak_torque", 250.0, SetUp(lever_arm=0.82, pull_angle=math.radians(70.0)), 192.637, "N·m"),
        ("peak_torque_per_kg", 250.0, SetUp(body_mass=70.0, lever_arm=0.82), 2.928571, "N·m/kg"),
        ("peak_force_allometric_2_3", 300.0, SetUp(body_mass=80.0), 16.15826, "N/kg^(2/3)"),
        ("peak_force_allometric_067", 300.0, SetUp(body_mass=80.0), 15.92396, "N/kg^0.67"),
        ("peak_force_percent_bw", 392.4, SetUp(body_mass=80.0), 50.0, "%"),
        ("peak_force_percent_bw", 393.2, SetUp(body_mass=80.0, gravity=9.83), 50.0, "%"),
        ("peak_force_per_kg", 360.0, SetUp(body_mass=72.0), 5.0, "N/kg"),
    ],
)
def test_worked_numbers(*, name: str, base: float, set_up: SetUp, known: float, unit: str) -> None:
    made = related(name, Result("peak_force", base, "N", "r"), set_up)
    assert made.value == pytest.approx(known, rel=1e-5)
    assert (made.metric, made.unit) == (name, unit)


def test_what_a_trial_gives() -> None:
    asked = ("peak_torque", "rtd_0_100", "angular_impulse_0_200", "peak_force_per_kg", "peak_force", "rtd_0_100_per_kg")
    given_ = results(assessment(*asked), SetUp(body_mass=80.0, lever_arm=0.5))
    assert tuple(given_) == asked
    plain = results(assessment("peak_force", "rfd_0_100", "impulse_0_200"))
    for name, base, factor in (
        ("peak_torque", "peak_force", 0.5), ("rtd_0_100", "rfd_0_100", 0.5), ("peak_force", "peak_force", 1.0),
        ("angular_impulse_0_200", "impulse_0_200", 0.5), ("peak_force_per_kg", "peak_force", 1 / 80),
        ("rtd_0_100_per_kg", "rfd_0_100", 0.5 / 80),
    ):  # fmt: skip
        expected = plain[base].value
        assert expected is not None
        assert given_[name].value == pytest.approx(expected * factor)
        assert given_[name].recipe.startswith(plain[base].recipe)
    assert given_["peak_torque"].value == pytest.approx(250.0, rel=1e-6)
    assert given_["rtd_0_100_per_kg"].value == pytest.approx(2000.0 * 0.5 / 80)


@given(
    value=st.floats(-3000.0, 3000.0), below=st.floats(0.0, 50.0), above=st.floats(0.0, 50.0),
    mass=st.floats(3.0, 300.0), length=st.floats(0.05, 1.5), angle=st.floats(0.1, 3.0),
    derived=st.sampled_from(list(DERIVED.values())),
)  # fmt: skip
def test_value_and_both_ranges_are_scaled_alike(
    *, value: float, below: float, above: float, mass: float, length: float, angle: float, derived: Derived
) -> None:
    set_up = SetUp(body_mass=mass, lever_arm=length, pull_angle=angle)
    ends = (value - below, value + above)
    base = Result(derived.base.id, value, derived.base.unit, "r", ends, (value, value + above), mark="indicative")
    made = related(derived.id, base, set_up)
    factor = related(derived.id, msgspec.structs.replace(base, value=1.0), set_up).value
    assert factor is not None
    assert made.value == pytest.approx(value * factor, rel=1e-9, abs=1e-12)
    assert made.interval == pytest.approx((ends[0] * factor, ends[1] * factor), rel=1e-9, abs=1e-9)
    assert made.method_range == pytest.approx((value * factor, (value + above) * factor), rel=1e-9, abs=1e-9)
    assert (made.mark, made.unit, made.set_up_range) == ("indicative", derived.unit, None)


def test_what_lever_and_angle_leave_open_is_told_beside_the_interval() -> None:
    base = Result("peak_force", 100.0, "N", "r", (99.0, 101.0))
    centimetre = SetUp(body_mass=80.0, lever_arm=0.80, lever_arm_error=0.01)
    made = related("peak_torque", base, centimetre)
    assert made.set_up_range == pytest.approx((79.0, 81.0))
    assert made.interval == pytest.approx((79.2, 80.8))
    assert related("peak_torque_per_kg", base, centimetre).set_up_range == pytest.approx((79.0 / 80, 81.0 / 80))
    assert related("peak_force_per_kg", base, centimetre).set_up_range is None
    ten_degrees = SetUp(lever_arm=1.0, pull_angle_error=math.radians(10.0))
    assert related("peak_torque", base, ten_degrees).set_up_range == pytest.approx((98.4808, 100.0), rel=1e-5)


def test_mass_and_lever_are_no_part_of_a_recipe() -> None:
    test = assessment("peak_torque_per_kg", "peak_force_percent_bw")
    light, heavy = results(test, SetUp(body_mass=60.0, lever_arm=0.8)), results(test, SetUp(body_mass=90, lever_arm=1))
    for name in light:
        assert light[name].recipe == heavy[name].recipe
        assert light[name].value != heavy[name].value
    assert "torque/1" in light["peak_torque_per_kg"].recipe
    assert results(test, SetUp(body_mass=60.0, gravity=9.83))["peak_force_percent_bw"].recipe.endswith("(g=9.83)")


@pytest.mark.parametrize(
    ("set_up", "name", "reason"),
    [
        (None, "peak_torque", NO_LEVER),
        (None, "peak_force_per_kg", NO_MASS),
        (SetUp(body_mass=80.0), "peak_torque_per_kg", NO_LEVER),
        (SetUp(lever_arm=0.8), "peak_torque_per_kg", NO_MASS),
        (SetUp(lever_arm=82.0), "peak_torque", "a lever arm of 82 m cannot be right"),
        (SetUp(lever_arm=math.nan), "peak_torque", "the lever arm is missing or not a number"),
        (SetUp(lever_arm=0.8, pull_angle=70.0), "peak_torque", "the angle of pull must lie between 0 and 180°"),
        (SetUp(body_mass=725.0), "peak_force_percent_bw", "a body mass of 725 kg cannot be right"),
        (
            SetUp(body_mass=72.5, gravity=1.0),
            "peak_force_per_kg",
            "an acceleration of free fall of 1 m/s² cannot be ri",
        ),
    ],
)
def test_what_is_missing_is_a_reason(set_up: SetUp | None, name: str, reason: str) -> None:
    made = results(assessment(name, "peak_force"), set_up)
    assert made[name].value is None
    assert (made[name].reason or "").startswith(reason)
    assert made["peak_force"].value is not None


def test_a_withheld_number_keeps_its_reason() -> None:
    slow = sample(S4, 80.0)
    test = assessment("rfd_0_50", "rtd_0_50", "rfd_0_50_per_kg")
    (evaluation,) = evaluate({"total": slow}, test, set_up=MAN)
    reasons = {result.reason for result in evaluation.results}
    assert len(reasons) == 1
    assert str(reasons).count("rate: 80 Hz") == 1
    assert all(result.value is None for result in evaluation.results)


def test_an_alias_of_a_derived_number_is_resolved_by_the_rate() -> None:
    test = assessment("peak_rtd", "peak_rfd_per_kg", "peak_rfd_20")
    assert list(results(test, MAN)) == ["peak_rtd_20", "peak_rfd_20_per_kg", "peak_rfd_20"]
    assert list(results(test, MAN, trace=sample(S4, 80.0)))[:2] == ["peak_rtd_200", "peak_rfd_200_per_kg"]


def test_the_worked_leg_is_added_to_levels_and_to_nothing_else() -> None:
    names = tuple(METRICS)
    raw, made = results(assessment(*names), MAN), results(with_limb(LEG, *names), MAN)
    for name in names:
        before, after = raw[name], made[name]
        if before.value is None or after.value is None:
            assert before.value is after.value or name in AT_SHARES
            continue
        level = before.unit == "N" and not name.endswith("_gross")
        window = METRICS[name].window
        more = STRAP if level else STRAP * window if before.unit == "N·s" and window else 0.0
        if name != "impulse_total" and METRICS[name].of_peak is None:
            assert after.value - before.value == pytest.approx(more, abs=0.01)
            assert (after.recipe != before.recipe) is (more != 0.0)
    assert made["peak_force"].recipe.endswith("limb weight model/1(leg,s=+1,angle=0,de Leva 1996)")


def test_the_limb_is_taken_off_before_torque_and_moves_both_ranges() -> None:
    base = Result("peak_force", 200.0, "N", "r", (199.0, 201.5), (198.0, 202.0))
    made = related("peak_torque_per_kg", base, MAN, LEG)
    assert made.value == pytest.approx(274.07 * 0.85 / 75.0, rel=1e-4)
    assert made.interval == pytest.approx((273.07 * 0.85 / 75.0, 275.57 * 0.85 / 75.0), rel=1e-4)
    assert made.recipe == "r; limb weight model/1(leg,s=+1,angle=0,de Leva 1996); torque/1(F L sin φ); per_kg/1"
    helped = related("peak_force", base, MAN, LimbWeight("modelled", against=False))
    assert helped.value == pytest.approx(200.0 - STRAP, abs=0.01)
    assert helped.interval == pytest.approx((199.0 - STRAP, 201.5 - STRAP), abs=0.01)
    steep = related("peak_force", base, MAN, LimbWeight("modelled", angle=60.0))
    assert steep.value == pytest.approx(200.0 + 0.5 * STRAP, abs=0.01)


def test_what_is_related_to_the_peak_is_related_to_the_peak_that_is_shown() -> None:
    names = ("peak_force", "nrfd_0_100", "rfd_per_peak_0_200", "plateau_ratio", "rfd_0_100")
    made = results(with_limb(LEG, *names), MAN)
    assert made["peak_force"].value == pytest.approx(500.0 + STRAP, abs=0.01)
    assert made["rfd_0_100"].value == pytest.approx(2000.0)
    assert made["nrfd_0_100"].value == pytest.approx(100.0 * 2000.0 / (500.0 + STRAP), rel=1e-4)
    assert made["rfd_per_peak_0_200"].value == pytest.approx(2000.0 / (500.0 + STRAP), rel=1e-4)
    assert made["plateau_ratio"].value == pytest.approx(1.0)
    half = Result("plateau_ratio", 0.5, "1", "r", (0.4, 0.6))
    half = related("plateau_ratio", half, MAN, LEG)  # 125 N over 250 N, and the leg on both
    assert half.value == pytest.approx((125.0 + STRAP) / (250.0 + STRAP), rel=1e-4)
    assert half.interval == pytest.approx(((100 + STRAP) / (250 + STRAP), (150 + STRAP) / (250 + STRAP)), rel=1e-4)
    weak = msgspec.structs.replace(EFFORT, peak=50.0)
    gone = OnBody(LimbWeight("modelled", against=False), MAN, TRACE)
    (none,) = gone.relate([Result("nrfd_0_100", 100.0, "%/s", "r")], ["nrfd_0_100"], weak)
    assert (none.value, none.reason) == (None, NO_PEAK)


@pytest.mark.parametrize("name", [*AT_SHARES, *sorted(HOLD_NUMBERS)])
def test_shares_of_a_peak_without_the_limb_are_not_told(name: str) -> None:
    base = Result(name, 1.0, METRICS[name].unit if name in METRICS else "%", "r", (0.9, 1.1))
    made = related(name, base, MAN, LEG)
    assert (made.value, made.interval, made.reason) == (None, None, OF_PEAK)
    assert made.recipe == "r; limb weight model/1(leg,s=+1,angle=0,de Leva 1996)"
    # Zeroed with the limb on it, the peak is that of the muscles, and so are its shares.
    assert related(name, base, MAN, LimbWeight("tared")).value == 1.0


def test_numbers_over_repetitions_are_refused_with_a_modelled_limb() -> None:
    test = msgspec.structs.replace(with_limb(LEG, "peak_force"), series=("fatigue_index",))
    assert "numbers over repetitions" in " ".join(supported(test))
    assert supported(msgspec.structs.replace(test, limb_weight=LimbWeight("tared"))) == []


def test_no_range_of_the_whole_impulse_pretends_that_the_limb_weighed_equally_long_from_every_onset() -> None:
    base = Result("impulse_total", 600.0, "N·s", "r", (599.0, 601.0), (599.5, 600.5))
    made = related("impulse_total", base, MAN, LEG)
    assert made.value == pytest.approx(600.0 + 3.0 * STRAP, abs=0.05)  # from 1 to 4 s
    assert (made.interval, made.method_range, made.no_interval) == (None, None, OVER_EFFORT)
    assert related("impulse_total", base, MAN, LimbWeight("tared")).method_range == (599.5, 600.5)


def test_the_impulse_of_a_window_holds_the_limb_for_as_long_as_it_lasts() -> None:
    base = Result("impulse_0_200", 40.0, "N·s", "r")
    assert related("impulse_0_200", base, MAN, LEG).value == pytest.approx(40.0 + 0.2 * STRAP, abs=0.01)


@pytest.mark.parametrize("gone", ["body_mass", "sex", "lever_arm", "to_mass"])
def test_a_model_without_its_measures_gives_no_number_under_its_recipe(gone: str) -> None:
    made = results(
        with_limb(LEG, "peak_force", "peak_force_per_kg", "rfd_0_100", "peak_force_gross"),
        msgspec.structs.replace(MAN, **{gone: None}),
    )
    assert made["peak_force"].value is None
    assert (made["peak_force"].reason or "").startswith("limb weight: ")
    assert made["peak_force_per_kg"].reason == made["peak_force"].reason
    assert made["rfd_0_100"].value is not None
    assert made["peak_force_gross"].value is not None


def test_modes_never_meet_in_one_trend() -> None:
    modes = [
        LimbWeight(),
        LimbWeight("tared"),
        LEG,
        LimbWeight("modelled", against=False),
        LimbWeight("modelled", "foot"),
    ]
    made = [results(with_limb(mode, "peak_force"), MAN)["peak_force"] for mode in modes]
    assert len({result.recipe for result in made}) == len(modes)
    assert made[0].value == made[1].value


def test_a_tared_limb_needs_a_recorded_zero() -> None:
    tared = with_limb(LimbWeight("tared"), "peak_force", "rfd_0_100")
    made = results(tared, trace=sample(S1, 1000.0))
    assert made["peak_force"].value is not None
    bare = Trace(TRACE.t, TRACE.force, TRACE.rate)
    made = results(tared, trace=bare)
    assert (made["peak_force"].value, made["peak_force"].reason) == (None, NO_ZERO)
    assert made["rfd_0_100"].value is not None


def test_what_has_no_meaning_is_told() -> None:
    assert supported(assessment("peak_torque_per_kg", "rfd_20_80_per_kg", "peak_rtd", "peak_force_percent_bw")) == []
    told = " ".join(supported(assessment("time_to_peak_per_kg", "peak_torque_allometric_067", "rtd_per_pound")))
    assert "'time_to_peak_per_kg': a number in s cannot be given as per kg" in told
    assert "'peak_torque_allometric_067': a number in N·m cannot be given as per kg^0.67" in told
    assert "'rtd_per_pound', which is not known" in told


@pytest.mark.parametrize("derived", DERIVED.values(), ids=DERIVED.keys())
def test_a_derived_number_explains_itself(derived: Derived) -> None:
    assert DERIVED[derived.id] is derived
    assert derived.base.formula in derived.formula
    assert set(derived.base.needs) < set(derived.needs)
    assert derived.base.definition in derived.definition
    assert derived.term != derived.base.term
    assert not derived.turned or derived.base.unit in TORQUE_UNITS
    assert derived.version >= 1
    assert derived.window == derived.base.window
    assert derived.source.endswith(derived.base.source)


def test_names_are_of_one_number_each() -> None:
    assert not set(DERIVED) & set(METRICS)
    assert len(DERIVED) == len(list(derive(METRICS.values())))


def test_what_cannot_be_right_is_told_before_anything_is_recorded() -> None:
    assert doubts(SetUp()) == doubts(MAN) == []
    wrong = SetUp(body_mass=7250.0, lever_arm=82.0, to_mass=-1.0, gravity=98.1)
    assert len(doubts(wrong)) == 4
    assert doubts(SetUp(lever_arm=0.8, pull_angle=math.radians(190.0))) != []


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_the_table_says_of_every_number_what_a_constant_does_to_it(metric: Metric) -> None:
    (c,) = contractions(sample(S4, 1000.0, noise=0.0), OnsetRule())
    quiet = msgspec.structs.replace(c.effort.baseline, mean=c.effort.baseline.mean - STRAP)
    raised = replace(c, effort=msgspec.structs.replace(c.effort, peak=c.effort.peak + STRAP, baseline=quiet))
    before, after = metric.compute(c), metric.compute(raised)
    if before is None or metric.of_peak == "share":
        return
    given_ = Result(metric.id, before, metric.unit, "r")
    (made,) = OnBody(LEG, MAN, TRACE).relate([given_], [metric.id], c.effort)
    assert made.value == pytest.approx(after, rel=1e-4)
