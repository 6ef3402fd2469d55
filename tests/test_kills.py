"""The share of the kill study that runs every time; `python -m tests.studies kills` runs all of it."""

import pytest

from tests.studies import kills


@pytest.mark.timeout(300)
def test_a_recording_killed_at_50_random_moments_loses_at_most_250_ms() -> None:
    killed = kills.run(50)
    assert [kill for kill in killed if kill.broken] == []
    assert sum(kill.kept for kill in killed) > 1000, "the recordings did record"
    assert any(kill.results for kill in killed), "some were killed after their first trial"
