"""Checking a grey-scale display: patterns as files, measured luminances from and into tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.clip import Frame
from xray_studio.core.display_check import CLASSES, LEVELS, Measured, Response, respond
from xray_studio.core.display_table import read_measured, written
from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.files import check_place, replacing, replacing_folder
from xray_studio.core.job import Job, Progress

if TYPE_CHECKING:  # OpenCV and Pillow are imported when patterns are drawn
    from xray_studio.imaging.patterns.source import Named, PatternSource

LARGEST: Final = 1 << 16  # bytes of a table


def patterns() -> tuple[Named, ...]:
    """Return every pattern in order, with its name and what to look for."""
    from xray_studio.imaging.patterns.source import PATTERNS

    return PATTERNS


def source(rows: int, columns: int) -> PatternSource:
    """Return the patterns for a screen as frames. Raises UsageError for sides that do not do."""
    from xray_studio.imaging.patterns.source import PatternSource

    return PatternSource(rows, columns)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Pattern `index` (from 0) of `count`, drawn: uint8 (rows, columns), read-only."""

    index: int
    count: int
    named: Named
    pixels: Frame


def drawn(rows: int, columns: int, index: int) -> Job[Drawn]:
    """Draw a pattern for a screen; `index` goes round. Raises UsageError as `source`."""
    yield Progress(message="Drawing a pattern")
    known = patterns()
    index %= len(known)
    return Drawn(index, len(known), known[index], source(rows, columns).read(index))


def write_patterns(folder: Path, rows: int, columns: int) -> Job[list[Path]]:
    """Write every pattern as a PNG file into a new or empty folder, and return the files.

    Raises UsageError for sides that do not do, WriteError where the folder holds something or
    cannot be written.
    """
    frames = source(rows, columns)
    _check_empty(folder)
    names = [f"{number:02}-{named.stem}.png" for number, named in enumerate(patterns(), 1)]
    from xray_studio.imaging.save import save

    with replacing_folder(folder) as temporary:
        for index, name in enumerate(names):
            yield Progress(index, len(names), "Drawing patterns")
            save(temporary / name, frames.read(index), ".png")
    return [folder / name for name in names]


def _check_empty(folder: Path) -> None:
    check_place(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WriteError(f"{folder.name} holds something already; name a new or an empty folder.")


def load_measured(path: Path, ambient: float | None = None) -> Measured:
    """Return the luminances in a table. Raises UnreadableError, and UsageError as `read_measured`.

    `ambient` in cd/m2 outranks what the table says.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read; look at its name and place.") from error
    if len(data) > LARGEST:
        raise UsageError(f"{path.name} is too long for a table of 18 luminances.")
    try:
        return read_measured(data.decode("utf-8-sig"), ambient)
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is no text; save the table as CSV.") from None


def save_response(path: Path, response: Response) -> Job[Path]:
    """Write what was measured and what it comes to as a table, and return its path.

    Raises WriteError.
    """
    yield Progress(message="Saving the measurement")
    check_place(path)
    with replacing(path) as temporary:
        temporary.write_text(written(response), "utf-8")
    return path


def loaded(path: Path) -> Job[Measured]:
    """Return the luminances in a table, as `load_measured`."""
    yield Progress(message="Reading the measurement")
    return load_measured(path)


def facts(response: Response) -> dict[str, Any]:
    """Return what 18 luminances come to, for programs: cd/m2, percent and JND indices."""
    measured = response.measured
    rows = zip(measured.luminances, response.wanted, response.jnd, strict=True)
    return {
        "ambient": measured.ambient,
        "levels": [
            {"level": level, "luminance": given, "gsdf": wanted, "jnd": jnd}
            for level, (given, wanted, jnd) in zip(LEVELS, rows, strict=True)
        ],
        "steps": [
            {"from": LEVELS[n], "to": LEVELS[n + 1], "deviation_percent": deviation}
            for n, deviation in enumerate(response.deviations)
        ],
        "largest_deviation_percent": response.worst,
        "luminance_ratio": response.ratio,
        "maximum_luminance": response.brightest,
        "minimum_luminance": measured.seen[0],
        "passes": response.passes or None,
        "classes": {c.name: {"failed": list(response.failed(c))} for c in CLASSES},
    }


def judged(path: Path, ambient: float | None = None) -> Response:
    """Return what the luminances in a table come to. Raises as `load_measured` and `respond`."""
    return respond(load_measured(path, ambient))
