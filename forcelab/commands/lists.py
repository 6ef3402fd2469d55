"""Commands that tell what is known: `devices` and `assessments`; `metrics` has a file of its own."""

from typing import Annotated

import typer
from rich.text import Text

from firmware_protocols import CODECS
from forcelab import assessments
from forcelab.commands.options import JSON
from forcelab.commands.output import clean, emit, fail, listing, number, stdout, table, tell
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
                for codec in CODECS.values()
            ]
        )
        return
    for codec in CODECS.values():
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


def list_assessments(
    name: Annotated[str, typer.Argument(help="Tell all about this one.", show_default=False)] = "",
    json: JSON = False,
) -> None:
    """List the assessments, or tell position, landmark and sources of one."""
    catalogue = assessments.available()
    if name:
        if name not in catalogue:
            fail(f"No assessment is called {name!r}. Known are: {', '.join(catalogue)}.")
        assessment, text = catalogue[name]
        if json:
            emit({"id": assessment.id, "version": assessment.version, "text": text})
        else:
            _tell_assessment(assessment)
        return
    known = [assessment for assessment, _text in catalogue.values()]
    if json:
        emit(
            [{"id": a.id, "version": a.version, "name": a.words().name, "position": a.words().position} for a in known]
        )
    else:
        rows = [(a.id, a.words().name, f"{a.trials} × {a.hold:g} s, rest {a.rest:g} s") for a in known]
        table(
            "Assessments", ("id", "name", "trials a side"), rows, note="`forcelab assessments ID` tells all about one."
        )
    for problem in catalogue.problems:
        tell(str(problem))


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
        ("trials", f"{assessment.trials} a side, {assessment.hold:g} s each, {assessment.rest:g} s rest"),
        ("metrics", ", ".join(assessment.metrics)),
        *(("source", source) for source in assessment.sources),
    ):
        stdout.print(Text(clean(f"{label:9} {value}")), soft_wrap=True)


def _newtons(value: float | None) -> str:
    return "unknown" if value is None else f"{number(value)} N"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
