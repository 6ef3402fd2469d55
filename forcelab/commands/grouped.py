"""Options that belong together, as one argument of a command: a frozen dataclass whose fields are options each.

typer reads each option from a parameter of its own; `grouped` puts the fields of such a dataclass in their place, so
that commands which share options share them by one name. Knows no option.
"""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command with each parameter whose type is a dataclass taken apart into one option a field.

    Args:
        command: its groups are keyword-only; each field of theirs is `Annotated` as an option and has a default.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Person:
    ...     mass: float | None = None
    >>> @grouped
    ... def weigh(name: str, *, person: Person, loudly: bool = False) -> None:
    ...     print(name, person, loudly)
    >>> list(inspect.signature(weigh).parameters)
    ['name', 'mass', 'loudly']
    >>> weigh(name="P-07", mass=70.0)
    P-07 Person(mass=70.0) False
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type[Any]] = {
        name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)
    }
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        parameters += _apart(groups[name]) if name in groups else [parameter.replace(annotation=hints[name])]

    def with_options(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{each.name: given.pop(each.name) for each in fields(group) if each.name in given})
        command(**given)

    with_options.__name__, with_options.__doc__ = command.__name__, command.__doc__
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # typer asks for it
    return with_options


def _apart(group: type[Any]) -> list[inspect.Parameter]:
    """One keyword a field."""
    hints = get_type_hints(group, include_extras=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    return [inspect.Parameter(each.name, kind, default=each.default, annotation=hints[each.name])
            for each in fields(group)]  # fmt: skip
