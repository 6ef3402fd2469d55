"""The session file: append, read, recover. Knows no codec and no metric."""

from forcelab.journal.disk import being_written
from forcelab.journal.environment import environment
from forcelab.journal.errors import JournalError, JournalFull
from forcelab.journal.reader import Fault, Journal, read
from forcelab.journal.recovery import SUFFIX, recover, resume, unclosed
from forcelab.journal.state import OnsetByHand, SessionState, TrialState, state
from forcelab.journal.writer import JournalWriter

__all__ = [
    "SUFFIX",
    "Fault",
    "Journal",
    "JournalError",
    "JournalFull",
    "JournalWriter",
    "OnsetByHand",
    "SessionState",
    "TrialState",
    "being_written",
    "environment",
    "read",
    "recover",
    "resume",
    "state",
    "unclosed",
]
