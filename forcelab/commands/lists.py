"""Commands that tell what is known: `devices` and `assessments`; `metrics` has a file of its own."""

from typing import Annotated

import typer
from rich.text import Text

from firmware_protocols import codecs, from_packages
from forcelab.commands import known_assessments
from forcelab.commands.known_assessments import at_hand, find_assessment
from forcelab.commands.options import JSON
from forcelab.commands.output import clean, emit, listing, number, stdout, table, tell
from forcelab.model import Assessment


def devices(json: JSON = False) -> None:
    """List the sensor families that forcelab can read, and what each can honestly support."""
    if json:
        emit(
            [
                {
                    "id": codec.id,
                    "family": codec.family,
                    "status": codec.status,
                    "rate": codec.capabilities.rate,
                    "own_time": codec.capabilities.own_time,
                    "detects_loss": codec.capabilities.detects_loss,
                    "resolution": codec.capabilities.resolution,
                    "capacity": codec.capabilities.capacity,
                    "direction": codec.capabilities.direction,
                    "tare": codec.capabilities.tare,
                }
                for codec in codecs().values()
            ]
        )
        return
    for codec in codecs().values():
        can = codec.capabilities
        listing(
            codec.id,
            [
                ("family", codec.family),
                ("status", codec.status),
                ("measures", can.direction),
                ("rate", f"{number(can.rate)} Hz"),
                ("resolution", _newtons(can.resolution)),
                ("capacity", _newtons(can.capacity)),
                ("keeps its own time", _yes(can.own_time)),
                ("notices loss", _yes(can.detects_loss)),
                ("can tare itself", _yes(can.tare)),
            ],
        )
    for problem in from_packages().problems:
        tell(problem)


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
