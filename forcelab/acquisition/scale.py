"""Whether a sensor gives force at all, or counts that nobody can turn into newtons, and what to say of the latter.

Refuses to know the scale itself: the dialogues do.
"""

from firmware_protocols.codec import Codec, Ready


def in_counts(ready: Ready) -> bool:
    """Whether what a trial would measure comes in counts."""
    return bool(ready.channels) and ready.channels[0].unit == "count"


def scaleless(name: str, codec: Codec) -> str:
    """What to say of a sensor that gives counts and no force.

    Args:
        name: what it calls itself, "" where that is not known yet.
        codec: its family.
    """
    called = name or codec.family
    untold = [option for option in codec.options if not option.default]
    if not untold:
        return f"{called} gives counts and no force: its calibration was not heard. Switch it off and on again."
    told = ",".join(f"{option.name}=..." for option in untold)
    what = " ".join(option.what for option in untold)
    return (
        f"{called} gives counts and no force until its {untold[0].name} is entered, as in "
        f"--device {codec.id}:{name or 'NAME'},{told} ({what})"
    )
