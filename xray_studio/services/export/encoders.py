"""Encoders of graphics hardware: looked for once, used when present and chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.output import OutputSpec, Quality
from xray_studio.core.workers import run_apart
from xray_studio.video.hardware import CODECS, KINDS, NAMES

AUTO: Final = "auto"
_PROBE: Final = "xray_studio.video.encoders:hardware_problem"
_SECONDS: Final = 20.0  # a driver that takes longer hangs

Problem = Callable[[str, str], str]


@lru_cache(maxsize=len(KINDS) * len(CODECS))
def problem(kind: str, codec: str) -> str:
    """Return why a kind of hardware cannot encode here, "" when it can; tried once."""
    try:
        found: str = run_apart(_PROBE, kind, codec, time_limit=_SECONDS).result()
    except StudioError:
        return "its driver crashed or did not answer"
    return found


def hardware() -> dict[str, str]:
    """Return every hardware encoder by FFmpeg's name, with why it cannot be used, or ""."""
    return {f"{codec}_{kind}": problem(kind, codec) for kind in KINDS for codec in CODECS}


def settled(spec: OutputSpec, codec: str, ask: Problem = problem) -> OutputSpec:
    """Return a spec with the encoder that will do it: "" for the processor, or a hardware's name.

    "auto" takes hardware where there is one that can, and the processor otherwise. Raises
    UsageError where one that was chosen cannot be used.
    """
    if spec.encoder not in {"", AUTO, *KINDS}:
        known = ", ".join((AUTO, *KINDS))
        raise UsageError(f"There is no encoder {spec.encoder}; choose one of {known}.")
    if spec.encoder == AUTO:
        return replace(spec, encoder=_best(spec, codec, ask))
    if spec.encoder and codec in CODECS and (reason := ask(spec.encoder, codec)):
        raise UsageError(
            f"{NAMES[spec.encoder]} cannot be used here: {reason}; choose --encoder software."
        )
    return spec


def _best(spec: OutputSpec, codec: str, ask: Problem) -> str:
    if codec not in CODECS or spec.quality is Quality.LOSSLESS:
        return ""
    return next((kind for kind in KINDS if not ask(kind, codec)), "")
