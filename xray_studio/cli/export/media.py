"""`xray-studio export SRC... FOLDER --media`: objects with a DICOMDIR, to hand on."""

from __future__ import annotations

from pathlib import Path

from xray_studio.cli.common import DONE, IN_PART, complain, run_job, say, say_json
from xray_studio.cli.inputs import all_files, damaged_inputs, empty_inputs, list_failed

_NO_PROFILE = (
    "The objects are stored in ways that no General Purpose medium holds together; not every"
    " program will read them."
)


def export_media(
    sources: list[str], target: str, *, overwrite: bool, json: bool, quiet: bool
) -> int:
    """Copy the objects below the sources into a media folder or archive."""
    from xray_studio.services.export.media import export_media as export_job
    from xray_studio.services.open import scan

    catalog = run_job(scan(sources), quiet=quiet)
    job = export_job(catalog, Path(target), overwrite=overwrite, sources=all_files(catalog))
    result = run_job(job, quiet=quiet)
    failed = damaged_inputs(catalog) | empty_inputs(sources, catalog) | dict(result.left_out)
    list_failed(failed)
    if json:
        facts = {
            "folder": str(result.target),
            "manifest": str(result.manifest),
            "objects": result.objects,
            "application_profile": result.profile,
            "failed": [{"path": path, "reason": reason} for path, reason in failed.items()],
        }
        say_json(facts)
    else:
        if not result.profile:
            complain(_NO_PROFILE)
        objects = f"{result.objects:,} object{'' if result.objects == 1 else 's'}"
        say(
            f"{result.target}: {objects} with a DICOMDIR, {result.profile or 'no profile'}, checked"
        )
    return IN_PART if failed else DONE
