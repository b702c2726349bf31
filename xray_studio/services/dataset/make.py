"""Data sets for machine learning: resized and normalised frames, split by patient, with a table."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import check_place, replacing, replacing_folder
from xray_studio.core.job import Job
from xray_studio.core.json_text import json_text
from xray_studio.core.study import Catalog
from xray_studio.services.dataset.plan import plan
from xray_studio.services.dataset.samples import FACTS, DatasetOptions, Samples
from xray_studio.services.dataset.values import WAYS
from xray_studio.services.export import manifest
from xray_studio.services.export.earlier import check_free, check_not_source
from xray_studio.services.export.steps import hashes
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.privacy.folder import by_name, check_name


@dataclass(frozen=True, slots=True)
class DatasetResult:
    """What was written: numbers of samples and of patients by part, and what failed and why.

    `notes` are sentences for a person, of what the data set may tell of patients.
    """

    target: Path
    manifest: Path
    samples: dict[str, int]
    patients: dict[str, int]
    failed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def export_dataset(
    catalog: Catalog,
    target: Path,
    options: DatasetOptions | None = None,
    *,
    overwrite: bool = False,
    sources: Sequence[str] = (),
    only: Container[tuple[object, ...]] | None = None,
) -> Job[DatasetResult]:
    """Write a data set of every series of a catalogue into a folder, or `only` of some identities.

    The same files, options and seed give the same data set. A series that cannot be read is left
    out and told. Raises UsageError for what does not fit or where nothing is left, and for a name
    that tells a patient where identity is not to be written; WriteError where nothing can be.
    """
    options = options or DatasetOptions()
    _check(options)
    target = target.absolute()
    check_name(target, catalog, options.privacy)
    planned = plan(catalog, options.shares, options.seed, only)
    if not planned:
        raise UsageError("There are no pictures here; choose another folder.")
    check_place(target)
    paths = [path for one in planned for path in one.series.paths]
    check_not_source(target, (*paths, *sources))
    yield from check_free(target, overwrite=overwrite)
    place = manifest.manifest_path(target)
    with ExitStack() as stack:
        note = stack.enter_context(replacing(place))
        folder = stack.enter_context(replacing_folder(target))
        made = Samples(folder, options, sum(one.series.frames for one in planned))
        yield from made.run(planned)
        if not made.samples:
            raise WriteError("None of the series could be read; each is listed with its reason.")
        (folder / FACTS).write_text(json_text(made.facts()) + "\n", "utf-8")
        written = sorted(path for path in folder.rglob("*") if path.is_file())
        files = yield from hashes(folder, target, written)
        text = manifest.manifest_text(_manifest(made, options, files))
        note.write_text(text, "utf-8")
    privacy_log.note("data set", options.privacy, hashlib.sha256(place.read_bytes()).hexdigest())
    failed = tuple(made.failed)
    notes = tuple(finding.sentence for finding in by_name(target, catalog))
    return DatasetResult(target, place, dict(made.samples), made.patients(), failed, notes)


def _check(options: DatasetOptions) -> None:
    if options.normalise not in WAYS:
        known = ", ".join(WAYS)
        raise UsageError(f"{options.normalise} is no way to normalise; choose one of {known}.")
    if options.samples not in {"png", "npz"} or options.bits not in {8, 16}:
        raise UsageError("Samples are .png of 8 or 16 bits, or .npz; choose one of them.")
    if options.every < 1:
        raise UsageError("Every frame is 1, every second one 2; choose a number from 1.")


def _manifest(
    made: Samples, options: DatasetOptions, files: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "program": manifest.program_facts(),
        "format": manifest.FORMAT,
        "files": files,
        "output": {"container": "data set"} | made.facts(),
        "privacy": options.privacy.facts(),
    }
