"""The session file: append, read, recover; and the file of a calibration check. Knows no codec and no metric."""

from forcelab.journal.calibration import Calibration, Kept, WeightReading, latest, read_calibrations, write_calibration
from forcelab.journal.disk import being_written
from forcelab.journal.environment import environment
from forcelab.journal.errors import JournalError, JournalFull
from forcelab.journal.reader import Fault, Journal, read
from forcelab.journal.recovery import SUFFIX, recover, resume, unclosed
from forcelab.journal.state import OnsetByHand, SessionState, TrialState, state
from forcelab.journal.writer import JournalWriter

__all__ = [
    "SUFFIX",
    "Calibration",
    "Fault",
    "Journal",
    "JournalError",
    "JournalFull",
    "JournalWriter",
    "Kept",
    "OnsetByHand",
    "SessionState",
    "TrialState",
    "WeightReading",
    "being_written",
    "environment",
    "latest",
    "read",
    "read_calibrations",
    "recover",
    "resume",
    "state",
    "unclosed",
    "write_calibration",
]
