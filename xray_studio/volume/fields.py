"""What the header of a volume says, field by field, as text. It may name a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import UnreadableError
from xray_studio.volume.flir import flir_fields
from xray_studio.volume.formats import Format, volume_format
from xray_studio.volume.itk import IMAGE_IO, metadata
from xray_studio.volume.itk_stored import header_lines
from xray_studio.volume.minc_reader import minc1_attributes
from xray_studio.volume.nifti_reader import raw_header
from xray_studio.volume.text_header import read_text_header

_LONGEST: Final = 400  # characters of a value
_MOST: Final = 500  # fields


def read_fields(path: str) -> tuple[tuple[str, str], ...]:
    """Return names and values of what the header of a volume holds, () for any other file.

    Raises UnreadableError for a damaged header.
    """
    kind = volume_format(path)
    if kind is None:
        return ()
    try:
        found = list(_fields(path, kind))
    except (ValueError, OSError, EOFError, RuntimeError) as error:
        raise UnreadableError("The header of the file is damaged and cannot be read.") from error
    return tuple((name, _short(value)) for name, value in found[:_MOST])


def _fields(path: str, kind: Format) -> Iterator[tuple[str, str]]:
    if kind is Format.INTERFILE:
        yield from read_text_header(path, ":=").items()
    elif kind is Format.ENVI:
        yield from read_text_header(path, "=").items()
    elif kind is Format.FLIR:
        yield from flir_fields(path)
    elif kind is Format.MINC_1:
        yield from minc1_attributes(path)
    elif kind is Format.MINC_2:
        yield from metadata(path, kind)
    elif kind in IMAGE_IO:
        yield from header_lines(path, kind)[0].items()
    else:
        header, _ = raw_header(path, kind)
        for name in header.keys():  # noqa: SIM118 - nibabel's header is no mapping
            yield name, _value(header[name])


def _value(value: Any) -> str:
    """Return a field of NIfTI or Analyze: numbers one after the other, text without its padding."""
    plain = np.asarray(value)
    if plain.dtype.kind == "S":
        return bytes(plain.item()).split(b"\0", 1)[0].decode("utf-8", "replace").strip()
    return " ".join(f"{number:.9g}" for number in plain.reshape(-1).tolist())


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
