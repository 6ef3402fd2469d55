"""Four sensors at 1000 Hz in packets of 50 ms: how much of a core they take of the worker thread.

Each notification goes the way of the engine: journal, stream (dialogue, clock, newtons, arrivals), ring. At the end of
every ten seconds, as long as a trial, each sensor's trace is taken with its clock against the host's. What is measured
is the processor time of the thread that the radio lives in, against the time that the sensors took to send it all; the
journal's own threads write meanwhile, into a disk that throws everything away.
"""

import struct
import time
from pathlib import Path

from firmware_protocols.progressor import PROGRESSOR
from forcelab.acquisition.ring import Ring
from forcelab.acquisition.stream import Stream
from forcelab.journal import JournalWriter, records
from forcelab.model import Packet
from tests.benchmarks.packet_path import Nowhere

SENSORS, RATE, PACKET, TRIAL, TRIALS = 4, 1000, 0.05, 10.0, 6
FRAME = 25
"""samples: two frames in a notification of 404 bytes, since one frame holds 31 at most."""


def notification(first: int, count: int, host_s: float, characteristic: str) -> Packet:
    """So many samples from this one on, as the Progressor writes them."""
    data = b""
    for frame in range(first, first + count, FRAME):
        samples = b"".join(struct.pack("<fI", 10.0 + 0.001 * (k % 500), 1000 * k) for k in range(frame, frame + FRAME))
        data += bytes((1, len(samples))) + samples
    return Packet(round(host_s * 1e9), characteristic, data)


def streams() -> list[tuple[Stream, str]]:
    """As many streams that were started, each with the characteristic that it is told samples on."""
    found = []
    for _ in range(SENSORS):
        stream = Stream(PROGRESSOR.dialogue())
        stream.open()
        characteristic = next(one.uuid for service in PROGRESSOR.puppet().services for one in service.characteristics
                              if "write" in one.properties or "write-without-response" in one.properties)  # fmt: skip
        stream.wrote(Packet(0, characteristic, b"\x65"))
        found.append((stream, PROGRESSOR.listens[0]))
    return found


def main() -> str:
    """The table."""
    sensors, rings = streams(), [Ring() for _ in range(SENSORS)]
    samples = round(RATE * PACKET)
    spent, longest = 0.0, 0.0
    with JournalWriter(Path("nowhere"), disk=Nowhere()) as writer:
        for trial in range(TRIALS):
            numbers = range(round(trial * TRIAL / PACKET), round((trial + 1) * TRIAL / PACKET))
            packets = [
                [notification(samples * n, samples, 1.0 + (n + 1) * PACKET + 0.003 * s, sensors[s][1]) for n in numbers]
                for s in range(SENSORS)
            ]
            began = time.thread_time()
            for turn in zip(*packets, strict=True):
                for number, packet in enumerate(turn):
                    stream, ring = sensors[number][0], rings[number]
                    writer.append(
                        records.PacketIn(
                            host_ns=packet.host_ns,
                            connection=number + 1,
                            characteristic=packet.characteristic,
                            hex=packet.data.hex(),
                        )
                    )
                    stream.receive(packet)
                    ring.add(*stream.latest())
            ended = time.thread_time()
            for stream, _ in sensors:
                trace = stream.trace(rate=RATE, capacity=None, zero=0.0, can=PROGRESSOR.capabilities)
                assert len(trace.t) == (trial + 1) * TRIAL * RATE, "every sample arrived"
                assert trace.clock is not None
            longest = max(longest, time.thread_time() - ended)
            spent += time.thread_time() - began
            writer.sync(wait=True)
    return (
        f"{SENSORS} sensors at {RATE} Hz in packets of {1e3 * PACKET:.0f} ms, {TRIALS * TRIAL:.0f} s of one run\n"
        f"  worker thread {100.0 * spent / (TRIALS * TRIAL):.1f} % of a core (wanted: below 10 %)   "
        f"four traces with their clocks at the end of a trial {1e3 * longest:.0f} ms"
    )
