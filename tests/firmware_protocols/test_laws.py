"""The laws that every device file keeps. They walk `CODECS`: a new device is tested by being listed there."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field

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
    Ready,
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


def frames() -> st.SearchStrategy[bytes]:
    """Bytes of no sense, and bytes that begin with a believable type and length, so that the inside is reached."""
    body = st.binary(max_size=80)
    framed = st.builds(lambda kind, b: bytes([kind, len(b)]) + b, st.integers(0, 6), body)
    samples = st.builds(
        lambda n, seed: bytes([1, 8 * n]) + seed * n, st.integers(1, 9), st.binary(min_size=8, max_size=8)
    )
    return st.one_of(st.binary(max_size=300), framed, samples)


@every_codec
@given(data=st.data())
def test_no_bytes_can_raise(codec: Codec, data: st.DataObject) -> None:
    dialogue = codec.dialogue()
    where = st.sampled_from(characteristics(codec))
    opcodes = st.integers(0, 255).map(lambda opcode: bytes([opcode]))
    step = st.one_of(
        st.tuples(st.just("receive"), where, frames()),
        st.tuples(st.just("wrote"), where, st.one_of(opcodes, frames())),
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
@given(notifications=st.lists(frames(), min_size=1, max_size=6))
def test_a_dialogue_does_not_grow(codec: Codec, notifications: list[bytes]) -> None:
    dialogue = codec.dialogue()
    dialogue.open()
    for turn in range(60):
        for data in notifications:
            for characteristic in codec.listens or (ADVERTISEMENT,):
                dialogue.receive(characteristic, data)
                dialogue.wrote(characteristic, data)
        try:
            dialogue.send(COMMANDS[turn % len(COMMANDS)])
        except UnsupportedCommand:
            continue
    assert len(pickle.dumps(dialogue)) < 4096


@dataclass
class Bench:
    """A puppet and a stream joined without any radio, and what passed between them, as lines of a capture."""

    codec: Codec
    puppet: Puppet
    delay: float = 0.03
    now: float = 1000.0
    felt: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    told: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stream = Stream(self.codec.dialogue())
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
                self.told += self.stream.wrote(packet)
                script += self.deliver(self.puppet.written(step.characteristic, step.data))
            else:
                self.told.append(step)

    def deliver(self, played: list[Played]) -> list[Said]:
        said: list[Said] = []
        for note in played:
            if isinstance(note, Notify):
                packet = Packet(self.host_ns, note.characteristic, note.data)
                self.lines.append(f"{packet.host_ns} {packet.characteristic} {packet.data.hex()}")
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
    """The device as it is, and, where it can bundle samples or wrap its counter, in those states too."""
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
    bench.play(bench.stream.send(Start()))
    bench.felt.clear()
    bench.feel(forces)
    bench.play(bench.stream.send(Stop()))
    bench.felt = bench.felt[: len(forces)]
    return bench


newtons = st.floats(-3000.0, 3000.0, width=32)


@every_codec
@given(forces=st.lists(newtons, min_size=1, max_size=60))
def test_what_the_device_feels_is_what_we_hear(codec: Codec, forces: list[float]) -> None:
    for puppet in puppets(codec):
        bench = a_run(codec, puppet, forces)
        trace = bench.trace()
        # Half a step of the wire; where the wire carries float32, half of its last bit, and one for the conversion.
        step = (codec.capabilities.resolution or 0.0) / 2
        assert trace.force == pytest.approx(np.array(bench.felt), rel=2.0**-23, abs=max(step, 1e-30))
        assert (trace.lost, trace.discarded) == (0, 0)
        (ready,) = [message for message in bench.told if isinstance(message, Ready)]
        if isinstance(ready.timebase, Ticks):
            even = np.arange(len(forces)) / puppet.rate
            assert trace.t - trace.t[0] == pytest.approx(even, abs=1.0 / ready.timebase.hz)


@every_codec
@given(forces=st.lists(newtons, min_size=1, max_size=60))
def test_decoding_from_the_record_equals_decoding_live(codec: Codec, forces: list[float]) -> None:
    for puppet in puppets(codec):
        bench = a_run(codec, puppet, forces)
        decoded = list(decode(codec, bench.lines))
        # In any order: what a puppet answers in the middle of a script is told after it on the bench.
        kinds = [type(message).__name__.lower() for message in bench.told if not isinstance(message, Write | Pause)]
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
    assert identify(puppet.advertisement) is codec
    notifying = {c.uuid for s in puppet.services for c in s.characteristics if c.properties & {"notify", "indicate"}}
    assert set(codec.listens) <= notifying
    assert puppet.rate > 0.0
    assert codec.id == codec.id.lower()
