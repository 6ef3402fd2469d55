"""The whole program on the whole stack: `forcelab record`, and from its session file what the sensor felt."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firmware_protocols import CODECS
from forcelab.assemble import traces
from forcelab.journal import read
from forcelab.journal.records import Connected, TrialStopped
from tests.system.cases.conftest import Place, until
from tests.system.cases.sensor import NAME, is_what_was_felt
from tests.system.orders import SENSOR, order

GET_READY = 3.0
"""s from the announcement of a trial to the moment from which a push counts."""


async def forcelab(*arguments: str) -> str:
    """Run a command to its end; what it printed. It must have done its work."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "forcelab", *arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        said, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complained.decode()
    return said.decode()


@asynccontextmanager
async def recording(path: Path, *more: str, device: str = NAME) -> AsyncIterator[asyncio.Task[str]]:
    """A recording that is under way: the block plays the person."""
    arguments = ("--device", device, "--assessment", "abd_supine_long", "--participant", "P01", "--out", str(path))
    process = asyncio.create_task(forcelab("record", *arguments, *more))
    try:
        yield process
    finally:
        process.cancel()
        await asyncio.wait([process])


async def has(path: Path, kind: str, count: int = 1) -> None:
    """Wait until so many records of a kind stand in the session file; whoever writes it is another process."""

    async def is_there() -> bool:
        return path.exists() and path.read_bytes().count(b'"is":"%s"' % kind.encode()) >= count

    await until(is_there, limit=120.0, every=0.5)


def checked(report: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(report)
    return answer


async def test_scan_lists_the_sensor(place: Place) -> None:
    await place("nothing")
    (found,) = json.loads(await forcelab("scan", "--seconds", "3", "--json"))
    assert found["name"] == NAME
    assert found["codec"] == "progressor"
    assert found["signal"] == -50


async def test_a_recorded_pull_comes_out_of_the_session_file_as_it_was_felt(
    place: Place, shared_data: Path, tmp_path: Path
) -> None:
    pull = str(shared_data / "chronojump" / "isometric_pull_excerpt.csv")
    path = tmp_path / "pull.forcelab"
    await place("nothing")
    async with recording(path, "--side", "left", "--trials", "1") as process:
        await has(path, "zeroed")
        await order("push", force=pull, delay=GET_READY)
        async with asyncio.timeout(60):
            await process
    await holds_what_was_felt(path, trials=1)
    assert checked(await forcelab("check", str(path), "--json"))["verdict"] == "identical"


@pytest.mark.virtual_time
async def test_a_whole_session_of_both_sides_comes_out_of_its_file_as_it_was_felt(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "session.forcelab"
    await place("nothing")
    async with recording(path, "--side", "both", "--trials", "3", "--practice", "1", "--rest", "5") as process:
        await has(path, "zeroed")
        for done in range(1, 9):
            await order("push", force="effort", delay=GET_READY + (5.0 if done > 1 else 0.0))
            await has(path, "trial_stopped", done)
        async with asyncio.timeout(60):
            await process
    await holds_what_was_felt(path, trials=8)
    assert checked(await forcelab("check", str(path), "--json"))["verdict"] == "identical"


@pytest.mark.virtual_time
@pytest.mark.parametrize("device", ["progressor", "godirect", "whc06"])
async def test_a_trial_during_which_the_sensor_is_lost_is_kept_and_done_again(
    place: Place, tmp_path: Path, device: str
) -> None:
    """One that talks, one that is asked and one that only broadcasts, each gone in the middle of a push."""
    path = tmp_path / "lost.forcelab"
    await place("nothing")
    await order("vanish")
    await order("beside", device=device, force="nothing", address=SENSOR)
    async with recording(path, "--side", "left", "--trials", "1", "--rest", "5", device=device) as process:
        await has(path, "zeroed")
        await order("push", force="effort", delay=GET_READY)
        await has(path, "trial_started")
        await asyncio.sleep(2.0)
        await order("vanish")
        await has(path, "trial_stopped")
        await order("beside", device=device, force="nothing", address=SENSOR)
        await has(path, "zeroed", 2)
        await order("push", force="effort", delay=GET_READY + 5.0)
        async with asyncio.timeout(120):
            await process
    journal = read(path)
    assert journal.closed
    assert not journal.faults
    stopped = [record.why for _, record in journal.records if isinstance(record, TrialStopped)]
    assert stopped == ["interrupted", "released"]
    assert sum(isinstance(record, Connected) for _, record in journal.records) == 2
    made = [by_role["left"] for _, by_role in traces(record for _, record in journal.records)]
    felt = np.array([force for _, force in (await order("felt"))["felt"]])
    codec = CODECS[device]
    step = (codec.capabilities.resolution or 0.0) / 2 + 1e-3
    for trace in made:
        assert trace.force.max() == pytest.approx(felt.max(), abs=step + 0.02 * felt.max())
        assert trace.t.size > codec.capabilities.rate
    assert checked(await forcelab("check", str(path), "--json"))["verdict"] == "identical"


async def holds_what_was_felt(path: Path, trials: int) -> None:
    """Each trial of the file, assembled from its packets, is a piece of what the sensor felt."""
    journal = read(path)
    assert journal.closed
    assert not journal.faults
    made = list(traces(record for _, record in journal.records))
    assert len(made) == trials
    for _, by_role in made:
        (trace,) = by_role.values()
        assert trace.force.max() > 200.0  # the push itself is in it
        await is_what_was_felt(trace, first_tick=None)
