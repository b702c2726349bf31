"""Where one picture is written: checked before it is made, replaced as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import check_place, replacing
from xray_studio.core.output import Picture
from xray_studio.services.export.earlier import check_not_source


def check_picture_place(target: Path, sources: Sequence[str], *, overwrite: bool) -> None:
    """Raise UsageError for a suffix that is no picture's, WriteError where nothing can be written.

    What is there already only goes with `overwrite`, a source never.
    """
    from xray_studio.imaging.save import SUFFIXES

    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise UsageError(
            f"{suffix or 'Unnamed'} pictures cannot be written; choose one of {known}."
        )
    check_file_place(target, sources, overwrite=overwrite)


def check_file_place(target: Path, sources: Sequence[str], *, overwrite: bool) -> None:
    """Raise WriteError where a file cannot be written, is a source, or would be lost."""
    check_place(target)
    check_not_source(target, tuple(sources))
    if (target.exists() or target.is_symlink()) and not overwrite:
        raise WriteError(
            f"{target.name} exists and would be lost; choose another name, or allow it to be"
            " replaced (--overwrite)."
        )


def write_picture(target: Path, picture: Picture) -> None:
    """Write an 8-bit picture as its suffix says. Raises WriteError."""
    from xray_studio.imaging.save import save

    with replacing(target) as temporary:
        save(temporary, picture, target.suffix.lower())
