"""Whether there can be a window is found out before Qt is asked, because Qt ends the process where there cannot."""

import ctypes
import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forcelab.app import libraries, missing_libraries, no_display

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays and plugins of Linux")


def in_child(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).resolve().parents[2],
    )


ASK = "from forcelab import app; print(app.missing_libraries())"


def test_importing_the_room_imports_no_qt() -> None:
    code = (
        "import sys, forcelab.app; print([name for name in sys.modules if name.startswith(('PySide6', 'pyqtgraph'))])"
    )
    assert in_child(code).stdout.strip() == "[]"


def test_a_platform_without_screen_needs_none() -> None:
    assert in_child(ASK, QT_QPA_PLATFORM="offscreen").stdout.strip() == "None"


@LINUX
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":4711"}, {"WAYLAND_DISPLAY": "wayland-4711"}])
def test_no_display_is_a_sentence_and_not_the_end_of_the_process(display: dict[str, str]) -> None:
    done = in_child(ASK, **display)
    assert (done.returncode, done.stdout.strip()) == (0, "There is no display to open a window on."), done.stderr


@LINUX
def test_a_library_that_the_plugin_lacks_is_named_with_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(libraries, "_x_answers", lambda: True)
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    told = missing_libraries()
    assert told is not None
    assert "libxcb-cursor.so.0 is missing" in told
    assert "apt-get install -y libgl1" in told
    assert "libxcb-cursor0" in told


def test_a_library_that_qt_itself_lacks_is_named_with_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str) -> None:
        raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(importlib, "import_module", refuse)
    told = missing_libraries()
    assert told is not None
    assert told.startswith("The window needs system libraries (libGL.so.1 is missing)")


def test_without_the_binding_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert (
        missing_libraries()
        == 'The window needs PySide6 and pyqtgraph (PySide6 is missing): pip install "forcelab[app]".'
    )


def test_here_a_window_can_be_opened() -> None:
    assert missing_libraries() is None
    assert no_display() is None
