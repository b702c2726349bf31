"""`xs.deidentify`: whole objects without what tells who the patient is, from Python."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from xray_studio.core.job import run
from xray_studio.core.region import Region
from xray_studio.services.deidentify.choices import Choices
from xray_studio.services.deidentify.job import deidentify as deidentify_job
from xray_studio.services.deidentify.report import DeidentifyResult
from xray_studio.services.deidentify.request import DeidentifyRequest

PathLike = str | os.PathLike[str]


def deidentify(
    paths: PathLike | Sequence[PathLike],
    folder: PathLike,
    *,
    options: Sequence[str] = (),
    pixels: bool = False,
    pixels_seen: bool = False,
    us_regions: bool = False,
    masks: Sequence[tuple[int, int, int, int]] = (),
    key: PathLike | None = None,
    overwrite: bool = False,
    resume: bool = False,
) -> DeidentifyResult:
    """Write de-identified copies of the DICOM objects below files and folders (PS3.15 Annex E).

    `options` are those of the profile, "retain-uids" and so on. `pixels` finds text in pictures and
    masks it, `masks` are (x, y, width, height) that become black, `us_regions` masks what lies
    outside of the pictures of ultrasound, `pixels_seen` says that a person looked. `key` is the
    file of the key that joins runs, made where there is none. Objects that fail are listed in the
    result with the reason. Raises StudioError where nothing can be written.
    """
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    regions = tuple(Region(*mask) for mask in masks)
    choices = Choices(tuple(options), pixels, pixels_seen, us_regions, regions)
    return run(
        deidentify_job(
            DeidentifyRequest(
                tuple(os.fspath(path) for path in listed),
                Path(folder),
                choices,
                None if key is None else Path(key),
                overwrite=overwrite,
                resume=resume,
            )
        )
    )
