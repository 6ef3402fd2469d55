"""Speaks to devices: bytes in, messages out. `CODECS` is the one table of what forcelab can talk to.

Refuses to know forcelab, Bluetooth libraries and anything outside the standard library. A new device is one file with
its codec, and one line in the table: the laws in its tests then hold it, for they walk this table.
"""

from collections.abc import Mapping
from typing import Final

from firmware_protocols.codec import Advertisement, Codec
from firmware_protocols.progressor import PROGRESSOR
from firmware_protocols.whc06 import WHC06

CODECS: Final[Mapping[str, Codec]] = {codec.id: codec for codec in (PROGRESSOR, WHC06)}


def identify(advertisement: Advertisement) -> Codec | None:
    """The codec whose family this device belongs to, or None."""
    return next((codec for codec in CODECS.values() if codec.recognises(advertisement)), None)
