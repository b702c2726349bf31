"""How networks are asked: on the graphics processor while its memory does, and openly otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol, Self, TypeVar

import torch

from xray_studio.ai.compute import Compute, found
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.memory import is_too_little

TOO_LARGE: Final = (
    "The model needs more memory than it may have; close other programs or ask for fewer pictures."
)
ON_PROCESSOR: Final = "the graphics processor has too little memory; computed on the processor"
_REFUSED: Final = "allocate memory"  # PyTorch's words, which has no error of its own for it


class Movable(Protocol):
    """A loaded network that can leave the graphics processor."""

    def on_processor(self) -> Self:
        """Move to the processor, and stay there."""


N = TypeVar("N", bound=Movable)
T = TypeVar("T")


def settled(make: Callable[[Compute], T]) -> T:
    """Return a network made for this machine: on the processor where the other has no room."""
    compute = found()
    try:
        return make(compute)
    except torch.OutOfMemoryError:
        return make(replace(compute, device="cpu", bfloat16=False))


def asked(folder: str, load: Callable[[], N], ask: Callable[[N, str], T]) -> T:
    """Return what `ask` makes of the network in a folder and of a note, "" when all went as usual.

    It is asked again on the processor where the graphics processor has too little memory. Raises
    StudioError: any other error is told as a model that does not work, never as a damaged file.
    """
    try:
        network = load()
        try:
            return ask(network, "")
        except torch.OutOfMemoryError:
            return ask(network.on_processor(), ON_PROCESSOR)
    except StudioError:
        raise
    except Exception as error:
        if is_too_little(error) or _REFUSED in str(error):
            raise UnsupportedError(TOO_LARGE) from error
        raise UnreadableError(
            f"The model in {Path(folder).name} does not work: its network ends with"
            f" {type(error).__name__}."
        ) from error
