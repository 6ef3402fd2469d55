"""The tests that forcelab knows, one TOML file each, checked when read; a user's own folder adds to them.

The file is the definition: position, fixation, landmark, times, metrics and where they come from. An id stands for
one way of testing, so numbers under one id may be compared; another lever or posture is another id. Each line of
`sources` ends in an evidence mark: [V] was read in the paper that it names, [K] is common knowledge of the field that
nobody re-read for this project and is to be shown as "not verified".

Knows no metric: that the ids in `metrics` exist is checked where metrics are computed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from forcelab.assessments.reading import LARGEST, AssessmentError, load
from forcelab.model import Assessment

__all__ = ["AssessmentError", "Catalogue", "available", "from_file", "load"]


@dataclass(frozen=True)
class Catalogue(Mapping[str, tuple[Assessment, str]]):
    """The assessments at hand: id -> (assessment, its TOML text), in order of id; and the files that were no use.

    A bad file in a user's folder hides none of the others: it stands in `problems`, each a sentence for the user.
    """

    entries: Mapping[str, tuple[Assessment, str]]
    problems: tuple[AssessmentError, ...] = field(default=())

    def __getitem__(self, key: str) -> tuple[Assessment, str]:
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def available(folder: Path | None = None) -> Catalogue:
    """The built-in assessments and those in the user's folder (`*.toml` in it; no sub-folders).

    A folder that does not exist is an empty one. An id that is built in cannot be taken by a user's file: results
    under one id would then come from two different tests.
    """
    entries = dict(sorted(_built_in()))
    problems: list[AssessmentError] = []
    for path in _toml_files(folder, problems):
        try:
            assessment, text = _read(path)
            _refuse_taken(assessment, path, entries)
        except AssessmentError as error:
            problems.append(error)
        else:
            entries[assessment.id] = (assessment, text)
    return Catalogue(dict(sorted(entries.items())), tuple(problems))


def from_file(path: Path) -> tuple[Assessment, str]:
    """The assessment that a file of the user's holds, wherever it is, with its text.

    Raises:
        AssessmentError: the file cannot be read, holds no assessment, or takes an id that is built in.
    """
    assessment, text = _read(path)
    _refuse_taken(assessment, path, dict(_built_in()))
    return assessment, text


def _refuse_taken(assessment: Assessment, path: Path, entries: Mapping[str, object]) -> None:
    if assessment.id in entries:
        raise AssessmentError(path.name, f'the id "{assessment.id}" is taken; give the test one of its own')


def _built_in() -> Iterator[tuple[str, tuple[Assessment, str]]]:
    for file in resources.files(__name__).iterdir():
        if file.name.endswith(".toml"):
            text = file.read_text(encoding="utf-8")
            assessment = load(text, file.name)
            yield assessment.id, (assessment, text)


def _toml_files(folder: Path | None, problems: list[AssessmentError]) -> list[Path]:
    if folder is None:
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".toml")
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(AssessmentError(folder.name, f"the folder cannot be read ({error.strerror})"))
        return []


def _read(path: Path) -> tuple[Assessment, str]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise AssessmentError(path.name, f"the file cannot be read ({error.strerror})") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AssessmentError(path.name, "this is not UTF-8 text; save the file as UTF-8", line) from error
    return load(text, path.name), text
