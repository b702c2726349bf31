"""Raw opening: voxels without a header become a NIfTI file that is opened like any other."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from xray_studio.core.job import Job
from xray_studio.core.reasons import why_not_opened
from xray_studio.ui.volume.files import KINDS, VolumeFiles, named

if TYPE_CHECKING:  # the window does not wait for it
    from xray_studio.volume.raw import RawForm

LANE: Final = "voxels without a header"
SUFFIX: Final = ".nii.gz"


class RawOpening(VolumeFiles):
    """Asks for a file, how its voxels lie, and where the NIfTI goes; `written` tells that one."""

    written = Signal(str)

    def ask(self) -> None:
        """Ask for a file of voxels."""
        self._desk.open_files(lambda paths: self.describe(Path(paths[0])))

    def describe(self, path: Path) -> None:
        """Ask how the voxels of a file lie."""
        try:
            self._desk.describe_voxels(path, partial(self._place, path))
        except OSError as error:
            self.told.emit(f"The file cannot be read: {why_not_opened(error)}.", "danger")

    def _place(self, path: Path, form: RawForm) -> None:
        """Ask where the NIfTI goes."""
        then = partial(self.write, path, form)
        self._desk.save_as("Save the volume", f"{path.stem}{SUFFIX}", KINDS[SUFFIX], then)

    def write(self, path: Path, form: RawForm, chosen: Path) -> None:
        """Write the voxels as NIfTI, then tell that it is there."""
        target = named(chosen, SUFFIX)
        self._runner.start(
            _converted(path, form, target),
            title="Writing the volume",
            lane=LANE,
            on_result=lambda made: self.written.emit(str(made)),
            on_error=self._refused,
        )


def _converted(path: Path, form: RawForm, target: Path) -> Job[Path]:
    from xray_studio.services.volume.convert import ConvertOptions, convert
    from xray_studio.services.volume.open import open_volume

    volume = yield from open_volume(path, raw=form)
    yield from convert(volume, target, ConvertOptions(overwrite=True))
    return target
