"""Every example in the definitions gives what it says: the curves in them were solved by hand."""

import doctest
import importlib
import pkgutil

import pytest

import forcelab.analysis

MODULES = sorted(module.name for module in pkgutil.iter_modules(forcelab.analysis.__path__, "forcelab.analysis."))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.failed == 0


def test_the_rooms_with_definitions_have_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    for name in ("strength", "explosive", "onset", "flags_before", "flags_during", "curve"):
        module = importlib.import_module(f"forcelab.analysis.{name}")
        assert sum(bool(found.examples) for found in finder.find(module)) >= 3
