"""Sensors that were used before: found again by themselves, kept whole, and forgotten when asked."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import firmware_protocols
from firmware_protocols.codec import Advertisement
from firmware_protocols.foreign import Foreign
from firmware_protocols.progressor import ProgressorPuppet
from forcelab import app, flow
from forcelab.acquisition.link import Radio
from forcelab.acquisition.person import Person
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.app.choice import Choice, Offer
from forcelab.commands import sessions, window
from forcelab.commands.remembered import MOST, known_sensors, recall, remember
from forcelab.engine import Engine, SessionPlan
from forcelab.journal import read, records, state
from forcelab.journal.records import Connected
from tests.commands.running import Said, forcelab
from tests.firmware_protocols.imaginary import CODECS as IMAGINARY
from tests.firmware_protocols.imaginary import ImaginaryPuppet


def connected(address: str, name: str, codec: str = "progressor", **more: object) -> Connected:
    return Connected(
        host_ns=0, connection=1, role="total", codec=codec, codec_version=1, family="F", name=name, address=address,
        **more,  # type: ignore[arg-type] # each test names fields of it
    )  # fmt: skip


def names() -> list[str]:
    return [one.name for one in recall()]


def test_the_last_used_comes_first_and_nobody_twice(sensors_file: Path) -> None:
    assert recall() == ()
    assert not sensors_file.exists(), "nothing is written by looking"
    remember([])
    assert not sensors_file.exists()
    remember([connected("A", "one"), connected("B", "two")])
    remember([connected("C", "three", capacity=1471.0, settings={"step": "2"})])
    remember([connected("B", "two, renamed")])
    assert names() == ["two, renamed", "three", "one"]
    remember([connected("Z", "one")])
    assert (recall()[0].name, recall()[0].address) == ("one", "Z"), "it came with another address"
    assert names() == ["one", "two, renamed", "three"]
    remember([connected("C", "C", capacity=1471.0, settings={"step": "2"})])
    assert names() == ["three", "one", "two, renamed"], "it was found by its address, before its name had come"
    (three,) = [one for one in known_sensors() if one.name == "three"]
    assert (three.family, three.settings, three.capacity) == ("progressor", {"step": "2"}, 1471.0)
    assert [path.name for path in sensors_file.parent.iterdir()] == ["sensors.json"], "nothing is left beside it"


def test_no_more_are_kept_than_anybody_has() -> None:
    remember([connected(f"A{number}", f"sensor {number}") for number in range(MOST)])
    remember([connected("B", "new")])
    assert len(recall()) == MOST
    assert names()[0] == "new"


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_a_damaged_file_is_put_aside_and_told(sensors_file: Path, damage: bytes) -> None:
    sensors_file.parent.mkdir(exist_ok=True)
    sensors_file.write_bytes(damage)
    said = forcelab("devices", "--remembered")
    assert said.code == 0
    assert "damaged" in said.err
    assert not sensors_file.exists()
    assert damage in [path.read_bytes() for path in sensors_file.parent.glob("sensors.json.damaged-*")]
    remember([connected("A", "one")])
    assert names() == ["one"]
    sensors_file.unlink()


def test_a_file_that_cannot_be_read_or_written_costs_no_session(
    sensors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sensors_file.mkdir(parents=True)
    assert recall() == ()
    remember([connected("A", "one")])
    told = capsys.readouterr().err
    assert "cannot be read" in told
    assert "cannot be kept" in told
    assert forcelab("forget", "one").code == 1
    assert [path.name for path in sensors_file.parent.iterdir()] == ["sensors.json"]


def test_they_are_listed_and_forgotten() -> None:
    assert "No sensor is remembered" in forcelab("devices", "--remembered").err
    assert forcelab("devices", "--remembered", "--json").json == []
    remember(
        [connected("AA:01", "Progressor_1", capacity=1471.0), connected("BB:02", "My\x1bscale", settings={"step": "2"})]
    )
    said = forcelab("devices", "--remembered")
    assert "Progressor_1" in said.out
    assert "1471 N" in said.out
    assert "step=2" in said.out
    assert "\x1b" not in said.out
    told = forcelab("devices", "--remembered", "--json").json
    assert [(one["address"], one["codec"], one["capacity"]) for one in told] == [
        ("AA:01", "progressor", 1471.0),
        ("BB:02", "progressor", None),
    ]
    assert "Remembered are: Progressor_1, My" in forcelab("forget", "Progressor_2").sentence
    assert forcelab("forget", "progressor_1").code == 0
    assert forcelab("forget", "BB:02").code == 0
    assert recall() == ()


# --- what a session makes of it ---


class Clinic:
    """A room with sensors in it, in the place of the radio."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.folder, self.sessions = tmp_path, 0
        self.puppets: dict[str, ProgressorPuppet | ImaginaryPuppet] = {}
        monkeypatch.setattr(sessions, "real_radio", lambda: self._radio)
        monkeypatch.setattr(sessions, "Engine", self._engine)
        self._person = Person(seed=0)

    def _radio(self, now: Callable[[], int]) -> Radio:
        return SimulatedRadio({address: (one, self._person.curve) for address, one in self.puppets.items()}, now=now)

    def _engine(self, plan: SessionPlan, radio: Callable[[Callable[[], int]], Radio], **more: Any) -> Engine:
        return Engine(plan, radio, **{"speed": math.inf, "cue": self._cue, **more})

    def _cue(self, cue: flow.Cue) -> None:
        match cue.word:
            case "zero":
                self._person.leave()
            case "push" if cue.item is not None:
                self._person.push(cue.item.side)
            case _:
                self._person.rest()

    def record(self, *options: object) -> tuple[Said, list[Connected]]:
        self.sessions += 1
        path = self.folder / f"{self.sessions}.forcelab"
        usual = (
            "--assessment",
            "abd_supine_long",
            "--participant",
            "P",
            "--trials",
            1,
            "--side",
            "left",
            "--out",
            path,
        )
        said = forcelab("record", *usual, *options)
        if not path.exists():
            return said, []
        story = read(path).story
        assert all(isinstance(record, records.Known) for record in story)
        return said, list(state(story).connections.values())


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Clinic:
    made = Foreign(MappingProxyType({codec.id: codec for codec in IMAGINARY}), ())
    monkeypatch.setattr(firmware_protocols, "from_packages", lambda: made)
    return Clinic(monkeypatch, tmp_path)


class Odd(ImaginaryPuppet):
    """A gauge that somebody has given another name."""

    advertisement = Advertisement("My scale")


def test_a_choice_is_made_once(clinic: Clinic) -> None:
    clinic.puppets = {"BB:01": Odd()}
    said, connections = clinic.record("--device", "imaginary:My scale,step=0.2", "--capacity", 800)
    assert said.code == 0, said.err
    assert recall()[0].settings == {"step": "0.2"}
    for options in ((), ("--device", "My scale"), ("--device", "bb:01")):
        said, connections = clinic.record(*options)
        assert said.code == 0, said.err
        assert [(one.codec, one.settings, one.capacity) for one in connections] == [
            ("imaginary", {"step": "0.2"}, 800.0)
        ]
    said, connections = clinic.record("--device", "My scale,step=0.4", "--capacity", 900)
    assert said.code == 0, said.err
    assert [(one.settings, one.capacity) for one in connections] == [({"step": "0.4"}, 900.0)]
    assert (recall()[0].settings, recall()[0].capacity) == ({"step": "0.4"}, 900.0)


def test_the_sensor_of_the_last_time_is_found_among_its_neighbours(clinic: Clinic) -> None:
    clinic.puppets = {"AA:02": ProgressorPuppet(serial=2)}
    _, (mine,) = clinic.record()
    clinic.puppets = {"AA:01": ProgressorPuppet(serial=1), "AA:02": ProgressorPuppet(serial=2)}
    _, (again,) = clinic.record()
    assert again.address == mine.address == "AA:02"
    assert forcelab("forget", "AA:02").code == 0
    _, (first,) = clinic.record()
    assert first.address == "AA:01"


def test_a_simulated_sensor_is_not_remembered(clinic: Clinic) -> None:
    said, _ = clinic.record("--device", "simulated:progressor", "--fast", "--rest", 1)
    assert said.code == 0, said.err
    assert recall() == ()


CHOICE = Choice("P", "", "abd_side", "left", 1, 0, "", None)


@pytest.mark.parametrize(
    ("sensor", "why"),
    [
        ("imaginary:My scale,step=x", "is no possible step"),
        ("middle=A", "left, right or total"),
        ("left=A + left=B", "left"),
    ],
)
def test_a_sensor_that_makes_no_sense_is_told_on_the_first_page(
    sensor: str, why: str, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers: list[Offer] = []

    def choose(offer: Offer) -> Choice | None:
        offers.append(offer)
        return replace(CHOICE, sensor=sensor) if len(offers) == 1 else None

    remember([connected("BB:02", "My other scale")])
    monkeypatch.setattr(window, "new_path", lambda *_: clinic.folder / "w.forcelab")
    monkeypatch.setattr(app, "no_display", lambda: "")
    monkeypatch.setattr(app, "choose", choose)
    window.open_window()
    first, second = offers
    assert first.sensors == ("My other scale",)
    assert why in " ".join(second.problems)
    assert second.last is not None
    assert second.last.sensor == sensor, "it can be put right"
