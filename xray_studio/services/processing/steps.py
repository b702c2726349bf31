"""Steps by name: one registry that installed packages can add to, and their words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.parameter import parameters_of
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.registry import Entry, Registry
from xray_studio.core.step import RecursiveStep, Step

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
    Entry("learned", f"{_HERE}.learned:Learned", ("cv2", "onnxruntime"), ("models/denoiser",)),
    Entry("running-mean", f"{_HERE}.running_mean:RunningMean", ("cv2",)),
    Entry("recursive", f"{_HERE}.recursive:Recursive", ("cv2",)),
    Entry("motion-adaptive", f"{_HERE}.motion_adaptive:MotionAdaptive", ("cv2",)),
    Entry("motion-compensated", f"{_HERE}.motion_compensated:MotionCompensated", ("cv2",)),
    Entry("nlm-frames", f"{_HERE}.nlm_frames:NonLocalMeansFrames", ("cv2",)),
    Entry("subtract", f"{_HERE}.subtract:Subtract", ("cv2",)),
    Entry("clahe", f"{_HERE}.clahe:Clahe", ("cv2",)),
    Entry("unsharp", f"{_HERE}.unsharp:Unsharp", ("cv2",)),
    Entry("multiscale", f"{_HERE}.multiscale:Multiscale", ("cv2",)),
    Entry("gamma", f"{_HERE}.gamma:Gamma"),
    Entry("flatten", f"{_HERE}.flatten:Flatten", ("cv2",)),
    Entry("grid-lines", f"{_HERE}.grid_lines:GridLines", ("cv2",)),
    Entry("edges", f"{_HERE}.edges:Edges", ("cv2",)),
    Entry("vesselness", f"{_HERE}.vesselness:Vesselness", ("cv2",)),
)
STEPS: Final = Registry(GROUP, _BUILT_IN)


def step_of(words: str) -> Step:
    """Return the step that words name: "gaussian" or "gaussian:sigma=1.5". Raises UsageError."""
    name, _, rest = words.partition(":")
    made = _class(name.strip())
    pairs = (pair.partition("=") for pair in rest.split(",") if pair.strip())
    return made(**_read(made, ((key.strip(), word.strip()) for key, _, word in pairs)))


def step_from(name: str, values: dict[str, Any]) -> Step:
    """Return a step by the table of a recipe. Raises UsageError."""
    made = _class(name)
    known = {parameter.name: parameter for parameter in parameters_of(made)}
    typed: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise UsageError(_unknown(made, key))
        known[key].check(value, made.title)
        typed[key] = known[key].typed(value)
    return made(**typed)


def step_facts(step: type[Step]) -> dict[str, Any]:
    """Return what a step is and which parameters it has, with their ranges."""
    return {
        "name": step.name,
        "title": step.title,
        "about": step.about,
        "badge": step.group.value,
        "frames": step.least_frames,
        "recursive": issubclass(step, RecursiveStep),
        "parameters": [parameter.facts() for parameter in parameters_of(step)],
    }


def pipeline_of(words: Iterable[str]) -> Pipeline:
    """Return the pipeline of steps named by words, in order. Raises UsageError."""
    return Pipeline(tuple(Stage(step_of(one)) for one in words))


def _class(name: str) -> type[Step]:
    if name not in STEPS.entries():
        known = ", ".join(STEPS.entries())
        raise UsageError(f"There is no step {name!r}; choose one of {known}.")
    try:
        made: type[Step] = STEPS.load(name)
    except StudioError:
        raise
    except Exception as error:
        why = f"The step {name} cannot be loaded ({type(error).__name__}); mend its package."
        raise UsageError(why) from error
    return made


def _read(step: type[Step], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    known = {parameter.name: parameter for parameter in parameters_of(step)}
    found: dict[str, Any] = {}
    for key, word in pairs:
        if key not in known:
            raise UsageError(_unknown(step, key))
        if key in found:
            raise UsageError(f"{step.title}: {key} stands there twice; give it once.")
        found[key] = known[key].read(word, step.title)
    return found


def _unknown(step: type[Step], key: str) -> str:
    names = ", ".join(parameter.name for parameter in parameters_of(step))
    return f"{step.title} has no {key}; it has {names or 'nothing to choose'}."
