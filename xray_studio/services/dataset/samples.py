"""The samples of a data set, one file each, and the table that tells what they are."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.masked_source import masked
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.privacy import Privacy
from xray_studio.core.reasons import losses
from xray_studio.core.region import Region
from xray_studio.core.split import SPLITS
from xray_studio.core.unnamed import unnamed
from xray_studio.imaging.save import save
from xray_studio.services.dataset.plan import PlannedSeries
from xray_studio.services.dataset.values import SAMPLED, Normaliser, whole_numbers
from xray_studio.services.decoding import Decoding
from xray_studio.services.export import manifest
from xray_studio.services.export.options import Canvas, ExportOptions, canvas, frame_order
from xray_studio.services.open import open_series
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy.gate import masking
from xray_studio.services.processing.process import processed

TABLE: Final = "table.csv"
FACTS: Final = "dataset.json"
COLUMNS: Final = (
    "path", "split", "patient", "study", "series", "modality", "frame", "frames", "time",
    "time_source", "rows", "columns", "source_rows", "source_columns", "normalise", "low", "high",
    "mean", "deviation", "unit", "masks", "source_sha256",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """What a data set is asked for.

    `size` is (columns, rows) that every picture is fitted into in its own shape, the rest 0; None
    keeps each at its own size. `normalise` is one of "window", "percentile" and "z-score"; `window`
    stands in for that of the file. `shares` are those of training, validation and test, counted in
    patients. `samples` is "png" (`bits` 8 or 16) or "npz" (float32). `frames` is a range of each
    series, from 0, both ends included (None: as it is trimmed), as far as it has so many; of it
    every `every`-th frame is taken. `privacy` says what of the frames is masked, and whether text
    in them is looked for. `pipeline` is what frames are processed by before all else.
    """

    size: tuple[int, int] | None = None
    normalise: str = "window"
    window: Window | None = None
    shares: tuple[int, int, int] = (80, 10, 10)
    seed: int = 0
    samples: str = "png"
    bits: int = 8
    frames: tuple[int, int] | None = None
    every: int = 1
    privacy: Privacy = field(default_factory=Privacy)
    pipeline: Pipeline = Pipeline()  # noqa: RUF009 - a frozen value


def chosen(options: DatasetOptions, usual: Sequence[int], frames: int) -> Sequence[int]:
    """Return the frames (from 0) taken of a series of `frames`, `usual` where no range is asked."""
    if options.frames is None:
        return usual[:: options.every]
    first, last = options.frames
    return range(first, min(last + 1, frames))[:: options.every]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a data set will have about: samples and patients by part, and how many series."""

    samples: dict[str, int]
    patients: dict[str, int]
    series: int


def foreseen(planned: Sequence[PlannedSeries], options: DatasetOptions) -> Foreseen:
    """Return how large a data set will be, as far as headers tell; nothing is opened."""
    samples = dict.fromkeys(SPLITS, 0)
    persons: dict[str, set[str]] = {part: set() for part in SPLITS}
    for one in planned:
        count = len(chosen(options, range(one.series.frames), one.series.frames))
        samples[one.part] += count
        if count:
            persons[one.part].add(one.patient)
    patients = {part: len(known) for part, known in persons.items()}
    return Foreseen(samples, patients, len(planned))


@dataclass(frozen=True, slots=True)
class _Source:
    """One series that is open, and how its frames become samples."""

    planned: PlannedSeries
    clip: Clip
    normaliser: Normaliser
    size: Canvas
    masks: tuple[Region, ...] = ()

    def row(self, number: int) -> dict[str, Any]:
        """Return what the table tells of a frame and where it is from."""
        one, clip, timing = self.planned, self.clip, self.clip.timing
        told = len(timing.times) == len(clip)
        scale = {} if clip.is_colour else asdict(self.normaliser.scale)
        return {
            "split": one.part,
            "patient": one.patient,
            "study": one.study,
            "series": one.key,
            "modality": one.series.modality,
            "frame": number,
            "frames": len(clip),
            "time": f"{timing.moment(number):.6f}" if told else "",
            "time_source": "frame times" if told else "",
            "source_rows": clip.rows,
            "source_columns": clip.columns,
            **{name: f"{value:.9g}" for name, value in scale.items()},
            "unit": clip.unit,
            "masks": " ".join(f"{m.x},{m.y},{m.width},{m.height}" for m in self.masks),
            "source_sha256": self._hash(number),
        }

    def _hash(self, number: int) -> str:
        """Return the hash of the object that a frame is from: who holds it can find it by that."""
        instances = self.planned.series.instances
        own = instances[number] if len(instances) == len(self.clip) else instances[0]
        uid = own.sop_instance_uid
        return hashlib.sha256(uid.encode()).hexdigest() if uid else ""


class Samples:
    """A data set on its way: the folder, the table so far, and what failed."""

    def __init__(self, folder: Path, options: DatasetOptions, frames: int) -> None:
        self._folder, self._options = folder, options
        self._total, self._done = frames, 0
        self._persons: dict[str, set[str]] = {part: set() for part in SPLITS}
        self.samples: Counter[str] = Counter()
        self.failed: list[tuple[str, str]] = []

    def run(self, planned: Sequence[PlannedSeries]) -> Job[None]:
        """Write every sample and the table."""
        with (self._folder / TABLE).open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            rows.writeheader()
            for one in planned:
                begun = self._done
                try:
                    yield from self._series(one, rows)
                except Cancelled:
                    raise
                except StudioError as error:
                    self.failed.append((one.series.paths[0], str(error)))
                self._done = begun + one.series.frames

    def _series(self, one: PlannedSeries, rows: csv.DictWriter[str]) -> Job[None]:
        options = self._options
        clip = yield from open_series(one.series)
        self.failed += [(one.series.paths[0], lost) for lost in losses(clip.acquisition.warnings)]
        clip = yield from processed(clip, options.pipeline)
        clip = unnamed(clip) if options.privacy.deidentify else clip
        order = chosen_frames(clip, options)
        normaliser = yield from self._normaliser(clip, order)
        size = canvas(clip, ExportOptions(size=options.size), 0)
        decision = yield from masking(clip, order, bare(clip), options.privacy)
        source = _Source(one, clip, normaliser, size, decision.masks)
        decoding = Decoding(masked(clip, decision.masks), order)
        try:
            for number in order:
                try:
                    frame = yield from decoding.frame(self._progress())
                except UnreadableError as error:
                    self.failed.append((one.series.paths[0], str(error)))
                    continue
                self._sample(source, number, frame, rows)
                yield self._progress()
        finally:
            decoding.close()

    def _sample(
        self, source: _Source, number: int, frame: Frame, rows: csv.DictWriter[str]
    ) -> None:
        one = source.planned
        values = source.normaliser.made(number, frame, source.size)
        path = self._folder / one.part / one.patient / self._name(one, number)
        self._save(path, values)
        row = source.row(number) | {
            "path": path.relative_to(self._folder).as_posix(),
            "rows": values.shape[0],
            "columns": values.shape[1],
            "normalise": "" if source.clip.is_colour else self._options.normalise,
        }
        rows.writerow(row)
        self.samples[one.part] += 1
        self._persons[one.part].add(one.patient)
        self._done += 1

    def _name(self, one: PlannedSeries, number: int) -> str:
        return f"{one.key}_F{number:05}.{self._options.samples}"

    def _normaliser(self, clip: Clip, order: Sequence[int]) -> Job[Normaliser]:
        """Look at some frames of the series, where that is needed, and return how it is scaled."""
        options = self._options
        frames: list[Frame] = []
        if options.normalise != "window" and not clip.is_colour:
            looked_at = order[:: max(1, len(order) // SAMPLED)][:SAMPLED]
            decoding = Decoding(clip, looked_at)
            try:
                for _ in looked_at:
                    frame = yield from decoding.frame(self._progress())
                    frames.append(frame)
            finally:
                decoding.close()
        return Normaliser(clip, options.normalise, options.window, frames)

    def _save(self, path: Path, values: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        options = self._options
        if options.samples == "png":
            save(path, whole_numbers(values, options.normalise, options.bits), ".png")
        else:
            with path.open("wb") as file:
                _save_npz(file, values)

    def _progress(self) -> Progress:
        return Progress(self._done, self._total, "Writing samples")

    def patients(self) -> dict[str, int]:
        """Return the number of patients of each part."""
        return {part: len(persons) for part, persons in self._persons.items()}

    def facts(self) -> dict[str, Any]:
        """Return what holds for all samples; nothing of it names anybody."""
        options = self._options
        return {
            "program": manifest.program_facts(),
            "columns": list(COLUMNS),
            "options": {
                "size": options.size,
                "normalise": options.normalise,
                "window": None
                if options.window is None
                else asdict(options.window) | {"function": options.window.function.value},
                "split": options.shares,
                "seed": options.seed,
                "samples": options.samples,
                "bits": options.bits if options.samples == "png" else 32,
                "frames": options.frames,
                "every": options.every,
                "deidentified": options.privacy.deidentify,
                "steps": list(options.pipeline.words),
            },
            "samples": {part: self.samples[part] for part in SPLITS},
            "patients": self.patients(),
            "left_out": len(self.failed),
            "polarity": "high values are bright; MONOCHROME1 is inverted",
        }


def bare(clip: Clip) -> Presentation:
    """Return how the values of a clip are looked at: planes and drawings are no part of them."""
    return replace(initial_presentation(clip), planes=False, drawings=False)


def chosen_frames(clip: Clip, options: DatasetOptions) -> Sequence[int]:
    """Return the frames of a series that become samples, from 0."""
    return chosen(options, frame_order(clip, ExportOptions()), len(clip))


def _save_npz(file: IO[bytes], values: Any) -> None:
    """Write one array, `values`; the same numbers give the same bytes."""
    info = zipfile.ZipInfo("values.npy", (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(file, "w") as archive, archive.open(info, "w") as member:
        np.lib.format.write_array(member, np.ascontiguousarray(values), allow_pickle=False)
