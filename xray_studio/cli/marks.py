"""`xray-studio marks`: measurements of a table or a presentation state, measured and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import (
    DONE,
    Center,
    Invert,
    Json,
    NoVoi,
    Overwrite,
    Quiet,
    Voi,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.measure.drawn import Found
    from xray_studio.core.measure.marks import Marks
    from xray_studio.core.presentation import Presentation

TABLE, STATE = ".csv", ".dcm"
Annotations = Annotated[
    Path | None,
    typer.Option(
        "--annotations",
        metavar="MARKS",
        help="Draw the measurements of a table (.csv) or a presentation state.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio marks cine.dcm measurements.csv measurements.dcm"
    app.command("marks", epilog=example)(marks)


def marks(
    src: Annotated[str, typer.Argument(metavar="SRC", show_default=False)],
    found: Annotated[Path, typer.Argument(metavar="MARKS", show_default=False)],
    out: Annotated[Path | None, typer.Argument(metavar="[OUT]", show_default=False)] = None,
    *,
    window: Center = None,
    voi: Voi = None,
    no_voi: NoVoi = False,
    invert: Invert = False,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Measure what a table (.csv) or a presentation state marks on SRC, a file or a series.

    Without OUT the measurements are printed. OUT.csv is a table of them, OUT.dcm a presentation
    state which other programs show over the pictures; the window is what it shows them with.
    """
    from xray_studio.services.open import open_paths
    from xray_studio.services.voi_choice import VoiChoice, chosen

    if out is not None and out.suffix.lower() not in {TABLE, STATE}:
        raise UsageError("Measurements become a table, OUT.csv, or a presentation state, OUT.dcm.")
    clip = run_job(open_paths(src), quiet=quiet)
    read = _read(clip, found)
    if out is not None:
        _check_place(out, clip, found, overwrite=overwrite)
        how = chosen(clip, VoiChoice(window, voi, no_voi, invert))
        _write(clip, read.marks, how, out, quiet=quiet)
    if json:
        say_json(_facts(clip, read, out, quiet=quiet))
    elif out is None:
        for line in _lines(clip, read.marks, quiet=quiet):
            say(line)
    return DONE


def annotated(clip: Clip, found: Path | None, how: Presentation | None, *, quiet: bool) -> Clip:
    """Return a clip with the measurements of a file drawn on it, as it stands when shown so."""
    if found is None:
        return clip
    from xray_studio.services.mark_values import with_marks
    from xray_studio.services.presets import initial_presentation

    how = how or initial_presentation(clip)
    return run_job(with_marks(clip, _read(clip, found).marks, how), quiet=quiet)


def _read(clip: Clip, path: Path) -> Found:
    from xray_studio.services.mark_files import read_marks

    found = read_marks(clip, path)
    if found.left_out:
        what = "line or drawing is" if found.left_out == 1 else "lines or drawings are"
        complain(f"{found.left_out} {what} no measurement of these pictures and left out.")
    return found


def _check_place(out: Path, clip: Clip, found: Path, *, overwrite: bool) -> None:
    from xray_studio.services.export.picture_place import check_file_place

    check_file_place(out, (*clip.paths, str(found)), overwrite=overwrite)


def _write(clip: Clip, marks: Marks, how: Presentation, out: Path, *, quiet: bool) -> None:
    from xray_studio.services.mark_states import save_state
    from xray_studio.services.mark_values import write_table

    if out.suffix.lower() == TABLE:
        run_job(write_table(clip, marks, out), quiet=quiet)
        return
    for note in run_job(save_state(clip, marks, how, out), quiet=quiet).notes:
        complain(note)


def _lines(clip: Clip, marks: Marks, *, quiet: bool) -> list[str]:
    """Return one line for each mark and frame."""
    from xray_studio.core.measure.table import text_of
    from xray_studio.services.mark_values import all_frames, measured

    wanted = all_frames(clip, marks.of(clip))
    values = run_job(measured(clip, marks, wanted), quiet=quiet)
    pairs = zip(wanted, values, strict=True)
    return [text_of(mark, index, one, len(clip)) for (mark, index), one in pairs]


def _facts(clip: Clip, read: Found, out: Path | None, *, quiet: bool) -> dict[str, Any]:
    from xray_studio.core.measure.table import HEAD, line_of
    from xray_studio.services.mark_values import all_frames, measured

    wanted = all_frames(clip, read.marks.of(clip))
    values = run_job(measured(clip, read.marks, wanted), quiet=quiet)
    pairs = zip(wanted, values, strict=True)
    lines = (line_of(clip, mark, index, one) for (mark, index), one in pairs)
    told = [dict(zip(HEAD, line, strict=True)) for line in lines]
    return {"file": None if out is None else str(out), "marks": told, "left_out": read.left_out}
