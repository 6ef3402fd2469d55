"""Commands on files: `check`, `recover`, `decode`. They write nothing but what is asked for by name."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from forcelab.acquisition.capture import CaptureError, decode
from forcelab.check import CheckReport
from forcelab.check import check as check_file
from forcelab.commands.asked_device import family_codec, read_settings
from forcelab.commands.options import JSON, SESSION
from forcelab.commands.output import FAILED, emit, emit_line, fail, table, tell
from forcelab.journal import JournalError, read
from forcelab.journal import recover as recover_file
from forcelab.report.calibration import calibration_sentences


def check(path: SESSION, json: JSON = False) -> None:
    """Verify a session file and compute every stored result again from its raw packets."""
    try:
        report = check_file(path)
    except JournalError as error:
        fail(str(error))
    if json:
        emit(_report_json(report))
    else:
        doubtful = [one for one in report.results if one.outcome != "identical"]
        if doubtful:
            cells = [(str(one.trial), one.what, one.outcome, one.sentence) for one in doubtful]
            table(path.name, ("trial", "result", "outcome", "what it means"), cells)
        for fault in report.faults:
            tell(fault.sentence)
        for sentence in calibration_sentences(report.sensors, report.utc_ns):
            tell(sentence)
        tell(report.sentence)
    if not report.ok:
        raise typer.Exit(FAILED)


def _report_json(report: CheckReport) -> dict[str, object]:
    return {
        "source": str(report.path),
        "verdict": report.verdict,
        "ok": report.ok,
        "closed": report.closed,
        "sentence": report.sentence,
        "faults": [{"line": fault.line, "sentence": fault.sentence} for fault in report.faults],
        "calibration": calibration_sentences(report.sensors, report.utc_ns),
        "results": [asdict(one) for one in report.results],
    }


def recover(path: SESSION) -> None:
    """Mark a session that ended without closing as dealt with. Nothing that stands in it is touched."""
    try:
        record = recover_file(path)
        faults = read(path).faults
    except JournalError as error:
        fail(str(error))
    if record is None:
        tell(f"{path.name} was closed in order; there is nothing to recover.")
    else:
        torn = len(record.torn_hex) // 2
        tell(f"{path.name} is dealt with; {torn} bytes of an unfinished line were left in place.")
    if faults:
        tell(f"{len(faults)} of its lines are damaged, which no recovery can mend: `forcelab check {path}` names them.")


def decode_capture(
    device: Annotated[str, typer.Argument(help="The family of the sensor; see `forcelab devices`.")],
    file: Annotated[str, typer.Argument(help="The capture, or - for standard input.")] = "-",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="OPTION=VALUE", help="An option of the sensor; may come again.")
    ] = None,
) -> None:
    """Turn captured notifications into JSON lines of decoded messages.

    In, one a line: `time_ns characteristic hex` for what the sensor sent, `time_ns > characteristic hex` for what the
    host wrote, with the characteristic's full UUID; for broadcasters `advertisement` and the hex of company id,
    little-endian, plus payload. Empty lines and lines that begin with # are passed over.

    Out, one JSON object a line: `is` names its kind (samples, lost, malformed, info, ready, run_started,
    run_stopped), `time_ns` is the time of its line. Samples hold, as arrays of equal length, `t` (s on the sensor's
    own clock, unwrapped; null where it keeps no time) and `force` (channel to N). A reply whose question is not in the
    capture stays raw `info`.
    """
    try:
        codec, chosen = family_codec(device), read_settings(settings or [])
        codec.chosen(chosen)
    except ValueError as error:  # of which a DeviceError is one
        fail(str(error))
    name = "standard input" if file == "-" else file
    try:
        for message in decode(codec, _lines(file, name), chosen):
            emit_line(message)
    except CaptureError as error:
        fail(f"{name}, {error}.")


def _lines(file: str, name: str) -> Iterator[str]:
    try:
        if file == "-":
            yield from sys.stdin
        else:
            with Path(file).open(encoding="utf-8") as lines:
                yield from lines
    except OSError as error:
        fail(f"{name} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        fail(f"{name} is no capture: it holds bytes that are no text.")
