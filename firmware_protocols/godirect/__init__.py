"""Vernier Go Direct: Force & Acceleration, Hand Dynamometer, Force Plate, and whatever else of it measures force.

The device tells its channels, units, ranges and periods; those that measure in N are switched on, all others never.
It sends no time, but keeps the pace that it was set to: time is the number of a sample over its rate. It has no tare.
What is known of it comes from its maker's own libraries; no owner has yet confirmed this code on hardware. Refuses to
know accelerations, and the requests that no known client makes: they have no name here.
"""

import re
from typing import Final

from firmware_protocols.codec import Advertisement, Capabilities, Codec, Option, Settings
from firmware_protocols.godirect.dialogue import GoDirectDialogue
from firmware_protocols.godirect.frames import RESPONSE
from firmware_protocols.godirect.puppet import GoDirectPuppet

RATE: Final = 100.0
"""Hz: the fastest that the maker's own library for browsers asks for. Their short test at 1000 Hz worked, mostly."""


def _is_rate(text: str) -> bool:
    try:
        return 0.1 <= float(text) <= 10_000.0
    except ValueError:
        return False


def _is_channel(text: str) -> bool:
    return text == "" or (re.fullmatch(r"[0-9]{1,2}", text) is not None and int(text) < 32)


def _recognises(advertisement: Advertisement) -> bool:
    # Order code and serial number, e.g. `GDX-FOR 071000U9`. The order code of the plate is not published, so the first
    # letters have to do: a device without force says so when it is asked for its channels.
    return (advertisement.name or "").startswith("GDX")


def _dialogue(settings: Settings) -> GoDirectDialogue:
    return GoDirectDialogue(float(settings["rate"]), int(settings["channel"]) if settings["channel"] else None)


GODIRECT: Final = Codec(
    id="godirect",
    version=1,
    family="Vernier Go Direct force sensors",
    status=(
        "tested on a virtual device and against its maker's Python library only; that it keeps the pace it was set to "
        "is its maker's word, and that lost packets show in its counter is not verified. Vernier sells these sensors "
        "for education, not for medical or diagnostic use"
    ),
    evidence="A",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,  # only what it says itself, and its counter if that turns out to count
        resolution=None,
        capacity=None,  # the device tells it
        direction="both",
        tare=False,
        # About ten packets a second with what was measured meanwhile: seen by users, so it is an assumption.
        latency=(0.0, 0.11),
    ),
    listens=(RESPONSE,),
    recognises=_recognises,
    dialogue_with=_dialogue,
    puppet=GoDirectPuppet,
    options=(
        Option(
            name="rate",
            what="samples a second to ask for, 0.1 to 10000; the sensor's own limit goes before",
            accepts=_is_rate,
            default="100",
            example="100",
        ),
        Option(
            name="channel",
            what="number of the channel to measure with, 0 to 31; without one, all that measure force in newtons",
            accepts=_is_channel,
            default="",
            example="",
        ),
    ),
)

CODECS: Final = (GODIRECT,)
