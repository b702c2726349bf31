"""NIfTI-1, NIfTI-2 and Analyze 7.5, single files and pairs, through nibabel's headers.

Both count columns fastest, so the order in the file is that of the volume. NIfTI counts to the
right, front and head; Analyze tells no sides, and its columns are taken to grow to the left, as its
makers and SPM do.
"""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.archive import is_file, on_disk
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.labels.words import is_label_word
from xray_studio.core.place import Affine, to_ras
from xray_studio.core.presentation import NARROWEST, Window
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Along, shape_of
from xray_studio.volume.formats import Format, damaged_gzip
from xray_studio.volume.header import PLAIN, Scale, Stored, VolumeHeader

_MOST_EXTENSIONS: Final = 1 << 20  # bytes of extensions that are looked at
_SAME: Final = 1e-3  # mm between the two places that a header tells
_TO_MM = {"meter": 1000.0, "micron": 0.001}
_TO_SECONDS = {"msec": 1e-3, "usec": 1e-6}
_COMMENT = 6
_RANGE: Final = "Range of the file"
_TWO_PLACES: Final = (
    "The file tells two places of the volume that differ (sform and qform); the first one holds."
)


def nifti_header(path: str, kind: Format) -> VolumeHeader:
    """Return what a header file or single file tells. Raises UnreadableError, UnsupportedError."""
    try:
        header, extensions = raw_header(path, kind)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged_gzip() from error
    except (ValueError, KeyError, OSError) as error:
        raise UnreadableError("The header of the file is damaged and cannot be read.") from error
    sizes = _sizes(header)
    stored_kind = _kind(header)
    data, offset = _data_of(path, header, kind)
    packed = data.casefold().endswith(".gz")
    stored = Stored(data, sizes[::-1], stored_kind.str, offset, packed=packed)
    affine, placed, warnings = _affine(header, kind, sizes)
    scale = _scale(header, kind)
    told = _comment(extensions)
    return VolumeHeader(
        path=path,
        format=kind,
        shape=stored.shape,
        dtype=stored.dtype,
        geometry=VolumeGeometry(shape_of(stored.shape), affine),
        stored=stored,
        scales=(scale,),
        modality=told.get("modality", ""),
        unit=told.get("unit", ""),
        label_words=tuple((key, word) for key, word in told.items() if is_label_word(key)),
        along=_along(header, stored.shape, kind),
        placed=placed,
        paths=(path,) if data == path else (path, data),
        windows=_windows(header),
        warnings=warnings,
    )


def _windows(header: Any) -> tuple[Window, ...]:
    """Return the range that the file is to be displayed in, where it tells one."""
    low, high = float(header["cal_min"]), float(header["cal_max"])
    if not (np.isfinite(low) and np.isfinite(high)) or high - low <= NARROWEST:
        return ()
    return (Window.spanning(low, high, _RANGE),)


def raw_header(path: str, kind: Format) -> tuple[Any, bytes]:
    """Return nibabel's header of a file, unchecked, and the bytes of its extensions."""
    import nibabel

    classes: dict[Format, Any] = {
        Format.NIFTI: nibabel.Nifti1Header,
        Format.NIFTI_2: nibabel.Nifti2Header,
        Format.ANALYZE: nibabel.Spm99AnalyzeHeader,
    }
    opened = gzip.open if path.casefold().endswith(".gz") else open
    header_class = classes[kind]
    with opened(on_disk(path), "rb") as file:
        size = header_class.sizeof_hdr
        header = header_class(file.read(size), check=False)
        extensions = b"" if kind is Format.ANALYZE else file.read(_room(header, size))
    return header, extensions


def _room(header: Any, size: int) -> int:
    """Return the bytes between header and voxels of one file, where extensions lie."""
    offset = float(header["vox_offset"])
    if not _is_alone(header) or not np.isfinite(offset):
        return _MOST_EXTENSIONS
    return min(max(4, int(offset) - size), _MOST_EXTENSIONS)


def _is_alone(header: Any) -> bool:
    """Tell whether header and voxels are in one file, by the magic of NIfTI."""
    return bytes(header["magic"].item())[:3] in {b"n+1", b"n+2"}


def _sizes(header: Any) -> tuple[int, ...]:
    """Return columns, rows, planes and, where there are several, moments."""
    dims = [int(n) for n in header["dim"]]
    count = dims[0]
    if not 1 <= count <= 7 or min(dims[1 : count + 1]) < 1:
        raise UnreadableError("The header tells sizes that no volume has; the file is damaged.")
    sizes = [*dims[1 : count + 1], 1, 1][: max(3, count)]
    while len(sizes) > 3 and sizes[-1] == 1:
        sizes.pop()
    if len(sizes) > 4:
        raise UnsupportedError(
            f"The file has {len(sizes)} dimensions ({' x '.join(map(str, sizes))}); a volume has"
            " three, or four."
        )
    return tuple(sizes)


def _kind(header: Any) -> np.dtype[Any]:
    try:
        kind: np.dtype[Any] = header.get_data_dtype()
    except Exception as error:  # nibabel's own kinds, KeyError among them
        raise UnreadableError("The header tells a type of voxels that there is not.") from error
    if kind.names or kind.kind == "V":
        raise UnsupportedError("A volume holds grey values, and these are in colour.")
    if kind.kind == "c" or kind.itemsize > 8:
        raise UnsupportedError(f"Voxels of type {kind.name} cannot be shown.")
    return kind


def _data_of(path: str, header: Any, kind: Format) -> tuple[str, int]:
    """Return the file that holds the voxels and where they start."""
    offset = int(header["vox_offset"])
    if kind is not Format.ANALYZE and _is_alone(header):
        return path, max(offset, int(header["sizeof_hdr"]) + 4)
    whole = Path(path)
    stem = whole.name.rsplit(".hdr", 1)[0]
    for suffix in (".img", ".img.gz", ".IMG"):
        beside = whole.with_name(stem + suffix)
        if is_file(str(beside)):
            return str(beside), max(0, offset)
    raise UnreadableError(
        f"The voxels are not there: {stem}.img belongs beside the header; copy both."
    )


def _scale(header: Any, kind: Format) -> Scale:
    slope = float(header["scl_slope"])
    intercept = 0.0 if kind is Format.ANALYZE else float(header["scl_inter"])
    if not np.isfinite(slope) or slope == 0.0:
        return PLAIN
    return slope, intercept if np.isfinite(intercept) else 0.0


def _affine(
    header: Any, kind: Format, sizes: tuple[int, ...]
) -> tuple[Affine, bool, tuple[str, ...]]:
    """Return the affine in LPS, whether the file tells it, and what is to be said of it."""
    if kind is Format.ANALYZE:
        return _analyze_affine(header)
    to_mm = _TO_MM.get(header.get_xyzt_units()[0], 1.0)
    scale = np.diag([to_mm, to_mm, to_mm, 1.0])
    sform = header.get_sform() if int(header["sform_code"]) > 0 else None
    qform = _qform(header)
    if sform is None and qform is None:
        said = "The file does not say where the volume lies; left and right are by convention only."
        return to_ras(scale @ np.asarray(header.get_base_affine())), False, (said,)
    found = sform if sform is not None else qform
    differ = sform is not None and qform is not None and _apart(sform, qform, sizes) > _SAME
    return to_ras(scale @ np.asarray(found)), True, (_TWO_PLACES,) if differ else ()


def _qform(header: Any) -> Affine | None:
    if int(header["qform_code"]) <= 0:
        return None
    try:
        return np.asarray(header.get_qform())
    except Exception as error:  # nibabel's HeaderDataError
        raise UnreadableError("The header tells a rotation that is none (qform).") from error


def _apart(one: Affine, other: Affine, sizes: tuple[int, ...]) -> float:
    ends = np.array(np.meshgrid(*[[0, n - 1] for n in sizes[:3]])).reshape(3, -1)
    corners = np.vstack([ends, np.ones(ends.shape[1])])
    return float(np.abs((one - other) @ corners).max())


def _analyze_affine(header: Any) -> tuple[Affine, bool, tuple[str, ...]]:
    orient = int.from_bytes(bytes(header["orient"].item())[:1], "little")
    if 1 <= orient <= 5:
        raise UnsupportedError(
            "The Analyze file says that its slices are not axial, which programs read in different"
            " ways; convert it with the program that made it."
        )
    affine = np.asarray(header.get_origin_affine())
    said = "An Analyze file does not say which side is left: columns are taken to grow to the left."
    return to_ras(affine), False, (said,)


def _along(header: Any, shape: tuple[int, ...], kind: Format) -> Along | None:
    if len(shape) < 4:
        return None
    step = float(header["pixdim"][4])
    unit = "sec" if kind is Format.ANALYZE else header.get_xyzt_units()[1]
    if unit not in {"sec", "msec", "usec"} or not np.isfinite(step) or step <= 0.0:
        return Along("number", tuple(float(n + 1) for n in range(shape[0])))
    step *= _TO_SECONDS.get(unit, 1.0)
    return Along("time", tuple(round(n * step, 9) for n in range(shape[0])), "s")


def _comment(extensions: bytes) -> dict[str, str]:
    """Return modality, unit and labels that this program told in a comment; nothing of others."""
    if len(extensions) < 12 or extensions[0] != 1:
        return {}
    size, code = np.frombuffer(extensions[4:12], "<i4")
    try:
        told = json.loads(extensions[12 : 4 + size].rstrip(b"\0 ")) if code == _COMMENT else {}
    except ValueError:
        return {}
    if not isinstance(told, dict) or not isinstance(told.get("facts"), dict):
        return {}
    facts = told["facts"]
    found = {"unit": told.get("unit"), "modality": facts.get("modality")}
    found |= {key: word for key, word in facts.items() if is_label_word(key)}
    return {name: text for name, text in found.items() if isinstance(text, str)}
