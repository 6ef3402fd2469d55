"""`forcelab record --raw`: what a sensor sends, line by line, of a known family or of none, for `forcelab decode`."""

import asyncio
import math
from pathlib import Path

import pytest

from firmware_protocols import CODECS
from firmware_protocols.codec import Advertisement, Characteristic, Notify, Played, Service
from firmware_protocols.progressor import ProgressorPuppet
from forcelab.acquisition.capture import decode
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.acquisition.virtual_time import now_ns, run
from forcelab.commands import sessions
from forcelab.engine.raw import RawCapture
from forcelab.engine.recognition import WantedSensor
from tests.commands.running import forcelab

WRITTEN, HEARD = "> ", "advertisement"


class Stranger:
    """A device of no family: two characteristics that notify, one that indicates, and one that does neither."""

    own = "aaaa0001-0000-4000-8000-000000000000"
    advertisement = Advertisement("Some gauge", frozenset({own}), {0x1234: b"\x01\x02"})
    names = tuple(f"aaaa000{number}-0000-4000-8000-000000000000" for number in range(2, 6))
    services = (
        Service(
            own,
            (
                Characteristic(names[0], frozenset({"notify"})),
                Characteristic(names[1], frozenset({"indicate"})),
                Characteristic(names[2], frozenset({"write"})),
            ),
        ),
        Service("aaaa0006-0000-4000-8000-000000000000", (Characteristic(names[3], frozenset({"notify", "read"})),)),
    )
    rate = 5.0

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        raise AssertionError(f"{data.hex()} was written to {characteristic}: nobody knows what it does")

    def sample(self, _seconds: float, force: float) -> list[Played]:
        return [Notify(name, bytes([round(force) % 256])) for name in (*self.names[:2], self.names[3])]

    def hung_up(self) -> None:
        pass


async def capturing(
    capture_of: WantedSensor, radio: SimulatedRadio, lines: list[str], told: list[str], seconds: float | None
) -> RawCapture:
    capture = RawCapture(capture_of, radio, write=lines.append, tell=told.append, now=now_ns)
    await capture.run(seconds)
    return capture


def test_a_known_family_is_started_and_stopped_and_can_be_decoded(tmp_path: Path) -> None:
    path = tmp_path / "capture.txt"
    said = forcelab("record", "--raw", path, "--device", "simulated:progressor", "--seconds", 4, "--fast")
    assert said.code == 0, said.err
    assert str(path) in said.last
    lines = path.read_text("utf-8").splitlines()
    written = [line for line in lines if f" {WRITTEN}" in line]
    assert written[-1].endswith(" 66"), "it was stopped"
    messages = list(decode(CODECS["progressor"], lines))
    assert [one["is"] for one in messages if str(one["is"]).startswith("run_")] == ["run_started", "run_stopped"]
    forces = [force for one in messages if one["is"] == "samples" for force in one["force"]["force"]]  # type: ignore[index] # as it is printed
    assert 200 < len(forces) < 320
    assert min(forces) == pytest.approx(50.0, abs=2.0)
    assert max(forces) == pytest.approx(150.0, abs=2.0)
    assert forcelab("decode", "progressor", path).code == 0


@pytest.mark.parametrize("family", [one.id for one in CODECS.values() if one.live])
def test_every_family_can_be_captured(family: str, tmp_path: Path) -> None:
    path = tmp_path / "capture.txt"
    said = forcelab("record", "--raw", path, "--device", f"simulated:{family}", "--seconds", 5, "--fast")
    assert said.code == 0, said.err
    codec = CODECS[family]
    messages = list(decode(codec, path.read_text("utf-8").splitlines(), codec.examples))
    assert [one for one in messages if one["is"] == "samples"]
    assert not [one for one in messages if one["is"] == "malformed"]


def test_of_a_device_of_no_family_all_that_notifies_is_kept_and_nothing_is_written() -> None:
    lines: list[str] = []
    radio = SimulatedRadio({"CC": (Stranger(), lambda seconds: 10.0 * seconds)})
    capture = run(capturing(WantedSensor("total", "some GAUGE"), radio, lines, [], 8.0), speed=math.inf)
    packets = [line.split() for line in lines if not line.startswith("#")]
    assert {words[1] for words in packets} == {HEARD, *Stranger.names[:2], Stranger.names[3]}
    assert {words[2] for words in packets if words[1] == HEARD} == {"34120102"}, "company, little-endian, and payload"
    assert len(packets) == capture.packets
    assert any("Some gauge, services: aaaa0001" in line for line in lines)
    assert any("connected: CC, Some gauge, no known family" in line for line in lines)
    times = [int(words[0]) for words in packets]
    assert times == sorted(times)
    assert not [one for one in decode(CODECS["progressor"], lines) if one["is"] not in ("malformed", "ready", "info")]


def test_what_nobody_named_and_no_family_knows_is_left_alone() -> None:
    lines: list[str] = []
    radio = SimulatedRadio({"CC": (Stranger(), math.sin)})
    run(capturing(WantedSensor("total"), radio, lines, [], 8.0), speed=math.inf)
    assert lines == []


def test_a_loss_is_noted_and_the_capture_goes_on() -> None:
    lines: list[str] = []
    radio = SimulatedRadio({"A": (ProgressorPuppet(), lambda _: 10.0)}, faults=Faults(disconnect_at=(3.0,), away=2.0))
    capture = run(capturing(WantedSensor("total"), radio, lines, [], 15.0), speed=math.inf)
    notes = [line.split(":")[0] for line in lines if line.startswith("#")]
    assert notes == ["# connected", "# disconnected", "# connected", "# disconnected"]
    after = lines[[number for number, line in enumerate(lines) if line.startswith("# connected")][1] :]
    assert len([line for line in after if not line.startswith("#")]) > 20, "it was started again"
    assert (capture.samples > 600, capture.senseless) == (True, 0)


def test_each_line_is_in_the_file_before_the_next_comes(tmp_path: Path) -> None:
    """And so it is there when the program is killed."""
    path = tmp_path / "capture.txt"
    seen: list[int] = []

    class Watching(ProgressorPuppet):
        def sample(self, seconds: float, force: float) -> list[Played]:
            text = path.read_text("utf-8") if path.exists() else ""
            assert text == "" or text.endswith("\n")
            seen.append(text.count("\n"))
            return super().sample(seconds, force)

    radio = SimulatedRadio({"A": (Watching(), lambda _: 10.0)})
    with path.open("x", encoding="utf-8", buffering=1) as file:
        capture = run(
            capturing(WantedSensor("total"), radio, _Lines(file), [], 4.0), speed=math.inf  # type: ignore[arg-type] # only its append
        )  # fmt: skip
    assert capture.packets > 20
    assert sorted(seen) == seen
    assert len(set(seen)) > 20


class _Lines:
    def __init__(self, file: "object") -> None:
        self._file = file

    def append(self, line: str) -> None:
        self._file.write(f"{line}\n")  # type: ignore[attr-defined] # a text file


def test_when_it_is_broken_off_the_sensor_is_stopped_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl-C does it: the main task is cancelled."""
    path, radios = tmp_path / "capture.txt", []

    def radio(_now: object) -> SimulatedRadio:
        radios.append(SimulatedRadio({"A": (ProgressorPuppet(), lambda _: 10.0)}))
        asyncio.get_running_loop().call_later(1.5, asyncio.current_task().cancel)  # type: ignore[union-attr] # it runs in one
        return radios[0]

    def interrupted(main: object, *, speed: float) -> None:
        assert speed == 1.0
        try:
            run(main, speed=math.inf)  # type: ignore[arg-type] # the program
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(sessions, "real_radio", lambda: radio)
    monkeypatch.setattr("forcelab.commands.raw.run", interrupted)
    said = forcelab("record", "--raw", path)
    assert said.code == 0, said.err
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if f" {WRITTEN}" in line][-1].endswith(" 66")
    assert lines[-1].startswith("# disconnected")


def test_a_full_disk_ends_it_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this platform has no disk that is always full")
    path = tmp_path / "capture.txt"
    real = Path.open

    def full(self: Path, mode: str = "r", **more: object) -> object:
        return real(Path("/dev/full"), "w", **more) if self == path else real(self, mode, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    said = forcelab("record", "--raw", path, "--device", "simulated:progressor", "--seconds", 4, "--fast")
    assert said.code == 1
    assert "cannot be written: No space left" in said.last


def test_no_file_is_overwritten_and_what_makes_no_sense_is_told(tmp_path: Path) -> None:
    path = tmp_path / "precious.txt"
    path.write_bytes(b"precious")
    assert "exists already" in forcelab("record", "--raw", path, "--device", "simulated:progressor", "--fast").sentence
    assert path.read_bytes() == b"precious"
    other = tmp_path / "other.txt"
    assert "Only simulated sensors can hurry" in forcelab("record", "--raw", other, "--fast").sentence
    two = ("--device", "left=A", "--device", "right=B")
    assert "One sensor is captured at a time" in forcelab("record", "--raw", other, *two).sentence
    assert not other.exists()
    for usage in (("--participant", "P"), ("--assessment", "abd_side"), ()):
        said = forcelab("record", *usage)
        assert said.code == 2
        assert "--help" in said.sentence
