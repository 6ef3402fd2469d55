"""How records of older versions become records of this one, one version at a time. There is only version 1 so far.

Each step is a pure function from the members of a record of version n to those of version n + 1, and returns a new
mapping. Knows no file.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

Raw: TypeAlias = dict[str, object]
Step: TypeAlias = Callable[[Raw], Raw]

UPGRADES: Final[Mapping[int, Step]] = {}
"""From version (the key) to the next."""


def upgrade(raw: Raw, version: int, to: int, steps: Mapping[int, Step] = UPGRADES) -> Raw:
    """A record of `version`, brought to version `to`.

    Raises:
        KeyError: there is no way from that version.
    """
    for step in range(version, to):
        raw = steps[step](raw)
    return raw
