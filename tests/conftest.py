"""What all tests share: the folder of other people's recordings, and a Qt that needs no screen."""

import os
import tempfile
from pathlib import Path

import pytest

# Before anything imports Qt; a test run in a real window sets its own platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_FONT_DPI", "96")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

# Nor does a test know the settings, sessions and terminal of whoever runs it, in whatever process it looks.
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="forcelab-tests-")
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="forcelab-tests-")
os.environ.pop("COLUMNS", None)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The recordings that other people made; they lie beside the project, never in it."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared/data with other people's recordings is not here")
    return SHARED
