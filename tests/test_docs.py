"""What a page shows as typed in Python is what comes out, and what a list is said to hold is there."""

import doctest
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.evaluate import SERIES
from forcelab.evaluate.holds import HOLD_NUMBERS

DOCS = Path(__file__).parent.parent / "docs"
PAGES = [page for page in sorted(DOCS.glob("*.md")) if ">>>" in page.read_text("utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_is_true(page: Path) -> None:
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


def test_the_list_of_changes_names_every_number_and_every_onset_rule() -> None:
    text = (DOCS.parent / "CHANGELOG.md").read_text("utf-8")
    named = re.findall(r"`([a-z0-9_.*]+)`", text)
    known = (*METRICS, *JUMP_METRICS, *HOLD_NUMBERS, *SERIES, *ONSET_METHODS)
    assert [name for name in known if not any(fnmatchcase(name, pattern) for pattern in named)] == []
