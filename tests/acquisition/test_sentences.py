"""Sentences for people: each says what to do, and none is missing."""

import pytest
from bleak.exc import BleakBluetoothNotAvailableReason

from forcelab.acquisition import sentences

ALL = {
    **sentences.OF_SYSTEM,
    **{f"{called} of a sensor": make("Progressor_4711", "why") for called, make in sentences.OF_SENSOR.items()},
    "lost": sentences.Trouble(sentences.lost("Progressor_4711")),
    "anything": sentences.trouble("OSError", "Element not found", None),
}


@pytest.mark.parametrize("called", sorted(ALL))
def test_every_trouble_says_what_happened_and_what_to_do(called: str) -> None:
    sentence = ALL[called].sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") >= 1
    assert len(sentence) < 220


def test_every_reason_of_bleak_has_a_sentence() -> None:
    assert {reason.name for reason in BleakBluetoothNotAvailableReason} <= set(sentences.OF_SYSTEM)


def test_only_what_the_user_must_allow_or_mend_is_not_tried_again() -> None:
    assert {called for called, trouble in ALL.items() if not trouble.retry} == {
        "DENIED_BY_SYSTEM",
        "DENIED_BY_UNKNOWN",
        "DENIED_BY_USER",
        "PermissionError",
        "org.bluez.Error.NotAuthorized",
        "org.freedesktop.DBus.Error.AccessDenied",
        "org.freedesktop.DBus.Error.AuthFailed",
    }


def test_a_stranger_is_no_reason_to_give_up() -> None:
    strangers = {"BleakCharacteristicNotFoundError of a sensor", "org.bluez.Error.NotSupported of a sensor"}
    assert {called for called, trouble in ALL.items() if trouble.stranger} == strangers


def test_the_same_name_means_another_thing_of_a_sensor_than_of_the_computer() -> None:
    unknown = "org.freedesktop.DBus.Error.UnknownObject"
    assert sentences.trouble(unknown, "", None) == sentences.NO_ADAPTER
    assert sentences.trouble(unknown, "", "Progressor_4711").sentence.startswith("Progressor_4711 was there")


def test_windows_that_delivers_nothing_is_recognised_by_its_words() -> None:
    why = "Thread is configured for Windows GUI but callbacks are not working."
    assert not sentences.trouble("BleakError", why, None).retry


def test_without_a_sentence_the_systems_own_words_are_told() -> None:
    assert "Element not found" in sentences.trouble("OSError", "Element not found", "Progressor_4711").sentence
    assert "EOFError" in sentences.trouble("EOFError", "", None).sentence
