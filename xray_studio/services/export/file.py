"""What kinds of export have in common."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from xray_studio.core.files import replacing
from xray_studio.core.output import OutputSpec, Picture


class Plain:
    """A kind of export that needs to know nothing beforehand, and has nothing to tell."""

    @property
    def one_file(self) -> bool:
        """Tell whether one file is written, rather than a folder of them."""
        return True

    @property
    def variable_rate(self) -> bool:
        """Tell whether frames may stand at unequal distances."""
        return True

    def settled(self, spec: OutputSpec) -> OutputSpec:
        """Return what is asked for with everything chosen that was left open: it is as it is."""
        return spec

    def samples(self, spec: OutputSpec) -> int:
        """Return how many pictures are to be seen before the first is written: none."""
        del spec
        return 0

    def learn(self, pictures: Sequence[Picture]) -> None:
        """Look at pictures from the whole clip."""

    def notes(self, spec: OutputSpec) -> list[str]:
        """Return what a person should know of the file: nothing."""
        del spec
        return []


class OneFile(Plain):
    """Places one file and finds it again."""

    def placing(self, target: Path) -> AbstractContextManager[Path]:
        """Give a temporary path for the file."""
        return replacing(target)

    def files(self, path: Path) -> list[Path]:
        """Return the one file."""
        return [path]
