"""What is left of a recording that is killed: real processes, killed by the system at random moments.

The promise: the file opens, every packet that the radio's callback had received up to 250 ms before the kill is in it,
the session is offered for recovery, and once recovered it checks clean.
"""

import logging
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final
from zlib import crc32

from forcelab.check import check
from forcelab.journal import SUFFIX, JournalError, read, recover, state, unclosed
from forcelab.journal.records import PacketIn

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "killed-recordings.md"
PROMISED: Final = 0.25
"""s before the kill up to which nothing may be lost."""
LATEST: Final = 2.0
"""s after the file was made, the latest moment for a kill; by then two trials are through."""
AT_ONCE: Final = 3

HEAD = """# Recordings that were killed

{kills} recordings with a simulated sensor at twelve times real time, each killed by the operating system (SIGKILL, on
Windows TerminateProcess) at a random moment in the first {latest:g} s. Promised: the file opens, every packet that the
radio's callback had received up to 250 ms before the kill is in it, the session is offered for recovery, and once
recovered it checks clean. Made by `python -m tests.studies kills` on {platform}.

| what | how often or how much |
|---|---|
"""


@dataclass(frozen=True)
class Kill:
    """One killed recording.

    Attributes:
        at: s after the file was made.
        received, kept: packets that the callback got; those of them in the file.
        lost: s before the kill at which the first packet that is missing had been received; 0 if none is.
        results: stored evaluations.
        torn: bytes of an unfinished line.
        broken: promises that were not kept, in words.
    """

    at: float
    received: int
    kept: int
    lost: float
    results: int
    torn: int
    broken: tuple[str, ...]


def kill_one(folder: Path, seed: int) -> Kill:
    """Start a recording, kill it, look at what is left."""
    folder.mkdir()
    path = folder / f"victim{SUFFIX}"
    moment = random.Random(seed).uniform(0.0, LATEST)
    command = [sys.executable, "-m", "tests.studies.victim", str(path), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        begun = process.stdout.readline().strip()
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            killed = time.time_ns()
            process.kill()
        else:
            return Kill(moment, 0, 0, 0.0, 0, 0, (f"it ended by itself with {process.returncode}",))
        told = process.stdout.read()
    if begun != b"begun":
        return Kill(moment, 0, 0, 0.0, 0, 0, ("it did not begin",))
    packets = [tuple(map(int, line.split())) for line in told.split(b"\n")[:-1]]
    return _look(path, moment, killed, packets)


def _look(path: Path, moment: float, killed: int, told: list[tuple[int, ...]]) -> Kill:
    try:
        journal = read(path)
    except JournalError as refusal:
        return Kill(moment, len(told), 0, 0.0, 0, 0, (f"it does not open: {refusal}",))
    kept = [(r.host_ns, crc32(bytes.fromhex(r.hex))) for r in journal.story if isinstance(r, PacketIn)]
    lost = (killed - told[len(kept)][0]) / 1e9 if len(kept) < len(told) else 0.0
    broken = [*_not_recovered(path)]
    if kept != [(host_ns, sum_) for _, host_ns, sum_ in told[: len(kept)]]:
        broken.append("the packets in the file are not those that were received")
    if lost > PROMISED:
        broken.append(f"a packet that came {lost:.3f} s before the kill is lost")
    results = sum(len(trial.evaluated) for trial in state(journal.story).trials.values())
    return Kill(moment, len(told), len(kept), lost, results, len(journal.torn or b""), tuple(broken))


def _not_recovered(path: Path) -> Iterator[str]:
    """What goes wrong between the kill and a clean check."""
    before = path.read_bytes()
    if unclosed(path.parent) != [path]:
        yield "it is not offered for recovery"
    recover(path)
    if not path.read_bytes().startswith(before):
        yield "recovery changed what was written"
    found = check(path)
    if not found.ok or found.verdict not in ("identical", "no results"):
        yield f"it does not check clean: {found.sentence}"


def run(kills: int, *, first: int = 0) -> list[Kill]:
    """Kill so many recordings, a few at once."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda seed: kill_one(Path(name) / str(seed), seed), range(first, first + kills)))


def table(kills: list[Kill]) -> str:
    """The rows of the page."""
    rows = {
        "promises broken": sum(bool(kill.broken) for kill in kills),
        "packets received before the kills": sum(kill.received for kill in kills),
        "packets in the files": sum(kill.kept for kill in kills),
        "longest time before a kill of which anything is lost": f"{max(kill.lost for kill in kills) * 1e3:.0f} ms",
        "median of that time": f"{median(kill.lost for kill in kills) * 1e3:.0f} ms",
        "files that ended in the middle of a line": sum(kill.torn > 0 for kill in kills),
        "killed before the first packet": sum(kill.received == 0 for kill in kills),
        "killed after a trial had been evaluated": sum(kill.results > 0 for kill in kills),
    }
    return "".join(f"| {what} | {value} |\n" for what, value in rows.items())


def main(full: bool) -> int:
    """Run the study; in full it writes the page.

    Args:
        full: 500 kills and the page, else 50 kills and only the answer.

    Returns:
        Exit code: 0 if every promise was kept.
    """
    kills = run(500 if full else 50)
    if full:
        PAGE.parent.mkdir(exist_ok=True)
        where = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        text = HEAD.format(kills=len(kills), latest=LATEST, platform=where) + table(kills)
        PAGE.write_text(text, encoding="utf-8")
    broken = [kill for kill in kills if kill.broken]
    for kill in broken:
        log.error("promise not kept: %s", kill)
    return 1 if broken else 0
