"""Values of what is unusual: the maps as arrays, and the mask as a NIfTI volume."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xray_studio.core.learning.heat import BADGE
from xray_studio.core.value_output import ValueSpec
from xray_studio.services.anomaly.results.result import Result
from xray_studio.volume.nifti import NiftiWriter


def write_maps(path: Path, result: Result) -> None:
    """Write the maps of all frames as .npz, in the size at which the detector works."""
    found = result.found
    maps = np.stack([one.values for one in found.maps])
    with path.open("wb") as file:
        np.savez_compressed(
            file, maps=maps, scores=found.scores, shape=found.maps[0].shape,
            detector=found.detector.name, sha256=found.detector.sha256,
            threshold=found.threshold.value, note=BADGE,
        )  # fmt: skip


def write_volume(path: Path, result: Result) -> None:
    """Write the mask as .nii.gz, uint8 (columns, rows, frames): 1 where something is marked."""
    with NiftiWriter(path, _spec(result), packed=True) as writer:
        for one in result.found.maps:
            writer.write(result.mask(one).astype(np.uint8))
        writer.close()


def _spec(result: Result) -> ValueSpec:
    maps, made = result.found.maps, result.clip.acquisition
    facts = {key: result.answer[key] for key in ("detector", "threshold", "badge")}
    return ValueSpec(
        frame_shape=maps[0].shape,
        dtype=np.dtype(np.uint8),
        numbers=tuple(one.frame for one in maps),
        times=(float("nan"),) * len(maps),
        times_source="not told",
        interval=0.0,
        spacing=made.pixel_spacing,
        spacing_meaning=made.spacing_meaning,
        facts=facts,
        stacked=True,
    )
