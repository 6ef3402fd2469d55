"""The command line of forcelab: names the commands and opens the window when none is given.

What a command does stands in `forcelab/commands/`; the window in `forcelab/app/`.
"""

import io
import logging
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from forcelab import __version__
from forcelab.commands import (
    analyse,
    calibrate,
    calibrations,
    compare,
    demo,
    files,
    lists,
    marks,
    metrics,
    reliability,
    remembered,
    sessions,
    window,
)
from forcelab.commands.output import FAILED, tell


class _Program(TyperGroup):
    """The commands; whatever goes wrong in one of them leaves as one sentence and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and leave the process."""
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except Exception as error:
            code = _tell(error)
        sys.exit(code if isinstance(code, int) else 0)


def _tell(error: Exception) -> int:
    """One sentence for what ended a command; its exit code."""
    # Wrong usage. Its class has stood in several packages in the years of typer; its method has stayed.
    if callable(wording := getattr(error, "format_message", None)):
        context = getattr(error, "ctx", None)
        tell(f"{wording().rstrip('.')}. See `{context.command_path if context else 'forcelab'} --help`.")
        return int(getattr(error, "exit_code", FAILED))
    logging.getLogger("forcelab").exception("the command ended by a fault of forcelab")
    tell(f"forcelab itself failed ({type(error).__name__}: {error}). `forcelab --verbose …` shows where.")
    return FAILED


app = typer.Typer(
    name="forcelab",
    cls=_Program,
    help="Measures, shows and stores force from Bluetooth dynamometers. Not a medical device.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo.demo,
    "scan": sessions.scan,
    "record": sessions.record,
    "analyse": analyse.analyse,
    "mark": marks.mark,
    "compare": compare.compare,
    "calibrate": calibrate.calibrate,
    "calibrations": calibrations.calibrations,
    "check": files.check,
    "recover": files.recover,
    "decode": files.decode_capture,
    "devices": lists.devices,
    "forget": remembered.forget,
    "assessments": lists.list_assessments,
    "reliability": reliability.reliability,
    "metrics": metrics.metrics,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"forcelab {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")] = False,  # noqa: ARG001 - the callback has used it
    verbose: Annotated[bool, typer.Option("--verbose", help="Log what happens underneath, on stderr.")] = False,
) -> None:
    """Open the window, or carry out a command."""
    # What a person has to know is told as a sentence; the log, tracebacks included, is for who asks for it.
    level = logging.INFO if verbose else logging.CRITICAL
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if context.invoked_subcommand is None:
        window.open_window()


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe on Windows may know no µ
    app()


if __name__ == "__main__":
    main()
