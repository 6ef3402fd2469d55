"""What can go wrong with a session file as a whole. Faults of single lines are values, not exceptions (reader.py).

`JournalError` is about the file, the disk or the user, and its text is a sentence for people. `JournalFull` is our own
mistake: records came faster than the writer's thread could ever take them.
"""


class JournalError(Exception):
    """The session file cannot be used as asked; `str()` says why and what to do."""


class JournalFull(Exception):  # noqa: N818 - it reads as what happened
    """The queue to the writer's thread is full, which in right use it never is."""
