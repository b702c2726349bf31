"""Where the files are that tables name: with or without their folder, with or without suffix."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".dcm")


class Pictures:
    """The picture files below a folder, by the names that tables give them.

    A table never reaches out of its folder: only files below it are known here.
    """

    def __init__(self, folder: Path) -> None:
        self._whole: dict[str, list[str]] = {}
        self._last: dict[str, list[str]] = {}
        for path in sorted(_below(folder)):
            relative = Path(path).relative_to(folder).as_posix()
            self._whole.setdefault(relative.casefold(), []).append(path)
            self._last.setdefault(Path(path).name.casefold(), []).append(path)

    def find(self, name: str) -> str | None:
        """Return the file that a table calls `name`, or None when there is none or several.

        A file whose place in the folder is `name` comes before others of that name elsewhere, one
        in the same letters before one in small or capital ones.
        """
        return next((found for found in self._found(name) if found), None)

    def why_not(self, name: str) -> str:
        """Return why `name` was not found, for a list of what was left out."""
        return "names a picture that lies in several folders" if [*self._found(name)] else _ABSENT

    def _found(self, name: str) -> Iterator[str | None]:
        """Yield what each way to read a name leads to, None for several files."""
        plain = name.replace("\\", "/").removeprefix("./")
        for candidate in (plain, *(plain + suffix for suffix in SUFFIXES)):
            for paths in (self._whole, self._last):
                alike = paths.get(candidate.casefold(), [])
                same = [path for path in alike if path.endswith(Path(candidate).name)] or alike
                if same:
                    yield same[0] if len(same) == 1 else None


_ABSENT: Final = "names a picture that is not there"


def _below(folder: Path) -> Iterable[str]:
    for place, _, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in names if _is_picture(name))  # noqa: PTH118 - 100,000 names


def _is_picture(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")
