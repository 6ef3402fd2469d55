"""Laws over the tables of jumps: each entry says what it is, where it comes from, and shows itself on a drawn jump."""

import re
from typing import get_args

import pytest

from forcelab.analysis.jump.answers import answers
from forcelab.analysis.jump.example import by_hand
from forcelab.analysis.jump.flags import JUMP_FLAGS, jump_verdict
from forcelab.analysis.jump.metric import REQUIREMENTS, JumpMetric
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.rule import JumpRule
from forcelab.analysis.metrics import METRICS
from forcelab.model import Flag, JumpKind

NAMES = (
    "jump_height jump_height_flight jump_height_com takeoff_velocity flight_time rsi_mod rsi_mod_detected ft_ct "
    "ft_ct_detected rsi rsi_impulse contact_time contraction_time contraction_time_detected unweighting_time "
    "braking_time propulsion_time body_weight body_mass push_peak_force force_at_turn mean_braking_force "
    "mean_propulsive_force least_velocity depth braking_impulse propulsive_impulse braking_rfd leg_stiffness "
    "peak_power mean_propulsive_power landing_peak_force landing_peak_bw landing_time_to_peak landing_loading_rate "
    "landing_impulse landing_time braking_asymmetry propulsion_asymmetry landing_asymmetry"
)
# These the specification knows from the field only, and not from the papers.
UNCHECKED = (
    "doi:10.1519/JSC.0000000000000311",
    "doi:10.1519/SSC.0000000000000353",
    "doi:10.1119/1.1397460",
    "Ebben & Petushek 2010, J Strength Cond Res",
    "Merrigan et al. 2021, Sports 9:4",
)


def test_the_names_that_others_build_on() -> None:
    assert set(NAMES.split()) <= set(JUMP_METRICS)


@pytest.mark.parametrize("metric", JUMP_METRICS.values(), ids=JUMP_METRICS.keys())
def test_a_metric_explains_itself(metric: JumpMetric) -> None:
    assert JUMP_METRICS[metric.id] is metric
    assert metric.id not in METRICS
    assert re.fullmatch("[a-z][a-z0-9_]*", metric.id)
    assert metric.version >= 1
    assert metric.unit in {"m", "m/s", "s", "N", "N/s", "N·s", "N/m", "W", "kg", "%", "1"}
    for text in (metric.term, metric.formula, metric.source, metric.absent):
        assert text
    assert set(metric.kinds) <= set(get_args(JumpKind))
    assert metric.kinds
    assert set(metric.requires) <= set(REQUIREMENTS)
    assert len(metric.needs) == len(metric.requires)
    for part in ("Formula:", f"Unit: {metric.unit}", "Edge cases:", "Source:", ">>>"):
        assert part in metric.definition, part
    for kind in metric.kinds:
        recipe = metric.recipe(kind, 1000.0, 9.81)
        assert recipe.startswith(f"{metric.id}/{metric.version}; {kind}; ")
        assert ("weighing" in recipe) == metric.weighed
        assert ("rate" in recipe.rsplit("; ", 1)[-1]) == metric.timed


@pytest.mark.parametrize("kind", get_args(JumpKind))
def test_each_metric_is_given_for_the_jumps_it_is_defined_for_and_for_no_other(kind: JumpKind) -> None:
    for result in answers(by_hand(kind)):
        metric = JUMP_METRICS[result.metric]
        if kind in metric.kinds:
            assert result.value is not None, result
        else:
            assert result.value is None
            assert (result.reason or "").startswith("not defined for a ")
        assert result.unit == metric.unit


def test_recipes_tell_definitions_apart() -> None:
    height = JUMP_METRICS["jump_height"]
    recipes = {
        height.recipe("cmj", 1000.0, 9.81),
        height.recipe("sj", 1000.0, 9.81),
        height.recipe("cmj", 450.0, 9.81),
        height.recipe("cmj", 1000.0, 9.79),
        height.recipe("dj", 1000.0, 9.81),
        height.recipe("dj", 1000.0, 9.81, 0.3),
        height.recipe("dj", 1000.0, 9.81, 0.4),
    }
    assert len(recipes) == 7
    assert len({metric.recipe("cmj", 1000.0, 9.81) for metric in JUMP_METRICS.values()}) == len(JUMP_METRICS)
    assert "weighing" not in JUMP_METRICS["flight_time"].recipe("cmj", 1000.0, 9.81)


@pytest.mark.parametrize("rule", JUMP_FLAGS.values(), ids=JUMP_FLAGS.keys())
def test_a_flag_explains_itself(rule: JumpRule) -> None:
    assert JUMP_FLAGS[rule.name] is rule
    assert rule.version >= 1
    assert rule.source
    assert rule.unit or rule.name == "SCALE"
    assert rule.definition.startswith(f"{rule.name}: ")
    assert ">>>" in rule.definition


@pytest.mark.parametrize("name", JUMP_FLAGS)
def test_a_flag_leads_to_the_verdict_that_it_must(name: str) -> None:
    expected = {
        "all": {"DIP", "CLIPPED"},
        "timed": {
            "NO_WEIGHING", "SHORT_WEIGHING", "RESTLESS_WEIGHING", "RATE_TOO_LOW", "SLOW_START", "DROPOUT",
        },
    }  # fmt: skip
    verdict = jump_verdict([Flag(name, "")])
    assert verdict == ("repeat" if name in expected["all"] else "peak_only" if name in expected["timed"] else "trusted")
    assert jump_verdict([Flag(name, "", assessed=False)]) == "trusted"
    assert jump_verdict([Flag(name, ""), Flag("CLIPPED", "")]) == "repeat"


def test_what_nobody_checked_says_so() -> None:
    places = [(m.id, text) for m in JUMP_METRICS.values() for text in (m.source, m.definition)]
    places += [(r.name, text) for r in JUMP_FLAGS.values() for text in (r.source, r.definition)]
    seen = set()
    for name, text in places:
        flat = re.sub(r"\s+", " ", text)
        for source in UNCHECKED:
            for found in re.finditer(re.escape(source), flat):
                seen.add(source)
                assert "not verified" in flat[found.end() : found.end() + 20], (name, source)
    assert seen == set(UNCHECKED)
