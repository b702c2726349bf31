"""Patient and study as fields: what is typed, over what a study or an object tells."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from xray_studio.core.corner_text import format_date
from xray_studio.core.video.identity import Identity, date_of
from xray_studio.ui.dialogs.parts import captioned
from xray_studio.ui.widgets.segmented import Segmented

SEXES: Final = (("", "Not told"), ("F", "Female"), ("M", "Male"), ("O", "Other"))
# Field, caption, letters at most (PS3.5 6.2), what stands there while it is empty.
FIELDS: Final = (
    ("patient_id", "Patient ID", 64, ""),
    ("family", "Family name", 64, ""),
    ("given", "Given name", 64, ""),
    ("birth_date", "Birth date", 10, "YYYY-MM-DD"),
    ("study_description", "Study", 64, "What the study is"),
    ("accession", "Accession number", 16, ""),
    ("referring", "Referring physician", 64, "Family^Given"),
)
_PLAIN: Final = ("patient_id", "birth_date", "study_description", "accession", "referring")


class IdentityForm(QWidget):
    """Fields. `changed` tells that somebody typed; what an object tells cannot be typed over."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._base = Identity()
        self.fields = {name: QLineEdit(self) for name, *_ in FIELDS}
        self.sex = Segmented("Sex", SEXES, self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for name, caption, longest, hint in FIELDS:
            field = self.fields[name]
            field.setMaxLength(longest)
            field.setPlaceholderText(hint)
            field.setAccessibleName(caption)
            field.textEdited.connect(lambda _text: self.changed.emit())
            captioned(grid, caption, field)
            if name == "birth_date":
                captioned(grid, "Sex", self.sex)
        self.sex.chosen.connect(lambda _sex: self.changed.emit())

    def identity(self) -> Identity:
        """Return what the fields say, over what was told before."""
        typed = {name: field.text().strip() for name, field in self.fields.items()}
        base = self._base
        return replace(
            base,
            patient_id=typed["patient_id"],
            patient_name=base.patient_name or _name(typed["family"], typed["given"]),
            birth_date=date_of(typed["birth_date"]),
            sex=self.sex.value(),
            study_description=typed["study_description"],
            accession=typed["accession"],
            referring=typed["referring"],
        )

    def show_identity(self, identity: Identity, *, told: bool) -> None:
        """Show an identity; `told` by an object, it can only be added to."""
        self._base = identity if told else Identity()
        family, given = _parts(identity.patient_name)
        shown = {name: getattr(identity, name) for name in _PLAIN}
        shown |= {"family": family, "given": given}
        shown["birth_date"] = format_date(identity.birth_date)
        for name, field in self.fields.items():
            if field.text() != shown[name]:
                field.setText(shown[name])
            known = identity.patient_name if name in {"family", "given"} else shown[name]
            field.setReadOnly(told and bool(known))
        with QSignalBlocker(self.sex):
            self.sex.set_value(identity.sex if identity.sex in dict(SEXES) else "")
        for key, _ in SEXES:
            fixed = told and bool(identity.sex) and key != identity.sex
            self.sex.set_available(key, available=not fixed, reason="The object tells it.")

    def focus(self) -> None:
        """Give the focus to the first field that is empty."""
        empty = [field for field in self.fields.values() if not field.text()]
        (empty or [*self.fields.values()])[0].setFocus()


def _name(family: str, given: str) -> str:
    """Return a PN value; a circumflex is no letter of a name."""
    parts = [" ".join(part.replace("^", " ").replace("=", " ").split()) for part in (family, given)]
    return "^".join(parts).rstrip("^")


def _parts(name: str) -> tuple[str, str]:
    """Return family name and given names of a PN value."""
    group = next((part for part in name.split("=") if part.strip()), "")
    family, *given = [part.strip() for part in group.split("^")]
    return family, " ".join(part for part in given[:2] if part)
