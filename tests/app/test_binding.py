"""PySide6 6.12.0 gives back references to True and None that it never took; Python 3.11 then dies."""

import subprocess
import sys

SIX_LINES = """
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    told = Signal(object)
sender = Sender()
for _ in range(10_000):
    sender.told.emit(True)
    sender.property("missing")
print("alive")
"""


def test_ten_thousand_emits_leave_the_process_alive() -> None:
    done = subprocess.run([sys.executable, "-c", SIX_LINES], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
