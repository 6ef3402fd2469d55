"""Whether any bytes can make a dialogue raise, invent samples or grow: a coverage-guided fuzzer on every family.

The promise: at least ten million inputs in all, and nothing of that kind. The fuzzer (atheris, which is libFuzzer)
begins with what each family's puppet really says and keeps what reaches code that was not reached before.
"""

import logging
import math
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from firmware_protocols import CODECS
from firmware_protocols.codec import Codec
from tests.firmware_protocols.test_laws import said_by

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "fuzzed-dialogues.md"
INPUTS: Final = 10_000_000
SECONDS: Final = 100
"""for each family."""
LONGEST: Final = 512
"""bytes of one life; some ten to a hundred packets."""

HEAD = """# Bytes of every kind into every dialogue

A coverage-guided fuzzer (atheris {version}, Python {python}) on the dialogue of each family. It makes up lives of a
connection of at most {longest} bytes; inputs are what is put into the dialogue in them: packets on every
characteristic, writes, commands, replies that never come. For each life: nothing is raised, there are never more
samples than bytes that came and each is finite, and a dialogue stays below 4 kB however long the same goes on. Made by
`python -m tests.studies fuzz`.

| family | lives | inputs | s | points of code reached | what was found |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Fuzzed:
    """What the fuzzer did to one family. `failure` is what it stopped at, else "".

    `inputs` is a lower bound: the last lives, fewer than two hundred, are not counted.
    """

    family: str
    lives: int
    inputs: int
    seconds: float
    reached: int
    failure: str

    def __str__(self) -> str:
        numbers = f"{self.lives} | {self.inputs} | {self.seconds:.0f} | {self.reached}"
        return f"| {self.family} | {numbers} | {self.failure or 'nothing'} |"


def seeds(codec: Codec, folder: Path) -> None:
    """Write the first inputs: all that the puppet says, in order and singly."""
    from tests.fuzz.dialogues import RECEIVE, SEND, WROTE, Life, step  # noqa: PLC0415 - atheris is not everywhere

    places = Life(codec).places
    written = {item.uuid for s in codec.puppet().services for item in s.characteristics if item.properties >= {"write"}}
    said = [
        step(WROTE if where in written and where not in codec.listens else RECEIVE, places.index(where), data)
        for where, data in said_by(codec)
        if where in places
    ]
    for k, one in enumerate(said[:200]):
        (folder / f"one{k}").write_bytes(one)
    whole = b"".join(step(SEND, k) for k in range(8)) + b"".join(said)
    (folder / "whole").write_bytes(whole[:LONGEST])


def fuzz(name: str, lives: int, seconds: int = 0, seed: int = 1) -> Fuzzed:
    """Run the fuzzer on one family for so many lives, or so many seconds if that is less, in a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        corpus = Path(home, "corpus")
        corpus.mkdir()
        seeds(CODECS[name], corpus)
        limits = [f"-runs={lives}", f"-max_total_time={seconds}", "-timeout=20"]
        options = [*limits, f"-seed={seed}", f"-max_len={LONGEST}", "-len_control=0", f"-artifact_prefix={home}/"]
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.dialogues", name, *options, str(corpus)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    return read(name, done.stdout + done.stderr, time.monotonic() - began, failed=done.returncode != 0)


def read(name: str, said: str, seconds: float, *, failed: bool) -> Fuzzed:
    """What libFuzzer printed, as a row."""
    runs = re.search(r"^Done (\d+) runs", said, re.MULTILINE)
    reached = re.findall(r"cov: (\d+)", said)
    numbers = re.findall(r"^#(\d+)", said, re.MULTILINE)
    lives = int(runs.group(1)) if runs else int(numbers[-1]) if numbers else 0
    counted = re.findall(r"^put in: (\d+)", said, re.MULTILINE)
    trouble = ""
    if failed:
        lines = [line for line in said.splitlines() if re.match(r"\s*\w*(Error|Exception)\b", line)]
        trouble = (lines[0] if lines else said.strip()[-200:]).replace("|", "/").replace("\n", " ")
    return Fuzzed(name, lives, int(counted[-1]) if counted else 0, seconds, int(reached[-1]) if reached else 0, trouble)


def main(full: bool) -> int:
    """Fuzz every family and write the page. Returns 0 when nothing was found in all the inputs promised."""
    import atheris  # noqa: PLC0415 - only this study needs it, and it is not to be had for every system

    # Ten to a hundred inputs a life: the time is what ends it.
    each = (math.ceil(INPUTS / len(CODECS)), SECONDS) if full else (2000, 0)
    with ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1))) as pool:
        rows = []
        for row in pool.map(partial(fuzz, lives=each[0], seconds=each[1]), CODECS):
            log.info("%s", row)
            rows.append(row)
    total, seconds = sum(row.inputs for row in rows), sum(row.seconds for row in rows)
    version = getattr(atheris, "__version__", "3")
    text = HEAD.format(version=version, python=platform.python_version(), longest=LONGEST)
    text += "".join(f"{row}\n" for row in rows) + f"\nIn all {total} inputs in {seconds / 60:.0f} minutes of fuzzing.\n"
    if full:
        PAGE.write_text(text, encoding="utf-8")
    return 0 if total >= (INPUTS if full else 0) and not any(row.failure for row in rows) else 1
