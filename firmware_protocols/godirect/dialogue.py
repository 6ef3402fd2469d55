"""Our half of a connection with a Go Direct device: it tells what it has, we choose the force, set the pace and listen.

One request is out at a time, in pieces that every connection takes. Refuses to know the bytes of frames and bodies, and
what is made of measurements. The farewell that the maker's libraries send before they hang up is not sent: a dialogue
is not told that its connection is about to be closed.
"""

from typing import Final

from firmware_protocols.codec import Ask, Command, Malformed, Said, Start, Stop, UnsupportedCommand, Write
from firmware_protocols.godirect import replies
from firmware_protocols.godirect.frames import CHUNK, COMMAND, GREETING, RESPONSE, Opcode, channels_of, request
from firmware_protocols.godirect.traffic import Traffic

REPLY_WITHIN: Final = 5.0
SLOW_REPLY_WITHIN: Final = 8.0
"""For the device's own description: 4 to 7 s were seen on one model (one source)."""

_ALL: Final = 0xFFFFFFFF
_ONLY_AT_REST: Final = (Opcode.STATUS, Opcode.DEVICE_INFO)


class GoDirectDialogue:
    """One connection: what the traffic has shown decides what is told, what we intend only what is written next.

    Args:
        rate: samples a second to ask for, Hz; the device's own limits go before.
        channel: the one to measure with, or None for all that measure force.
    """

    def __init__(self, rate: float, channel: int | None) -> None:
        self._traffic = Traffic(rate, channel)
        self._rate = rate
        self._knows_channel = channel is not None
        self._counter = 0xFF
        self._busy = False
        self._wanted = False
        # The description comes after Ready, since it may take longer than a person likes to wait for a sensor.
        self._queue: list[Opcode] = list(_ONLY_AT_REST)
        self._mute = 0  # channels that were asked twice in vain
        self._vain = 0

    def open(self) -> list[Said]:
        """The greeting; everything else follows from the replies."""
        return [*self._next_request()]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One notification: a frame, or a piece of one."""
        if characteristic != RESPONSE:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        if not data:
            return [Malformed("empty notification", data)]
        before = self._traffic.open
        said = self._traffic.received(data)
        if before is not None and self._traffic.open is None:
            self._busy, self._vain = False, 0
            said += self._next_request()
        return said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """Learn from a request, ours or another program's, in one write or in pieces."""
        return self._traffic.wrote(data) if characteristic == COMMAND and data else []

    def send(self, command: Command) -> list[Said]:
        """The script for a command. There is no tare and no switching off on the wire."""
        match command:
            case Start() if self._traffic.enabled and not self._traffic.assumed:
                halt = self._request(Opcode.STOP) if self._wanted else []
                self._wanted = True
                return [*halt, *self._request(Opcode.START)]
            case Stop():
                self._wanted = False
                self._put_off(Opcode.STATUS)
                return [*self._request(Opcode.STOP)]
            case Ask(about):
                self._put_off(Opcode.DEVICE_INFO if about == "id" else Opcode.STATUS)
                return [*self._next_request()]
        raise UnsupportedCommand(f"a Go Direct sensor cannot do {command} now")

    @property
    def waiting(self) -> bool:
        """By the traffic: a request was written and has not been answered."""
        return self._traffic.open is not None

    def overdue(self) -> list[Said]:
        """Ask again for what cannot be done without, and go on without the rest."""
        self._busy = False
        self._vain += 1
        if self._vain >= 2 and self._traffic.open is not None and self._traffic.open[0] == Opcode.SENSOR_INFO:
            self._mute |= self._undescribed & -self._undescribed
            self._vain = 0
        return [*self._next_request()]

    @property
    def _undescribed(self) -> int:
        return self._traffic.undescribed & ~self._mute

    def _put_off(self, opcode: Opcode) -> None:
        if opcode not in self._queue:
            self._queue.append(opcode)

    def _next_request(self) -> list[Write]:
        opcode = None if self._busy else self._next_opcode()
        return [] if opcode is None else self._request(opcode)

    def _next_opcode(self) -> Opcode | None:
        traffic = self._traffic
        if not traffic.answered:
            return Opcode.INIT
        if traffic.available is None and not self._knows_channel:
            return Opcode.AVAILABLE
        if self._undescribed:
            return Opcode.SENSOR_INFO
        if traffic.ready is None:
            return Opcode.PERIOD if traffic.chosen else None
        return self._queue.pop(0) if self._queue and not self._wanted else None

    def _request(self, opcode: Opcode) -> list[Write]:
        """Counters go down from 0xFE, beginning anew with each greeting."""
        self._counter = 0xFE if opcode == Opcode.INIT else (self._counter - 1) % 256
        frame = request(opcode, self._counter, self._parameters(opcode))
        chunks = [frame[at : at + CHUNK] for at in range(0, len(frame), CHUNK)]
        self._busy = True
        within = SLOW_REPLY_WITHIN if opcode == Opcode.DEVICE_INFO else REPLY_WITHIN
        return [
            *(Write(COMMAND, chunk, response=False) for chunk in chunks[:-1]),
            Write(COMMAND, chunks[-1], response=False, reply_within=within),
        ]

    def _parameters(self, opcode: Opcode) -> bytes:
        match opcode:
            case Opcode.INIT:
                return GREETING
            case Opcode.SENSOR_INFO:
                return bytes([channels_of(self._undescribed)[0]])
            case Opcode.PERIOD:
                return b"\xff\0" + replies.period(self._traffic.chosen, self._rate).to_bytes(8, "little")
            case Opcode.START:
                mask = sum(1 << number for number in self._traffic.enabled)
                return b"\xff\1" + mask.to_bytes(4, "little") + bytes(8)
            case Opcode.STOP:
                return b"\xff\0" + _ALL.to_bytes(4, "little")
        return b""
