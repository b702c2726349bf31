"""Kinds of export by suffix: one registry that installed packages can add to.

An exporter places a file or a folder, writes 8-bit pictures into it one by one, and opens what it
wrote again.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, runtime_checkable

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import write_failure
from xray_studio.core.job import Job
from xray_studio.core.output import Checked, DeepPicture, OutputSpec
from xray_studio.core.registry import Entry, Registry

if TYPE_CHECKING:
    from xray_studio.services.export.steps import ExportRequest, ExportResult

GROUP: Final = "xray_studio.exporters"
OBJECTS: Final = ".dcm"  # what a folder holds that is none of pictures
FOLDER: Final = ""  # the suffix of a folder of pictures
ZARR: Final = ".zarr"  # a folder, though it has a suffix

_VIDEO = "xray_studio.services.export.video:VideoExporter"
_GIF = "xray_studio.services.export.gif:GifExporter"
_STILL = "xray_studio.services.export.stills:StillExporter"
_FOLDER = "xray_studio.services.export.stills:FolderExporter"
_VALUES = "xray_studio.services.export.values:ValueExporter"
_OBJECTS = "xray_studio.services.export.objects:ObjectFolderExporter"
_DICOM = "xray_studio.services.export.dicom:DicomExporter"
_BUILT_IN: Final = (
    *(Entry(suffix, _VIDEO, ("av",)) for suffix in (".mp4", ".mov", ".mkv", ".webm", ".avi")),
    *(Entry(suffix, _STILL, ("cv2",)) for suffix in (".png", ".jpg", ".jpeg", ".tif", ".tiff")),
    Entry(".gif", _GIF, ("av", "PIL")),
    Entry(FOLDER, _FOLDER, ("cv2",)),
    Entry(".dcm", _DICOM),
    Entry(".npz", _VALUES),
    Entry(ZARR, _VALUES, ("zarr",)),
    *(Entry(suffix, _VALUES, ("nibabel",)) for suffix in (".nii", ".nii.gz")),
)
EXPORTERS: Final = Registry(GROUP, _BUILT_IN)


class Writer(Protocol):
    """Takes pictures in order. Leaving the context without `close` gives up."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def write(self, picture: DeepPicture) -> None:
        """Append one uint8 picture. Raises OSError."""

    def close(self) -> None:
        """Finish. Raises OSError."""


class Exporter(Protocol):
    """One kind of export; made with the target's suffix and the kind of stills for a folder."""

    def __init__(self, suffix: str, stills: str) -> None: ...

    @property
    def one_file(self) -> bool:
        """Tell whether one file is written, rather than a folder of them."""

    @property
    def variable_rate(self) -> bool:
        """Tell whether frames may stand at unequal distances."""

    def check_request(self, target: Path, spec: OutputSpec) -> None:
        """Raise UsageError for what this kind cannot hold, WriteError for a place it must keep."""

    def placing(self, target: Path) -> AbstractContextManager[Path]:
        """Give a temporary path, put in place of the target when the block ends well."""

    def settled(self, spec: OutputSpec) -> OutputSpec:
        """Return what is asked for with everything chosen that was left open, as the encoder."""

    def samples(self, spec: OutputSpec) -> int:
        """Return how many pictures from the whole clip `learn` is to see before writing begins."""

    def learn(self, pictures: Sequence[DeepPicture]) -> None:
        """Look at pictures, as the palette of a GIF needs it."""

    def notes(self, spec: OutputSpec) -> list[str]:
        """Return sentences that a person should know of the finished file."""

    def writer(self, path: Path, spec: OutputSpec) -> Writer:
        """Start writing at a temporary path."""

    def check(
        self, path: Path, spec: OutputSpec, first: DeepPicture, last: DeepPicture
    ) -> Job[Checked]:
        """Open what was written again and compare it with what was asked."""

    def files(self, path: Path) -> list[Path]:
        """Return the finished files, for their hashes."""

    def facts(self, spec: OutputSpec) -> dict[str, Any]:
        """Return what the manifest tells of the format."""


@runtime_checkable
class WholeExporter(Protocol):
    """A kind of export that takes more than 8-bit pictures and does the whole by itself.

    It keeps to the same rules: what stands at the target, a temporary place, the check after
    writing, the manifest, and nothing left behind when it is stopped.
    """

    def export(self, request: ExportRequest) -> Job[ExportResult]:
        """Write what is asked for. Raises as `services.export.export`."""


def exporter(target: str | Path, stills: str = ".png") -> Exporter | WholeExporter:
    """Return how a target is written, by its suffix; a folder has none, exists or ends in a slash.

    Raises UsageError for a suffix that cannot be written, naming those that can, and WriteError for
    a folder that is named as a file.
    """
    entries = EXPORTERS.entries()
    suffix = _suffix(target, entries)
    if suffix not in entries:
        known = ", ".join(name for name in entries if name)
        raise UsageError(
            f"{suffix} files cannot be written; choose one of {known},"
            " or a name without a suffix for a folder of pictures."
        )
    entry = Entry(FOLDER, _OBJECTS) if (suffix, stills) == (FOLDER, OBJECTS) else entries[suffix]
    made: Exporter | WholeExporter = entry.load()(suffix, stills)
    return made


def _suffix(target: str | Path, known: Container[str]) -> str:
    path = Path(target)
    suffix = _last(path.name.lower(), known)
    if path.name.lower() in known and path.name:
        raise UsageError(f"{path.name} is a suffix alone; write for example clip{path.name}.")
    if str(target).endswith(("/", "\\")) and suffix != ZARR:
        return FOLDER
    try:
        folder = path.is_dir()
    except OSError as error:  # a name that is too long
        raise write_failure(path, error) from error
    if folder and suffix == ZARR:
        return ZARR
    if folder and suffix and suffix in known:
        raise WriteError(f"{path.name} is a folder; choose another name.")
    return FOLDER if folder else suffix


def suffix_told(target: str) -> str:
    """Return the suffix that a target's name tells, "" for one without."""
    return _last(Path(target).name.lower(), EXPORTERS.entries())


def _last(name: str, known: Container[str]) -> str:
    """Return the suffix of a name, two parts of it where they are known together (.nii.gz)."""
    parts = Path(name).suffixes
    double = "".join(parts[-2:])
    return double if double in known else "".join(parts[-1:])
