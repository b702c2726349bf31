"""Key field: shows the key that is pressed in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

_ALONE = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
}
_LEAVING = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape}


class KeyField(QLineEdit):
    """Takes every key but those that lead out of it. `pressed_key` tells one."""

    pressed_key = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setPlaceholderText("Press the new key here")
        self.setAccessibleName("New key")

    def event(self, event: QEvent) -> bool:
        """Take keys before they are looked up among the shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the key; Esc leaves, Tab goes on."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key not in _ALONE | _LEAVING:
            words = key_words(event)
            self.setText(words)
            self.pressed_key.emit(words)


def key_words(event: QKeyEvent) -> str:
    """Return a key that was pressed, as keys are written: "Shift+R", "Ctrl+E"."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    # "?" is Shift and another key on every keyboard, so the sign itself stands for it.
    if text and text.isprintable() and not text.isalnum() and not text.isspace():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    combination = int(modifiers.value) | event.key()
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)
