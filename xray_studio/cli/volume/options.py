"""What all commands on volumes share: which volume is meant, and how a raw one lies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xray_studio.cli.common import run_job
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.volume.scene import Box
    from xray_studio.core.volume.volume import Volume
    from xray_studio.services.volume.parts import Part
    from xray_studio.volume.raw import RawForm

Sources = Annotated[list[Path], typer.Argument(metavar="SRC...", show_default=False)]
Source = Annotated[Path, typer.Argument(metavar="SRC", show_default=False)]
PartNumber = Annotated[
    int | None, typer.Option("--part", metavar="N", help="Which of several volumes, from 1.")
]
Moment = Annotated[
    int | None, typer.Option("--moment", metavar="N", help="One moment of several, from 1.")
]
Spacing = Annotated[
    tuple[float, float, float] | None,
    typer.Option("--spacing", metavar="X Y Z", help="Millimetres, where the files tell none."),
]
Raw = Annotated[
    str,
    typer.Option(
        "--raw",
        metavar="FORM",
        help="A file without a header: columns x rows x planes, type, order and offset, as "
        "512x512x100:int16, 64x64x30x20:float32:big or 256x256x90:uint8:offset=512:RPH.",
    ),
]
Clipped = Annotated[
    list[str],
    typer.Option(
        "--clip",
        metavar="AXIS:LOW-HIGH",
        help="Keep part of planes, rows or columns, in percent, as rows:0-50; repeatable.",
    ),
]
UptakeKind = Annotated[
    Literal["bw", "lbm", "lbm-janma", "bsa"] | None,
    typer.Option(
        "--uptake", help="PET as uptake by body weight, lean mass (James, Janmahasatian), surface."
    ),
]


def raw_form(words: str, spacing: tuple[float, float, float] | None) -> RawForm | None:
    """Return the form that words tell, None for none. Raises UsageError."""
    if not words:
        return None
    from xray_studio.volume.raw import TYPES, RawForm

    sizes, *rest = words.split(":")
    try:
        told: dict[str, object] = {"sizes": tuple(int(size) for size in sizes.split("x"))}
    except ValueError:
        raise UsageError("Give the size as columns, rows and planes, as 512x512x100.") from None
    for word in rest:
        if word in TYPES:
            told["type"] = word
        elif word in {"big", "little"}:
            told["big"] = word == "big"
        elif word.startswith("offset=") and word[7:].isdigit():
            told["offset"] = int(word[7:])
        elif len(word) == 3 and word.isupper():
            told["letters"] = word
        else:
            raise UsageError(
                f"{word} is no part of a raw form; name a type ({', '.join(TYPES)}), big or little,"
                " offset=BYTES, or three letters as LPH."
            )
    return RawForm(**told, spacing=spacing or (1.0, 1.0, 1.0))  # type: ignore[arg-type]


def listed(
    sources: list[Path], raw: str, spacing: tuple[float, float, float] | None, *, quiet: bool
) -> list[Part]:
    """Return the volumes that files hold."""
    from xray_studio.services.volume.open import volume_parts

    paths = [os.fspath(source) for source in sources]
    form = raw_form(raw, spacing)
    return run_job(volume_parts(paths, raw=form, spacing=spacing), quiet=quiet)


def opened(
    parts: list[Part],
    part: int | None,
    moment: int | None,
    *,
    uptake: str | None = None,
    quiet: bool,
) -> Volume:
    """Return the volume that is meant; one moment of it, or uptake, where that is asked for."""
    from xray_studio.services.volume.parts import chosen

    volume = run_job(chosen(parts, part).opener(), quiet=quiet)
    volume = volume if moment is None else volume.alone(moment - 1)
    if uptake is None:
        return volume
    from xray_studio.core.volume.suv import Uptake
    from xray_studio.services.volume.uptake import as_uptake

    return as_uptake(volume, Uptake(uptake))


def clip_box(words: list[str]) -> Box:
    """Return what words as "rows:0-50" keep of a volume. Raises UsageError."""
    from xray_studio.core.volume.scene import Box

    low, high = [0.0] * 3, [1.0] * 3
    for word in words:
        axis, _, rest = word.partition(":")
        start, _, end = rest.partition("-")
        try:
            number = ("planes", "rows", "columns").index(axis)
            low[number], high[number] = float(start) / 100.0, float(end) / 100.0
        except ValueError:
            raise UsageError(
                f"{word} is no part of a volume; give planes, rows or columns and percent, as"
                " rows:0-50."
            ) from None
    return Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))
