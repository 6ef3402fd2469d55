"""Decoding throughput of Go Direct packets against PyPI `godirect` 1.2.1, the same notifications in one process.

Both put packets together from pieces and end with the values of one channel as floats. Ours also believes no packet
whose checksum or head is wrong, counts what is missing, and goes on after a loss; the peer does none of that. The
notifications come whole, or in pieces of 20 bytes as on a link whose packets never grew.
"""

import logging
import time
from collections.abc import Callable

from firmware_protocols import CODECS
from firmware_protocols.codec import Notify, Said, Samples, Start, Write
from firmware_protocols.godirect.frames import COMMAND, RESPONSE
from firmware_protocols.godirect.puppet import GoDirectPuppet
from tests.firmware_protocols import vernier

ROUNDS, PACKETS, RATE = 7, 500, 1000.0


def notifications(puppet: GoDirectPuppet, count: int) -> list[bytes]:
    """What a device that is on sends until so many packets are out."""
    sent: list[bytes] = []
    for number in range(count * (puppet.batch or 1)):
        sent += [act.data for act in puppet.sample(0.0, 100.0 + number % 97) if isinstance(act, Notify)]
    return sent


def ours(puppet: GoDirectPuppet) -> Callable[[list[bytes]], float]:
    """A dialogue that has started the puppet: reads notifications and gives the sum of the forces."""
    dialogue = CODECS["godirect"].dialogue({"rate": f"{RATE:.0f}"})

    def play(script: list[Said]) -> None:
        for step in script:
            if isinstance(step, Write):
                play(dialogue.wrote(step.characteristic, step.data))
                for act in puppet.written(step.characteristic, step.data):
                    if isinstance(act, Notify):
                        play(dialogue.receive(act.characteristic, act.data))

    play(dialogue.open())
    play(dialogue.send(Start()))

    def read(packets: list[bytes]) -> float:
        total = 0.0
        for data in packets:
            for said in dialogue.receive(RESPONSE, data):
                if isinstance(said, Samples):
                    total += sum(said.values["force"])
        return total

    return read


def theirs(puppet: GoDirectPuppet) -> Callable[[list[bytes]], float]:
    """The peer's host that has started the puppet: the same."""

    def write(data: bytes) -> None:
        for act in puppet.written(COMMAND, data):
            if isinstance(act, Notify):
                host._notify_callback(None, act.data)

    host = vernier.host(write)
    host.open()
    host.enable_sensors([1])
    host.start(period=1000.0 / RATE)
    sensor = host.get_sensor(1)

    def read(packets: list[bytes]) -> float:
        for data in packets:
            host._notify_callback(None, data)
            while not host._responses.empty():
                host.read()
        total = float(sum(sensor.values))
        sensor.clear()
        return total

    return read


def main() -> str:
    """The table."""
    lines = [f"Go Direct packets, one channel; best of {ROUNDS} rounds of {PACKETS} packets; ratio: times forcelab's"]
    peer = vernier.installed()
    if not peer:
        lines.append(f"  {vernier.MISSING}; forcelab alone")
    logging.disable(logging.CRITICAL)
    try:
        for batch in (1, 10, 50):
            for chunk in (244, 20):
                lines.append(_row(batch, chunk, peer=peer))
    finally:
        logging.disable(logging.NOTSET)
    return "\n".join(lines)


def _row(batch: int, chunk: int, *, peer: bool) -> str:
    readers = {"forcelab": ours} | ({vernier.PEER: theirs} if peer else {})
    puppets = {name: GoDirectPuppet(batch=batch, chunk=chunk) for name in readers}
    readings = {name: reader(puppets[name]) for name, reader in readers.items()}
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(ROUNDS):
        totals = set()
        for name, read in readings.items():
            packets = notifications(puppets[name], PACKETS)
            start = time.perf_counter()
            total = read(packets)
            best[name] = min(best[name], time.perf_counter() - start)
            totals.add(total)
        assert totals == {sum(100.0 + number % 97 for number in range(PACKETS * batch))}, "all of it was read"
    rates = "   ".join(f"{name} {PACKETS * batch / value / 1e6:6.3f} million samples/s" for name, value in best.items())
    ratio = f"   ratio {best[vernier.PEER] / best['forcelab']:5.2f}" if peer else ""
    return f"  {batch:2d} samples a packet, notifications of {chunk:3d} bytes: {rates}{ratio}"
