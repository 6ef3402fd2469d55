"""Reads one assessment from the text of its TOML file, and tells mistakes with line and reason.

The TOML reader gives a line for mistakes of grammar only. For mistakes of meaning a simple scan of the text finds the
line on which a key stands; where it finds none the sentence does without. Knows no folder and no metric.
"""

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator

import msgspec

from forcelab.model import Assessment, Words

LARGEST = 256 * 1024
"""Bytes. A test's page of text is some kilobytes; more is another kind of file, or ill will."""

_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?$")
_KEY = re.compile(r"""\s*("?[A-Za-z0-9_.\-]+"?)\s*=(.*)$""")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_FIELD = re.compile(r"`([^`]*)`")


class AssessmentError(Exception):
    """A file that holds no usable assessment. `str(error)` names file, line where it can be told, and reason."""

    def __init__(self, source: str, reason: str, line: int | None = None) -> None:
        self.source = source
        self.reason = reason
        self.line = line
        where = source if line is None else f"{source}, line {line}"
        super().__init__(_plain(f"{where}: {reason}"))


def load(text: str, source: str) -> Assessment:
    """The assessment that a TOML text says.

    Args:
        text: the whole text of the file.
        source: the file's name, for the sentence of an error.

    Raises:
        AssessmentError: with line and reason; nothing else, whatever the text.
    """
    if len(text) > LARGEST:
        raise AssessmentError(source, f"this is longer than {LARGEST // 1024} kB and so is no assessment")
    fields = _parse(text, source)
    _check_words(fields, text, source)
    try:
        assessment = msgspec.convert(fields, Assessment)
    except msgspec.ValidationError as error:
        raise _told(str(error), "", text, source) from error
    for key, reason in _doubts(assessment):
        raise AssessmentError(source, f'"{key}": {reason}', line_of(key, text))
    return assessment


def line_of(key: str, text: str) -> int | None:
    """The line (from 1) on which a dotted key such as `onset.percent` or a table such as `text.en` stands."""
    table = ""
    inside: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if inside is not None:
            inside = None if line.count(inside) % 2 else inside
            continue
        if header := _HEADER.match(line):
            table = ".".join(part.strip().strip('"') for part in header[1].split("."))
            if table == key:
                return number
        elif found := _KEY.match(line):
            name = found[1].strip('"')
            if key == (f"{table}.{name}" if table else name):
                return number
            inside = next((quotes for quotes in ('"""', "'''") if found[2].count(quotes) % 2), None)
    return None


def _parse(text: str, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        reason = _AT_LINE.sub("", str(error))
        raise AssessmentError(source, f"this is not TOML ({reason})", int(found[1]) if found else None) from error
    except RecursionError as error:
        raise AssessmentError(source, "this is nested too deeply to be an assessment") from error
    except ValueError as error:
        # Python refuses to read numbers of thousands of digits, with an exception of its own.
        raise AssessmentError(source, f"a value cannot be read ({error})") from error


def _check_words(fields: dict[str, object], text: str, source: str) -> None:
    """Checks the languages one by one, for the validator does not tell in which of them it met the mistake."""
    languages = fields.get("text")
    if not isinstance(languages, dict):
        return
    for language, words in languages.items():
        try:
            msgspec.convert(words, Words)
        except msgspec.ValidationError as error:
            raise _told(str(error), f"text.{language}", text, source) from error
    if "en" not in languages:
        raise AssessmentError(source, "there is no English text; add a table [text.en]", line_of("text", text))


def _told(message: str, table: str, text: str, source: str) -> AssessmentError:
    """The validator's message as our sentence: which key, on which line, what was expected there."""
    reason, _, path = message.partition(" - at `$")
    inner = re.sub(r"\[\d+\]", "", path.rstrip("`")).strip(".")
    key = ".".join(part for part in (table, inner) if part)
    named = _FIELD.search(reason)
    if named and reason.startswith("Object contains unknown field"):
        key = ".".join(part for part in (key, named[1]) if part)
        return AssessmentError(source, f'"{key}" is not known here; is it misspelt?', line_of(key, text))
    if named and reason.startswith("Object missing required field"):
        missing = ".".join(part for part in (key, named[1]) if part)
        return AssessmentError(source, f'"{missing}" is missing', line_of(key, text) if key else None)
    reason = reason.replace("`", "").replace("Expected", "expected").replace("Invalid enum value", "does not know")
    return AssessmentError(source, f'"{key}": {reason}', line_of(key, text))


def _doubts(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """What the types cannot say."""
    numbers = {"start_at": assessment.start_at, "onset.sd": assessment.onset.sd}
    numbers |= {"stop_at": assessment.stop_at, "onset.minimum": assessment.onset.minimum}
    for key, value in numbers.items():
        if not math.isfinite(value):
            yield key, "this is not a finite number"
    if assessment.stop_at > assessment.start_at:
        yield "stop_at", "a trial cannot end above the force at which it begins (start_at)"
    if assessment.target is not None:
        low, high = assessment.target
        if not (math.isfinite(low) and math.isfinite(high) and 0.0 <= low < high):
            yield "target", "the band goes from a lower to a higher force, both in N and not negative"
    if len(set(assessment.metrics)) < len(assessment.metrics):
        yield "metrics", "a metric is named twice"
    yield from _bad_texts(assessment)


def _bad_texts(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Texts go to terminals and windows: no control characters, so that a file cannot steer either."""
    texts = {"lever": assessment.lever, "metrics": " ".join(assessment.metrics)}
    for language, words in assessment.text.items():
        texts[f"text.{language}"] = language
        for name in Words.__struct_fields__:
            texts[f"text.{language}.{name}"] = getattr(words, name)
    for key, value in (*texts.items(), *(("sources", source) for source in assessment.sources)):
        if not value.strip():
            yield key, "this text is empty"
        if any(_steers(character) for character in value):
            yield key, "there is a control character in this text"


def _steers(character: str) -> bool:
    """Control characters, lone surrogates, and the marks that turn the direction of writing round."""
    turns = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return turns or (character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"))


def _plain(sentence: str) -> str:
    """The sentence may quote the file; what could steer a terminal is shown as an escape instead."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in sentence)
