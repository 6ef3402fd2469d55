"""What `summarise` promises, on numbers put in by hand: what counts, scores, advice, sides, refusals."""

from dataclasses import dataclass

import numpy as np
import pytest

from forcelab.analysis.change import Sem
from forcelab.assessments import available
from forcelab.evaluate import MIXED, UNKNOWN_ERROR, Summary, evaluate, summarise
from forcelab.evaluate.summary import base_of, timed
from forcelab.model import Evaluation, Result, Side, Trace, Verdict
from forcelab.report.summary import score_legend, score_rows, sentences, summary_json
from tests.signals import S4, assessment, sample

ABDUCTION = available()["abd_supine_long"][0]
SQUEEZE = available()["squeeze_0_long"][0]
TEN = Sem("site", 10.0, "N", None, "SEM = √MSE", "retest of 2026")


@dataclass(frozen=True)
class Done:
    """A trial: number, side, peak force, RFD 0–200, force at 200 ms, and why it has no RFD 0–50."""

    trial: int
    side: Side | None
    peak: float
    rfd: float = 1000.0
    at_200: float = 200.0
    verdict: Verdict = "trusted"
    practice: bool = False
    excluded: bool = False
    recipe: str = "r"
    rate: float = 80.0
    why: str | None = "rate"

    @property
    def evaluation(self) -> Evaluation | None:
        results = (
            Result("peak_force", self.peak, "N", "p"),
            Result("rfd_0_200", self.rfd, "N/s", self.recipe),
            Result("rfd_0_50", None, "N/s", self.recipe, reason=self.why),
            Result("force_at_200", self.at_200, "N", self.recipe, mark="indicative"),
        )
        return Evaluation(None, results, (), self.verdict)

    @property
    def trace(self) -> Trace | None:
        return Trace(np.arange(3.0), np.zeros(3), self.rate)


@dataclass(frozen=True)
class Kept:
    """A trial with an evaluation that was made elsewhere."""

    trial: int
    side: Side | None
    evaluation: Evaluation | None
    trace: Trace | None
    practice: bool = False
    excluded: bool = False


def value(summary: Summary, side: Side, metric: str = "peak_force") -> float | None:
    return summary.sides[side].scores[metric].value


def test_practice_excluded_and_spoilt_trials_do_not_count() -> None:
    found = summarise(
        [
            Done(1, "left", 240.0), Done(2, "left", 270.0), Done(3, "right", 300.0),
            Done(4, "right", 500.0, practice=True), Done(5, "right", 510.0, excluded=True),
            Done(6, "right", 520.0, verdict="repeat"), Done(7, None, 900.0),
        ],
        ABDUCTION,
    )  # fmt: skip
    assert (value(found, "left"), value(found, "right")) == (270.0, 300.0)
    assert {side: (one.made, one.counted) for side, one in found.sides.items()} == {"left": (2, 2), "right": (3, 1)}
    assert found.sides["left"].scores["peak_force"].trials == (2,)
    assert found.comparison is not None
    assert found.comparison.lsi is not None
    assert found.comparison.lsi.value == pytest.approx(90.0)
    assert found.comparison.lsi.formula == "LSI = 100 × left / right"


def test_a_score_carries_its_rule_unit_and_recipe() -> None:
    trials = [Done(n, "left", 300.0, rfd, fast) for n, rfd, fast in
              ((1, 1000.0, 220.0), (2, 4000.0, 250.0), (3, 2000.0, 210.0), (4, 3000.0, 230.0))]  # fmt: skip
    scores = summarise(trials, ABDUCTION).sides["left"].scores
    rfd = scores["rfd_0_200"]
    assert rfd.value == pytest.approx(8000.0 / 3.0)  # trials 2, 4 and 1: the three fastest at 200 ms
    assert (rfd.rule, rfd.trials, rfd.unit, rfd.recipe) == ("mean_fastest_3", (2, 4, 1), "N/s", "r")
    assert rfd.formula.endswith("force_at_200")
    assert (scores["peak_force"].rule, scores["peak_force"].recipe) == ("best", "p")
    assert (scores["rfd_0_50"].value, scores["rfd_0_50"].reason) == (None, "rate")


def test_a_score_is_marked_as_its_numbers_are_and_few_trials_are_told() -> None:
    found = summarise([Done(1, "left", 300.0)], ABDUCTION)
    rows = {row[0]: row[1] for row in score_rows(found)[1]}
    assert rows["Peak force"] == "300.0 N n=1"
    assert rows["Force at 200 ms"].startswith("200.0 N i")
    assert "i: indicative" in score_legend(found)
    assert found.sides["left"].scores["force_at_200"].mark == "indicative"
    assert any("Mean of 1 instead of 3 trials" in sentence for sentence in sentences(found))


def test_derived_numbers_are_scored_as_what_they_are_made_from() -> None:
    assert [base_of(name) for name in ("peak_torque", "rtd_0_200", "peak_force")] == [
        "peak_force", "rfd_0_200", "peak_force",
    ]  # fmt: skip
    assert [timed(name) for name in ("peak_torque_per_kg", "rtd_0_200_per_kg", "jump_height")] == [False, True, False]


def test_fast_numbers_are_scored_though_nobody_asked_for_the_force_that_ranks_them() -> None:
    asked = assessment("rfd_0_200", "peak_force")
    for rate, rank in ((80.0, "force_at_200"), (1000.0, "force_at_100")):
        trace = sample(S4, rate)
        (made,) = evaluate({"left": trace}, asked)
        assert made.rank is not None
        assert made.rank.metric == rank
        assert [result.metric for result in made.results] == ["rfd_0_200", "peak_force"]
        trials = [Kept(number, "left", made, trace) for number in (1, 2, 3)]
        score = summarise(trials, asked).sides["left"].scores["rfd_0_200"]
        assert score.value == pytest.approx(made.results[0].value)
        assert len(score.trials) == 3
        assert set(summarise(trials, asked).sides["left"].scores) == {"rfd_0_200", "peak_force"}
    (listed,) = evaluate({"left": trace}, assessment("rfd_0_200", "force_at_100"))
    (unranked,) = evaluate({"left": trace}, assessment("peak_force"))
    assert (listed.rank, unranked.rank) == (None, None)


def test_why_a_number_that_trials_gave_has_no_score_is_told() -> None:
    bare = Evaluation(
        None, (Result("rfd_0_200", 900.0, "N/s", "r"), Result("rfd_0_50", None, "N/s", "r")), (), "trusted"
    )
    trace = Done(1, "left", 1.0).trace
    told = sentences(summarise([Kept(1, "left", bare, trace)], ABDUCTION))
    assert "Left: no score of RFD 0–200 ms: no valid trial has force_at_200, by which they are ranked." in told
    doubted = sentences(summarise([Done(1, "left", 300.0, verdict="peak_only")], ABDUCTION))
    assert any("no score of RFD 0–200 ms, " in each and "no valid trial has these numbers" in each for each in doubted)
    spoilt = sentences(summarise([Done(1, "left", 300.0, verdict="repeat")], ABDUCTION))
    assert not any("no score" in each for each in spoilt)


def test_a_trial_that_is_good_for_its_peak_gives_no_timed_number() -> None:
    found = summarise([Done(1, "left", 300.0, 1000.0), Done(2, "left", 320.0, 9000.0, 900.0, "peak_only")], ABDUCTION)
    assert value(found, "left") == 320.0
    assert value(found, "left", "rfd_0_200") == 1000.0
    assert value(found, "left", "force_at_200") == 200.0


def test_different_definitions_are_never_mixed() -> None:
    found = summarise([Done(1, "left", 300.0), Done(2, "left", 310.0, recipe="manual onset")], ABDUCTION)
    assert value(found, "left") == 310.0
    refused = found.sides["left"].scores["rfd_0_200"]
    assert (refused.value, refused.reason, refused.trials) == (None, MIXED, ())
    assert any("never mixed" in sentence and "RFD" in sentence for sentence in sentences(found))
    across = summarise([Done(1, "left", 300.0), Done(2, "right", 310.0, recipe="other")], ABDUCTION)
    assert "peak_force" in across.comparisons
    assert "rfd_0_200" not in across.comparisons


def test_one_more_trial_is_advised_for_a_reason() -> None:
    apart = summarise([Done(1, "left", 300.0), Done(2, "left", 260.0), Done(3, "left", 255.0)], ABDUCTION)
    advice = apart.sides["left"].advice
    assert advice.more
    assert advice.spread == pytest.approx(100.0 * 40.0 / 300.0)
    assert sentences(apart)[0] == "Left: The best two trials are 13.3 % apart, more than 10 %."
    assert "Left: One more trial is advised." in sentences(apart)
    spoilt = [Done(n, "left", 300.0, verdict="repeat") for n in (1, 2, 3)]
    assert summarise(spoilt, ABDUCTION).sides["left"].advice.sentences == ("0 of 3 trials are valid.",)
    assert (
        not summarise([Done(1, "left", 300.0), Done(2, "left", 299.0)], ABDUCTION, planned=2).sides["left"].advice.more
    )


def test_the_last_trial_is_the_last_whatever_the_order_of_the_list() -> None:
    rising = [Done(3, "left", 340.0), Done(1, "left", 300.0), Done(2, "left", 320.0)]
    (sentence,) = summarise(rising, ABDUCTION).sides["left"].advice.sentences
    assert sentence == "The last trial is 6.2 % better than all before."


PAIR = [Done(1, "left", 255.0), Done(2, "right", 300.0)]


def test_without_a_known_error_nothing_is_said_about_a_real_difference() -> None:
    found = summarise(PAIR, ABDUCTION).comparison
    assert found is not None
    assert (found.decision, found.error, found.why) == (None, None, UNKNOWN_ERROR)
    told = summary_json(summarise(PAIR, ABDUCTION))["comparisons"]
    assert told["peak_force"]["beyond_error"] is None  # type: ignore[index] # JSON


@pytest.mark.parametrize(("sem", "real"), [(10.0, True), (16.3, False), (16.2, True)])
def test_a_difference_is_real_beyond_the_error_of_both(sem: float, real: bool) -> None:
    # 45 N against 1.96 · √2 · SEM: 27.7, 45.2 and 44.9 N
    found = summarise(PAIR, ABDUCTION, error=Sem("site", sem, "N", None, "", "retest of 2026")).comparison
    assert found is not None
    assert found.decision is not None
    assert found.decision.real is real
    assert found.decision.stronger == ("right" if real else "equal")


def test_the_error_is_of_the_scored_number_alone_and_its_origin_is_told() -> None:
    found = summarise(PAIR, ABDUCTION, error=TEN)
    assert found.comparisons["rfd_0_200"].decision is None
    assert "Error: retest of 2026." in sentences(found)[-1]


def test_the_formulas_bear_their_names_and_the_injured_side_its_own() -> None:
    # R = 300, L = 255: LSI 85, BSA and %diff 15, as worked out in the literature that catalogues the formulas
    found = summarise(PAIR, ABDUCTION, involved="left").comparison
    assert found is not None
    assert found.lsi is not None
    assert (found.lsi.value, found.lsi.formula) == (85.0, "LSI = 100 · I / U, I the left side")
    assert {each.id: each.value for each in found.asymmetries} == {"percent_difference": 15.0, "bsa": 15.0}
    other = summarise(PAIR, ABDUCTION, involved="right").comparison
    assert other is not None
    assert other.lsi is not None
    assert other.lsi.value == pytest.approx(100.0 * 300.0 / 255.0)


def test_a_cut_off_is_told_with_its_source_and_mark_and_only_where_somebody_is_injured() -> None:
    assert not any("Published" in sentence for sentence in sentences(summarise(PAIR, ABDUCTION)))
    told = sentences(summarise(PAIR, ABDUCTION, involved="left"), cut_offs=True)[-1]
    assert told.startswith("Published: target 90 %.")
    assert told.endswith("(not verified).")


def test_a_test_of_both_sides_at_once_has_no_comparison() -> None:
    found = summarise([Done(1, "both", 400.0)], SQUEEZE)
    assert found.comparison is None
    assert value(found, "both") == 400.0


def test_nothing_gives_nothing() -> None:
    found = summarise([], ABDUCTION)
    assert (found.scored, dict(found.sides), found.comparison) == ("peak_force", {}, None)
    assert sentences(found) == []
    spoilt = summarise([Done(1, "left", 300.0, verdict="repeat")], ABDUCTION)
    assert spoilt.score("left") is None
    assert value(spoilt, "left") is None
