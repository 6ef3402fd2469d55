"""The path of a packet, from the radio's callback to journal, stream and ring, against `struct.unpack` of its bytes.

The same notifications go both ways in one process, turn about. Ours stamps, journals, reads, unwraps time, keeps, and
feeds the ring; the plain loop only unpacks. What is measured on the caller's thread is what the radio has to wait for;
the journal's own threads encode and write meanwhile, into a disk that throws everything away.
"""

import struct
import time
from pathlib import Path

from firmware_protocols import CODECS
from firmware_protocols.codec import Notify, Pause, Played, Puppet, Said, Start, Write
from forcelab.acquisition.ring import Ring
from forcelab.acquisition.stream import Stream
from forcelab.journal import JournalWriter, records
from forcelab.model import Packet

NOTIFICATIONS, ROUNDS = 2000, 7


class Nowhere:
    """A disk that is never slow."""

    def write(self, data: bytes) -> int:
        """Takes everything."""
        return len(data)

    def sync(self) -> None:
        """Nothing to wait for."""

    def close(self) -> None:
        """Nothing to close."""


class Sensor:
    """A simulated Progressor that was started, and the stream of the host that started it."""

    def __init__(self) -> None:
        codec = CODECS["progressor"]
        self.puppet: Puppet = codec.puppet()
        self.stream = Stream(codec.dialogue())
        self.seconds = 1.0
        self._play(self.stream.open())
        self._play(self.stream.send(Start()))

    def notifications(self, count: int) -> list[Packet]:
        """What it sends next."""
        sent: list[Packet] = []
        while len(sent) < count:
            self.seconds += 1.0 / self.puppet.rate
            sent += self._packets(self.puppet.sample(self.seconds, 100.0 + self.seconds))
        return sent

    def _packets(self, played: list[Played]) -> list[Packet]:
        now = round(self.seconds * 1e9)
        return [Packet(now, one.characteristic, one.data) for one in played if isinstance(one, Notify)]

    def _play(self, script: list[Said]) -> None:
        for said in script:
            if isinstance(said, Pause):
                self.seconds += said.seconds
            elif isinstance(said, Write):
                self._play(self.stream.wrote(Packet(round(self.seconds * 1e9), said.characteristic, said.data)))
                for packet in self._packets(self.puppet.written(said.characteristic, said.data)):
                    self._play(self.stream.receive(packet))


def plain(packets: list[Packet]) -> float:
    """The least that could be called reading: type, length, and every pair of weight and time."""
    newest = 0.0
    for packet in packets:
        kind, length = packet.data[0], packet.data[1]
        if kind == 1:
            for weight, _ticks in struct.iter_unpack("<fI", packet.data[2 : 2 + length]):
                newest = weight
    return newest


def ours(packets: list[Packet], stream: Stream, writer: JournalWriter, ring: Ring) -> None:
    """What the engine does with a notification, in its order: keep it, make something of it, show it."""
    for packet in packets:
        writer.append(
            records.PacketIn(
                host_ns=packet.host_ns,
                connection=1,
                characteristic=packet.characteristic,
                hex=packet.data.hex(),
            )
        )
        stream.receive(packet)
        ring.add(*stream.latest())


def main() -> str:
    """The table."""
    sensor, ring = Sensor(), Ring()
    best_ours, best_plain, samples, last = float("inf"), float("inf"), 0, 0.0
    with JournalWriter(Path("nowhere"), disk=Nowhere()) as writer:
        for _ in range(ROUNDS):
            packets = sensor.notifications(NOTIFICATIONS)
            samples = sum((len(packet.data) - 2) // 8 for packet in packets)
            start = time.perf_counter()
            plain(packets)
            middle = time.perf_counter()
            ours(packets, sensor.stream, writer, ring)
            stop = time.perf_counter()
            best_plain, best_ours = min(best_plain, middle - start), min(best_ours, stop - middle)
            writer.sync(wait=True)  # the next round begins with an empty queue
            last = packets[-1].host_ns * 1e-9
    t, _force = ring.last(1.0)
    assert len(t) > 0, "the packets arrived"
    between = last / (ROUNDS * NOTIFICATIONS)
    each_ours, each_plain = best_ours / NOTIFICATIONS, best_plain / NOTIFICATIONS
    return (
        f"packet path, {samples / NOTIFICATIONS:.0f} samples a notification, {last:.0f} s of one run; best of rounds\n"
        f"  journal, stream and ring {1e6 * each_ours:6.1f} µs   struct.unpack {1e6 * each_plain:5.2f} µs   "
        f"ratio {each_ours / each_plain:5.1f}   {100.0 * each_ours / between:.3f} % of the time between two of them"
    )
