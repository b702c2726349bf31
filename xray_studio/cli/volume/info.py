"""`xray-studio volume info`: what a volume is, where it lies, what is missing."""

from __future__ import annotations

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
    """Show the size, place and values of a volume; of several in a folder, list them."""
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
