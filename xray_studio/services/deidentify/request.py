"""What is to be de-identified into which folder, and what was decided about pictures before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xray_studio.core.region import Region
from xray_studio.services.deidentify.choices import Choices


@dataclass(frozen=True, slots=True)
class Decided:
    """The regions that become black. `looked`: a person or the detector looked for text."""

    masks: tuple[Region, ...] = ()
    looked: bool = False


@dataclass(frozen=True, slots=True)
class DeidentifyRequest:
    """What is to be de-identified into which folder.

    `key` is the file of the key, made where it is not there. `overwrite` replaces objects that
    stand there; `resume` goes on with a run that was stopped and keeps what it wrote. `seen` tells
    by path what a person decided about the pictures of an object.
    """

    sources: tuple[str, ...]
    folder: Path
    choices: Choices = Choices()  # noqa: RUF009 - a frozen value
    key: Path | None = None
    overwrite: bool = False
    resume: bool = False
    seen: Mapping[str, Decided] = field(default_factory=dict)
