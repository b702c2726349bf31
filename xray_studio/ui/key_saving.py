"""Saving key images: asks where they go and writes them in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from xray_studio.core.key_frames import KeyFrame
from xray_studio.services.key_images import save_key_images
from xray_studio.ui.errand import Errand
from xray_studio.ui.viewer.key_commands import saved_marks

LANE = "key images"
NAME, KIND = "key-images.dcm", "DICOM (*.dcm)"


class KeySaving(Errand):
    """Saves the key images of the study on screen."""

    def ask(self) -> None:
        """Ask where the key images marked now go."""
        then = partial(self.save, saved_marks(self._session.state))
        self._desk.save_as("Save key images", NAME, KIND, then)

    def save(self, marks: frozenset[KeyFrame], target: Path) -> None:
        """Write marks as an object."""
        count = f"{len(marks)} key image{'' if len(marks) == 1 else 's'}"
        self._runner.start(
            save_key_images(marks, target),
            title="Saving key images",
            lane=LANE,
            on_result=lambda path: self.told.emit(f"{count} saved as {path.name}.", "done"),
            on_error=self._refused,
        )
