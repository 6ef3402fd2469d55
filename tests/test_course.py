"""One client before and after, on numbers put in by hand: the change, its error and the verdict."""

import pytest

from forcelab.analysis.change import Sem
from forcelab.analysis.scores import better
from forcelab.evaluate import Changed, Errors, Summary, course, summarise
from forcelab.model import Side
from tests.test_summary import ABDUCTION, SQUEEZE, Done

TEN = {"peak_force": Sem("site", 10.0, "N", None, "SEM = √MSE", "retest of 2026")}


def session(left: float, *, side: Side = "left", recipe: str = "r") -> Summary:
    return summarise([Done(1, side, left, recipe=recipe)], ABDUCTION if side == "left" else SQUEEZE)


def one(changes: tuple[Changed, ...], metric: str = "peak_force") -> Changed:
    (found,) = [each for each in changes if each.before.metric == metric]
    return found


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(230.0, "improved"), (227.7, "within error"), (172.2, "declined"), (172.4, "within error")],
)
def test_a_change_counts_beyond_the_error_of_both_scores(after: float, verdict: str) -> None:
    found = one(course(session(200.0), session(after), ABDUCTION.id, Errors(TEN)))
    assert found.delta == pytest.approx(after - 200.0)
    assert found.change is not None
    assert found.change.mdc95 == pytest.approx(27.718586, abs=5e-7)  # 1.96 · √2 · 10
    assert found.change.rci == pytest.approx((after - 200.0) / 14.142136, abs=1e-6)
    assert found.change.verdict == verdict
    assert found.change.sem.source == "retest of 2026"


def test_without_an_error_there_is_a_change_and_no_verdict() -> None:
    found = one(course(session(200.0), session(300.0), ABDUCTION.id))
    assert (found.delta, found.percent, found.change) == (100.0, 50.0, None)
    assert "no retest study of this site" in found.why
    assert found.why.endswith("Without the error of the test no change can be judged.")


def test_the_error_is_of_the_number_that_it_was_told_for() -> None:
    changes = course(session(200.0), session(300.0), ABDUCTION.id, Errors(TEN))
    assert one(changes, "rfd_0_200").change is None
    assert one(changes, "rfd_0_50").why == "before: rate"  # as the trials of these sessions tell it


def test_what_keeps_a_number_from_every_trial_is_told_without_its_name() -> None:
    why = "rate: 80 Hz does not carry RFD 0–50 ms (sensors below 100 Hz)"

    def told(*each: str | None) -> str:
        trials = [Done(n, "left", 200.0, why=reason) for n, reason in enumerate(each, 1)]
        return one(course(summarise(trials, ABDUCTION), session(200.0), ABDUCTION.id), "rfd_0_50").why

    assert told(why, why) == "before: rate: 80 Hz does not carry this number (sensors below 100 Hz)"
    assert told(why, "no onset: another reason") == "before: no valid trial has this number"


def test_the_site_comes_before_the_client_and_the_client_before_the_paper() -> None:
    stable = [session(x, side="both") for x in (290.0, 310.0, 300.0)]
    before, after = session(300.0, side="both"), session(340.0, side="both")

    def origin(errors: Errors) -> tuple[str, float, float]:
        found = one(course(before, after, SQUEEZE.id, errors)).change
        assert found is not None
        return found.sem.origin, found.sem.value, found.mdc95

    assert origin(Errors(TEN, stable))[0] == "site"
    name, sem, limit = origin(Errors({}, stable))
    assert name == "client"
    assert sem == pytest.approx(10.0)
    assert limit == pytest.approx(4.302653 * 14.142136, abs=1e-5)  # t with 2 degrees of freedom
    # Published for this squeeze: 8.6 % of the score, here of the mean 320
    name, sem, _ = origin(Errors({}, stable[:2]))
    assert name == "published"
    assert sem == pytest.approx(27.52)


def test_a_published_error_that_is_refused_hides_no_better_one() -> None:
    # Of a score below 0 nothing in percent can be said
    before, after = session(-300.0, side="both"), session(-290.0, side="both")
    stable = [session(x, side="both") for x in (290.0, 310.0, 300.0)]
    for errors, origin in ((Errors(TEN), "site"), (Errors({}, stable), "client")):
        found = one(course(before, after, SQUEEZE.id, errors))
        assert found.change is not None, found.why
        assert found.change.sem.origin == origin
    assert "score" in one(course(before, after, SQUEEZE.id)).why


def test_different_definitions_are_never_compared() -> None:
    changes = course(session(200.0), session(300.0, recipe="onset by hand"), ABDUCTION.id)
    assert one(changes).delta == 100.0
    assert one(changes, "rfd_0_200").delta is None
    assert "never compared" in one(changes, "rfd_0_200").why


def test_only_sides_of_both_sessions_are_compared() -> None:
    both = summarise([Done(1, "left", 200.0), Done(2, "right", 210.0)], ABDUCTION)
    assert {each.side for each in course(both, session(300.0), ABDUCTION.id)} == {"left"}


def test_more_is_not_always_better() -> None:
    assert [better(name) for name in ("mean_1s", "rfd_0_200", "force_at_100", "jump_height")] == ["higher"] * 4
    assert [better(name) for name in ("time_to_90", "fatigue_index", "rmse_target")] == ["lower"] * 3
    assert [better(name) for name in ("depth", "body_mass", "landing_asymmetry")] == [None] * 3
