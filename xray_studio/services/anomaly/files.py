"""What is unusual in files: asked of a detector, and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.anomaly.timeline import peaks
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.heat import BADGE
from xray_studio.imaging.unusual import regions
from xray_studio.services.anomaly.contract import answered
from xray_studio.services.anomaly.detectors import Chosen
from xray_studio.services.anomaly.results.forms import DEFAULT, Form, suffixes
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.anomaly.results.writing import write_results, written_of
from xray_studio.services.file_answers import (
    FileAnswers,
    asked_each,
    pictures_below,
    places,
)

NO_OBJECT: Final = "The picture is no DICOM object, so none was written beside it."


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of files.

    Without `detector` each clip is asked of the one that was made for such. `threshold` (0 to 1)
    takes the place of the detector's own; `least` is the area of a region in pixels of the frame,
    at the least. With `out` answers are written there in `forms`, pictures of the frame with the
    highest score or of `every` one.
    """

    detector: str = ""
    out: Path | None = None
    threshold: float | None = None
    least: int = 1
    overwrite: bool = False
    forms: tuple[Form, ...] = DEFAULT
    every: bool = False

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
    below = yield from pictures_below(paths)
    alone = [[path] for path in below.files]
    places(asked.out, alone, suffixes(asked.forms), overwrite=asked.overwrite)
    written = list[Path]()

    def ask(path: str, clip: Clip) -> Job[dict[str, Any]]:
        found = yield from _detected(chosen.of(clip), clip, asked)
        answer = told(found, asked.least)
        if asked.out is not None:
            if written_of(clip, asked.forms) != asked.forms:
                answer["notes"].append(NO_OBJECT)
            base = asked.out / Path(path).stem
            result = Result(clip, found, answer, asked.least, asked.every)
            files = yield from write_results(result, base, asked.forms, overwrite=asked.overwrite)
            written.extend(files)
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
    found = yield from answered(detector, clip)
    return found if asked.threshold is None else found.at(asked.threshold)
