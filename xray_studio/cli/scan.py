"""`xray-studio scan`: patients, studies and series below files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, FAILED, IN_PART, Json, Quiet, run_job, say, say_json
from xray_studio.cli.inputs import empty_inputs, list_failed
from xray_studio.core.kinds import VOLUME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xray_studio.core.study import Catalog, Patient, Series, Study
    from xray_studio.services.export.round_trip import Exported


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scan", epilog="Example: xray-studio scan ~/studies --json")(scan)


def scan(
    path: Annotated[list[str], typer.Argument(metavar="PATH", show_default=False)],
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Read every file again, unchanged ones too.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """List the patients, studies and series of files and folders.

    Files below a PATH that do not open are listed with the reason. The exit status is 3 where
    nothing opens below one of several, 1 where nothing opens below any.
    """
    from xray_studio.services.export.round_trip import exports_in, facts
    from xray_studio.services.open import scan as scan_paths

    catalog = run_job(scan_paths(path, fresh=fresh), quiet=quiet)
    exports = run_job(exports_in(catalog), quiet=quiet)
    if json:
        say_json(as_json(catalog) | {"exports": [facts(export) for export in exports]})
    else:
        print_catalog(catalog)
        _print_exports(exports)
    return status(path, catalog)


def status(paths: list[str], catalog: Catalog) -> int:
    """Return the exit status, and say which of the named paths hold nothing that opens."""
    failed = empty_inputs(paths, catalog)
    list_failed(failed)
    if not failed:
        return DONE
    return FAILED if len(failed) == len(paths) else IN_PART


def as_json(catalog: Catalog) -> dict[str, Any]:
    """Return a catalogue as the command prints it."""
    return {
        "patients": [_patient(patient) for patient in catalog.patients],
        "skipped": [{"path": s.path, "reason": s.told} for s in catalog.skipped],
    }


def _patient(patient: Patient) -> dict[str, Any]:
    return {
        "patient_id": patient.patient_id,
        "patient_name": patient.patient_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "studies": [_study(study) for study in patient.studies],
    }


def _study(study: Study) -> dict[str, Any]:
    return {
        "study_uid": study.study_instance_uid,
        "date": study.date,
        "time": study.time,
        "description": study.description,
        "series": [_series(series) for series in study.series],
    }


def _series(series: Series) -> dict[str, Any]:
    return {
        "series_uid": series.series_instance_uid,
        "number": series.series_number,
        "kind": series.kind,
        "modality": series.modality,
        "title": series.title,
        "description": series.series_description,
        "instances": len(series.instances),
        "frames": series.frames,
        "format": series.format or None,
        "moments": series.moments,
        "frame_rate": series.frame_rate,
        "files": list(series.paths),
    }


def print_catalog(catalog: Catalog) -> None:
    """Print a catalogue as an indented list."""
    from xray_studio.core.corner_text import format_date, patient_words

    for patient in catalog.patients:
        name = patient_words(patient)
        number = "" if name == patient.patient_id else patient.patient_id
        say("  ".join(filter(None, (name, number))))
        for study in patient.studies:
            say("  " + " ".join(filter(None, (format_date(study.date), study.description))))
            for series in study.series:
                say("    " + _series_line(series))
    if not catalog.patients:
        say("Nothing that opens was found.")
    if catalog.skipped:
        say(f"Skipped: {len(catalog.skipped):,}")
        for skipped in catalog.skipped:
            say(f"  {skipped.path}: {skipped.told}")


def _print_exports(exports: Sequence[Exported]) -> None:
    from xray_studio.services.export.round_trip import words

    if exports:
        say(f"Earlier exports: {len(exports):,}")
    for export in exports:
        say(f"  {export.paths[0]}: {words(export)}")
        source = export.source
        if source is not None and source.found is not None:
            say(f"    Source: {source.found.paths[0]}")


def _series_line(series: Series) -> str:
    number = "" if series.series_number is None else f"{series.series_number}"
    if series.is_document:
        return _document_line(series)
    count = f"{len(series.instances):,} file{'s' if len(series.instances) != 1 else ''}"
    frames = f"{series.frames:,} frame{'s' if series.frames != 1 else ''}"
    what = " ".join(filter(None, (number, series.modality, series.series_description)))
    if series.kind == VOLUME:
        moments = f", {series.moments} moments" if series.moments > 1 else ""
        return f"{what}: {series.format}, {series.volume_size}{moments}"
    return f"{what or 'Series'}: {frames} in {count}"


def _document_line(series: Series) -> str:
    from xray_studio.core.document_kinds import noun

    number = "" if series.series_number is None else f"{series.series_number}"
    what = " ".join(filter(None, (number, series.modality, series.title)))
    kind = noun(series.instances[0].sop_class_uid)
    return f"{what}: {kind}" if what else kind
