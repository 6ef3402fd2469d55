"""Invariant 4: arrows point down. The imports are read as text, so nothing can hide behind a late import."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FLOORS: dict[str, int] = {
    "forcelab.__main__": 6,
    "forcelab.commands": 6,
    "forcelab.app": 5,
    "forcelab.engine": 4,
    "forcelab.check": 4,
    "forcelab.imports": 4,
    "forcelab.report": 4,
    "forcelab.assemble": 3,
    "forcelab.evaluate": 3,
    "forcelab.acquisition": 2,
    "forcelab.analysis": 2,
    "forcelab.assessments": 2,
    "forcelab.journal": 2,
    "forcelab.flow": 2,
    "forcelab.model": 1,
    "firmware_protocols": 1,
    "forcelab": 0,
}
"""Each room and its floor. `forcelab` itself is the version number, on which all may stand."""

NEIGHBOURS: set[tuple[str, str]] = {
    ("forcelab.__main__", "forcelab.commands"),
}
"""Pairs on one floor that may know each other; all others may not."""

KEPT_IN: dict[str, tuple[str, ...]] = {
    "bleak": ("forcelab/acquisition/ble.py", "forcelab/acquisition/ble_link.py"),
    "PySide6": ("forcelab/app/",),
    "pyqtgraph": ("forcelab/app/",),
    "matplotlib": ("forcelab/report/",),
    "typer": ("forcelab/__main__.py", "forcelab/commands/"),
}
"""Libraries that only one room may import."""

FILES = sorted((*(ROOT / "forcelab").rglob("*.py"), *(ROOT / "firmware_protocols").rglob("*.py")))


def room(module: str) -> str:
    """The longest entry of FLOORS that the module lies in."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in FLOORS:
            return name
    raise AssertionError(f"{module} lies in no room: give it a floor")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            base = node.module or ""
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield submodule if is_module(submodule) else base


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_down(path: Path) -> None:
    here = room(module_name(path))
    for name in imports(path):
        if name.split(".")[0] not in ("forcelab", "firmware_protocols"):
            continue
        there = room(name)
        down = FLOORS[there] < FLOORS[here]
        assert there == here or down or (here, there) in NEIGHBOURS, f"{here} must not know {there}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_stays_in_its_room(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    for name in imports(path):
        rooms = KEPT_IN.get(name.split(".")[0])
        assert rooms is None or here.startswith(rooms), f"{here} must not import {name}"


def test_device_files_use_the_standard_library_alone() -> None:
    for path in (ROOT / "firmware_protocols").rglob("*.py"):
        for name in imports(path):
            top = name.split(".")[0]
            assert top == "firmware_protocols" or top in sys.stdlib_module_names, f"{path.name} imports {name}"
