"""What is unusual in files: asked of a detector, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.anomaly.timeline import peaks
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.json_text import json_text
from xray_studio.core.learning.heat import BADGE
from xray_studio.imaging.heat import laid_over
from xray_studio.imaging.render import render
from xray_studio.imaging.save import save
from xray_studio.imaging.unusual import at_pixels, regions
from xray_studio.services.anomaly.detectors import usable
from xray_studio.services.dataset.samples import bare
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.learning.inference.map_files import COLOURS, OPACITY, with_words
from xray_studio.services.open import open_paths, scan

SUFFIXES: Final = (".anomalies.json", ".anomalies.npz", ".anomalies.png")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of files.

    `threshold` (0 to 1) takes the place of the detector's own; `least` is the area of a region in
    pixels of the frame, at the least. With `out` answers are written there.
    """

    detector: str
    out: Path | None = None
    threshold: float | None = None
    least: int = 1
    overwrite: bool = False

    def __post_init__(self) -> None:
        """Refuse what no score reaches."""
        if self.threshold is not None and not 0.0 < self.threshold <= 1.0:
            raise UsageError("A threshold is above 0 and at most 1.")
        if self.least < 1:
            raise UsageError("The smallest region has at least 1 pixel.")


@dataclass(frozen=True, slots=True)
class Found:
    """Answers by file, where they were written, and files that fail with reasons."""

    answers: Mapping[str, dict[str, Any]]
    written: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        return {
            "files": [{"path": path, **one} for path, one in self.answers.items()],
            "written": [str(path) for path in self.written],
            "failed": [{"path": path, "reason": why} for path, why in self.failed],
        }


def detect_files(paths: Sequence[str], asked: Asking) -> Job[Found]:
    """Return what a detector says of the files below paths, each a clip of its own.

    A file that cannot be read is told and ends nothing. Raises StudioError where the detector
    cannot be used, there are no files, or an answer cannot be written.
    """
    detector = usable(asked.detector)
    if asked.out is not None and not asked.out.is_dir():
        raise UsageError(f"The folder {asked.out.name} does not exist; create it first.")
    catalog = yield from scan(list(paths))
    failed = {skipped.path: skipped.reason for skipped in catalog.skipped}
    files = [instance.path for series in catalog.pictures() for instance in series.instances]
    files = list(dict.fromkeys(files))
    _check_targets(files, asked)
    answers, written = dict[str, dict[str, Any]](), list[Path]()
    for path in files:
        yield Progress(message="Opening files")
        try:
            clip = yield from open_paths([path])
            found = yield from _detected(detector, clip, asked)
        except Cancelled:
            raise
        except StudioError as error:
            failed[path] = str(error)
            continue
        answers[path] = told(found, asked.least)
        if asked.out is not None:
            written += _write(_targets(path, asked.out), clip, found, answers[path])
    return Found(answers, tuple(written), tuple(failed.items()))


def told(found: Detection, least: int = 1) -> dict[str, Any]:
    """Return a detection with its regions and the frames that stand out, by name, for JSON."""
    numbers = range(len(found.maps))
    marks = [one.facts() for number in numbers for one in regions(found, number, least)]
    best = [found.maps[n].frame + 1 for n in peaks(list(found.scores), found.threshold.value)]
    return {**found.facts(), "peaks": best, "regions": marks, "badge": BADGE}


def _detected(detector: AnomalyDetector, clip: Clip, asked: Asking) -> Job[Detection]:
    found = yield from detector.detect(clip)
    return found if asked.threshold is None else found.at(asked.threshold)


def _targets(path: str, out: Path) -> list[Path]:
    return [out / f"{Path(path).stem}{suffix}" for suffix in SUFFIXES]


def _check_targets(files: Sequence[str], asked: Asking) -> None:
    if asked.out is None:
        return
    known = [target for path in files for target in _targets(path, asked.out)]
    if len(set(known)) < len(known):
        raise UsageError("Files of one name in several folders; name them one by one.")
    for target in known:
        check_file_place(target, files, overwrite=asked.overwrite)


def _write(
    targets: Sequence[Path], clip: Clip, found: Detection, answer: Mapping[str, Any]
) -> list[Path]:
    """Write an answer, and unless it abstains its maps and a picture of the highest frame."""
    text, values, picture = targets
    with replacing(text) as temporary:
        temporary.write_text(json_text(dict(answer)) + "\n", "utf-8")
    if found.abstained:
        return [text]
    maps = np.stack([one.values for one in found.maps])
    with replacing(values) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file, maps=maps, scores=found.scores, shape=found.maps[0].shape,
            detector=found.detector.name, threshold=found.threshold.value, note=BADGE,
        )  # fmt: skip
    with replacing(picture) as temporary:
        save(temporary, _picture(clip, found), ".png")
    return [text, values, picture]


def _picture(clip: Clip, found: Detection) -> Any:
    """Return the frame with the highest score under its map, RGB."""
    best = found.maps[int(found.scores.argmax())]
    shown = np.asarray(render(clip, best.frame, bare(clip)))
    drawn = laid_over(shown, at_pixels(best), 1.0, COLOURS, OPACITY)
    words = (found.detector.name, f"frame {best.frame + 1}, score {best.score:.2f}")
    return with_words(drawn, words)
