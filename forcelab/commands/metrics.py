"""`forcelab metrics`: what every name means, in one place: numbers, formulas, onset rules and doubts."""

from itertools import groupby
from typing import Annotated, Final

import typer

from forcelab.analysis.definitions import DEFINITIONS, DOUBTS, FOLLOWING, Definition, find
from forcelab.analysis.derived import meant_by
from forcelab.analysis.evidence import MARK, Evidence, Source, sources
from forcelab.commands.asked import hint
from forcelab.commands.options import JSON
from forcelab.commands.output import emit, fail, stdout, table
from forcelab.report.notes import SIGNS, UNVERIFIED

WORDS: Final[dict[Evidence, str]] = {
    "verified": "verified",
    "own": "our own",
    "not verified": "not verified against its source",
}


def metrics(
    name: Annotated[str, typer.Argument(help="Tell the whole definition of this one.", show_default=False)] = "",
    json: JSON = False,
) -> None:
    """List what every number, formula, onset rule and doubt is called, or tell the whole definition of one."""
    chosen = find(name) if name else DEFINITIONS
    if not chosen:
        fail(f"Nothing is called {name!r}.{hint(name)}")
    if json:
        told = [_json(one) for one in chosen]
        emit(told[0] if name and len(told) == 1 else told)
    elif name:
        if meant_by(name.lower()):
            stdout.print(f"{name} is an alias: which of these is meant depends on the sensor's rate.\n", soft_wrap=True)
        for one in chosen:
            _tell(one, first=one is chosen[0])
    else:
        _list(chosen)


def _list(chosen: tuple[Definition, ...]) -> None:
    sign, words = UNVERIFIED, SIGNS[UNVERIFIED]
    for title, group in groupby(chosen, key=lambda one: one.table):
        if title == FOLLOWING:
            told = [f"{one.id} {sign}" if one.evidence == "not verified" else one.id for one in group]
            stdout.print(f"{title[:1].upper()}{title[1:]}")
            stdout.print(", ".join(told))
            continue
        rows = [
            (f"{one.id} {sign}" if one.evidence == "not verified" else one.id, one.term, one.unit, one.formula)
            for one in group
        ]
        table(f"{title[:1].upper()}{title[1:]}", ("id", "term", "unit", "formula"), rows)
    stdout.print(f"{sign}: {words}.\n`forcelab metrics ID` tells all about one.", soft_wrap=True)


def _tell(one: Definition, *, first: bool) -> None:
    limit = "limit" if one.table in DOUBTS else "source"
    lines = [
        ("id", one.id),
        ("table", one.table),
        ("term", one.term),
        ("formula", one.formula),
        ("unit", one.unit or "none"),
        ("window", f"{one.window * 1000:g} ms" if one.window else "none"),
        ("needs", "; ".join(one.needs) or "nothing"),
        *((limit, _source(source)) for source in sources(one.source)),
        ("evidence", WORDS[one.evidence]),
        *((("caution", one.caution),) if one.caution else ()),
        *((("version", str(one.version)),) if one.version is not None else ()),
    ]
    if not first:
        stdout.print()
    for label, value in lines:
        stdout.print(f"{label:9} {value}", soft_wrap=True)
    stdout.print(f"\n{one.text}", soft_wrap=True)


def _source(source: Source) -> str:
    """A source with its mark, unless it bears that itself."""
    return source.text if source.text.endswith(MARK) else f"{source.text} [{WORDS[source.evidence]}]"


def _json(one: Definition) -> dict[str, object]:
    return {
        "id": one.id,
        "table": one.table,
        "version": one.version,
        "term": one.term,
        "unit": one.unit,
        "formula": one.formula,
        "window": one.window,
        "needs": list(one.needs),
        "source": one.source,
        "sources": [{"text": each.text, "evidence": each.evidence, "doi": each.doi} for each in sources(one.source)],
        "evidence": one.evidence,
        "caution": one.caution,
        "definition": one.text,
    }
