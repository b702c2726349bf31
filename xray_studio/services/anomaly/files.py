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
from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.json_text import json_text
from xray_studio.core.learning.heat import BADGE
from xray_studio.imaging.heat import laid_over
from xray_studio.imaging.render import render
from xray_studio.imaging.save import save
from xray_studio.imaging.unusual import at_pixels, regions
from xray_studio.services.anomaly.detectors import Chosen
from xray_studio.services.dataset.samples import bare
from xray_studio.services.file_answers import (
    FileAnswers,
    asked_each,
    check_folder,
    pictures_below,
    places,
)
from xray_studio.services.learning.inference.map_files import COLOURS, OPACITY, with_words

SUFFIXES: Final = (".anomalies.json", ".anomalies.npz", ".anomalies.png")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of files.

    Without `detector` each clip is asked of the one that was made for such. `threshold` (0 to 1)
    takes the place of the detector's own; `least` is the area of a region in pixels of the frame,
    at the least. With `out` answers are written there.
    """

    detector: str = ""
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


def detect_files(paths: Sequence[str], asked: Asking) -> Job[FileAnswers]:
    """Return what a detector says of the files below paths, each a clip of its own.

    A file that cannot be read, or is cut short, is told and ends nothing. Raises StudioError where
    the detector cannot be used, there are no pictures, or an answer cannot be written.
    """
    chosen = Chosen(asked.detector)
    check_folder(asked.out)
    below = yield from pictures_below(paths)
    alone = [[path] for path in below.files]
    targets = places(asked.out, alone, SUFFIXES, overwrite=asked.overwrite)
    where, written = dict(zip(below.files, targets, strict=True)), list[Path]()

    def ask(path: str, clip: Clip) -> Job[dict[str, Any]]:
        found = yield from _detected(chosen.of(clip), clip, asked)
        answer = told(found, asked.least)
        if where[path]:
            written.extend(_write(where[path], clip, found, answer))
        return answer

    answers = yield from asked_each(below, ask, "Looking for what is unusual")
    return FileAnswers(answers, tuple(written), tuple(below.failed.items()))


def told(found: Detection, least: int = 1) -> dict[str, Any]:
    """Return a detection with its regions and the frames that stand out, by name, for JSON."""
    numbers = range(len(found.maps))
    marks = [one.facts() for number in numbers for one in regions(found, number, least)]
    best = [found.maps[n].frame + 1 for n in peaks(list(found.scores), found.threshold.value)]
    return {**found.facts(), "peaks": best, "regions": marks, "badge": BADGE}


def _detected(detector: AnomalyDetector, clip: Clip, asked: Asking) -> Job[Detection]:
    found = yield from detector.detect(clip)
    return found if asked.threshold is None else found.at(asked.threshold)


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
