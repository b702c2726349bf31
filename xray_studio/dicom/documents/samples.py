"""Sample values of one multiplex group of a waveform (PS3.3 C.10.9, PS3.5 8.3)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.values import integer, text, value

Stored: TypeAlias = npt.NDArray[Any]
_TYPES = {
    "SB": "i1", "UB": "u1", "SS": "i2", "US": "u2",
    "SL": "i4", "UL": "u4", "SV": "i8", "UV": "u8",
    "MB": "u1", "AB": "u1",
}  # fmt: skip
MOST_CHANNELS = 1024


def stored_samples(group: Dataset, *, little_endian: bool) -> tuple[Stored, bool]:
    """Return stored values (samples, channels) of a group, and whether some are missing.

    Companded audio (mu-law, A-law) comes back linear, as 16-bit values. Raises UnreadableError,
    UnsupportedError.
    """
    kind = text(group, "WaveformSampleInterpretation").upper()
    channels = integer(group, "NumberOfWaveformChannels") or 0
    if not 0 < channels <= MOST_CHANNELS:
        raise UnreadableError("The waveform is damaged: it tells no number of channels.")
    if kind not in _TYPES:
        raise UnsupportedError("The waveform is stored in a form that is not known.")
    found = np.frombuffer(_bytes(group), _typed(kind, little_endian=little_endian))
    wanted = max(0, integer(group, "NumberOfWaveformSamples") or 0)
    there = len(found) // channels
    whole = found[: min(wanted or there, there) * channels].reshape(-1, channels)
    return _linear(whole, kind), there < wanted


def _bytes(group: Dataset) -> bytes:
    data = value(group, "WaveformData")
    if not isinstance(data, bytes) or not data:
        raise UnreadableError("The waveform is damaged: it holds no samples.")
    size = np.dtype(_TYPES.get(text(group, "WaveformSampleInterpretation").upper(), "u1")).itemsize
    return data[: len(data) // size * size]


def _typed(kind: str, *, little_endian: bool) -> np.dtype[Any]:
    return np.dtype(("<" if little_endian else ">") + _TYPES[kind])


def padding_value(group: Dataset, kind: str, *, little_endian: bool) -> int | None:
    """Return the stored value that stands for none, None when there is no such value."""
    data = value(group, "WaveformPaddingValue")
    if kind not in _TYPES or kind in {"MB", "AB"}:
        return None
    typed = _typed(kind, little_endian=little_endian)
    if not isinstance(data, bytes) or len(data) < typed.itemsize:
        return None
    return int(np.frombuffer(data[: typed.itemsize], typed)[0])


def _linear(stored: Stored, kind: str) -> Stored:
    if kind == "MB":
        return _MU_LAW[stored]
    return _A_LAW[stored] if kind == "AB" else stored


def _mu_law() -> Stored:
    """Return the 16-bit value of each byte (ITU-T G.711, mu-law)."""
    byte = ~np.arange(256, dtype=np.uint8)
    size = ((((byte & 0x0F).astype(np.int32) << 3) + 0x84) << ((byte >> 4) & 7)) - 0x84
    return np.where(byte & 0x80, -size, size).astype(np.int16)


def _a_law() -> Stored:
    """Return the 16-bit value of each byte (ITU-T G.711, A-law)."""
    byte = np.arange(256, dtype=np.uint8) ^ 0x55
    part, step = (byte & 0x0F).astype(np.int32) << 4, ((byte >> 4) & 7).astype(np.int32)
    size = np.where(step == 0, part + 8, (part + 0x108) << np.maximum(step - 1, 0))
    return np.where(byte & 0x80, size, -size).astype(np.int16)


_MU_LAW, _A_LAW = _mu_law(), _a_law()
