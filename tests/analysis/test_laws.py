"""Laws over the tables: each entry says what it is, where it comes from, and shows itself on a curve solved by hand."""

import re

import pytest

from forcelab.analysis.doubt import Rule
from forcelab.analysis.gate import GATE
from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import ALIASES, METRICS
from forcelab.analysis.quality import FLAGS

NAMES = (
    "peak_force peak_force_gross mean_1s rfd_0_50 rfd_0_100 rfd_0_150 rfd_0_200 rfd_0_250 rfd_20_80 peak_rfd_20 "
    "peak_rfd_50 peak_rfd_200 force_at_50 force_at_90 force_at_100 force_at_150 force_at_200 force_at_250 "
    "impulse_0_50 impulse_0_100 impulse_0_150 impulse_0_200 impulse_0_250 time_to_peak"
)


def test_the_names_that_others_build_on() -> None:
    assert set(NAMES.split()) <= set(METRICS)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_a_metric_explains_itself(metric: Metric) -> None:
    assert METRICS[metric.id] is metric
    assert re.fullmatch("[a-z][a-z0-9_]*", metric.id)
    assert metric.version >= 1
    assert metric.unit in {"N", "N/s", "N·s", "s", "1", "1/s", "%/s"}
    for text in (metric.term, metric.formula, metric.source, metric.absent, *metric.needs):
        assert text
    for part in ("Formula:", f"Unit: {metric.unit}", "Edge cases:", "Source:", ">>>"):
        assert part in metric.definition, part
    assert f"{metric.id}/{metric.version}" in metric.recipe("efforts", "quiet", "onset", "rate")


def test_recipes_tell_metrics_apart_and_name_what_matters() -> None:
    recipes = {
        metric.recipe("efforts/1", "quiet/1", "onset percent/1", "rate below 100 Hz") for metric in METRICS.values()
    }
    assert len(recipes) == len(METRICS)
    assert "onset" not in METRICS["peak_force"].recipe("efforts/1", "quiet/1", "onset percent/1", "rate")
    assert "quiet" not in METRICS["peak_force_gross"].recipe("efforts/1", "quiet/1", "onset percent/1", "rate")
    assert "quiet" in METRICS["rfd_0_100"].recipe("efforts/1", "quiet/1", "onset percent/1", "rate")


@pytest.mark.parametrize("rule", FLAGS.values(), ids=FLAGS.keys())
def test_a_flag_explains_itself(rule: Rule) -> None:
    assert FLAGS[rule.name] is rule
    assert rule.version >= 1
    assert rule.source
    assert rule.unit or rule.name in ("NO_ONSET", "SCALE")
    assert rule.definition.startswith(f"{rule.name}: ")
    assert ">>>" in rule.definition


def test_the_gate_and_the_aliases_name_known_metrics() -> None:
    for _, _, withheld, indicative in GATE:
        assert withheld | indicative <= set(METRICS)
        assert not withheld & indicative
    for name, choices in ALIASES.items():
        assert name not in METRICS
        assert {metric for _, metric in choices} <= set(METRICS)


def test_what_nobody_checked_says_so() -> None:
    # These the specification knows from the field only, and not from the papers.
    unchecked = ("10.1152/japplphysiol.00283.2002", "10.1519/SSC.0000000000000433", "10.1519/JSC.0000000000000705")
    for metric in METRICS.values():
        for doi in unchecked:
            for place in (metric.source, metric.definition.replace("\n", " ")):
                for found in re.finditer(re.escape(doi), place):
                    assert "not verified" in place[found.end() : found.end() + 30], (metric.id, doi)
