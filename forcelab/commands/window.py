"""`forcelab` without a command: choose who, which test and which sensor in the window, then run the session there."""


def open_window() -> None:
    """Open the window."""
