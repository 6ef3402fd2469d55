"""PASCO's wireless force sensors, asked for one sample after another: a few to some twenty in a second.

The device tells which sensor it is and the two points of its factory calibration; without those its numbers would be
wrong by several percent, so it is not ready before. A platform's total is the sum of its beams. The steps rest on the
maker's data and a public study of one cart; calibration in several parts and everything on streaming rest on one
source or none (not verified), so streaming is off unless a person asks for it.

A capture that holds only samples is read with the typical calibration, and says so. Refuses to know acceleration and
turning, and the requests that set ranges, sizes and other functions: they have no name here.
"""

from typing import Final

from firmware_protocols.codec import Advertisement, Capabilities, Codec, Option, Settings
from firmware_protocols.pasco.dialogue import RATE, PascoDialogue
from firmware_protocols.pasco.puppet import PascoPuppet
from firmware_protocols.pasco.wire import (
    DEVICE_RESPONSE,
    INTERFACES,
    SENSOR_RESPONSE,
    SENSOR_STREAM,
    TYPICAL,
    interface,
)


def _recognises(advertisement: Advertisement) -> bool:
    # By the interface in the name, which PASCO's other sensors and carts without a load cell do not have.
    return interface(advertisement.name) in INTERFACES


def _dialogue(settings: Settings) -> PascoDialogue:
    return PascoDialogue(stream=settings["stream"] == "yes")


PASCO: Final = Codec(
    id="pasco",
    version=1,
    family="PASCO wireless force sensors",
    status=(
        "tested on a virtual device only; asked for sample by sample, at a rate that is not settled (3 to 25 Hz); "
        "platforms and streaming are not verified"
    ),
    evidence="C",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=abs(TYPICAL.step),
        capacity=50.0,  # of the load cell; a platform tells that it is one, and carries more
        direction="both",
        tare=False,
        latency=None,
        rate_settled=False,
        timed="each sample is asked for, so they come at no even pace and without a time of their own",
    ),
    listens=(DEVICE_RESPONSE, SENSOR_RESPONSE),
    also_listens=(SENSOR_STREAM,),
    recognises=_recognises,
    dialogue_with=_dialogue,
    puppet=PascoPuppet,
    options=(
        Option(
            name="stream",
            what="yes to let the sensor send by itself, faster, in a way that nobody has verified; no to ask it",
            accepts=lambda text: text in ("yes", "no"),
            default="no",
            example="no",
        ),
    ),
)
CODECS: Final = (PASCO,)
