"""A small share of the fuzzing of `python -m tests.studies fuzz`, and that the fuzzer would see what it looks for."""

import importlib.util

import pytest

from firmware_protocols import CODECS
from tests.studies.fuzz import fuzz, read

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="the fuzzer atheris is not to be had for this system"
)


@pytest.mark.parametrize("name", CODECS)
def test_no_input_breaks_a_dialogue(name: str) -> None:
    done = fuzz(name, 3000)
    assert not done.failure
    assert done.lives >= 2000
    assert done.inputs >= 2000
    assert done.reached > 15


def test_a_failure_is_seen() -> None:
    said = "#8 INITED cov: 12\n=== Uncaught Python exception: ===\nIndexError: index out of range\n==1== ERROR\n"
    done = read("any", said, 1.0, failed=True)
    assert done.failure == "IndexError: index out of range"
    assert (done.lives, done.reached) == (8, 12)
