"""Validators: numbers in range; what cannot be a number gives way to the value shown before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject
from PySide6.QtGui import QDoubleValidator, QIntValidator

Shown = Callable[[], str]


class DecimalValidator(QDoubleValidator):
    """Numbers with a point, whatever the language of the system."""

    def __init__(
        self, low: float, high: float, decimals: int, shown: Shown, parent: QObject
    ) -> None:
        super().__init__(low, high, decimals, parent)
        self._shown = shown
        self.setNotation(QDoubleValidator.Notation.StandardNotation)
        plain = QLocale.c()
        plain.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
        self.setLocale(plain)

    def validate(self, text: str, place: int) -> object:
        """Judge a number; a comma is taken for a point, a real minus sign for a hyphen."""
        return super().validate(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"), place)

    def fixup(self, _text: str) -> str:
        """Return what was shown before."""
        return self._shown()


class WholeValidator(QIntValidator):
    """Whole numbers."""

    def __init__(self, low: int, high: int, shown: Shown, parent: QObject) -> None:
        super().__init__(low, high, parent)
        self._shown = shown

    def fixup(self, _text: str) -> str:
        """Return what was shown before."""
        return self._shown()
