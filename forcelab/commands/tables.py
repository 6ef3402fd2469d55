"""Options that say of a plain table what it does not say itself, and the table that they read."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from forcelab.commands.options import finite
from forcelab.commands.output import fail
from forcelab.imports.table import Table, read_table
from forcelab.model import Assessment, Role, Trace


@dataclass(frozen=True)
class TableOptions:
    """What was said of a table; None: not said."""

    rate: Annotated[float | None, typer.Option(help="Hz; for a table that has no column of time.")] = None
    time_unit: Annotated[str | None, typer.Option(help="Unit of time in a table: s, ms or us.")] = None
    force_unit: Annotated[str | None, typer.Option(help="Unit of force in a table: N, kN, kg, g or lb.")] = None
    column: Annotated[str | None, typer.Option(help="Which column of force: its name or its number.")] = None
    left: Annotated[
        str | None, typer.Option(help="The left limb's or plate's column of force; together with --right.")
    ] = None
    right: Annotated[str | None, typer.Option(help="The right one's.")] = None
    separator: Annotated[
        str | None, typer.Option(help="What separates a table's columns: tabs, semicolons, bars, commas or spaces.")
    ] = None
    decimal: Annotated[str | None, typer.Option(help="Decimal sign of a table: . or a comma.")] = None
    capacity: Annotated[float | None, typer.Option(min=1, help="Capacity of a table's sensor, N.", callback=finite)] = (
        None
    )
    zero: Annotated[float | None, typer.Option(help="Force of a table's unloaded sensor, N.", callback=finite)] = None

    def refuse_for(self, session: Path) -> None:
        """Leaves with a sentence if anything was said: a session knows these things itself."""
        useless = [f"--{name.replace('_', '-')}" for name, value in asdict(self).items() if value is not None]
        if useless:
            fail(
                f"{session.name} is a session and says itself what a table has to be told: "
                f"leave out {', '.join(useless)}."
            )

    def read(self, path: Path) -> Table:
        """The table; raises TableError."""
        return read_table(
            path,
            rate=self.rate,
            time_unit=self.time_unit,
            force_unit=self.force_unit,
            column=self.column,
            sides=self._sides(),
            separator=self.separator,
            decimal=self.decimal,
        )

    def roles(self, table: Table, assessment: Assessment) -> dict[Role, Trace]:
        """What each column of force is in a test; raises TableError."""
        named = table.plates() if assessment.kind == "jump" else table.roles()
        return {role: replace(trace, capacity=self.capacity, zero=self.zero) for role, trace in named.items()}

    def _sides(self) -> tuple[str, str] | None:
        """The columns of both sides; both are told or none, and then no single one."""
        if self.left is None and self.right is None:
            return None
        if self.left is None or self.right is None or self.column is not None:
            fail("--left and --right each name a column of force: give both, without --column.")
        return self.left, self.right
