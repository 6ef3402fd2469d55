"""Speaks to devices: bytes in, messages out. `CODECS` is the one table of what forcelab can talk to.

Refuses to know forcelab, Bluetooth libraries and anything outside the standard library. A new device is one file that
ends with its `CODECS`, and one line in `FAMILIES`: the laws in its tests then hold it, for they walk the table. A
device in a package of its own needs neither, see `foreign`.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from firmware_protocols.codec import Advertisement, Codec
from firmware_protocols.foreign import Foreign, find

FAMILIES: Final = (
    "progressor",
    "godirect",
    "forceboard",
    "whc06",
    "frez",
    "entralpi",
    "climbro",
    "motherboard",
    "cts500",
    "pasco",
    "squegg",
    "musclemeter",
    "linescale",
    "b24",
    "dynamo",
    "weightscale",  # after those that offer its service beside a protocol of their own
)  # fmt: skip
"""The device files, in the order in which people are told of them."""


def _own() -> Mapping[str, Codec]:
    found: dict[str, Codec] = {}
    for name in FAMILIES:
        made: tuple[Codec, ...] = import_module(f"{__name__}.{name}").CODECS
        for codec in made:
            if codec.id in found:
                raise ValueError(f"two device files call a family {codec.id!r}")
            found[codec.id] = codec
    return MappingProxyType(found)


CODECS: Final[Mapping[str, Codec]] = _own()
"""The families in this folder, by id."""


def codecs() -> Mapping[str, Codec]:
    """Every family by id: those in this folder, then those that installed packages bring."""
    return MappingProxyType({**CODECS, **from_packages().codecs})


@cache
def from_packages() -> Foreign:
    """What installed packages bring; looked for once, when somebody first asks."""
    return find(CODECS)


def identify(advertisement: Advertisement) -> Codec | None:
    """The codec whose family this device belongs to, or None."""
    return next((codec for codec in codecs().values() if codec.live and codec.recognises(advertisement)), None)
