"""The laws that every device file keeps. They walk `CODECS`: a new device is tested by being listed there."""

import math
import pickle
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import CODECS, identify
from firmware_protocols.codec import (
    ADVERTISEMENT,
    Ask,
    Codec,
    Command,
    Notify,
    Pause,
    Played,
    Puppet,
    Read,
    Ready,
    RunStarted,
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    Ticks,
    UnsupportedCommand,
    Write,
)
from forcelab.acquisition.capture import decode
from forcelab.acquisition.stream import Stream
from forcelab.model import Packet, Trace

every_codec = pytest.mark.parametrize("codec", CODECS.values(), ids=list(CODECS))

COMMANDS: tuple[Command, ...] = (
    Start(), Stop(), Tare(), Ask("battery"), Ask("firmware"), Ask("id"), Ask("errors"), Sleep(),
)  # fmt: skip


def characteristics(codec: Codec) -> tuple[str, ...]:
    """All that the device has, and some that it has not."""
    own = {c.uuid for service in codec.puppet().services for c in service.characteristics}
    return (*sorted(own | set(codec.listens)), ADVERTISEMENT, "", "00002a19-0000-1000-8000-00805f9b34fb")


@cache
def said_by(codec: Codec) -> tuple[tuple[str, bytes], ...]:
    """What a device of this family sends in a short life, and what is written to it, each thing once."""
    bench = a_run(codec, codec.puppet(), [1.0, 50.0, 100.0] * 20)
    for command in COMMANDS:
        with suppress(UnsupportedCommand):
            bench.play(bench.stream.send(command))
    return tuple(dict.fromkeys(bench.passed))


def bent(data: bytes, at: int, value: int, cut: int, tail: bytes) -> bytes:
    """A frame with one byte changed, its end cut off, and something appended."""
    changed = bytearray(data)
    if changed:
        changed[at % len(changed)] = value
    return bytes(changed[: len(changed) - cut]) + tail


def frames(codec: Codec) -> st.SearchStrategy[bytes]:
    """Bytes of no sense, and what the family really says, whole or slightly wrong, so that the inside is reached."""
    real = st.sampled_from(sorted({data for _, data in said_by(codec)}) or [b""])
    wrong = st.builds(bent, real, st.integers(0, 300), st.integers(0, 255), st.integers(0, 3), st.binary(max_size=4))
    return st.one_of(st.binary(max_size=300), real, wrong)


@every_codec
@given(data=st.data())
def test_no_bytes_can_raise(codec: Codec, data: st.DataObject) -> None:
    dialogue = codec.dialogue(data.draw(st.sampled_from([codec.examples, {}])))
    where = st.sampled_from(characteristics(codec))
    opcodes = st.integers(0, 255).map(lambda opcode: bytes([opcode]))
    step = st.one_of(
        st.tuples(st.just("receive"), where, frames(codec)),
        st.tuples(st.just("wrote"), where, st.one_of(opcodes, frames(codec))),
        st.tuples(st.just("send"), st.sampled_from(COMMANDS)),
        st.tuples(st.sampled_from(["open", "overdue"])),
    )
    for name, *arguments in data.draw(st.lists(step, max_size=20)):
        try:
            said = getattr(dialogue, name)(*arguments)
        except UnsupportedCommand:
            assert name == "send"
            continue
        assert isinstance(said, list)
        for message in said:
            if isinstance(message, Samples):
                assert len({len(values) for values in message.values.values()}) == 1
                assert np.isfinite([*message.values.values()]).all()


@every_codec
@given(data=st.data())
def test_a_dialogue_does_not_grow(codec: Codec, data: st.DataObject) -> None:
    notifications = data.draw(st.lists(frames(codec), min_size=1, max_size=6))
    dialogue = codec.dialogue(codec.examples)
    dialogue.open()
    for turn in range(60):
        for frame in notifications:
            for characteristic in codec.listens:
                dialogue.receive(characteristic, frame)
                dialogue.wrote(characteristic, frame)
        try:
            dialogue.send(COMMANDS[turn % len(COMMANDS)])
        except UnsupportedCommand:
            continue
    assert len(pickle.dumps(dialogue)) < 4096


@dataclass
class Bench:
    """A puppet and a stream joined without any radio, and what passed between them, as lines of a capture.

    `started` tells whether a run begins with something that the host writes, so that no sample of it may be missing.
    """

    codec: Codec
    puppet: Puppet
    delay: float = 0.03
    now: float = 1000.0
    felt: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    told: list[Said] = field(default_factory=list)
    passed: list[tuple[str, bytes]] = field(default_factory=list)
    started: bool = False

    def __post_init__(self) -> None:
        self.stream = Stream(self.codec.dialogue(self.codec.examples))
        self.play(self.stream.open())

    @property
    def host_ns(self) -> int:
        return round((self.now + self.delay) * 1e9)

    def play(self, said: list[Said]) -> None:
        script = list(said)
        while script:
            step = script.pop(0)
            if isinstance(step, Pause):
                self.feel([0.0] * round(step.seconds * self.puppet.rate))
            elif isinstance(step, Write):
                packet = Packet(self.host_ns, step.characteristic, step.data)
                self.lines.append(f"{packet.host_ns} > {packet.characteristic.upper()} {packet.data.hex(' ')}")
                self.passed.append((packet.characteristic, packet.data))
                told = self.stream.wrote(packet)
                self.told += told
                if any(isinstance(message, RunStarted) for message in told):
                    self.felt.clear()
                script += self.deliver(self.puppet.written(step.characteristic, step.data))
            elif isinstance(step, Read):
                table = [item for service in self.puppet.services for item in service.characteristics]
                values = [item.value for item in table if item.uuid == step.characteristic]
                script += self.deliver([Notify(step.characteristic, value) for value in values])
            else:
                self.told.append(step)

    def deliver(self, played: list[Played]) -> list[Said]:
        said: list[Said] = []
        for note in played:
            if isinstance(note, Notify):
                packet = Packet(self.host_ns, note.characteristic, note.data)
                self.lines.append(f"{packet.host_ns} {packet.characteristic} {packet.data.hex()}")
                self.passed.append((packet.characteristic, packet.data))
                said += self.stream.receive(packet)
        return said

    def feel(self, forces: list[float]) -> None:
        for force in forces:
            self.felt.append(force)
            self.play(self.deliver(self.puppet.sample(self.now, force)))
            self.now += 1 / self.puppet.rate

    def trace(self) -> Trace:
        return self.stream.trace(rate=self.codec.capabilities.rate, capacity=None, zero=None)


def puppets(codec: Codec) -> Iterator[Puppet]:
    """The device as it is, and, where it can bundle samples or wrap its counter, in those states too.

    One that sends nothing but full packets says by `bundle` how many samples those hold.
    """
    yield codec.puppet()
    for settings in ({"batch": 1}, {"batch": 2}, {"batch": 7, "first_tick": 2**32 - 500_000}):
        puppet = codec.puppet()
        if all(hasattr(puppet, name) for name in settings):
            for name, value in settings.items():
                setattr(puppet, name, value)
            yield puppet


def a_run(codec: Codec, puppet: Puppet, forces: list[float]) -> Bench:
    bench = Bench(codec, puppet)
    bench.feel([0.0] * 5)
    start = bench.stream.send(Start())
    bench.started = any(isinstance(step, Write) for step in start)
    bench.play(start)
    bench.feel(forces)
    before = len(bench.felt)
    bench.play(bench.stream.send(Stop()))
    del bench.felt[before:]
    return bench


def loads(codec: Codec) -> st.SearchStrategy[list[float]]:
    """Forces within what the family can carry, N: whole ones at the ends, which float32 has.

    A device that cannot follow every step says by its puppet's `steepest` how far it can, in N from sample to sample.
    """
    most = float(math.floor(min(codec.capabilities.capacity or 500.0, 3000.0)))
    least = -most if codec.capabilities.direction == "both" else 0.0
    forces = st.lists(st.floats(least, most, width=32), min_size=1, max_size=60)
    if (steepest := getattr(codec.puppet(), "steepest", None)) is None:
        return forces
    step = steepest - (codec.capabilities.resolution or 0.0)
    return forces.map(
        lambda wanted: [*accumulate(wanted, lambda at, to: at + min(max(to - at, -step), step), initial=0.0)]
    )


def heard_part(heard: np.ndarray, felt: np.ndarray, step: float) -> bool:
    """Whether what was heard is what was felt, without a gap, but for the ends of a stream that nobody starts or stops.

    At most 20 samples may be missing at either end: a packet that was begun before, one that is not full yet.
    """
    for k in range(min(20, len(felt) - len(heard)) + 1):
        part = felt[k : k + len(heard)]
        if len(felt) - k - len(heard) <= 20 and heard == pytest.approx(part, rel=2.0**-23, abs=max(step, 1e-30)):
            return True
    return False


@every_codec
@given(data=st.data())
def test_what_the_device_feels_is_what_we_hear(codec: Codec, data: st.DataObject) -> None:
    forces = data.draw(loads(codec))
    for puppet in puppets(codec):
        bench = a_run(codec, puppet, forces)
        trace = bench.trace()
        (ready,) = [message for message in bench.told if isinstance(message, Ready)]
        # Half a step of the wire; where the wire carries float32, half of its last bit, and one for the conversion.
        step = (ready.resolution or codec.capabilities.resolution or 0.0) / 2 * (1.0 + 1e-9)
        felt = np.array(bench.felt)
        if bench.started:
            felt = felt[: len(felt) - len(felt) % getattr(puppet, "bundle", 1)]
            assert trace.force == pytest.approx(felt, rel=2.0**-23, abs=max(step, 1e-30))
        else:
            assert heard_part(trace.force, felt, step)
        assert (trace.lost, trace.discarded) == (0, 0)
        if bench.started and isinstance(ready.timebase, Ticks) and felt.size:
            even = np.arange(felt.size) / puppet.rate
            assert trace.t - trace.t[0] == pytest.approx(even, abs=1.0 / ready.timebase.hz)


@every_codec
@given(data=st.data())
def test_decoding_from_the_record_equals_decoding_live(codec: Codec, data: st.DataObject) -> None:
    forces = data.draw(loads(codec))
    for puppet in puppets(codec):
        bench = a_run(codec, puppet, forces)
        decoded = list(decode(codec, bench.lines, codec.examples))
        # In any order: what a puppet answers in the middle of a script is told after it on the bench.
        kinds = [
            type(message).__name__.lower() for message in bench.told if not isinstance(message, Write | Read | Pause)
        ]
        assert sorted(str(d["is"]).replace("_", "") for d in decoded) == sorted(kinds)

        trace = bench.trace()
        times, values = [], []
        for message in decoded:
            if message["is"] == "samples":
                assert isinstance(message["force"], dict)
                values += message["force"][bench.stream.channels[0]]
                times += message["t"] if isinstance(message["t"], list) else []
        assert values == trace.force.tolist()
        assert times == (trace.t.tolist() if times else [])


@every_codec
def test_the_puppet_is_recognised_and_offers_what_the_codec_listens_to(codec: Codec) -> None:
    puppet = codec.puppet()
    assert codec.recognises(puppet.advertisement)
    found = identify(puppet.advertisement)
    assert (found is not None) == (codec.live and codec.sure(puppet.advertisement))
    # A device that can be heard in a second way is taken in the first, unless a person says otherwise.
    assert found is None or found is codec or codec.family.startswith(f"{found.family}, ")
    notifying = {c.uuid for s in puppet.services for c in s.characteristics if c.properties & {"notify", "indicate"}}
    assert codec.broadcasts or set(codec.listens) <= notifying
    assert puppet.rate > 0.0
    assert codec.id == codec.id.lower()


@every_codec
def test_the_status_owns_up_to_what_is_not_settled(codec: Codec) -> None:
    assert codec.status
    can = codec.capabilities
    if codec.evidence in ("C", "D"):
        assert "not verified" in codec.status
    if not can.rate_settled:
        assert "rate" in codec.status
    if not can.scale_settled:
        assert "scale" in codec.status
    assert can.rate > 0.0
    if can.latency is not None:
        assert 0.0 <= can.latency[0] <= can.latency[1]


@every_codec
def test_the_defaults_and_examples_of_the_options_can_be_played_with(codec: Codec) -> None:
    codec.dialogue(codec.examples)
    codec.dialogue()
    for option in codec.options:
        assert option.accepts(option.example)
        assert not option.default or option.accepts(option.default)
        assert option.name == option.name.lower()
        assert not set(option.name) & set("=,: "), "it stands on the command line"
