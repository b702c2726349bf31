"""What an export will come to, before it is written: the size of the pictures, bytes and notes."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import OutputSpec
from xray_studio.core.shown import in_colour
from xray_studio.services.export.exporters import Exporter, WholeExporter, exporter
from xray_studio.services.export.options import (
    Canvas,
    ExportOptions,
    Schedule,
    canvas,
    output_spec,
    schedule,
)
from xray_studio.services.export.run import planned
from xray_studio.services.presets import initial_presentation
from xray_studio.video.containers import CONTAINERS
from xray_studio.video.encoding import encoding_for

if TYPE_CHECKING:  # OpenCV and Pillow are imported when pictures are made
    from xray_studio.services.export.pictures import Pictures

# A film of 2 and one of 10 frames tell what the first and what every further frame takes.
FEW: Final = 2
MORE: Final = 10
_MESSAGE: Final = "Estimating the size"


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many `size` bytes, None where nothing is told, and notes on the finished file."""

    size: int | None
    notes: tuple[str, ...] = ()


def written_size(clip: Clip, options: ExportOptions, suffix: str) -> Canvas:
    """Return the size of the pictures in a file of a kind, which may need even sides.

    No library is loaded. Raises UsageError for what the kind cannot hold.
    """
    presentation = options.presentation or initial_presentation(clip)
    size = canvas(clip, options, presentation.rotation)
    if suffix not in CONTAINERS:
        return size
    plain = replace(options, encoder="")
    spec = output_spec(plain, schedule(clip, options), size, colour=in_colour(clip, presentation))
    how = encoding_for(suffix, replace(spec, starts=(), end=Fraction(0)))
    return replace(size, rows=how.rows, columns=how.columns)


def estimate(clip: Clip, target: str, options: ExportOptions) -> Job[Estimate]:
    """Write a few frames from the middle into a temporary place and reckon with the rest.

    Raises as `services.export.export` for what cannot be written as asked.
    """
    yield Progress(message=_MESSAGE)
    kind = exporter(target, options.stills)
    if isinstance(kind, WholeExporter):
        return Estimate(None)
    from xray_studio.services.export.pictures import Pictures

    presentation = options.presentation or initial_presentation(clip)
    plan = planned(clip, options, kind)
    size = canvas(clip, options, presentation.rotation)
    spec = output_spec(options, plan, size, colour=in_colour(clip, presentation))
    spec = kind.settled(spec)
    kind.check_request(Path(target), spec)
    pictures = Pictures(clip, presentation, options.overlay, size, plan.order, bits=spec.bits)
    sample = _Sample(kind, pictures, plan, spec)
    found = yield from sample.size()
    return Estimate(found, tuple(kind.notes(spec)))


@dataclass(frozen=True, slots=True)
class _Sample:
    kind: Exporter
    pictures: Pictures
    plan: Schedule
    spec: OutputSpec

    def size(self) -> Job[int]:
        """Return about how many bytes the whole takes."""
        frames = self.spec.frames
        few = yield from self._written(min(FEW, frames))
        if frames <= FEW:
            return few
        count = min(MORE, frames)
        more = yield from self._written(count)
        each = max(0.0, (more - few) / (count - FEW))
        return round(few + each * (frames - FEW))

    def _written(self, count: int) -> Job[int]:
        """Write frames from the middle of the clip and return their bytes."""
        first = (len(self.plan.order) - count) // 2
        order = self.plan.order[first : first + count]
        spec = _part(self.spec, first, count)
        making = self.pictures.all(order)
        shown = []
        try:
            for _ in order:
                picture = yield from making.picture(Progress(message=_MESSAGE))
                shown.append(picture)
        finally:
            making.close()
        self.kind.learn(shown)
        with tempfile.TemporaryDirectory(prefix="xray-studio-") as folder:
            path = Path(folder) / "sample"
            if not self.kind.one_file:
                path.mkdir()
            with self.kind.writer(path, spec) as writer:
                for picture in shown:
                    writer.write(picture)
                    yield Progress(message=_MESSAGE)
                writer.close()
            return sum(file.stat().st_size for file in self.kind.files(path))


def _part(spec: OutputSpec, first: int, count: int) -> OutputSpec:
    """Return what a few frames of a sequence must be."""
    if not spec.starts:
        return replace(spec, frames=count)
    moments = (*spec.starts, spec.end)[first : first + count + 1]
    starts = tuple(moment - moments[0] for moment in moments)
    return replace(spec, frames=count, starts=starts[:-1], end=starts[-1])
