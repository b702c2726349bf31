"""Export of modality values with their time stamps: .npz, .zarr, .nii and .nii.gz."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.exact import exact_values
from xray_studio.core.files import replacing, replacing_folder
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Checked, Difference, OutputSpec, exact_rate
from xray_studio.core.value_output import ValueSpec, ValueWriter
from xray_studio.services.decoding import Decoding
from xray_studio.services.export import manifest
from xray_studio.services.export.earlier import check_free, check_not_source
from xray_studio.services.export.exporters import ZARR
from xray_studio.services.export.steps import ExportRequest, ExportResult, at_the_end, hashes
from xray_studio.services.export.value_content import value_spec

SHEARED: Final = (
    "The slices lie askew, as those of a tilted gantry: programs that read NIfTI with ITK refuse"
    " such a volume."
)
SHEAR: Final = 1e-3  # cosine between two sides of a voxel; ITK's own limit
_SAME = Difference(0.0, 0, 0.0)
_GONE = "The finished file was removed, since it {what}; try again or choose another format."


class ValueExporter:
    """One file or folder of values, by its suffix."""

    def __init__(self, suffix: str, stills: str) -> None:
        del stills
        self._suffix = suffix

    def export(self, request: ExportRequest) -> Job[ExportResult]:
        """Write the values of the frames asked for. Raises as `services.export.export`."""
        target = request.target
        check_not_source(target, (*request.clip.paths, *request.sources))
        spec = yield from value_spec(request.clip, request.options)
        self._check(spec)
        yield from check_free(target, overwrite=request.overwrite)
        place, frames = manifest.manifest_path(target), len(spec.numbers)
        with ExitStack() as stack:
            note = stack.enter_context(replacing(place))
            path = stack.enter_context(self._placing(target))
            ends = yield from self._write(request.clip, path, spec)
            yield Progress(frames, frames, "Checking the file")
            self._verify(path, spec, ends)
            made = sorted(path.rglob("*")) if path.is_dir() else [path]
            written = [file for file in made if file.is_file()]
            files = yield from at_the_end(hashes(path, target, written), frames)
            told = self._manifest(request, spec, files)
            note.write_text(manifest.manifest_text(told), "utf-8")
        return self._result(request, spec, place)

    def _check(self, spec: ValueSpec) -> None:
        """Raise UsageError for frames that a NIfTI volume would put in the wrong place."""
        if self._suffix.startswith(".nii") and not spec.facts["in_one_grid"]:
            raise UsageError(
                "The slices do not lie evenly in one stack, which NIfTI cannot tell; choose .npz or"
                " .zarr, or a part of the frames."
            )

    def _placing(self, target: Path) -> AbstractContextManager[Path]:
        return replacing_folder(target) if self._suffix == ZARR else replacing(target)

    def _writer(self, path: Path, spec: ValueSpec) -> ValueWriter:
        if self._suffix == ZARR:
            from xray_studio.volume.zarr_store import ZarrWriter

            return ZarrWriter(path, spec)
        if self._suffix == ".npz":
            from xray_studio.volume.npz import NpzWriter

            return NpzWriter(path, spec)
        from xray_studio.volume.nifti import NiftiWriter

        return NiftiWriter(path, spec, packed=self._suffix.endswith(".gz"))

    def _write(self, clip: Clip, path: Path, spec: ValueSpec) -> Job[tuple[Frame, Frame]]:
        """Write every frame and return the first and the last one."""
        decoding, count = Decoding(clip, spec.numbers), len(spec.numbers)
        ends: list[Frame] = []
        try:
            with self._writer(path, spec) as writer:
                for done, number in enumerate(spec.numbers):
                    stored = yield from decoding.frame(Progress(done, count, "Writing frames"))
                    modality = clip.modality_at(number)
                    values = (
                        stored if clip.is_colour else exact_values(stored, modality, spec.dtype)
                    )
                    ends = [*ends[:1], values]
                    writer.write(values)
                    yield Progress(done + 1, count, "Writing frames")
                writer.close()
        finally:
            decoding.close()
        return ends[0], ends[-1]

    def _verify(self, path: Path, spec: ValueSpec, ends: tuple[Frame, Frame]) -> None:
        """Open what was written again. Raises WriteError unless it holds what was asked."""
        try:
            count, *found = self._read(path, spec)
        except (ValueError, KeyError, EOFError) as error:
            raise WriteError(_GONE.format(what="cannot be read again")) from error
        if count != len(spec.numbers):
            what = f"holds {count} frames instead of {len(spec.numbers)}"
            raise WriteError(_GONE.format(what=what))
        for frame, wanted in zip(found, ends, strict=True):
            if frame.dtype != wanted.dtype or not np.array_equal(frame, wanted, equal_nan=True):
                raise WriteError(_GONE.format(what="holds other values than were written"))

    def _read(self, path: Path, spec: ValueSpec) -> tuple[int, Frame, Frame]:
        if self._suffix == ZARR:
            from xray_studio.volume.zarr_store import read_zarr

            return read_zarr(path)
        if self._suffix == ".npz":
            from xray_studio.volume.npz import read_npz

            return read_npz(path)
        from xray_studio.volume.nifti import read_nifti

        return read_nifti(path, spec, packed=self._suffix.endswith(".gz"))

    def _manifest(
        self, request: ExportRequest, spec: ValueSpec, files: list[dict[str, Any]]
    ) -> dict[str, Any]:
        return {
            "program": manifest.program_facts(),
            "format": manifest.FORMAT,
            "files": files,
            "output": {
                "container": self._suffix[1:],
                "values": str(spec.dtype),
                "shape": list(spec.shape),
                "unit": spec.unit,
                "spacing": spec.spacing,
                "spacing_meaning": spec.spacing_meaning,
                "in_the_patient": spec.grid is not None,
            },
            "frames": {
                "first": min(spec.numbers) + 1,
                "last": max(spec.numbers) + 1,
                "written": len(spec.numbers),
                "times_source": spec.times_source,
            },
            "source": manifest.source_facts(request.clip, request.options.overlay),
            "privacy": request.options.privacy.facts(),
            "check": {"frames": len(spec.numbers), "first_and_last_frame": "equal"},
        }

    def _result(self, request: ExportRequest, spec: ValueSpec, place: Path) -> ExportResult:
        rows, columns = spec.frame_shape[:2]
        count = len(spec.numbers)
        rate = exact_rate(1.0 / spec.interval if spec.interval else request.clip.frame_rate)
        output = OutputSpec(rows, columns, len(spec.frame_shape) == 3, count, rate)
        lasting = count * spec.interval if spec.interval and count > 1 else None
        checked = Checked(count, lasting, _SAME, _SAME)
        notes = (SHEARED,) if self._suffix.startswith(".nii") and _is_sheared(spec) else ()
        return ExportResult(request.target, place, output, checked, rows, columns, notes)


def _is_sheared(spec: ValueSpec) -> bool:
    """Tell whether slices are moved against one another, as those of a tilted gantry."""
    if spec.grid is None:
        return False
    sides = spec.grid.affine[:3, :3]
    angles = (sides / np.linalg.norm(sides, axis=0)).T @ (sides / np.linalg.norm(sides, axis=0))
    return bool(np.abs(angles - np.eye(3)).max() > SHEAR)
