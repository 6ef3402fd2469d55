"""Speaks to devices: bytes in, messages out. `CODECS` is the one table of what forcelab can talk to.

Refuses to know forcelab, Bluetooth libraries and anything outside the standard library. A new device is one file that
ends with its `CODECS`, and one line in `FAMILIES`: the laws in its tests then hold it, for they walk the table. A
device in a package of its own needs neither, see `foreign`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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


def candidates(advertisement: Advertisement) -> tuple[Codec, ...]:
    """Every family that this device may be of, as far as it can be told before it is connected to."""
    return tuple(codec for codec in codecs().values() if codec.live and codec.recognises(advertisement))


def surest(advertisement: Advertisement, among: Sequence[Codec]) -> Codec | None:
    """The one of several families that a device must be of, None where that is not sure.

    A name tells more than a service or a company, which look-alikes share: a family that goes by the name is preferred
    to one that would take the device under any. A device that can be heard in a second way is taken in the first.
    """
    nameless = replace(advertisement, name=None)
    by_name = [codec for codec in among if not codec.recognises(nameless)]
    left = [codec for codec in by_name or among if not _second_way(codec, among)]
    return left[0] if len(left) == 1 and left[0].sure(advertisement) else None


def _second_way(codec: Codec, among: Sequence[Codec]) -> bool:
    return any(codec.family.startswith(f"{first.family}, ") for first in among)


def identify(advertisement: Advertisement) -> Codec | None:
    """The family of a device, None where there is none or where several are as likely."""
    return surest(advertisement, candidates(advertisement))
