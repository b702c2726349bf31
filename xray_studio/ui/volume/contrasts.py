"""The case that the volume on screen is a contrast of. Pure, but for the names in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xray_studio.core.volume.case import CaseFiles
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.case_files import case_in


@dataclass(frozen=True, slots=True, eq=False)
class OpenCase:
    """A case in a folder; `title` is that of the contrast on screen."""

    folder: Path
    files: CaseFiles
    title: str

    @property
    def titles(self) -> tuple[str, ...]:
        """What its contrasts are, in order."""
        return tuple(title for title, _ in self.files.contrasts)

    @property
    def labels(self) -> Path | None:
        """Its map of labels, None without one."""
        return self.folder / self.files.labels if self.files.labels else None

    def path(self, title: str) -> Path:
        """Return the file of a contrast."""
        return self.folder / dict(self.files.contrasts)[title]


def case_of_volume(volume: Volume) -> OpenCase | None:
    """Return the case that a volume is a contrast of, by the names in its folder; None for none."""
    if len(volume.paths) != 1:
        return None
    path = Path(volume.paths[0])
    files = case_in(path.parent)
    found = () if files is None else files.contrasts
    title = next((title for title, name in found if name == path.name), None)
    return None if files is None or title is None else OpenCase(path.parent, files, title)
