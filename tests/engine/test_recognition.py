"""Which device is taken for the sensor that is meant, and what is said where that cannot be told."""

import asyncio
import math
from dataclasses import replace
from types import MappingProxyType

import pytest

import firmware_protocols
from firmware_protocols import CODECS, candidates, identify
from firmware_protocols.codec import Advertisement, Characteristic, Codec, Notify, Played, Said, Service
from firmware_protocols.foreign import Foreign
from forcelab.acquisition.conversation import STRANGER
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.acquisition.virtual_time import now_ns, run
from forcelab.engine.recognition import NAMELESS, OWN_FIRST, KnownSensor, Recognition, WantedSensor
from forcelab.engine.sensor import Sensor
from forcelab.journal import records
from forcelab.model import SensorView
from tests.firmware_protocols.imaginary import CODECS as IMAGINARY
from tests.firmware_protocols.imaginary import DATA, SERVICE, ImaginaryDialogue, ImaginaryPuppet

SECOND = 1_000_000_000
PROGRESSOR = Found("AA:01", Advertisement("Progressor_4711"))
OTHER = Found("AA:02", Advertisement("Progressor_0815"))
NAMELESS_ONE = Found("AA:03", Advertisement(None, frozenset({"7e4e1701-1ea6-40c9-9dcc-13d34ffead57"})))

(GAUGE,) = IMAGINARY
TWIN = replace(GAUGE, id="twin", family="Twin of it")
BY_SERVICE = replace(
    GAUGE, id="by_service", family="Any of that service", recognises=lambda called: SERVICE in called.services
)


def bring(monkeypatch: pytest.MonkeyPatch, *codecs: Codec) -> None:
    made = Foreign(MappingProxyType({codec.id: codec for codec in codecs}), ())
    monkeypatch.setattr(firmware_protocols, "from_packages", lambda: made)


class Search:
    """A recognition with a clock that is set by hand."""

    def __init__(self, wanted: WantedSensor) -> None:
        self.seconds = 0.0
        self.recognition = Recognition(wanted, lambda: round(self.seconds * SECOND))

    def look(self, found: Found) -> str | None:
        seen = self.recognition.look(found)
        return seen.codec.id if seen else None


def test_a_name_tells_more_than_a_service_that_look_alikes_share(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, BY_SERVICE, GAUGE)
    called = ImaginaryPuppet.advertisement
    assert {codec.id for codec in candidates(called)} == {"imaginary", "by_service"}
    found = identify(called)
    assert found is not None
    assert found.id == "imaginary"
    other = identify(Advertisement("Bathroom", frozenset({SERVICE})))
    assert other is not None
    assert other.id == "by_service"


def test_of_two_that_go_by_the_same_name_neither_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, GAUGE, TWIN)
    called = ImaginaryPuppet.advertisement
    assert [codec.id for codec in candidates(called)] == ["imaginary", "twin"]
    assert identify(called) is None


def test_no_two_families_of_ours_are_as_likely() -> None:
    for codec in CODECS.values():
        if codec.live and codec.sure(codec.puppet().advertisement):
            found = identify(codec.puppet().advertisement)
            assert found is not None
            assert codec.family.startswith(found.family), "itself, or the first way in which it can be heard"


def test_what_is_a_guess_is_taken_only_where_somebody_says_so() -> None:
    toy = Found("AA:77", Advertisement("ToyCar", frozenset({"00001000-0000-1000-8000-00805f9b34fb"})), -50)
    assert Search(WantedSensor("total")).look(toy) is None
    assert Search(WantedSensor("total", family="linescale")).look(toy) == "linescale"


def test_a_name_is_waited_for_where_a_device_comes_without_one() -> None:
    search = Search(WantedSensor("total"))
    assert search.look(NAMELESS_ONE) is None
    search.seconds = NAMELESS
    assert search.look(NAMELESS_ONE) == "progressor"
    assert Search(WantedSensor("total", called="aa:03")).look(NAMELESS_ONE) == "progressor", "asked for by its address"


def test_a_sensor_of_ones_own_is_waited_for_before_a_neighbours_is_taken() -> None:
    mine = KnownSensor("AA:02", "Progressor_0815", "progressor", capacity=1471.0)
    search = Search(WantedSensor("total", known=(mine,)))
    assert search.look(PROGRESSOR) is None
    assert search.look(OTHER) == "progressor"
    seen = search.recognition.look(OTHER)
    assert seen is not None
    assert seen.capacity == 1471.0
    search.seconds = OWN_FIRST
    assert search.look(PROGRESSOR) == "progressor"
    for wanted in (
        WantedSensor("total", family="progressor", known=(mine,)),
        WantedSensor("total", called="Progressor_4711", known=(mine,)),
    ):
        assert Search(wanted).look(PROGRESSOR) == "progressor", "who names it does not wait"


def test_what_was_said_of_a_sensor_once_is_said_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, GAUGE)
    odd = Found("BB", Advertisement("My scale"))
    mine = KnownSensor("BB", "My scale", "imaginary", {"step": "0.25"}, 300.0)
    for wanted in (WantedSensor("total", known=(mine,)), WantedSensor("total", called="my SCALE", known=(mine,))):
        seen = Recognition(wanted, lambda: 0).look(odd)
        assert seen is not None
        assert (seen.codec, dict(seen.settings), seen.capacity) == (GAUGE, {"step": "0.25"}, 300.0)
    told = WantedSensor("total", "My scale", 500.0, "imaginary", {"step": "2"}, (mine,))
    seen = Recognition(told, lambda: 0).look(odd)
    assert seen is not None
    assert (dict(seen.settings), seen.capacity) == ({"step": "2"}, 500.0), "what is said now goes before"
    moved = Found("CC", odd.advertisement)
    assert Search(WantedSensor("total", known=(mine,))).look(moved) == "imaginary", "some systems change addresses"


def test_what_is_remembered_of_an_option_or_a_family_that_is_gone_harms_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bring(monkeypatch, GAUGE)
    found = Found("BB", ImaginaryPuppet.advertisement)
    for mine in (KnownSensor("BB", "", "imaginary", {"stride": "1"}), KnownSensor("BB", "", "gone", {"x": "1"})):
        search = Search(WantedSensor("total", called="BB", known=(mine,)))
        seen = search.recognition.look(found)
        assert seen is not None
        assert dict(seen.settings) == {"step": "0.1"}


def test_a_name_that_no_family_knows_is_asked_about() -> None:
    search = Search(WantedSensor("total", called="My scale"))
    assert search.look(Found("BB", Advertisement("My scale"))) is None
    assert "no family knows it by its name" in search.recognition.problem
    assert "progressor:My scale" in search.recognition.problem
    assert search.look(PROGRESSOR) is None
    assert search.look(Found("BB", Advertisement("My scale", NAMELESS_ONE.advertisement.services))) == "progressor"
    assert search.recognition.problem == ""


def test_look_alikes_are_tried_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, GAUGE, TWIN)
    found = Found("BB", ImaginaryPuppet.advertisement)
    search = Search(WantedSensor("total"))
    seen = search.recognition.look(found)
    assert seen is not None
    assert (seen.codec, seen.maybe) == (GAUGE, (TWIN,))
    assert seen.doubt("Imaginary 1") == (
        "Imaginary 1 may as well be: Twin of it. If its numbers make no sense, say so: twin:Imaginary 1."
    )
    search.recognition.stranger(found, GAUGE)
    assert "nothing that it sends belongs to Imaginary Gauge" in search.recognition.problem
    seen = search.recognition.look(found)
    assert seen is not None
    assert (seen.codec, seen.maybe, seen.doubt("")) == (TWIN, (), "")
    search.recognition.stranger(found, TWIN)
    assert search.look(found) == "imaginary", "when each was tried it begins anew"


class Longer(ImaginaryPuppet):
    """Has the name and the characteristics of the imaginary gauge, and other frames."""

    services = (Service(SERVICE, (Characteristic(DATA, frozenset({"notify"})),)),)

    def sample(self, seconds: float, force: float) -> list[Played]:
        return [
            Notify(DATA, note.data + b"\0\0") for note in super().sample(seconds, force) if isinstance(note, Notify)
        ]


class LongerDialogue(ImaginaryDialogue):
    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        return super().receive(characteristic, data[:-2] if len(data) == 4 else b"")


LONGER = replace(GAUGE, id="longer", family="Longer gauge", dialogue_with=lambda _: LongerDialogue(0.1), puppet=Longer)


async def connect(puppet: ImaginaryPuppet, seconds: float) -> tuple[Sensor, list[records.Known], list[SensorView]]:
    written: list[records.Known] = []
    views: list[SensorView] = []
    radio = SimulatedRadio({"BB": (puppet, lambda _: 20.0)}, faults=Faults())
    numbers = iter(range(1, 100))
    sensor = Sensor(
        WantedSensor("total"),
        radio,
        now=now_ns,
        write=written.append,
        number=lambda: next(numbers),
        changed=lambda changed: views.append(changed.view()),
        sampled=lambda *_: None,
    )
    task = asyncio.create_task(sensor.connection.run())
    await asyncio.sleep(seconds)
    views.append(sensor.view())
    task.cancel()
    await asyncio.wait([task])
    return sensor, written, views


@pytest.mark.parametrize(("puppet", "right"), [(ImaginaryPuppet(), "imaginary"), (Longer(), "longer")])
def test_look_alikes_are_told_apart_by_their_frames(
    monkeypatch: pytest.MonkeyPatch, puppet: ImaginaryPuppet, right: str
) -> None:
    bring(monkeypatch, GAUGE, LONGER)
    sensor, written, views = run(connect(puppet, 12.0), speed=math.inf)
    connections = [one.codec for one in written if isinstance(one, records.Connected)]
    ends = [one.why for one in written if isinstance(one, records.Disconnected)]
    assert connections == (["imaginary"] if right == "imaginary" else ["imaginary", "longer"])
    assert ends[:-1] == [STRANGER] * (len(connections) - 1)
    assert sensor.recording is not None
    trace = sensor.recording.trace(0)
    assert trace.force[-1] == pytest.approx(20.0)
    assert ("may as well be" in views[-1].status) == (right == "imaginary")


def test_one_that_is_no_sensor_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, GAUGE)
    _sensor, written, views = run(connect(Longer(), 8.0), speed=math.inf)
    assert {one.why for one in written if isinstance(one, records.Disconnected)} >= {STRANGER}
    assert any("nothing that it sends belongs to Imaginary Gauge" in view.sentence for view in views)
