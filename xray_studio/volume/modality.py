"""Modalities as research formats name them, in DICOM's words."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "CT": "CT", "MR": "MR", "MRI": "MR", "DWMRI": "MR", "PT": "PT", "PET": "PT", "NM": "NM",
    "NUCMED": "NM", "SPECT": "NM", "US": "US", "XA": "XA",
}  # fmt: skip


def modality_of(word: str) -> str:
    """Return the modality that a word of MINC, MetaImage, NRRD or Interfile stands for, else ""."""
    return _WORDS.get(word.strip().strip("_").upper().removeprefix("MET_MOD_"), "")
