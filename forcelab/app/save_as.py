"""Saving a copy of the session file under another name, with no modal loop and no work on this thread.

The session file itself is where it was from the first packet on; this only copies it. Reads no record.
"""

import shutil
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from forcelab.app.words import say


def copy_session(source: Path, target: Path) -> str:
    """Copy a session file, whole or not at all; returns why it failed, or nothing.

    The copy is made beside the target and then takes its name, so that a full disk leaves no half file under it.
    """
    if target.exists() and source.samefile(target):
        return ""
    part = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        return error.strerror or str(error)
    return ""


class SaveAs(QObject):
    """Asks for a name in a dialog that blocks nothing, then copies in a thread of the pool."""

    told = Signal(str, bool)
    """A sentence about what has become of it, and whether it is good news."""

    _copied = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._source = Path()
        self.dialog: QFileDialog | None = None
        self._copied.connect(self._tell)

    def ask(self, source: str) -> None:
        """Open the dialog for a session file; one at a time."""
        if self.dialog is not None or not source:
            return
        self._source = Path(source)
        dialog = QFileDialog(self._window, say("save_title"), str(self._source.parent), say("save_filter"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(self._source.suffix.removeprefix(".") or "forcelab")
        dialog.selectFile(f"{self._source.stem}-copy{self._source.suffix}")
        dialog.fileSelected.connect(self.copy_to)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()  # never exec(): a nested loop would stop whoever called us

    def copy_to(self, name: str) -> None:
        """Copy in the background."""
        source, target = self._source, Path(name)
        QThreadPool.globalInstance().start(lambda: self._copied.emit(str(target), copy_session(source, target)))

    def _tell(self, target: str, why: str) -> None:
        if why:
            self.told.emit(say("not_saved", why=why), False)
        else:
            self.told.emit(say("saved_copy", path=target), True)

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
