"""Runs commands as a person does, in this process or in one of their own, and looks at what they say."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from forcelab.__main__ import app

ROOT = Path(__file__).resolve().parents[2]
LONG = 60.0
"""s after which a child process hangs."""


@dataclass(frozen=True)
class Said:
    """What a command left behind: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stands on stdout: one JSON value and nothing else, in which no number is infinite or not a number."""

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is no JSON")

        return json.loads(self.out, parse_constant=refuse)

    @property
    def words(self) -> str:
        """What stands on stdout without its line breaks: sentences there are set to the width of the terminal."""
        return " ".join(self.out.split())

    @property
    def sentence(self) -> str:
        """The one line on stderr by which a command that failed says why; nothing on stdout."""
        assert self.code != 0
        assert self.out == ""
        return self.last

    @property
    def last(self) -> str:
        """The line on stderr with which a command ended: no traceback, nothing that a terminal would obey."""
        assert "Traceback" not in self.err
        assert "forcelab itself failed" not in self.err
        assert all(char.isprintable() or char == "\n" for char in self.err)
        return self.err.splitlines()[-1]


def forcelab(*arguments: object, stdin: bytes | None = None) -> Said:
    """A command in this process."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    said = Said(result.exit_code, result.stdout, result.stderr)
    assert "forcelab itself failed" not in said.err, said.err
    return said


def child(*arguments: object, **pipes: Any) -> "subprocess.Popen[str]":
    """A command in a process of its own, with pipes as given."""
    return subprocess.Popen(
        [sys.executable, "-m", "forcelab", *(str(argument) for argument in arguments)],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "80", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": ""},  # buffered, as for most people
        text=True,
        encoding="utf-8",
        **pipes,
    )
