"""A new device is one file and one line, or a package of its own. Each in a process in which it is really there."""

import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import firmware_protocols
from firmware_protocols import CODECS, FAMILIES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LINE = '    "imaginary",\n'
END = ")  # fmt: skip\n"


def python(*arguments: str, path: Path) -> "subprocess.CompletedProcess[str]":
    """Run in a folder that goes before our own."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=path,
        env=os.environ | {"PYTHONPATH": f"{path}{os.pathsep}{ROOT}", "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )


def families(path: Path) -> list[str]:
    """Which families are known there."""
    told = python("-c", "from firmware_protocols import codecs\nprint(*codecs())", path=path)
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def package(path: Path, *entries: str, name: str = "gauges") -> None:
    """An installed package, as far as anybody can see: its module and what was written down of it when it came."""
    shutil.copy(HERE / "imaginary.py", path / "gauge_codec.py")
    about = path / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = "\n".join(f"entry_{number} = {entry}" for number, entry in enumerate(entries))
    (about / "entry_points.txt").write_text(f"[forcelab.codecs]\n{lines}\n", encoding="utf-8")


@pytest.fixture
def with_imaginary(tmp_path: Path) -> Path:
    """A copy of our folder of devices with one more file and one more line."""
    copy = tmp_path / "firmware_protocols"
    shutil.copytree(ROOT / "firmware_protocols", copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "imaginary.py", copy)
    table = copy / "__init__.py"
    before = table.read_text(encoding="utf-8")
    assert before.count(END) == 1
    table.write_text(before.replace(END, LINE + END), encoding="utf-8")
    return tmp_path


def test_a_new_device_is_one_file_and_one_line(with_imaginary: Path) -> None:
    ours = {path.name: path.read_text("utf-8") for path in (ROOT / "firmware_protocols").glob("*.py")}
    theirs = {path.name: path.read_text("utf-8") for path in (with_imaginary / "firmware_protocols").glob("*.py")}
    assert theirs.keys() - ours.keys() == {"imaginary.py"}
    changed = [name for name in ours if ours[name] != theirs[name]]
    assert changed == ["__init__.py"]
    assert theirs["__init__.py"].replace(LINE, "") == ours["__init__.py"]

    assert families(with_imaginary) == [*CODECS, "imaginary"]
    capture = with_imaginary / "capture.txt"
    capture.write_text("1 7d3a0002-0000-4000-8000-000000000000 e803\n", encoding="utf-8")
    said = python("-m", "forcelab", "decode", "imaginary", str(capture), path=with_imaginary)
    assert [json.loads(line) for line in said.stdout.splitlines()][-1]["force"] == {"force": [100.0]}


def test_the_laws_walk_it_without_being_told(with_imaginary: Path) -> None:
    shutil.copy(HERE / "test_laws.py", with_imaginary)
    said = python(
        "-m", "pytest", "-q", "-k", "imaginary", "-p", "no:cacheprovider", "test_laws.py", path=with_imaginary
    )
    laws = (HERE / "test_laws.py").read_text(encoding="utf-8").count("\n@every_codec\n")
    assert laws >= 5
    assert f"{laws} passed" in said.stdout, said.stdout + said.stderr


def test_an_installed_package_brings_its_own_codec(tmp_path: Path) -> None:
    package(tmp_path, "gauge_codec:CODECS")
    assert families(tmp_path) == [*CODECS, "imaginary"]
    heard = python(
        "-c",
        "from firmware_protocols import identify\nfrom firmware_protocols.codec import Advertisement\n"
        "print(identify(Advertisement('Imaginary 7')).family)",
        path=tmp_path,
    )
    assert heard.stdout.strip() == "Imaginary Gauge"


BENT = "from dataclasses import replace\nfrom gauge_codec import CODECS\nCODECS = (replace(CODECS[0], {}),)\n"


@pytest.mark.parametrize(
    ("entry", "module", "why"),
    [
        ("no_such_module:CODECS", "", "ModuleNotFoundError"),
        ("bad:CODECS", "1 / 0", "ZeroDivisionError: division by zero"),
        ("bad:CODECS", "CODECS = (3,)", "bad:CODECS is no Codec"),
        ("bad:CODECS", "from firmware_protocols.progressor import CODECS", "is taken"),
        ("bad:CODECS", BENT.format("id='a=b'"), "is not made of lower-case letters"),
        ("bad:CODECS", BENT.format("id='other', puppet=lambda: 1 / 0"), "ZeroDivisionError"),
    ],
)
def test_a_broken_package_breaks_nothing_and_is_told(tmp_path: Path, entry: str, module: str, why: str) -> None:
    package(tmp_path, entry, "gauge_codec:CODECS")
    (tmp_path / "bad.py").write_text(module, encoding="utf-8")
    said = python("-m", "forcelab", "devices", path=tmp_path)
    assert said.returncode == 0
    assert "imaginary" in said.stdout
    assert "Traceback" not in said.stderr
    (sentence,) = [line for line in said.stderr.splitlines() if "gauges" in line]
    assert sentence.startswith("'entry_0' of the package gauges cannot be used: ")
    assert why in sentence


def test_of_two_packages_with_one_id_the_first_by_name_is_taken(tmp_path: Path) -> None:
    package(tmp_path, "gauge_codec:CODECS", name="zebra")
    package(tmp_path, "gauge_codec:CODECS", name="aardvark")
    said = python("-m", "forcelab", "devices", path=tmp_path)
    assert "'entry_0' of the package zebra cannot be used: ValueError: the id 'imaginary' is taken." in said.stderr


def test_one_that_cannot_judge_an_advertisement_hides_no_other(tmp_path: Path) -> None:
    package(tmp_path, "bad:CODECS")
    (tmp_path / "bad.py").write_text(BENT.format("recognises=lambda advertisement: 1 / 0"), encoding="utf-8")
    script = (
        "from firmware_protocols import codecs, identify\nfrom firmware_protocols.codec import Advertisement\n"
        "assert 'imaginary' in codecs()\nassert identify(Advertisement('Imaginary 1')) is None\n"
    )
    said = python("-c", script, path=tmp_path)
    assert said.returncode == 0, said.stderr


def test_nothing_is_looked_for_before_somebody_asks() -> None:
    said = python(
        "-c",
        "import sys, firmware_protocols.progressor\nassert 'importlib.metadata' not in sys.modules",
        path=ROOT,
    )
    assert said.returncode == 0, said.stderr


def test_every_device_file_is_in_the_list() -> None:
    modules = [one.name for one in iter_modules(firmware_protocols.__path__)]
    named = {name for name in modules if hasattr(import_module(f"firmware_protocols.{name}"), "CODECS")}
    assert named == set(FAMILIES)
