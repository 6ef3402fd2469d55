"""What the traffic of a Go Direct connection has shown, and what is told of it.

The same for a live link, a session file and a capture of another program's. Refuses to know what we mean to write next.

A capture that does not hold what the device said of itself is read as far as the frames go: channel 1 is taken for
force in N, as it is on the force sensors that are known, other channels stay counts, and both are told so.
"""

import math
from collections.abc import Sequence
from typing import Final

from firmware_protocols.codec import (
    Arrival,
    Channel,
    Index,
    Info,
    Lost,
    Malformed,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
)
from firmware_protocols.godirect import replies
from firmware_protocols.godirect.frames import DROPPED, Broken, Measurement, Opcode, Reassembly, Reply, is_request

_COUNTS: Final = 8
"""After so many steps of one in a row we take the device's counter to count packets, and a longer step for a loss."""


class Traffic:
    """The state that bytes make.

    Args:
        rate: Hz, that which will be asked for: how often samples come where nothing tells it.
        channel: the one to measure with, or None for all that measure force.

    Attributes:
        open: opcode and counter of the last request, until it is answered.
        answered: whether the device has answered our greeting.
        ready: what was told last, if anything.
        enabled: the channels of `ready`, in its order.
        assumed: whether `ready` rests on more than what the device told.
    """

    def __init__(self, rate: float, channel: int | None) -> None:
        self.open: tuple[int, int] | None = None
        self.answered = False
        self.ready: Ready | None = None
        self.enabled: tuple[int, ...] = ()
        self.assumed = False
        self._rate = rate
        self._channel = channel
        self._frames = Reassembly()
        self._writing = b""
        self._greeted = self._started = False
        self._available: int | None = None
        self._described = 0
        self._forces: dict[int, replies.Sensor] = {}
        self._asked_period = 0
        self._period: int | None = None
        self._counter: int | None = None
        self._steady = 0
        self._batch = 1

    def received(self, data: bytes) -> list[Said]:
        """One notification: a frame, or a piece of one."""
        said: list[Said] = []
        for frame in self._frames.feed(data, self.open[0] if self.open else None):
            match frame:
                case Measurement():
                    said += self._measured(frame)
                case Reply():
                    self._counter = None  # whether replies are counted together with measurements is not known
                    said += self._replied(frame)
                case Broken(broken, samples):
                    # Where the counter counts, the next packet tells what is missing.
                    counted = self._steady == _COUNTS
                    said += self._gone(broken, 0 if counted else samples, "bytes that are no whole frame")
        return said

    def wrote(self, data: bytes) -> list[Said]:
        """A request, ours or another program's, in one write or in pieces."""
        self._writing = data if is_request(data) else (self._writing + data)[:255]
        if not is_request(self._writing):
            if self._writing[0] != 0x58 or len(self._writing) >= (self._writing[1:2] or b"\xff")[0]:
                self._writing = b""
            return []
        frame, self._writing = self._writing, b""
        return self._requested(frame[4], frame[2], frame[5:])

    @property
    def available(self) -> int | None:
        """Mask of the channels that the device has, or None before it told."""
        return self._available

    @property
    def undescribed(self) -> int:
        """Mask of the channels of which we want to know more."""
        return (1 << self._channel if self._channel is not None else self._available or 0) & ~self._described

    @property
    def chosen(self) -> tuple[replies.Sensor, ...]:
        """The force channels that can be on together, lowest first; only the one that a person chose, if any."""
        return replies.together(
            [self._forces[n] for n in sorted(self._forces) if self._channel is None or n == self._channel]
        )

    # --- replies -------------------------------------------------------------------------------------------------

    def _requested(self, opcode: int, counter: int, parameters: bytes) -> list[Said]:
        self.open = (opcode, counter)
        match opcode:
            case Opcode.INIT:
                self._greeted, self._started = True, False
            case Opcode.PERIOD if len(parameters) == 10:
                self._asked_period = int.from_bytes(parameters[2:], "little")
            case Opcode.START:
                self._started, self._counter, self._steady = True, None, 0
                return [RunStarted()]
            case Opcode.STOP:
                return [RunStopped()]
        return []

    def _replied(self, reply: Reply) -> list[Said]:
        """What a reply tells of the device holds also when it comes late; a verdict counts only for its request."""
        answers = self.open == (reply.opcode, reply.echo)
        if answers:
            self.open = None
        first = reply.body[0] if reply.body else 0
        said: list[Said] = []
        match reply.opcode:
            case Opcode.INIT:
                self.answered = True
            case Opcode.STATUS:
                bits, said = replies.status(reply.body)
                said += self._ran_over(bits)
            case Opcode.DEVICE_INFO:
                said = replies.device(reply.body)
            case Opcode.AVAILABLE:
                self._available = int.from_bytes(reply.body, "little")
                said = self._nothing_to_measure()
            case Opcode.SENSOR_INFO:
                said = self._describe(reply.body)
            case Opcode.PERIOD if answers:
                said = replies.errors(first) + self._be_ready(accepted=first == 0)
            case Opcode.START | Opcode.STOP if answers:
                said = replies.errors(first) + self._ran_over(first)
        return said

    def _ran_over(self, bits: int) -> list[Said]:
        # How many it were it does not tell; one is the least.
        if not bits & replies.OVERFLOW or not self._started:
            return []
        return [Lost(1, "the sensor's buffer ran over, it does not tell how far")]

    def _describe(self, body: bytes) -> list[Said]:
        number, sensor = replies.sensor(body)
        if number < 0:
            return [Malformed("a description of no channel", body)]
        self._described |= 1 << number
        if sensor is None:
            self._forces.pop(number, None)
            return self._nothing_to_measure()
        self._forces[number] = sensor
        return []

    def _nothing_to_measure(self) -> list[Said]:
        asked = self._available is not None or self._channel is not None
        if not asked or self.undescribed or self.chosen:
            return []
        if self._channel is None:
            return [Info("errors", "no channel of this device measures force in N")]
        return [Info("errors", f"channel {self._channel} of this device does not measure force in N")]

    def _be_ready(self, *, accepted: bool) -> list[Said]:
        chosen = self.chosen
        self._period = self._asked_period if accepted and self._asked_period else None
        if not chosen:
            return []
        self.enabled = tuple(sensor.number for sensor in chosen)
        return self._tell_ready([Channel(name, "N") for name in _names(self.enabled)], chosen)

    def _tell_ready(self, channels: Sequence[Channel], sensors: Sequence[replies.Sensor]) -> list[Said]:
        self.assumed = False
        typical = next((sensor.typical for sensor in sensors if sensor.typical), None)
        self.ready = Ready(
            tuple(channels),
            # A period that the device did not take on leaves its pace unknown: then no time is better than a wrong one.
            Index(1e6 / self._period) if self._period else Arrival(1e6 / typical if typical else self._rate),
            rate=1e6 / self._period if self._period else None,
            capacity=sensors[0].greatest if sensors else None,
        )
        return [self.ready]

    # --- measurements --------------------------------------------------------------------------------------------

    def _measured(self, frame: Measurement) -> list[Said]:
        if self._greeted and not self._started:
            return [Malformed("a measurement that nobody asked for on this connection", frame.data)]
        said = self._missed(frame)
        if frame.kind == DROPPED:
            return [*said, Lost(1, "the sensor dropped measurements, it does not tell how many")]
        if not frame.values:
            return [*said, Info(f"measurement_{frame.kind:02x}", frame.data[5:].hex())]
        if self.ready is None or self.assumed:
            said += self._assume(frame)
        present = [number for number in self.enabled if number in frame.values]
        if present and frame.count:
            why = self._unusable(frame, present)
            said += self._gone(frame.data, frame.count, why) if why else self._samples(frame)
        return said

    def _unusable(self, frame: Measurement, present: Sequence[int]) -> str:
        """Why a packet with some of our channels gives no samples; "" where it does."""
        if len(present) < len(self.enabled):
            return "not all force channels are in the packet; the option `channel` takes one of them alone"
        if frame.whole and any(number in self._forces and not self._forces[number].whole for number in present):
            return "whole numbers from a channel that measures in fractions: nobody says that they are newtons"
        return ""

    def _samples(self, frame: Measurement) -> list[Said]:
        assert self.ready is not None, "enabled channels stand in it"
        self._batch = frame.count
        names = [channel.name for channel in self.ready.channels]
        columns = [frame.values[number] for number in self.enabled]
        if math.isfinite(sum(map(sum, columns))):  # what is not finite spoils a sum, and float32 cannot overflow one
            return [Samples(dict(zip(names, columns, strict=True)))]
        said: list[Said] = []
        for row in zip(*columns, strict=True):
            if math.isfinite(sum(row)):
                said.append(Samples({name: (value,) for name, value in zip(names, row, strict=True)}))
            else:
                said += self._gone(frame.data, 1, "a sample that is not a finite number")
        return said

    def _gone(self, data: bytes, samples: int, why: str) -> list[Said]:
        """Samples that cannot be used leave their place free, for time is counted by them."""
        return [Malformed(why, data), *([Lost(samples, why)] if samples and self.ready else [])]

    def _missed(self, frame: Measurement) -> list[Said]:
        """A step in what may be a counter of packets (not verified), once it has behaved like one."""
        last, self._counter = self._counter, frame.counter
        step = 1 if last is None else (frame.counter - last) % 256
        if step == 1:
            self._steady = min(self._steady + (last is not None), _COUNTS)
            return []
        if self._steady < _COUNTS or not 1 < step < 128:
            self._steady = 0
            return []
        return [Lost((step - 1) * self._batch, f"{step - 1} packets are missing by the sensor's counter")]

    def _assume(self, frame: Measurement) -> list[Said]:
        """Take the channels of a packet for what they probably are, where the capture does not hold what they are."""
        numbers = [n for n in frame.values if n in self._forces or not self._described >> n & 1]
        likely = self._channel if self._channel is not None else 1
        forces = [n for n in numbers if n in self._forces or (n == likely and not frame.whole)]
        others = [n for n in numbers if n not in forces]
        enabled = (*forces, *others)
        if self.ready is not None and enabled == self.enabled:
            return []
        self.enabled = enabled
        if not enabled:
            return []
        channels = [Channel(name, "N") for name in _names(forces)] + [Channel(f"channel_{n}", "count") for n in others]
        said = self._tell_ready(channels, [self._forces[n] for n in forces if n in self._forces])
        self.assumed = True
        unknown = [f"channel {n} is taken for force in N" for n in forces if n not in self._forces]
        unknown += [f"channel {n} stays a count" for n in others]
        why = "; ".join(unknown)
        return (
            [*said, Info("assumed", f"what the sensor said of itself is not in this capture: {why}")] if why else said
        )


def _names(numbers: Sequence[int]) -> list[str]:
    return ["force"] if len(numbers) == 1 else [f"force_{number}" for number in numbers]
