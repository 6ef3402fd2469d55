"""`python -m tests.benchmarks [NAME ...]`: runs the benchmarks of that name (all without one) and prints their tables.

Each module of this folder with a function `main() -> str` is a benchmark. They print ratios measured side by side in
one process; a time by itself says more of the machine than of the program, and none is ever asserted.
"""

import importlib
import pkgutil
import sys
from pathlib import Path


def names() -> list[str]:
    """All benchmarks of this folder."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in found if not name.startswith("_"))


def run(wanted: list[str]) -> int:
    """Runs them one after another; exit code 2 if a name is not known."""
    for name in wanted:
        if name not in names():
            sys.stderr.write(f"no benchmark is called {name}; there are: {', '.join(names())}\n")
            return 2
    for name in wanted or names():
        sys.stdout.write(importlib.import_module(f"tests.benchmarks.{name}").main() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
