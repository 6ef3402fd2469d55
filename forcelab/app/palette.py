"""Colours and sizes of the window: a light and a dark theme, and text that a person can enlarge.

Qt's own dark scheme does nothing on several platforms, so both themes are ours, on the Fusion style, and plots are
told their colours. Curve colours keep apart for colour-blind eyes and stand out at 3:1 or better (Machado's matrices
over the Okabe–Ito set); still nothing is told by colour alone. Knows no view and no widget of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from forcelab.app.prompt import Tone


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. `tones` gives background and ink for each tone of a prompt."""

    name: str
    window: str
    card: str
    text: str
    muted: str
    line: str
    grid: str
    button: str
    curve: str
    other_curve: str
    onset: str
    peak: str
    shade: str
    band: str
    band_edge: str
    attention: str
    tones: Mapping[Tone, tuple[str, str]]


LIGHT: Final = Theme(
    name="light",
    window="#EEF1F4",
    card="#FFFFFF",
    text="#10161C",
    muted="#505B66",
    line="#CFD6DD",
    grid="#E4E8EC",
    button="#FFFFFF",
    curve="#0072B2",
    other_curve="#A8487A",
    onset="#D55E00",
    peak="#000000",
    shade="#FBE6D6",
    band="#E6F0E9",
    band_edge="#6E8F7B",
    attention="#B34700",
    tones={
        "wait": ("#FFFFFF", "#10161C"),
        "ready": ("#D8E9F5", "#06314C"),
        "push": ("#0072B2", "#FFFFFF"),
        "rest": ("#FFFFFF", "#10161C"),
        "stop": ("#FBE3D5", "#7A2E00"),
        "done": ("#FFFFFF", "#10161C"),
    },
)

DARK: Final = Theme(
    name="dark",
    window="#121212",
    card="#1D2024",
    text="#F2F4F6",
    muted="#AAB3BD",
    line="#3A4048",
    grid="#2B3036",
    button="#2A2E34",
    curve="#56B4E9",
    other_curve="#E69F00",
    onset="#F0E442",
    peak="#F2F4F6",
    shade="#2F2E1C",
    band="#1E3029",
    band_edge="#7FA68F",
    attention="#FF9A57",
    tones={
        "wait": ("#1D2024", "#F2F4F6"),
        "ready": ("#173447", "#DCF0FD"),
        "push": ("#56B4E9", "#06202F"),
        "rest": ("#1D2024", "#F2F4F6"),
        "stop": ("#4A230E", "#FFE3D2"),
        "done": ("#1D2024", "#F2F4F6"),
    },
)

THEMES: Final = {theme.name: theme for theme in (LIGHT, DARK)}

BASE_POINTS: Final = 10.5
"""Size of running text at 100 %; the platform's own size is taken where it is larger."""

SCALES: Final = (1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
"""The steps of text size that a person can choose."""


def dress(app: QApplication, theme: Theme) -> None:
    """Give the application a theme: palette for what Qt draws, a short style sheet for shape and focus."""
    app.setPalette(_palette(theme))
    app.setStyleSheet("")
    app.setStyleSheet(_sheet(theme))


def scaled_font(base: QFont, scale: float) -> QFont:
    """The application's font at a text scale."""
    font = QFont(base)
    font.setPointSizeF(max(base.pointSizeF(), BASE_POINTS) * scale)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.card,
        role.AlternateBase: theme.card,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.button,
        role.ButtonText: theme.text,
        role.BrightText: theme.attention,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.Mid: theme.line,
        role.Highlight: theme.tones["ready"][0],
        role.HighlightedText: theme.tones["ready"][1],
        role.Accent: theme.curve,
    }.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.muted))
    return palette


def _sheet(theme: Theme) -> str:
    return f"""
    QFrame[card="true"] {{ background: {theme.card}; border: 1px solid {theme.line}; border-radius: 10px; }}
    QPushButton {{ background: {theme.button}; color: {theme.text}; border: 1px solid {theme.line};
        border-radius: 8px; padding: 8px 12px; }}
    QPushButton:hover {{ border-color: {theme.curve}; }}
    QPushButton:pressed {{ background: {theme.tones["ready"][0]}; }}
    QPushButton:focus {{ border: 2px solid {theme.curve}; padding: 7px 11px; }}
    QPushButton:disabled {{ background: {theme.window}; color: {theme.muted}; }}
    QPushButton[main="true"]:enabled {{ background: {theme.tones["push"][0]}; color: {theme.tones["push"][1]};
        border-color: {theme.tones["push"][0]}; }}
    QPushButton[main="true"]:focus {{ border: 2px solid {theme.text}; }}
    QTableView {{ background: {theme.card}; border: none; gridline-color: {theme.grid}; }}
    QTableView::item {{ padding: 2px 8px 2px 2px; }}
    QTableView:focus {{ border: 2px solid {theme.curve}; border-radius: 4px; }}
    QHeaderView::section {{ background: {theme.card}; color: {theme.muted}; border: none;
        border-bottom: 1px solid {theme.line}; padding: 3px 6px; }}
    QScrollArea {{ background: transparent; border: none; }}
    QToolTip {{ background: {theme.card}; color: {theme.text}; border: 1px solid {theme.line}; }}
    """
