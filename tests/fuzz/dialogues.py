"""`python -m tests.fuzz.dialogues CODEC [libFuzzer's options]`: bytes into one dialogue, steered by what they reach.

One input is a short life of one connection: a list of packets, writes and commands. Three things must hold, and the
fuzzer stops at the first input for which one does not: nothing is raised; no sample is invented (there are never more
of them than bytes that came, and each is finite); and a dialogue does not grow, however long the same goes on.
"""

import math
import pickle
import sys
from collections.abc import Iterator
from functools import cache
from typing import Final
from zlib import crc32

import atheris

with atheris.instrument_imports(include=["firmware_protocols"], enable_loader_override=False):
    from firmware_protocols import CODECS
    from firmware_protocols.codec import (
        ADVERTISEMENT,
        Ask,
        Codec,
        Command,
        Dialogue,
        Lost,
        Said,
        Samples,
        Sleep,
        Start,
        Stop,
        Tare,
        UnsupportedCommand,
    )

COMMANDS: Final[tuple[Command, ...]] = (
    Start(), Stop(), Tare(), Ask("battery"), Ask("firmware"), Ask("id"), Ask("errors"), Sleep(),
)  # fmt: skip
RECEIVE, WROTE, SEND, TIME = 0, 5, 6, 7
"""What the low three bits of a step's first byte mean: 0 to 4 are packets, which come most."""
OFTEN: Final = 64
"""One input in so many is repeated to see whether the dialogue grows."""
TOLD: Final = 200
"""After so many lives the count of what was put in is told anew, on standard error."""
GROWN: Final = 4096
"""bytes that a dialogue, pickled, may take at most: some tens of numbers and one unfinished frame."""


def step(kind: int, place: int, data: bytes = b"") -> bytes:
    """One step as the bytes that `steps` reads: how the first inputs are made from what a device really says."""
    return bytes([kind | (place % 32) << 3, min(len(data), 255)]) + data[:255]


def steps(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(kind, place, packet) of each step: a byte for both, one for the length, then the packet."""
    at = 0
    while at + 1 < len(data):
        head, length = data[at], data[at + 1]
        yield head & 7, head >> 3, data[at + 2 : at + 2 + length]
        at += 2 + length


class Life:
    """One connection of one family, and what it has cost."""

    def __init__(self, codec: Codec) -> None:
        self.dialogue: Dialogue = codec.dialogue(codec.examples)
        self.places = places(codec.id)
        self.packets = self.received = self.samples = 0
        self._heed(self.dialogue.open())

    def lead(self, data: bytes) -> None:
        """Carry out the steps of one input. Raises what must not be raised, and AssertionError for what must not be."""
        for kind, place, packet in steps(data):
            where = self.places[place % len(self.places)]
            self.packets += 1
            match kind:
                case 5:
                    self._heed(self.dialogue.wrote(where, packet))
                case 6:
                    try:
                        self._heed(self.dialogue.send(COMMANDS[place % len(COMMANDS)]))
                    except UnsupportedCommand:
                        continue
                case 7:
                    self._heed(self.dialogue.overdue() if place else self.dialogue.open())
                case _:
                    self.received += len(packet)
                    self._heed(self.dialogue.receive(where, packet))

    def _heed(self, said: list[Said]) -> None:
        for message in said:
            match message:
                case Samples(values=values):
                    (count,) = {len(channel) for channel in values.values()}
                    assert all(map(math.isfinite, (x for channel in values.values() for x in channel)))
                    self.samples += count
                    assert self.samples <= self.received, "more samples than bytes came"
                case Lost(samples=lost):
                    assert lost >= 0


@cache
def places(name: str) -> tuple[str, ...]:
    """The characteristics of a family: those that are listened to first, then the others, then broadcasts."""
    codec = CODECS[name]
    table = {item.uuid for service in codec.puppet().services for item in service.characteristics}
    return tuple(dict.fromkeys((*codec.listens, *codec.also_listens, *sorted(table), ADVERTISEMENT)))


def try_out(codec: Codec, data: bytes) -> int:
    """One life, and now and then a long one made of many of the same; how many things were put into the dialogue."""
    life = Life(codec)
    life.lead(data)
    if crc32(data) % OFTEN == 0:
        for _ in range(20):
            life.lead(data)
        assert len(pickle.dumps(life.dialogue)) < GROWN, "the dialogue grows"
    return life.packets


def main(arguments: list[str]) -> None:
    """Fuzz until the runs asked for are through; the process ends with another code than 0 at the first failure."""
    codec, counted, lives = CODECS[arguments[1]], 0, 0

    def run(data: bytes) -> None:
        nonlocal counted, lives
        counted, lives = counted + try_out(codec, data), lives + 1
        if lives % TOLD == 0:
            sys.stderr.write(f"put in: {counted}\n")

    atheris.Setup([arguments[0], *arguments[2:]], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
