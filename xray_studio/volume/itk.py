"""Volumes in files that SimpleITK reads and writes: NRRD, MetaImage, MINC 2.

ITK counts to the left, back and head, as DICOM does. MINC counts to the right and the front, and
ITK takes and gives its numbers as they are: they are turned here, both ways.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.labels.words import is_label_word
from xray_studio.core.place import to_ras
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.volume import Along, Volume, Voxels, check_memory, shape_of
from xray_studio.volume.formats import Format
from xray_studio.volume.voxels import number_warning

IMAGE_IO: Final = {
    Format.NRRD: "NrrdImageIO",
    Format.META: "MetaImageIO",
    Format.MINC_2: "MINCImageIO",
}
_MODALITY, _UNIT = "Modality", "Unit"  # keys of what the formats have no field for


def _itk() -> Any:
    """Return SimpleITK, which has no types."""
    import SimpleITK

    return SimpleITK


def read_itk_volume(path: str, kind: Format) -> Volume:
    """Return the volume of a file.

    Raises UnreadableError, UnsupportedError, or UsageError where memory is too little.
    """
    itk = _itk()
    reader: Any = itk.ImageFileReader()
    reader.SetImageIO(IMAGE_IO[kind])
    reader.SetFileName(on_disk(path))
    try:
        itk.ProcessObject.SetGlobalWarningDisplay(False)
        reader.ReadImageInformation()
        _check(reader)
        image = reader.Execute()
    except RuntimeError as error:
        raise UnreadableError(
            f"The {kind.value} file is damaged, or the voxels it names are not there."
        ) from error
    values = _array(image)
    grid = _grid(image, values)
    if kind is Format.MINC_2:
        grid = VolumeGeometry(grid.shape, to_ras(grid.affine))
    return Volume(
        values=values,
        geometry=grid,
        modality=_told(image, _MODALITY),
        unit=_told(image, _UNIT),
        along=_along(image, values),
        placed=_placed(image, kind),
        format=kind.value,
        paths=(path,),
        label_words=tuple(
            (key, image.GetMetaData(key)) for key in image.GetMetaDataKeys() if is_label_word(key)
        ),
        warnings=(*_place_warning(image, kind), *number_warning(values)),
    )


def _check(reader: Any) -> None:
    size = tuple(int(n) for n in reader.GetSize())
    if reader.GetNumberOfComponents() > 1:
        raise UnsupportedError("A volume holds one grey value in each voxel; this one has several.")
    if len(size) not in {2, 3, 4}:
        raise UnsupportedError(f"The file has {len(size)} dimensions; a volume has 3 or 4.")
    check_memory(size, np.dtype(np.float64 if "64" in str(reader.GetPixelID()) else np.float32), 2)


def _array(image: Any) -> Voxels:
    itk = _itk()
    values: Voxels = itk.GetArrayFromImage(image)
    while values.ndim > 3 and values.shape[0] == 1:
        values = values[0]
    return values if values.ndim > 2 else values[None]


def _grid(image: Any, values: Voxels) -> VolumeGeometry:
    count = image.GetDimension()
    directions, spacing, origin = np.eye(3), np.ones(3), np.zeros(3)
    used = min(3, count)
    own = np.array(image.GetDirection()).reshape(count, count)
    directions[:used, :used] = own[:used, :used]
    spacing[:used] = image.GetSpacing()[:used]
    origin[:used] = image.GetOrigin()[:used]
    return from_axes(shape_of(values.shape), origin, directions, spacing)


def _along(image: Any, values: Voxels) -> Along | None:
    if values.ndim < 4:
        return None
    start, step = image.GetOrigin()[3], image.GetSpacing()[3]
    return Along("time", tuple(round(start + n * step, 9) for n in range(len(values))), "s")


def _told(image: Any, key: str) -> str:
    return str(image.GetMetaData(key)).strip() if image.HasMetaDataKey(key) else ""


def _placed(image: Any, kind: Format) -> bool:
    """Tell whether a NRRD says which space its numbers are of; the others always do."""
    if kind is not Format.NRRD:
        return True
    return "NRRD_space" not in image.GetMetaDataKeys() or bool(image.GetMetaData("NRRD_space"))


def _place_warning(image: Any, kind: Format) -> tuple[str, ...]:
    if _placed(image, kind):
        return ()
    return ("The file does not say where the volume lies; left and right are by convention only.",)


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
