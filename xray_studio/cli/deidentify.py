"""`xray-studio deidentify SRC... OUT`: whole objects without what tells who the patient is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import (
    DONE,
    FAILED,
    IN_PART,
    Json,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.inputs import list_failed
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.services.deidentify.choices import Choices
    from xray_studio.services.deidentify.report import DeidentifyResult, Done

_OPTIONS = (
    "An option of PS3.15 E.3, as often as wanted: retain-safe-private, retain-uids, retain-device,"
    " retain-institution, retain-patient-characteristics, retain-full-dates,"
    " retain-modified-dates, clean-descriptors, clean-structured-content, clean-graphics."
)
OptionNames = Annotated[
    list[str] | None, typer.Option("--option", metavar="NAME", help=_OPTIONS, show_default=False)
]
Pixels = Annotated[
    bool, typer.Option("--pixels", help="Find text in the pictures and make it black.")
]
Seen = Annotated[
    bool,
    typer.Option("--pixels-seen", help="You looked: beside masks the pictures hold no text."),
]
Regions = Annotated[
    bool,
    typer.Option("--us-regions", help="Ultrasound: make black what is no picture of echoes."),
]
Masks = Annotated[
    list[str] | None,
    typer.Option(
        "--mask", metavar="X,Y,WIDTH,HEIGHT", help="Make a region black.", show_default=False
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="Key of the pseudonyms; made if not there."),
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="DIR", help="The folder, if not the last argument."),
]
RecipeFile = Annotated[
    Path | None, typer.Option("--recipe", metavar="FILE.toml", help="Take choices from a file.")
]
SaveRecipe = Annotated[
    Path | None, typer.Option("--save-recipe", metavar="FILE.toml", help="Keep the choices.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace objects that are there.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with a run that was stopped; keep what it wrote.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio deidentify ~/study ~/deidentified --pixels --key study.key"
    app.command("deidentify", epilog=example)(deidentify)


def deidentify(
    src: Annotated[list[str], typer.Argument(metavar="SRC... [OUT]", show_default=False)],
    *,
    out: Out = None,
    option: OptionNames = None,
    pixels: Pixels = False,
    pixels_seen: Seen = False,
    us_regions: Regions = False,
    mask: Masks = None,
    key: KeyFile = None,
    recipe: RecipeFile = None,
    save_recipe: SaveRecipe = None,
    overwrite: Overwrite = False,
    resume: Resume = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write copies of DICOM objects without what tells who the patient is (PS3.15 Annex E).

    Names, numbers, dates and UIDs are removed or replaced, the same way for the same patient. The
    report OUT.json tells which attributes were changed, never what they held. Where text may be in
    the pictures, --pixels, --mask or --pixels-seen is needed.
    """
    from xray_studio.services.deidentify.choices import save_choices
    from xray_studio.services.deidentify.job import deidentify as deidentify_job
    from xray_studio.services.deidentify.request import DeidentifyRequest

    sources, folder = _places(src, out)
    typed = _Typed(tuple(option or ()), pixels, pixels_seen, us_regions, tuple(mask or ()))
    choices = _choices(typed, recipe)
    if save_recipe is not None:
        save_choices(save_recipe, choices)
    request = DeidentifyRequest(
        tuple(sources), Path(folder), choices, key, overwrite=overwrite, resume=resume
    )
    result = run_job(deidentify_job(request), quiet=quiet)
    list_failed(dict(result.failed))
    if json:
        say_json(_facts(result))
    else:
        _tell(result)
    if result.failed:
        return IN_PART if result.done else FAILED
    return DONE


class _Typed:
    """What was typed, before it is understood."""

    def __init__(
        self,
        options: tuple[str, ...],
        pixels: bool,
        seen: bool,
        regions: bool,
        masks: tuple[str, ...],
    ) -> None:
        self.options, self.pixels, self.seen = options, pixels, seen
        self.regions, self.masks = regions, masks


def _places(src: list[str], out: str | None) -> tuple[list[str], str]:
    """Return the sources and the folder: the last argument where --out does not name it."""
    if out is not None:
        return src, out
    if len(src) < 2:
        raise UsageError("Name what to de-identify and, last, the folder to write: SRC... OUT.")
    return src[:-1], src[-1]


def _choices(typed: _Typed, recipe: Path | None) -> Choices:
    """Return the choices of a recipe with those that were typed beside it."""
    from xray_studio.core.region import Region
    from xray_studio.services.deidentify.choices import Choices, load_choices

    known = Choices() if recipe is None else load_choices(recipe)
    return replace(
        known,
        options=(*known.options, *typed.options),
        pixels=known.pixels or typed.pixels,
        pixels_seen=known.pixels_seen or typed.seen,
        us_regions=known.us_regions or typed.regions,
        masks=(*known.masks, *map(Region.parsed, typed.masks)),
    )


def _facts(result: DeidentifyResult) -> dict[str, Any]:
    return {
        "folder": str(result.folder),
        "report": str(result.report),
        "written": [_written(done) for done in result.done],
        "failed": [{"path": path, "reason": reason} for path, reason in result.failed],
        "skipped": [{"path": path, "reason": reason} for path, reason in result.skipped],
        "notes": list(result.notes),
    }


def _written(done: Done) -> dict[str, Any]:
    return {"source": done.source, "kept": done.kept} | done.fact()


def _tell(result: DeidentifyResult) -> None:
    for note in result.notes:
        complain(note)
    count, masked = len(result.done), sum(bool(done.masks) for done in result.done)
    said = f"{count:,} object{'' if count == 1 else 's'} de-identified"
    if masked:
        said += f", text masked in {masked:,}"
    if result.skipped:
        said += f", {len(result.skipped):,} other files left out"
    say(f"{result.folder}: {said}; {result.report.name} tells what was changed")
