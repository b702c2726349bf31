"""Steps by name: one registry that installed packages can add to, and their words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.parameter import parameters_of
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.registry import Entry, Registry
from xray_studio.core.step import Step

GROUP: Final = "xray_studio.denoisers"
_HERE = "xray_studio.imaging.steps"
_BUILT_IN: Final = (
    Entry("gaussian", f"{_HERE}.gaussian:Gaussian", ("cv2",)),
    Entry("median", f"{_HERE}.median:Median", ("cv2",)),
    Entry("bilateral", f"{_HERE}.bilateral:Bilateral", ("cv2",)),
    Entry("nlm", f"{_HERE}.nlm:NonLocalMeans", ("cv2",)),
    Entry("tv", f"{_HERE}.tv:TotalVariation", ("skimage",)),
    Entry("wavelet", f"{_HERE}.wavelet:Wavelet", ("skimage", "pywt")),
    Entry("curvature-flow", f"{_HERE}.curvature_flow:CurvatureFlow", ("cv2",)),
    Entry("running-mean", f"{_HERE}.running_mean:RunningMean", ("cv2",)),
    Entry("recursive", f"{_HERE}.recursive:Recursive", ("cv2",)),
    Entry("motion-adaptive", f"{_HERE}.motion_adaptive:MotionAdaptive", ("cv2",)),
    Entry("motion-compensated", f"{_HERE}.motion_compensated:MotionCompensated", ("cv2",)),
    Entry("nlm-frames", f"{_HERE}.nlm_frames:NonLocalMeansFrames", ("cv2",)),
)
STEPS: Final = Registry(GROUP, _BUILT_IN)


def step_of(words: str) -> Step:
    """Return the step that words name: "gaussian" or "gaussian:sigma=1.5". Raises UsageError."""
    name, _, rest = words.partition(":")
    made: type[Step] = STEPS.load(name.strip())
    pairs = (pair.partition("=") for pair in rest.split(",") if pair.strip())
    return made(**_read(made, ((key.strip(), word.strip()) for key, _, word in pairs)))


def step_from(name: str, values: dict[str, Any]) -> Step:
    """Return a step by the table of a recipe. Raises UsageError."""
    made: type[Step] = STEPS.load(name)
    known = {parameter.name for parameter in parameters_of(made)}
    for key in values:
        if key not in known:
            raise UsageError(_unknown(made, key))
    return made(**values)


def pipeline_of(words: Iterable[str]) -> Pipeline:
    """Return the pipeline of steps named by words, in order. Raises UsageError."""
    return Pipeline(tuple(Stage(step_of(one)) for one in words))


def _read(step: type[Step], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    known = {parameter.name: parameter for parameter in parameters_of(step)}
    found: dict[str, Any] = {}
    for key, word in pairs:
        if key not in known:
            raise UsageError(_unknown(step, key))
        found[key] = known[key].read(word, step.title)
    return found


def _unknown(step: type[Step], key: str) -> str:
    names = ", ".join(parameter.name for parameter in parameters_of(step))
    return f"{step.title} has no {key}; it has {names or 'nothing to choose'}."
