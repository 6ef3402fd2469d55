"""`python -m tests.studies NAME` runs one study in full and writes its table to `docs/`; without a name, lists them.

A study is a file in this folder with `main(full: bool) -> int`, whose answer is 0 when every promise was kept.
"""

import importlib
import logging
import sys
from pathlib import Path

HERE = Path(__file__).parent
STUDIES = sorted(
    path.stem for path in HERE.glob("[!_]*.py") if "def main(full: bool)" in path.read_text(encoding="utf-8")
)


def main(arguments: list[str]) -> int:
    """Run the study that is named; 2 if there is none of that name."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(arguments) != 1 or arguments[0] not in STUDIES:
        logging.error("Usage: python -m tests.studies NAME, where NAME is one of: %s", ", ".join(STUDIES))
        return 2
    study = importlib.import_module(f"tests.studies.{arguments[0]}")
    return int(study.main(full=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
