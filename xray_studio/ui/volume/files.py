"""Files made of the volume on screen: where they go, and what they would tell of the patient."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from xray_studio.core.clip import Identity
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.core.privacy import Finding, Place, PrivacyReport
from xray_studio.core.volume.volume import Volume
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.errand import Errand
from xray_studio.ui.exports import Exports
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner

NAMED: Final = "The object names the patient, as the slices do that it is made of."
ALL_OF_IT: Final = "Nothing of it is left out: who gets the file can read all of this."
KINDS: Final = {
    ".nii.gz": "NIfTI (*.nii.gz)",
    ".nrrd": "NRRD (*.nrrd)",
    ".mha": "MetaImage (*.mha)",
    ".mnc": "MINC (*.mnc)",
    ".dcm": "DICOM, one object (*.dcm)",
}
Write = Callable[[Path], Job[Path]]


class VolumeFiles(Errand):
    """Base of all that writes such a file; `gate` is the dialog that asks about the patient."""

    def __init__(
        self, session: Session, runner: JobRunner, desk: Desk, exports: Exports, window: QWidget
    ) -> None:
        super().__init__(session, runner, desk, window)
        self._exports, self._window = exports, window
        self.gate: QDialog | None = None

    def write_named(self, write: Write, target: Path) -> None:
        """Write an object that names the patient, once that has been agreed to."""
        look = self._session.state.volume
        if look is None:
            return
        if not told_of(look.volume.identity):
            self._exports.write(write(target), target)
            return
        report = PrivacyReport((Finding(Place.TAGS, True, NAMED),), (), None)
        gate = DocumentGate(target, report, self._window, ALL_OF_IT)
        gate.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gate.accepted.connect(lambda: self._exports.write(write(target), target))
        gate.finished.connect(self._closed)
        self.gate = gate
        gate.open()

    def _closed(self) -> None:
        self.gate = None

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")


class VolumeSaving(VolumeFiles):
    """Saves the volume on screen, as it is now, in any format that holds it."""

    def ask(self, suffix: str) -> None:
        """Ask where a file of a format goes, one of KINDS."""
        look = self._session.state.volume
        if look is not None:
            then = partial(self.save, look.volume, suffix)
            self._desk.save_as("Save the volume", f"volume{suffix}", KINDS[suffix], then)

    def ask_over(self, suffix: str) -> None:
        """Ask where a file of the volume over the one on screen goes."""
        look = self._session.state.volume
        if look is not None and look.over is not None:
            then = partial(self.save, look.over.volume, suffix)
            self._desk.save_as("Save the volume", f"volume{suffix}", KINDS[suffix], then)

    def ask_slices(self, preferences: Preferences) -> None:
        """Ask for the folder that DICOM slices go to."""
        look = self._session.state.volume
        if look is None:
            return
        volume = look.volume

        def chosen(paths: list[str]) -> None:
            self.write_named(partial(_written, volume), free_folder(Path(paths[0])))

        self._desk.choose_folder("Folder for the slices", preferences, chosen)

    def save(self, volume: Volume, suffix: str, chosen: Path) -> None:
        """Save a volume; DICOM asks first whether it may name the patient."""
        target = named(chosen, suffix)
        if target != chosen and target.exists():
            self.told.emit(f"{target.name} exists; choose it, or another name.", "danger")
        elif suffix == ".dcm":
            self.write_named(partial(_written, volume), target)
        else:
            self._exports.write(_written(volume, target), target)


def told_of(who: Identity) -> bool:
    """Tell whether anything of a patient is known."""
    return bool(who.patient_name or who.patient_id or who.birth_date)


def named(target: Path, suffix: str) -> Path:
    """Return a place whose name ends as files of a format do."""
    if target.name.lower().endswith(suffix):
        return target
    plain = target.name.removesuffix(Path(suffix).suffix)  # dialogs add the last part alone
    return target.with_name(plain + suffix)


def free_folder(folder: Path) -> Path:
    """Return a folder for slices within another one, of a name that is not taken."""
    numbers = range(1, 10_000)
    names = ("slices", *(f"slices-{number}" for number in numbers))
    return next(folder / name for name in names if not (folder / name).exists())


def _written(volume: Volume, target: Path) -> Job[Path]:
    from xray_studio.services.volume.convert import ConvertOptions, convert

    yield from convert(volume, target, ConvertOptions(rounded=True, overwrite=True))
    return target
