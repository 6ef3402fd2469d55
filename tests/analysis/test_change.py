"""One client: the change against the error of the test, and where that error is from."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.change import Sem, change, choose, from_client, from_publication, from_site
from forcelab.analysis.estimate import RefusedError
from tests.analysis.test_reliability import WRIGHT

TEN = Sem("published", 10.0, "N", None, "SEM = SD · √(1 − ICC)", "a study, recomputed")
SITE = from_site(WRIGHT, "retest of 2026", "l/min")


def test_a_change_by_hand() -> None:
    found = change(200.0, 230.0, TEN)
    assert found.delta == 30.0
    assert found.percent == pytest.approx(15.0)
    assert found.rci == pytest.approx(30.0 / 14.142136, abs=1e-6)
    assert found.p == pytest.approx(0.033895, abs=5e-7)  # 2 Φ(−2.12132)
    assert found.mdc95 == pytest.approx(27.718586, abs=5e-7)  # 1.96·√2·10
    assert (found.low, found.high) == pytest.approx((30.0 - 27.718586, 30.0 + 27.718586), abs=1e-6)
    assert found.verdict == "improved"
    assert found.sentence == (
        "Improved by more than the error of the test "
        "(change +30 N, detectable from 27.7 N; error from a study, recomputed)."
    )


@pytest.mark.parametrize(
    ("after", "better", "verdict"),
    [
        (230.0, "higher", "improved"),
        (230.0, "lower", "declined"),
        (170.0, "higher", "declined"),
        (170.0, "lower", "improved"),
        (227.0, "higher", "within error"),
        (173.0, "lower", "within error"),
        (200.0, "higher", "within error"),
    ],
)
def test_the_verdict(after: float, better: str, verdict: str) -> None:
    found = change(200.0, after, TEN, better)  # type: ignore[arg-type] # the table's words are the two literals
    assert found.verdict == verdict
    assert (found.rci > 0.0) == (after > 200.0)  # has the sign of the change, whichever is better


def test_a_change_of_just_the_detectable_size_is_within_error() -> None:
    limit = change(0.0, 0.0, TEN).mdc95
    assert change(0.0, limit, TEN).verdict == "within error"
    assert change(0.0, math.nextafter(limit, math.inf), TEN).verdict == "improved"


def test_the_clients_own_sessions_need_the_t_distribution() -> None:
    sem = from_client([290.0, 310.0, 300.0])
    assert (sem.value, sem.df, sem.origin) == (10.0, 2, "client")
    found = change(300.0, 350.0, sem)
    assert found.mdc95 == pytest.approx(4.302653 * math.sqrt(2.0) * 10.0, abs=1e-5)
    assert found.verdict == "within error"  # by 1.96 it would be an improvement
    assert change(300.0, 350.0, TEN).verdict == "improved"
    # With 2 degrees of freedom the tail is closed: p = 1 − t / √(2 + t²).
    t = 50.0 / (10.0 * math.sqrt(2.0))
    assert found.p == pytest.approx(1.0 - t / math.sqrt(2.0 + t * t))
    assert "t with 2 degrees of freedom" in found.formula
    assert found.high - found.low == pytest.approx(2.0 * found.mdc95)


def test_sessions_that_are_no_baseline() -> None:
    for sessions, sentence in (
        ([300.0, 310.0], "at least 3 stable sessions"),
        ([300.0, 320.0, 331.0], "rise or fall all the time"),
        ([300.0, 290.0, 269.0], "rise or fall all the time"),
        ([300.0, 300.0, 300.0], "all the same"),
        ([0.1 + 0.2, 0.3, 0.3], "all the same"),  # the first differs in its last digit
        ([300.0, math.nan, 300.0], "missing"),
    ):
        with pytest.raises(RefusedError, match=sentence):
            from_client(sessions)
    assert from_client([300.0, 310.0, 330.0]).df == 2  # 10 % in all: just stable
    assert from_client([300.0, 290.0, 340.0]).df == 2  # up and down: no trend
    assert from_client([300.0, 340.0, 290.0]).value == pytest.approx(math.sqrt(700.0))


def test_the_site_counts_the_shift_between_sessions_as_error() -> None:
    # TE² of the Wright meter is 15.361215², MSJ = 17·4.941176²/2.
    msj, mse = 17.0 * 4.941176**2 / 2.0, 15.361215**2
    assert msj < mse  # nothing to add here
    assert SITE.value == pytest.approx(15.361215, abs=5e-7)
    assert (SITE.origin, SITE.unit, SITE.source, SITE.df) == ("site", "l/min", "retest of 2026", None)
    shifted = from_site(WRIGHT + np.array([0.0, 50.0]), "x")
    assert shifted.value == pytest.approx(math.sqrt(mse + (17.0 * 45.058824**2 / 2.0 - mse) / 17.0), abs=1e-4)
    with pytest.raises(RefusedError, match="at least 5 persons; here there are 4"):
        from_site(WRIGHT[:4], "x")


def test_a_retest_without_any_error_is_not_believed() -> None:
    with pytest.raises(RefusedError, match="error of 0 cannot be"):
        from_site([[x, x + 1e-16] for x in (0.1, 0.7, 1.3, 2.9, 5.1)], "x")
    with pytest.raises(RefusedError, match="error of 0 cannot be"):
        from_site([[x + 0.1, x + 0.2, x + 0.3] for x in (0.1, 0.7, 1.3, 2.9, 5.1)] - np.array([0.1, 0.2, 0.3]), "x")


def test_the_order_of_the_sources() -> None:
    published = from_publication(42.5, 0.947, "Byrne et al. 2020, PMC7853325")
    assert published.value == pytest.approx(9.784, abs=5e-4)
    stable = [290.0, 310.0, 300.0]
    assert choose(SITE, stable, published) is SITE
    assert choose(None, stable, published).origin == "client"
    assert choose(None, stable, published).passed_over == ("There is no retest study of this site.",)
    fallen_back = choose(None, stable[:2], published)
    assert (fallen_back.origin, fallen_back.value) == ("published", published.value)
    assert fallen_back.source == "Byrne et al. 2020, PMC7853325, recomputed"
    assert len(fallen_back.passed_over) == 2
    assert choose(published=published).passed_over[1] == "There are no stable sessions of this client."
    for nothing in (None, [300.0, 310.0]):
        with pytest.raises(RefusedError, match="no change can be judged"):
            choose(client=nothing)


def test_what_gives_no_verdict_is_refused() -> None:
    for zero in (0.0, -1.0, math.nan):
        with pytest.raises(RefusedError):
            change(200.0, 230.0, Sem("site", zero, "N", None, "", ""))
    with pytest.raises(RefusedError, match="score after"):
        change(200.0, math.nan, TEN)
    with pytest.raises(RefusedError, match="score before"):
        change(math.inf, 200.0, TEN)
    assert change(0.0, 200.0, TEN).percent is None


SCORES = st.floats(1.0, 2000.0)
SEMS = st.builds(
    lambda value, df: Sem("client", value, "N", df, "", ""),
    st.floats(0.1, 200.0),
    st.one_of(st.none(), st.integers(2, 30)),
)


@settings(deadline=None)
@given(SCORES, SCORES, SEMS)
def test_going_back_is_the_opposite(before: float, after: float, sem: Sem) -> None:
    there, back = change(before, after, sem), change(after, before, sem)
    assert there.rci == -back.rci
    assert there.p == back.p
    assert (there.low, there.high) == (-back.high, -back.low)
    opposite = {"improved": "declined", "declined": "improved", "within error": "within error"}
    assert there.verdict == opposite[back.verdict]
    assert change(before, after, sem, "lower").verdict == back.verdict


@settings(deadline=None)
@given(SCORES, SCORES, SEMS, st.floats(0.01, 100.0))
def test_the_unit_does_not_matter(before: float, after: float, sem: Sem, scale: float) -> None:
    scaled = Sem(sem.origin, scale * sem.value, "kgf", sem.df, "", "")
    a, b = change(before, after, sem), change(scale * before, scale * after, scaled)
    assert (b.rci, b.p) == pytest.approx((a.rci, a.p), abs=1e-9)
    assert b.percent == pytest.approx(a.percent)


@settings(deadline=None)
@given(SCORES, SCORES, SEMS)
def test_verdict_interval_and_p_tell_one_story(before: float, after: float, sem: Sem) -> None:
    found = change(before, after, sem)
    assert (found.verdict == "within error") == (found.low <= 0.0 <= found.high)
    assert 0.0 <= found.p <= 1.0
    if abs(found.p - 0.05) > 1e-3:  # 1.96 is a rounded quantile
        assert (found.p < 0.05) == (found.verdict != "within error")
