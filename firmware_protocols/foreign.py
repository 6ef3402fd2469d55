"""Codecs that installed packages bring, by the entry-point group `forcelab.codecs`.

An entry point names a `Codec` or a tuple of them. What such a package does wrong is told in a sentence and passed over:
forcelab goes on without it. Refuses to know what the codecs are for.
"""

import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from firmware_protocols.codec import Advertisement, Codec

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "forcelab.codecs"

_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
"""What can stand on the command line beside the signs that part a sensor's role, settings and address."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Foreign:
    """What was found: codecs by id, and a sentence for people for each that could not be taken."""

    codecs: Mapping[str, Codec]
    problems: tuple[str, ...]


def find(taken: Collection[str]) -> Foreign:
    """The codecs of all installed packages.

    Args:
        taken: ids that belong to families of our own, which no other package can have.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - 30 ms of a start that mostly needs none

    codecs: dict[str, Codec] = {}
    problems: list[str] = []
    # Sorted, so that which one of two with the same id is taken does not hang on the order of folders.
    for entry in sorted(entry_points(group=GROUP), key=lambda one: (_package(one), one.name, one.value)):
        try:
            for codec in _load(entry):
                if codec.id in taken or codec.id in codecs:
                    raise ValueError(f"the id {codec.id!r} is taken")
                codecs[codec.id] = replace(codec, recognises=_guarded(codec))
        except Exception as error:  # whatever a stranger's module does when it is imported
            sentence = f"{entry.name!r} of the package {_package(entry)} cannot be used: {_why(error)}."
            log.warning("%s", sentence, exc_info=error)
            problems.append(sentence)
    return Foreign(MappingProxyType(codecs), tuple(problems))


def _load(entry: "EntryPoint") -> tuple[Codec, ...]:
    found = entry.load()
    made: tuple[object, ...] = found if isinstance(found, tuple) else (found,)
    codecs: list[Codec] = []
    for one in made:
        if not isinstance(one, Codec):
            raise TypeError(f"{entry.value} is no Codec")
        if not _ID.fullmatch(one.id):
            raise ValueError(f"the id {one.id!r} is not made of lower-case letters, digits and _")
        if not one.puppet().services and not one.broadcasts:  # what is broken there is better known before a session
            raise ValueError(f"the device of {one.id} offers nothing to listen to")
        codecs.append(one)
    return tuple(codecs)


def _guarded(codec: Codec) -> Callable[[Advertisement], bool]:
    """Its own judgement of an advertisement; one that raises recognises nothing, so that other sensors are found."""
    asked = codec.recognises

    def recognises(advertisement: Advertisement) -> bool:
        try:
            return bool(asked(advertisement))
        except Exception:
            log.warning("the codec %s cannot judge %s", codec.id, advertisement, exc_info=True)
            return False

    return recognises


def _package(entry: "EntryPoint") -> str:
    return entry.dist.name if entry.dist else "unknown"


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split()) or 'no reason given'}".rstrip(".")
