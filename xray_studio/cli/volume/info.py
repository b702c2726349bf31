"""`xray-studio volume info`: what a volume is, where it lies, what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json
from xray_studio.cli.volume.options import PartNumber, Raw, Sources, Spacing, listed

if TYPE_CHECKING:
    from xray_studio.services.volume.parts import Part


def info(
    src: Sources,
    *,
    part: PartNumber = None,
    raw: Raw = "",
    spacing: Spacing = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show the size, place and values of a volume; of several in a folder, list them.

    Contrasts and labels of one case (BraTS) are told as one.
    """
    if len(src) == 1 and part is None and not raw and _is_case(src[0]):
        return _case(src[0], json=json, quiet=quiet)
    from xray_studio.services.volume.facts import fact_lines, volume_facts
    from xray_studio.services.volume.parts import chosen

    parts = listed(src, raw, spacing, quiet=quiet)
    if len(parts) > 1 and part is None:
        return _list(parts, json=json)
    facts = volume_facts(run_job(chosen(parts, part).opener(), quiet=quiet))
    if json:
        say_json({"sources": [str(path) for path in src]} | facts)
        return DONE
    lines = [(label, text) for label, text in fact_lines(facts) if text]
    width = max(len(label) for label, _ in lines)
    for label, text in lines:
        say(f"{label:<{width}}  {text}")
    return DONE


def _is_case(path: Path) -> bool:
    from xray_studio.services.volume.case_files import case_in

    return path.is_dir() and case_in(path) is not None


def _case(path: Path, *, json: bool, quiet: bool) -> int:
    """Tell the contrasts of a case, its labels, and where all of them lie."""
    from xray_studio.services.volume.case import case_facts, open_case
    from xray_studio.services.volume.facts import fact_lines, volume_facts

    case = run_job(open_case(path), quiet=quiet)
    told, facts = case_facts(case), volume_facts(case.contrasts[0].volume)
    if json:
        say_json({"sources": [str(path)], "case": told} | facts)
        return DONE
    width = 12
    for contrast in told["contrasts"]:
        say(f"{'Contrast':<{width}}{contrast['title']} ({contrast['file']})")
    for label in told["labels"]:
        amount = f"{label['voxels']:,} voxels, {label['millilitres']:.2f} ml"
        say(f"{'Label':<{width}}{label['value']} {label['name']}: {amount}")
    for name, text in fact_lines(facts):
        if name in {"Size", "Spacing", "First voxel", "Grows to", "Warning"}:
            say(f"{name:<{width}}{text}")
    return DONE


def _list(parts: list[Part], *, json: bool) -> int:
    """List several volumes, by the numbers that --part takes."""
    if json:
        say_json({"parts": [_part(number, part) for number, part in enumerate(parts, 1)]})
        return DONE
    for number, part in enumerate(parts, 1):
        say(f"{number:>3}  {part.words} ({part.format})")
    return DONE


def _part(number: int, part: Part) -> dict[str, Any]:
    *moments, planes, rows, columns = part.shape
    return {
        "part": number,
        "title": part.title,
        "format": part.format,
        "columns": columns,
        "rows": rows,
        "planes": planes,
        "moments": moments[0] if moments else 1,
        "files": len(part.paths),
    }
