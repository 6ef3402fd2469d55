"""Commands that tell what is known: `devices` and `assessments`; `metrics` has a file of its own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Final

import typer
from rich.text import Text

from firmware_protocols import codecs, from_packages
from firmware_protocols.codec import Capabilities, Codec, Evidence
from forcelab.commands import known_assessments
from forcelab.commands.known_assessments import at_hand, find_assessment
from forcelab.commands.options import JSON
from forcelab.commands.output import clean, emit, fail, listing, number, stdout, table, tell
from forcelab.commands.remembered import list_remembered
from forcelab.model import Assessment

EVIDENCE: Final[Mapping[Evidence, str]] = {
    "A": "the maker's own document or code",
    "B": "several independent sources, or bytes recorded from a device by others",
    "C": "one source that is not the maker's (not verified)",
    "D": "inferred, or sources disagree (not verified)",
}
"""What the weakest fact that newtons and seconds of a family rest on comes from."""


COLUMNS: Final = ("id", "Hz", "step N", "most N", "measures", "can", "mark")
LEGEND: Final = """~: rate or scale is not settled. ?: unknown until the sensor tells.
can: t own time, l notices loss, z tares itself, r carries RFD and the like.
mark: A the maker's word, B several sources; not verified: C one, D inferred.
`forcelab devices ID` tells all about one."""


def devices(
    name: Annotated[str, typer.Argument(help="Tell all about this family.", show_default=False)] = "",
    remembered: Annotated[bool, typer.Option("--remembered", help="List the sensors used before instead.")] = False,
    json: JSON = False,
) -> None:
    """List the sensor families that forcelab can read, and what each can honestly support."""
    if remembered:
        list_remembered(as_json=json)
        return
    if name and name not in codecs():
        fail(f"No sensor family is called {name!r}. Known are: {', '.join(codecs())}.")
    asked = [codecs()[name]] if name else list(codecs().values())
    if json:
        emit([_of_family(codec) for codec in asked])
    elif name:
        listing(name, _about(asked[0]))
    else:
        table("Sensors", COLUMNS, [_row(codec) for codec in asked], note=LEGEND)
    for problem in from_packages().problems:
        tell(problem)


def _row(codec: Codec) -> tuple[str, ...]:
    """One line of the table."""
    can = codec.capabilities
    rate = f"{'' if can.rate_settled else '~'}{number(can.rate)}"
    step = f"{'' if can.scale_settled else '~'}{'?' if can.resolution is None else number(can.resolution)}"
    most = "?" if can.capacity is None else number(can.capacity)
    timed = not can.timed and (can.own_time or can.rate_settled)
    able = zip("tlzr", (can.own_time, can.detects_loss, can.tare, timed), strict=True)
    marks = "".join(letter if yes else "–" for letter, yes in able)
    return (codec.id, rate, step, most, can.direction, marks, codec.evidence)


def _of_family(codec: Codec) -> dict[str, object]:
    return {
        "id": codec.id,
        "version": codec.version,
        "family": codec.family,
        "status": codec.status,
        "evidence": EVIDENCE[codec.evidence],
        **asdict(codec.capabilities),
        "broadcasts": codec.broadcasts,
        "live": codec.live,
        "options": [
            {"name": one.name, "what": one.what, "default": one.default, "example": one.example}
            for one in codec.options
        ],
    }


def _about(codec: Codec) -> list[tuple[str, str]]:
    """What stands in the list for people, line by line."""
    can = codec.capabilities
    lines = [
        ("family", codec.family),
        ("status", codec.status),
        ("rests on", EVIDENCE[codec.evidence]),
        ("measures", can.direction),
        ("rate", f"{number(can.rate)} Hz{'' if can.rate_settled else ' (not settled: taken from each record)'}"),
        ("resolution", _newtons(can.resolution)),
        ("capacity", _newtons(can.capacity)),
        ("scale", "settled" if can.scale_settled else "not settled: check it with a known weight"),
        ("keeps its own time", _yes(can.own_time)),
        ("timed numbers", f"none: {can.timed}" if can.timed else _timed(can)),
        ("notices loss", _yes(can.detects_loss)),
        ("can tare itself", _yes(can.tare)),
        ("delay", _delay(can.latency)),
        ("is connected to", "no: it broadcasts" if codec.broadcasts else "yes" if codec.live else "no: captures only"),
    ]
    if can.sleeps_after is not None:
        lines.append(("switches itself off", f"after {can.sleeps_after:g} s"))
    for option in codec.options:
        example = f", e.g. {option.example}" if option.example else ""
        usual = f"usually {option.default}" if option.default else f"nothing until told{example}"
        lines.append((f"option {option.name}", f"{option.what} ({usual})"))
    return lines


def _timed(can: Capabilities) -> str:
    """Which numbers that rest on times are offered: a time that is counted in samples is only as good as the rate."""
    known = can.own_time or can.rate_settled
    return "those that the rate carries" if known else "none, unless the sensor tells its rate"


def _delay(latency: tuple[float, float] | None) -> str:
    """From measuring to handing over to the radio."""
    if latency is None:
        return "unknown"
    return f"{number(latency[0] * 1e3)} to {number(latency[1] * 1e3)} ms until it is sent, declared or assumed"


def list_assessments(
    name: Annotated[str, typer.Argument(help="Tell all about this one.", show_default=False)] = "",
    json: JSON = False,
) -> None:
    """List the assessments, or tell position, landmark and sources of one."""
    catalogue = at_hand()
    if name:
        assessment, text = find_assessment(name)
        if json:
            emit({"id": assessment.id, "version": assessment.version, "text": text})
        else:
            _tell_assessment(assessment)
        return
    known = [assessment for assessment, _text in catalogue.values()]
    if json:
        emit(
            [
                {
                    "id": a.id,
                    "version": a.version,
                    "kind": a.kind,
                    "name": a.words().name,
                    "position": a.words().position,
                }
                for a in known
            ]
        )
    else:
        rows = [(a.id, a.kind, a.words().name, _times(a)) for a in known]
        note = "`forcelab assessments ID` tells all about one."
        table("Assessments", ("id", "kind", "name", "trials a side"), rows, note=note)
        tell(f"Your own are read from {known_assessments.assessments_folder()}: files that end in .toml.")
    for problem in catalogue.problems:
        tell(str(problem))


def _times(assessment: Assessment) -> str:
    """How often and how long, with the rest between."""
    beat, rest = assessment.regime, f"rest {assessment.rest:g} s"
    if assessment.kind == "jump":
        return f"{assessment.trials} jumps, {rest}"
    if beat is not None:
        return f"{assessment.trials} × {beat.repetitions} × {beat.work:g}:{beat.rest:g} s, {rest}"
    return f"{assessment.trials} × {assessment.hold:g} s, {rest}"


def _tell_assessment(assessment: Assessment) -> None:
    words = assessment.words()
    for label, value in (
        ("id", f"{assessment.id}, version {assessment.version}"),
        ("name", words.name),
        ("position", words.position),
        ("fixation", words.fixation),
        ("landmark", words.landmark),
        ("lever", assessment.lever),
        ("say", words.instruction),
        ("kind", assessment.kind),
        ("trials", f"{_times(assessment)}, a side"),
        ("metrics", ", ".join(assessment.metrics)),
        *([("series", ", ".join(assessment.series))] if assessment.series else ()),
        *(("source", _in_words(source)) for source in assessment.sources),
    ):
        stdout.print(Text(clean(f"{label:9} {value}")), soft_wrap=True)


def _in_words(source: str) -> str:
    """A source with its evidence mark in words: what nobody read again for this project says so."""
    return source.removesuffix(" [V]") if source.endswith(" [V]") else source.replace(" [K]", " (not verified)")


def _newtons(value: float | None) -> str:
    return "unknown" if value is None else f"{number(value)} N"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
