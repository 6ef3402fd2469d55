"""What a definition or a limit rests on: how far each source that it names was looked at.

A `source` text names its sources one after the other, parted by "; ". One that nobody checked against the paper ends in
"(not verified)". Reads text and refuses to judge a paper.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Evidence: TypeAlias = Literal["verified", "own", "not verified"]

WEAKNESS: Final[tuple[Evidence, ...]] = ("verified", "own", "not verified")
"""From the best to the weakest."""

MARK: Final = "(not verified)"

_DOI: Final = re.compile(r"doi:(10\.\d{4,9}/[^\s;,]+)")
_CITED: Final = re.compile(r"doi:10\.|PMID \d+|PMC\d+|[A-Z]\w+ \d+:\d+|public code")
_OWN: Final = re.compile(r"\b(our own|our judgement|our choice|computed|definition|least squares|mechanics)\b")


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its words, how far it was looked at, its DOI if it has one.

    `known` is False for words that are neither a citation, nor ours, nor marked: they count as not verified.
    """

    text: str
    evidence: Evidence
    doi: str | None = None
    known: bool = True


def sources(text: str) -> tuple[Source, ...]:
    """The sources that a text names, in their order.

    >>> [(one.evidence, one.doi) for one in sources("A. & B. 2006, doi:10.1007/s1 (not verified); limit our own")]
    [('not verified', '10.1007/s1'), ('own', None)]
    """
    return tuple(_source(part) for part in text.split("; ") if part)


def evidence(text: str) -> Evidence:
    """What the whole text comes to: its best source; what names nothing that was looked at is not verified.

    Returns:
        "verified" if a source was read; else "own" if the definition is our own or computed; else "not verified".

    >>> evidence("C. 2019, doi:10.1519/x (not verified)"), evidence("in common use (not verified); levels our own")
    ('not verified', 'own')
    >>> evidence("D. 2016, doi:10.1007/y; E. 2002 (not verified)")
    'verified'
    """
    found = {source.evidence for source in sources(text)}
    return "verified" if "verified" in found else "own" if "own" in found else "not verified"


def source_of(function: Callable[..., object]) -> str:
    """The source as the definition of a number tells it, for those that stand in no table; "" if it tells none.

    >>> from forcelab.analysis.reliability import icc_1_1
    >>> source_of(icc_1_1)
    'Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420'
    """
    told = re.search(r"^Source: (.*?)(?:\n\n|\Z)", inspect.getdoc(function) or "", re.DOTALL | re.MULTILINE)
    return " ".join(told[1].split()).rstrip(".") if told else ""


def _source(text: str) -> Source:
    doi = _DOI.search(text)
    name = doi[1].rstrip(".:") if doi else None
    if text.endswith(MARK):
        return Source(text, "not verified", name)
    if _CITED.search(text):
        return Source(text, "verified", name)
    if _OWN.search(text):
        return Source(text, "own")
    return Source(text, "not verified", known=False)
