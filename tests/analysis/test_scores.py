"""From trials to a score, and when to ask for one more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.advice import advise, limit_for, spread
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.scores import SCORE_RULES, Attempt, rank_by, rule_for, score

PEAKS = st.lists(st.floats(50.0, 2000.0), min_size=2, max_size=6)


def attempt(number: int, **values: float | None) -> Attempt:
    return Attempt(number, values)


FOUR = (
    attempt(1, peak_force=300.0, rfd_0_200=1000.0, force_at_100=110.0, force_at_200=220.0),
    attempt(2, peak_force=320.0, rfd_0_200=4000.0, force_at_100=90.0, force_at_200=250.0),
    attempt(3, peak_force=310.0, rfd_0_200=2000.0, force_at_100=120.0, force_at_200=210.0),
    attempt(4, peak_force=290.0, rfd_0_200=3000.0, force_at_100=130.0, force_at_200=230.0),
)


def test_the_best_peak_stands_for_the_trials() -> None:
    found = score(FOUR, "peak_force", 80.0)
    assert (found.value, found.rule, found.trials) == (320.0, "best", (2,))


def test_early_force_is_the_mean_of_the_three_fastest_trials_and_not_of_the_three_best_values() -> None:
    fast = score(FOUR, "rfd_0_200", 1000.0)
    assert fast.value == 2000.0  # trials 4, 3 and 1
    assert fast.trials == (4, 3, 1)
    assert fast.formula == "mean over the 3 valid trials with the highest force_at_100"
    assert fast.warning is None


def test_below_100_hz_trials_are_ranked_by_the_force_at_200_ms() -> None:
    slow = score(FOUR, "rfd_0_200", 80.0)
    assert slow.value == pytest.approx(8000.0 / 3.0)  # trials 2, 4 and 1
    assert slow.trials == (2, 4, 1)
    assert slow.formula.endswith("force_at_200")
    assert [rank_by(rate) for rate in (80.0, 97.9, 98.0, 100.0, 1000.0)] == [
        "force_at_200", "force_at_200", "force_at_100", "force_at_100", "force_at_100",
    ]  # fmt: skip


def test_equal_ranks_go_by_order() -> None:
    four = [attempt(n, rfd_0_100=float(n), force_at_100=100.0) for n in (1, 2, 3, 4)]
    assert score(four, "rfd_0_100", 1000.0).trials == (1, 2, 3)


def test_what_a_trial_could_not_carry_does_not_count_and_is_never_zero() -> None:
    trials = (
        attempt(1, peak_force=300.0, rfd_0_100=None, force_at_100=None),
        attempt(2, peak_force=290.0, rfd_0_100=900.0, force_at_100=90.0),
        attempt(3, peak_force=None, rfd_0_100=800.0, force_at_100=None),
    )
    found = score(trials, "rfd_0_100", 1000.0)
    assert (found.value, found.trials) == (900.0, (2,))
    assert found.warning == "Mean of 1 instead of 3 trials: less reliable."
    assert score(trials, "peak_force", 1000.0).value == 300.0
    missing = score(trials, "impulse_0_100", 1000.0)
    assert (missing.value, missing.reason, missing.trials) == (None, "no valid trial has impulse_0_100", ())
    unranked = score(trials, "rfd_0_100", 80.0)
    assert (unranked.value, unranked.reason) == (None, "no valid trial has force_at_200, by which they are ranked")


def test_another_rule_can_be_chosen_and_is_named() -> None:
    found = score(FOUR, "peak_force", 80.0, "mean")
    assert (found.value, found.rule, found.formula) == (305.0, "mean", SCORE_RULES["mean"])
    assert score(FOUR, "peak_force", 1000.0, "mean_fastest_3").value == 300.0


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_rule(name: str) -> None:
    best = name.startswith(("peak_force", "mean_1s", "mean_500ms", "mean_200ms"))
    assert best == (rule_for(name) == "best")
    if name.startswith(("rfd_", "nrfd_", "peak_rfd", "force_at_", "impulse_")):
        assert rule_for(name) == "mean_fastest_3"


def test_the_spread_of_the_best_two() -> None:
    found = spread([240.0, 300.0, 285.0])
    assert (found.value, found.unit) == (5.0, "%")
    for peaks in ([300.0], [], [0.0, 0.0]):
        with pytest.raises(RefusedError):
            spread(peaks)


@settings(deadline=None)
@given(PEAKS, st.floats(0.01, 100.0))
def test_the_spread_knows_no_unit_and_no_order(peaks: list[float], scale: float) -> None:
    assert spread([scale * peak for peak in peaks[::-1]]).value == pytest.approx(spread(peaks).value, abs=1e-9)
    assert 0.0 <= spread(peaks).value <= 100.0


@pytest.mark.parametrize(
    ("peaks", "more", "rest"),
    [
        ([300.0, 310.0, 305.0], False, False),
        ([300.0, 270.0, 250.0], False, True),  # best two exactly 10 % apart; the last 16.7 % down
        ([300.0, 269.0, 268.0], True, True),
        ([300.0, 305.0], True, False),  # two of three
        ([300.0, 305.0, None], True, False),  # the third was not valid
        ([300.0, 310.0, 325.5], False, False),  # exactly 5 % better than all before
        ([300.0, 310.0, 326.0], True, False),
        ([326.0, 310.0, 300.0], False, False),  # falls by 8 %
        ([None] * 5, True, False),
        ([None] * 6, False, False),
        ([300.0, 200.0, 210.0, 205.0, 190.0, 200.0], False, True),  # six are enough
        ([300.0, 310.0, 200.0, 312.0], False, False),
    ],
)
def test_one_more_trial(peaks: list[float | None], more: bool, rest: bool) -> None:
    found = advise(peaks)
    assert (found.more, found.rest) == (more, rest), found.sentences
    assert (found.more or found.rest) <= bool(found.sentences)
    assert all(sentence.endswith(".") for sentence in found.sentences)


def test_a_pull_may_spread_by_250_n_at_most_and_by_a_tenth_at_most() -> None:
    assert not advise([3000.0, 2750.0, 2700.0], "pull").more  # 250 N, 8.3 %
    strong = advise([3000.0, 2740.0, 2700.0], "pull")  # 260 N, 8.7 %
    assert strong.more
    assert strong.sentences == ("The best two trials are 260 N apart, more than 250 N (not verified).",)
    assert not advise([3000.0, 2740.0, 2800.0]).more
    weak = advise([1000.0, 880.0, 860.0, 950.0 - 60.0], "pull")  # 110 N, 11 %
    assert weak.sentences[0] == "The best two trials are 11.0 % apart, more than 10 %."


def test_the_rule_for_pulls_holds_in_pulls() -> None:
    assert [limit_for(name) for name in ("imtp", "squat_iso_90", "abd_side", "my_own")] == [
        "pull",
        "pull",
        "hip",
        "hip",
    ]


def test_numbers_that_are_no_maxima_are_only_counted() -> None:
    assert advise([3.0, 1.0, 9.0], None).sentences == ()
    assert advise([0.0, -1.0], None).sentences == ("2 of 3 trials are valid.",)
    assert advise([0.0, 0.0, 0.0]).spread is None


def test_the_number_of_trials_has_an_end() -> None:
    found = advise([300.0, 200.0, 210.0], most=3)
    assert not found.more
    assert "3 trials are the most that should be asked for." in found.sentences


def test_a_reason_for_each_question() -> None:
    assert advise([300.0, 320.0]).sentences == (
        "2 of 3 trials are valid.",
        "The last trial is 6.7 % better than all before.",
    )
    assert advise([300.0, 290.0, 260.0]).sentences == ("The last trial is 13.3 % below the best: give a longer rest.",)
