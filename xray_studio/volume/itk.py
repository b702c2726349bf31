"""Volumes in files that SimpleITK reads and writes: NRRD, MetaImage, MINC 2.

ITK counts to the left, back and head, as DICOM does. MINC counts to the right and the front, and
ITK takes and gives its numbers as they are: they are turned here, both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.archive import may_be_inside, on_disk
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.labels.words import is_label_word
from xray_studio.core.place import to_ras
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.volume import Along, Volume, Voxels, check_memory, shape_of
from xray_studio.volume.formats import Format
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.itk_stored import data_files, header_lines, stored_of
from xray_studio.volume.modality import modality_of

IMAGE_IO: Final = {
    Format.NRRD: "NrrdImageIO",
    Format.META: "MetaImageIO",
    Format.MINC_2: "MINCImageIO",
}
_KINDS: Final = {
    f"{bits}-bit {word} integer": f"{letter}int{bits}"
    for bits in (8, 16, 32, 64)
    for word, letter in (("signed", ""), ("unsigned", "u"))
} | {"32-bit float": "float32", "64-bit float": "float64"}
_IN_ARCHIVE: Final = "The header names another file of the archive; unpack the archive first."
_NO_PLACE: Final = (
    "The file does not say where the volume lies; left and right are by convention only."
)
# Where headers lack these, ITK takes voxels of 1 mm that lie as those of DICOM.
_PLACES: Final = {Format.META: ("transformmatrix", "orientation", "rotation")}
_SPACES: Final = frozenset(
    ("lps", "left-posterior-superior", "ras", "right-anterior-superior", "las",
     "left-anterior-superior")
)  # fmt: skip
_SPACINGS: Final = {
    Format.NRRD: ("space directions", "spacings"),
    Format.META: ("elementspacing", "elementsize"),
}
_MODALITY_KEYS: Final = ("modality", "study:modality")  # of NRRD, MINC
_MODALITY, _UNIT = "Modality", "Unit"  # keys of what the formats have no field for


def _itk() -> Any:
    """Return SimpleITK, which has no types."""
    import SimpleITK

    return SimpleITK


def itk_header(path: str, kind: Format) -> VolumeHeader:
    """Return what a file tells. Raises UnreadableError or UnsupportedError."""
    reader = _reader(path, kind)
    sizes = _sizes(reader)
    grid = _grid(reader, sizes)
    if kind is Format.MINC_2:
        grid = VolumeGeometry(grid.shape, to_ras(grid.affine))
    stored = stored_of(path, kind, sizes)
    placed = _is_placed(path, kind)
    return VolumeHeader(
        path=path,
        format=kind,
        shape=sizes,
        dtype=stored.dtype if stored else _kind(reader),
        geometry=grid,
        stored=stored,
        modality=_modality(reader),
        unit=_told(reader, _UNIT),
        label_words=tuple(
            (key, reader.GetMetaData(key)) for key in reader.GetMetaDataKeys() if is_label_word(key)
        ),
        along=_along(reader, sizes),
        placed=placed,
        spaced=_says(path, kind, _SPACINGS),
        paths=(path, *data_files(path, kind)),
        warnings=() if placed else (_NO_PLACE,),
    )


def itk_values(path: str, kind: Format) -> Voxels:
    """Return the values of a file. Raises UnreadableError, or UsageError for too little memory."""
    reader = _reader(path, kind)
    sizes = _sizes(reader)
    check_memory(sizes, np.dtype(_kind(reader)), 2)
    try:
        values: Voxels = _itk().GetArrayFromImage(reader.Execute())
    except RuntimeError as error:
        raise _damaged(kind) from error
    return values.reshape(sizes)


def _reader(path: str, kind: Format) -> Any:
    itk = _itk()
    reader: Any = itk.ImageFileReader()
    reader.SetImageIO(IMAGE_IO[kind])
    reader.SetFileName(on_disk(path))
    itk.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        if may_be_inside(path) and data_files(path, kind):
            raise UnreadableError(_IN_ARCHIVE) from error
        raise _damaged(kind) from error
    return reader


def _damaged(kind: Format) -> UnreadableError:
    return UnreadableError(
        f"The {kind.value} file is damaged, or the voxels it names are not there."
    )


def _sizes(reader: Any) -> tuple[int, ...]:
    """Return the shape of the values: (planes, rows, columns), several moments before them."""
    size = tuple(int(n) for n in reader.GetSize())
    if reader.GetNumberOfComponents() > 1:
        raise UnsupportedError("A volume holds one grey value in each voxel; this one has several.")
    while len(size) > 3 and size[-1] == 1:
        size = size[:-1]
    if len(size) not in {2, 3, 4}:
        raise UnsupportedError(f"The file has {len(size)} dimensions; a volume has 3 or 4.")
    return tuple(reversed((*size, 1) if len(size) == 2 else size))


def _kind(reader: Any) -> str:
    """Return the type of the values by ITK's name for it: "16-bit signed integer"."""
    name = _itk().GetPixelIDValueAsString(reader.GetPixelID())
    found = _KINDS.get(name)
    if found is None:
        raise UnsupportedError(f"Voxels of the kind {name} cannot be shown.")
    return found


def _grid(reader: Any, sizes: tuple[int, ...]) -> VolumeGeometry:
    count = reader.GetDimension()
    directions, spacing, origin = np.eye(3), np.ones(3), np.zeros(3)
    used = min(3, count)
    own = np.array(reader.GetDirection()).reshape(count, count)
    directions[:used, :used] = own[:used, :used]
    spacing[:used] = reader.GetSpacing()[:used]
    origin[:used] = reader.GetOrigin()[:used]
    return from_axes(shape_of(sizes), origin, directions, spacing)


def _along(reader: Any, sizes: tuple[int, ...]) -> Along | None:
    if len(sizes) < 4:
        return None
    start, step = reader.GetOrigin()[3], reader.GetSpacing()[3]
    return Along("time", tuple(round(start + n * step, 9) for n in range(sizes[0])), "s")


def metadata(path: str, kind: Format) -> list[tuple[str, str]]:
    """Return what a file says of itself beside sizes and place. Raises UnreadableError."""
    reader = _reader(path, kind)
    return [(key, str(reader.GetMetaData(key))) for key in reader.GetMetaDataKeys()]


def _modality(reader: Any) -> str:
    """Return the modality in DICOM's word for it, "" where none is told."""
    words = (_told(reader, key) for key in (_MODALITY, *_MODALITY_KEYS))
    return modality_of(next(filter(None, words), ""))


def _told(image: Any, key: str) -> str:
    return str(image.GetMetaData(key)).strip() if image.HasMetaDataKey(key) else ""


def _is_placed(path: str, kind: Format) -> bool:
    """Tell whether a header says where the volume lies, in a space that ITK turns to LPS."""
    if kind is Format.NRRD:
        return header_lines(path, kind)[0].get("space", "").casefold() in _SPACES
    return _says(path, kind, _PLACES)


def _says(path: str, kind: Format, keys: Mapping[Format, tuple[str, ...]]) -> bool:
    """Tell whether a header has one of some keys, with a value; MINC says all of it."""
    if kind not in keys:
        return True
    told = header_lines(path, kind)[0]
    return any(told.get(key) for key in keys[kind])


def write_itk_volume(
    path: Path, volume: Volume, kind: Format, *, packed: bool, told: dict[str, str] | None = None
) -> None:
    """Write a volume, with what is `told` beside it.

    Raises RuntimeError where nothing can be written.
    """
    itk = _itk()
    image = _image(volume, kind)
    for key, text in (told or {}).items():
        image.SetMetaData(key, text)
    writer: Any = itk.ImageFileWriter()
    writer.SetImageIO(IMAGE_IO[kind])
    writer.SetFileName(str(path))
    writer.SetUseCompression(packed)
    writer.Execute(image)


def _image(volume: Volume, kind: Format) -> Any:
    itk = _itk()
    image: Any = itk.GetImageFromArray(np.ascontiguousarray(volume.values), isVector=False)
    grid = volume.geometry
    if kind is Format.MINC_2:
        grid = VolumeGeometry(grid.shape, to_ras(grid.affine))
    count = image.GetDimension()
    directions, spacing, origin = np.eye(count), np.ones(count), np.zeros(count)
    directions[:3, :3], spacing[:3], origin[:3] = grid.directions, grid.spacing, grid.origin
    if count == 4 and volume.along is not None and volume.along.kind == "time":
        times = volume.along.values
        spacing[3] = (times[-1] - times[0]) / (len(times) - 1)
        origin[3] = times[0]
    image.SetDirection(directions.ravel().tolist())
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(origin.tolist())
    for key, text in ((_MODALITY, volume.modality), (_UNIT, volume.unit)):
        if text and kind is not Format.MINC_2:
            image.SetMetaData(key, text)
    return image
