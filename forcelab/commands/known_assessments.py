"""Which assessments there are for a user: those built in, those in the user's folder, and any file that is named.

Every command and the window come here, so that a test that one of them knows is known to all.
"""

from pathlib import Path

import platformdirs

from forcelab import assessments
from forcelab.assessments import AssessmentError, Catalogue
from forcelab.commands.output import fail, tell
from forcelab.model import Assessment


def assessments_folder() -> Path:
    """Where this platform keeps a user's own assessments; it need not be there."""
    return Path(platformdirs.user_data_dir("forcelab", appauthor=False)) / "assessments"


def at_hand() -> Catalogue:
    """The built-in assessments and those in the user's folder."""
    return assessments.available(assessments_folder())


def find_assessment(name: str) -> tuple[Assessment, str]:
    """An assessment with its text, by its id or by the path of its file; leaves with a sentence where there is none."""
    path = Path(name)
    if path.suffix.lower() == ".toml" or path.is_file():
        try:
            return assessments.from_file(path)
        except AssessmentError as error:
            fail(str(error))
    known = at_hand()
    if name not in known:
        for problem in known.problems:
            tell(str(problem))
        fail(f"No assessment is called {name!r}. Known are: {', '.join(known)}; or name a file that ends in .toml.")
    return known[name]
