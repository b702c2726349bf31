"""Where the files are that tables name: with or without their folder, with or without suffix."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".dcm")


class Pictures:
    """The picture files below a folder, by the names that tables give them.

    A table never reaches out of its folder: only files below it are known here.
    """

    def __init__(self, folder: Path) -> None:
        self._paths: dict[str, list[str]] = {}
        for path in sorted(_below(folder)):
            relative = Path(path).relative_to(folder).as_posix()
            for name in {relative, Path(path).name}:
                self._paths.setdefault(name, []).append(path)

    def find(self, name: str) -> str | None:
        """Return the file that a table calls `name`, or None when there is none or several."""
        plain = name.replace("\\", "/").removeprefix("./")
        for candidate in (plain, *(plain + suffix for suffix in SUFFIXES)):
            found = self._paths.get(candidate, [])
            if len(found) == 1:
                return found[0]
        return None

    def why_not(self, name: str) -> str:
        """Return why `name` was not found, for a list of what was left out."""
        plain = name.replace("\\", "/").removeprefix("./")
        several = any(len(self._paths.get(plain + end, [])) > 1 for end in ("", *SUFFIXES))
        return "names a picture that lies in several folders" if several else _ABSENT


_ABSENT: Final = "names a picture that is not there"


def _below(folder: Path) -> Iterable[str]:
    for place, _, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in names if _is_picture(name))  # noqa: PTH118 - 100,000 names


def _is_picture(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")
