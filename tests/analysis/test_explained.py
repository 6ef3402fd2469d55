"""Whatever has a definition tells all of it: found by looking through the room, so that no new number is forgotten."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import forcelab
import forcelab.analysis
from forcelab.analysis import (
    advice,
    agreement,
    change,
    difference,
    limb_weight,
    measurement_error,
    published,
    scores,
    torque,
    variance,
)

PARTS = ("Formula:", "Unit:", "Edge cases:", "Source:", ">>>")
FUNCTIONS = (
    advice.spread,
    agreement.bland_altman, agreement.ratio_limits,
    change.change, change.from_client, change.from_publication, change.from_site,
    difference.by_error, difference.by_variation, difference.kappa, difference.limb_cv,
    limb_weight.weight_on_strap,
    measurement_error.cv_log, measurement_error.cv_rms, measurement_error.mdc90, measurement_error.mdc95,
    measurement_error.mdc_of_mean, measurement_error.mdc_percent, measurement_error.recompute,
    measurement_error.sem_agreement, measurement_error.sem_consistency, measurement_error.swc,
    measurement_error.typical_error,
    published.published_error,
    scores.score,
    torque.torque,
    variance.anova,
)  # fmt: skip
"""Numbers that stand in no table."""


def tables() -> Iterator[tuple[str, object]]:
    """Every entry of every table of the room that says of itself where its definition stands, with its module."""
    for found in pkgutil.walk_packages(forcelab.analysis.__path__, "forcelab.analysis."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            entries = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else ()
            yield from ((found.name, entry) for entry in entries if not isinstance(entry, type | str))


def defined() -> dict[str, str]:
    """Definition by name, of all that is one."""
    found = {}
    for _, entry in tables():
        text = getattr(entry, "definition", None)
        if isinstance(text, str):
            found[f"{type(entry).__name__} {getattr(entry, 'id', None) or getattr(entry, 'name', '')}"] = text
    for function in FUNCTIONS:
        found[function.__name__] = inspect.getdoc(function) or ""
    for _, entry in tables():
        if type(entry).__name__ == "OnsetMethod":
            found[f"OnsetMethod {entry.id}"] = inspect.getdoc(entry.define) or ""  # type: ignore[attr-defined] # as its class has them
    return found


DEFINED = defined()


@pytest.mark.parametrize("name", sorted(DEFINED))
def test_a_definition_is_whole(name: str) -> None:
    missing = [part for part in PARTS if part not in DEFINED[name]]
    assert not missing, DEFINED[name]


def test_every_kind_of_table_was_found() -> None:
    kinds = {name.split(" ")[0] for name in DEFINED}
    assert {
        "Metric", "Measure", "JumpMetric", "Rule", "JumpRule", "OnsetMethod", "Asymmetry", "Scaling", "IccForm",
    } <= kinds  # fmt: skip
    assert len(DEFINED) > 150


# What the specification knows from the field only: whoever names one of these says that nobody looked.
UNCHECKED = (
    "10.1519/SSC.0000000000000433", "10.1016/0021-9290(95)00178-6", "10.1519/JSC.0000000000002473",
    "10.1123/ijspp.2015-0222", "10.1007/s00421-005-0070-z", "10.1152/japplphysiol.00283.2002",
    "10.1016/j.jelekin.2013.04.015", "10.1519/JSC.0000000000000705", "10.1152/physiol.00027.2020",
    "10.1249/mss.0b013e31814fb55c", "10.1519/SSC.0000000000000371", "10.1016/j.gaitpost.2007.08.006",
    "10.1136/bjsm.2009.061762", "10.2165/00007256-200030010-00001", "10.1016/j.ptsp.2020.08.014",
    "10.2519/jospt.2010.3025", "10.1519/JSC.0000000000000311", "10.1519/SSC.0000000000000353",
    "10.1119/1.1397460", "10.1016/j.jcm.2016.02.012", "10.1037/1082-989X.1.1.30", "10.1016/S0140-6736(86)90837-8",
    "10.1177/096228029900800204", "10.1037/0022-006X.59.1.12", "Jaric 2002", "Ebben & Petushek 2010", "Burnley 2009",
)  # fmt: skip


def test_what_nobody_checked_says_so_wherever_it_is_named() -> None:
    root = Path(forcelab.__file__).parent
    seen = set()
    for path in sorted(p for ending in ("*.py", "*.toml") for p in root.rglob(ending)):
        # As one line, with strings that Python joins put together.
        text = re.sub(r'"\s+f?"', "", re.sub(r"\s+", " ", path.read_text(encoding="utf-8")))
        for name in UNCHECKED:
            for at in (found.end() for found in re.finditer(re.escape(name), text)):
                seen.add(name)
                # The sources of an assessment end in their mark instead.
                told = (
                    "[K]" in text[at:].split('"')[0] if path.suffix == ".toml" else "not verified" in text[at : at + 80]
                )
                assert told, f"{path.name}: {text[at - 60 : at + 80]}"
    assert len(seen) > 15
