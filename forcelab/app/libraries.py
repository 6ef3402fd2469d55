"""Whether a window can be opened at all, found out without Qt: it ends the process where it cannot.

A missing library or display has to become one sentence, and the program goes on without a window. Imports no Qt unless
asked, and then only to see whether it can be.
"""

import ctypes
import importlib
import importlib.util
import os
import sys
from pathlib import Path

from forcelab.app.words import say

PACKAGES = (
    "libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
)
"""What a bare Debian 12 or Ubuntu lacks, found by adding one after another until a window opened."""

NEEDS_NO_SCREEN = ("offscreen", "minimal", "vnc")
"""Platforms of Qt that draw into memory or serve a remote screen."""


def no_display() -> str | None:
    """A sentence if there is no screen to open a window on, else None."""
    if not sys.platform.startswith("linux") or _platform() in NEEDS_NO_SCREEN:
        return None
    if os.environ.get("WAYLAND_DISPLAY") and _wayland_socket().exists():
        return None
    return None if os.environ.get("DISPLAY") and _x_answers() else say("no_display")


def missing_libraries() -> str | None:
    """A sentence that says what to install before a window can be opened, or that there is no display; else None."""
    for package in ("PySide6", "pyqtgraph"):
        if importlib.util.find_spec(package) is None:
            return say("no_binding", missing=package)
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return say("no_library", missing=_library_in(error), packages=PACKAGES)
    absent = no_display()
    if absent or not sys.platform.startswith("linux") or _platform() in NEEDS_NO_SCREEN:
        return absent
    return _missing_for_plugin()


def _platform() -> str:
    return os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]


def _missing_for_plugin() -> str | None:
    """Load Qt's platform plugin as Qt would: the loader names what it lacks."""
    from PySide6.QtCore import QLibraryInfo  # noqa: PLC0415 - only here is it known that Qt can be imported

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    names = ["libqxcb.so"] if os.environ.get("DISPLAY") else []
    if os.environ.get("WAYLAND_DISPLAY"):
        names.append("libqwayland.so")
    why = ""
    for name in names:
        try:
            ctypes.CDLL(str(plugins / name))
        except OSError as error:
            why = _library_in(error)
        else:
            return None
    return say("no_library", missing=why, packages=PACKAGES) if why else None


def _library_in(error: Exception) -> str:
    """The name of the library in the loader's message: what stands before the first colon."""
    return str(error).split(":")[0]


def _wayland_socket() -> Path:
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), os.environ.get("WAYLAND_DISPLAY", ""))


def _x_answers() -> bool:
    """Whether the X server of DISPLAY takes a connection; where the X library is missing, the question stays open."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # then the plugin cannot be loaded either, and that is told by its name
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused
