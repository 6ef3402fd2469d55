"""`--device`: which sensor, in which role, set how; and that what was set decides what is read, then and ever after."""

import json
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

import firmware_protocols
from firmware_protocols.codec import Advertisement
from firmware_protocols.foreign import Foreign
from forcelab.acquisition.link import Found
from forcelab.assemble import AssembleError, assemble
from forcelab.check import check
from forcelab.commands.asked_device import AskedDevice, DeviceError, asked_device
from forcelab.engine import WantedSensor
from forcelab.engine.recognition import Recognition
from forcelab.journal import read, records
from tests.commands.running import Said, forcelab
from tests.firmware_protocols.imaginary import CODECS as IMAGINARY

PROGRESSOR = Advertisement("Progressor_4711")


@pytest.fixture(autouse=True)
def _imaginary(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more family, which has an option."""
    brought = Foreign(MappingProxyType({codec.id: codec for codec in IMAGINARY}), ())
    monkeypatch.setattr(firmware_protocols, "from_packages", lambda: brought)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", AskedDevice()),
        ("Progressor_4711", AskedDevice(called="Progressor_4711")),
        ("AA:BB:CC:DD:EE:FF", AskedDevice(called="AA:BB:CC:DD:EE:FF")),
        ("left=AA:BB:CC:DD:EE:FF", AskedDevice("left", called="AA:BB:CC:DD:EE:FF")),
        ("progressor", AskedDevice(family="progressor")),
        ("right=progressor:My scale", AskedDevice("right", "progressor", "My scale")),
        ("total=simulated:progressor", AskedDevice(family="progressor", simulated=True)),
        ("imaginary:A1", AskedDevice(family="imaginary", called="A1", settings={"step": "0.1"})),
        ("imaginary:A1,step=0.25", AskedDevice(family="imaginary", called="A1", settings={"step": "0.25"})),
        ("imaginary, step = 2", AskedDevice(family="imaginary", settings={"step": "2"})),
        ("simulated:imaginary,step=0.2", AskedDevice("total", "imaginary", "", True, {"step": "0.2"})),
    ],
)
def test_what_can_be_asked_for(text: str, asked: AskedDevice) -> None:
    assert asked_device(text) == asked


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("middle=Progressor_1", "left, right or total, not 'middle'"),
        ("simulated:nothing", "No sensor family is called 'nothing'. Known are: progressor"),
        ("Progressor_1,step=2", "name it, as in FAMILY:NAME"),
        ("imaginary,step=0", "'0' is no possible step of Imaginary Gauge"),
        ("imaginary,stride=1", "has no option 'stride'. Known are: step."),
        ("imaginary,step", "OPTION=VALUE, not 'step'"),
        ("imaginary,step=1,step=2", "'step' is given twice"),
        ("progressor,step=1", "Known are: none."),
    ],
)
def test_what_makes_no_sense_is_told(text: str, why: str) -> None:
    with pytest.raises(DeviceError, match=why.replace("(", r"\(")):
        asked_device(text)
    said = forcelab("record", "--assessment", "abd_side", "--participant", "P", "--device", text)
    assert said.code == 1
    assert why in said.sentence


@given(st.text(st.sampled_from("leftimaginary:=, simulated.0step\x00é"), max_size=40))
@example("simulated:")
@example(",=")
def test_anything_is_read_or_told(text: str) -> None:
    with suppress(DeviceError):
        asked_device(text)


def test_a_family_that_is_told_goes_before_what_the_sensor_calls_itself() -> None:
    odd = Found("A", Advertisement("My scale"))

    def recognised(wanted: WantedSensor, found: Found) -> str | None:
        seen = Recognition(wanted, lambda: 0).look(found)
        return seen.codec.id if seen else None

    assert recognised(WantedSensor("total", "my scale", family="progressor"), odd) == "progressor"
    assert recognised(WantedSensor("total", "other", family="progressor"), odd) is None
    assert recognised(WantedSensor("total", family="progressor"), odd) is None
    assert recognised(WantedSensor("total", family="progressor"), Found("A", PROGRESSOR)) == "progressor"
    assert recognised(WantedSensor("total", family="imaginary"), Found("A", PROGRESSOR)) is None


def session(tmp_path: Path, step: str) -> Path:
    path = tmp_path / f"{step}.forcelab"
    options = ("--trials", 1, "--rest", 1, "--side", "left", "--fast", "--json", "--out", path)
    device = ("--device", f"simulated:imaginary,step={step}")
    said = forcelab("record", "--assessment", "abd_supine_long", "--participant", "P", *device, *options)
    assert said.code == 0, said.err
    return path


def test_what_was_set_is_journalled_and_read_again_bit_for_bit(tmp_path: Path) -> None:
    usual, doubled = session(tmp_path, "0.1"), session(tmp_path, "0.2")
    peaks = []
    for path, step in ((usual, "0.1"), (doubled, "0.2")):
        story = read(path).story
        (connected,) = [record for record in story if isinstance(record, records.Connected)]
        assert connected.settings == {"step": step}
        assert check(path).verdict == "identical"
        peaks.append(assemble(story, 1)["left"].force.max())
    # The person pushes alike, so twice the newtons a count are twice the newtons, and a zero of 0 N stays one.
    assert peaks[1] == pytest.approx(2.0 * peaks[0], rel=1e-12)


def test_defaults_are_journalled_too_lest_they_change(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    options = ("--trials", 1, "--side", "left", "--fast", "--out", path, "--device", "simulated:imaginary")
    assert forcelab("record", "--assessment", "abd_supine_long", "--participant", "P", *options).code == 0
    (connected,) = [one for one in read(path).story if isinstance(one, records.Connected)]
    assert connected.settings == {"step": "0.1"}


def test_a_setting_that_nobody_knows_any_more_is_a_sentence(tmp_path: Path) -> None:
    story = [
        replace(one, settings={"stride": "7"}) if isinstance(one, records.Connected) else one
        for one in read(session(tmp_path, "0.1")).story
    ]
    with pytest.raises(AssembleError, match="set in a way that cannot be read: Imaginary Gauge has no option 'stride'"):
        assemble(story, 1)


def decoded(*arguments: object) -> Said:
    frame = b"1 7d3a0002-0000-4000-8000-000000000000 e803\n"
    return forcelab("decode", "imaginary", "-", *arguments, stdin=frame)


def test_decode_goes_by_what_is_set() -> None:
    for options, newtons in (((), 100.0), (("--set", "step=0.25"), 250.0)):
        last = json.loads(decoded(*options).out.splitlines()[-1])
        assert last["force"] == {"force": [newtons]}
    assert "is no possible step" in decoded("--set", "step=x").sentence
    assert "no option 'size'" in decoded("--set", "size=1").sentence
    assert "OPTION=VALUE" in decoded("--set", "step").sentence


def test_what_a_family_owns_up_to_goes_from_its_file_to_every_result(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    options = (
        "--trials",
        1,
        "--side",
        "left",
        "--fast",
        "--json",
        "--out",
        path,
        "--device",
        "simulated:whc06,unit=kg",
    )
    said = forcelab("record", "--assessment", "abd_supine_long", "--participant", "P", *options)
    assert said.code == 0, said.err
    status = firmware_protocols.CODECS["whc06"].status
    assert status in said.err
    (trial,) = said.json["trials"]
    assert "SCALE" in trial["flags"]
    trace = assemble(read(path).story, 1)["left"]
    timed = firmware_protocols.CODECS["whc06"].capabilities.timed
    assert (trace.untimed, trace.scale_settled, trace.rate_estimated) == (timed, False, True)
    (stored,) = [one.evaluation for one in read(path).story if isinstance(one, records.Evaluated)]
    reasons = {one.metric: one.reason for one in stored.results}
    assert reasons["rfd_0_200"] == f"sensor: {timed}"
    assert check(path).verdict == "identical"


def test_what_can_give_no_force_is_refused_before_there_is_a_session(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    said = ("record", "--assessment", "abd_supine_long", "--participant", "P", "--fast", "--out", path, "--device")
    assert "--device frez:NAME,coefficient=" in forcelab(*said, "simulated:frez,coefficient=").sentence
    assert "captures only" in forcelab(*said, "simulated:dynamo").sentence
    assert not path.exists()


def test_an_option_without_an_example_is_worded() -> None:
    assert "e.g. )" not in forcelab("devices", "godirect").out
