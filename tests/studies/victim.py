"""A recording that is there to be killed: the real engine, a simulated sensor, the real file.

`python -m tests.studies.victim FILE SEED`. Every packet is told on standard output, unbuffered, before the program's
own callback gets it: `time_ns host_ns crc32`, the first being the calendar's time, which parent and child share.
"""

import os
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from firmware_protocols import CODECS
from forcelab import flow
from forcelab.acquisition.link import Found, Link, Radio
from forcelab.acquisition.person import Person
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.assessments import available
from forcelab.engine import Engine, SessionPlan, WantedSensor, Worker
from forcelab.model import Packet

SPEED = 12.0
"""Twelve times real time: more packets and more results in the moments at which it may be killed."""


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


class Telling:
    """A radio that tells of each packet before it hands it over."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio

    def find(self) -> AsyncIterator[Found]:
        return self._radio.find()

    async def open(
        self,
        found: Found,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        also_listens: Sequence[str] = (),
    ) -> Link:
        def heard(packet: Packet) -> None:
            say(f"{time.time_ns()} {packet.host_ns} {zlib.crc32(packet.data)}")
            on_packet(packet)

        return await self._radio.open(found, listens, heard, on_lost, also_listens)


def main(path: Path, seed: int) -> None:
    assessment, text = available()["abd_side"]
    plan = SessionPlan(
        participant="VICTIM",
        assessment=assessment,
        text=text,
        sides=("left", "right"),
        trials=10,
        rest=1.0,
        sensors=(WantedSensor("total"),),
        path=path,
    )
    person = Person(seed=seed)

    def cue(given: flow.Cue) -> None:
        match given.word:
            case "zero":
                person.leave()
            case "push" if given.item is not None:
                person.push(given.item.side, 1.0)
            case _:
                person.rest()

    def radio(now: Callable[[], int]) -> Radio:
        return Telling(SimulatedRadio({"VICTIM": (CODECS["progressor"].puppet(), person.curve)}, now=now, seed=seed))

    engine = Engine(plan, radio, worker=Worker(SPEED), cue=cue)
    engine.start()
    say("begun")
    engine.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
