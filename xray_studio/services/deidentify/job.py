"""De-identifies every object below files and folders, each for itself: one that fails ends none."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import StudioError, UnreadableError, UsageError, WriteError
from xray_studio.core.files import check_place, replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.memory import is_too_little
from xray_studio.core.reasons import as_reason
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start
from xray_studio.services.deidentify import single
from xray_studio.services.deidentify.keys import Key, key_of
from xray_studio.services.deidentify.report import DeidentifyResult, Done, notes, report_facts
from xray_studio.services.deidentify.request import DeidentifyRequest
from xray_studio.services.export import manifest
from xray_studio.services.export.earlier import check_manifest
from xray_studio.services.export.many import make_folder
from xray_studio.services.finding import FileFinder

_WHAT: Final = "De-identifying"
_SELDOM: Final = 20  # times as long as it took to write the report, which grows with the set
_TOO_LITTLE: Final = "there is not enough memory for it"
_UNEXPECTED: Final = "an unexpected error ({})"
_TWICE: Final = "the same object as another file (same SOP Instance UID)"


@dataclass(slots=True)
class _Run:
    request: DeidentifyRequest
    key: Key
    earlier: dict[str, dict[str, Any]]
    done: list[Done] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    next: float = 0.0  # when the report is to be written again, by the clock that never goes back

    @property
    def report(self) -> Path:
        return manifest.manifest_path(self.request.folder)

    def save_now_and_then(self) -> None:
        """Write the report where it is long ago that it was written, by what that took."""
        begun = time.monotonic()
        if self.done and begun >= self.next:
            self.save(whole=False)
            self.next = time.monotonic() + _SELDOM * (time.monotonic() - begun)

    def save(self, *, whole: bool) -> None:
        """Write the report as far as it is."""
        made = {done.name: self.earlier.get(done.name, done.fact()) for done in self.done}
        others = {name: fact for name, fact in self.earlier.items() if name not in made}
        for done in self.done:
            made[done.name] = self.earlier[done.name] if done.kept else done.fact()
        facts = [*others.values(), *made.values()]
        reasons = [reason for _, reason in self.failed]
        told = report_facts(self.request.choices, self.key, facts, reasons, whole=whole)
        with replacing(self.report) as path:
            path.write_text(manifest.manifest_text(told), "utf-8")


def deidentify(request: DeidentifyRequest) -> Job[DeidentifyResult]:
    """Write de-identified copies of all DICOM objects below the sources, which stay as they are.

    Stopped at any moment it leaves whole objects and a report of them. Raises UsageError for what
    does not fit together, WriteError where nothing can be written.
    """
    folder = request.folder.absolute()
    run = _Run(request, key_of(request.key), {})
    _check(request, folder)
    run.earlier = _earlier(run)
    files = yield from _files(request, run)
    make_folder(folder)
    whole = False
    try:
        for number, path in enumerate(files):
            yield Progress(number, len(files), _WHAT)
            yield from _counted(_each(run, path), number, len(files))
            run.save_now_and_then()
        whole = True
    finally:
        if run.done or not whole:
            run.save(whole=whole)
    if not run.done:
        _nothing(run, folder)
    return DeidentifyResult(folder, run.report, tuple(run.done), tuple(run.failed),
                            tuple(run.skipped), notes(request.choices, run.key))  # fmt: skip


def _check(request: DeidentifyRequest, folder: Path) -> None:
    request.choices.profile  # noqa: B018 - raises for options that exclude each other
    check_place(folder)
    if folder.exists() and not folder.is_dir():
        raise WriteError(f"{folder.name} is a file; name a folder for the de-identified objects.")
    for source in request.sources:
        place = Path(source).absolute()
        if place == folder or folder in place.parents or place in folder.parents:
            raise UsageError(
                "The folder for de-identified objects lies among the originals, or they in it;"
                " choose another one."
            )
    check_manifest(folder)


def _earlier(run: _Run) -> dict[str, dict[str, Any]]:
    """Return what an earlier run into the same folder wrote, by name.

    Raises UsageError where that was made with other choices or another key.
    """
    found = manifest.read_manifest(run.report)
    if found is None:
        return {}
    wanted = report_facts(run.request.choices, run.key, [], [], whole=True)
    same = found.get("profile") == wanted["profile"] and found.get("key") == wanted["key"]
    if not same:
        raise UsageError(
            f"{run.request.folder.name} holds objects that were de-identified with other choices or"
            " another key; choose another folder."
        )
    files = found.get("files")
    return {one["name"]: one for one in files} if isinstance(files, list) else {}


def _files(request: DeidentifyRequest, run: _Run) -> Job[list[str]]:
    """Return every file below the sources."""
    finder = FileFinder(request.sources, lambda path, why: run.failed.append((path, why)))
    files: list[str] = []
    for some in finder:
        files += some
        yield Progress(message="Looking for files")
    return files


def _each(run: _Run, path: str) -> Job[None]:
    """De-identify one file; what goes wrong is written down."""
    try:
        if not _is_dicom(path):
            run.skipped.append((path, "not a DICOM file"))
            return
        yield from _object(run, path)
    except Cancelled:
        raise
    except StudioError as error:
        run.failed.append((path, as_reason(str(error))))
    except Exception as error:  # noqa: BLE001 - one file never ends the set; it may name a patient
        told = _UNEXPECTED.format(type(error).__name__)
        run.failed.append((path, _TOO_LITTLE if is_too_little(error) else told))


def _is_dicom(path: str) -> bool:
    """Tell whether a file begins as DICOM does, damaged or not."""
    with open_file(path) as file:
        head = file.read(HEAD_BYTES)
    if head[128:132] == b"DICM":
        return True
    try:
        find_start(head)
    except UnreadableError:
        return False
    return True


def _object(run: _Run, path: str) -> Job[None]:
    request = run.request
    plan, pictures = yield from single.planned(
        path, request.choices, run.key, request.seen.get(path)
    )
    patient, study, series, instance = plan.place
    name = f"{patient}/{study}/{series}/{instance}.dcm"
    if name in run.names:
        run.failed.append((path, _TWICE))
        return
    target = request.folder.absolute() / name
    kept = yield from _is_done(run, target, name)
    if not kept:
        yield from single.write(target, plan, pictures)
    digest = yield from single.sha256_of(target)
    frames = 0 if plan.plan is None else plan.plan.count
    run.names.add(name)
    run.done.append(Done(
        path, name, plan.sop_instance_uid, single.syntax_of(plan), frames, pictures.masks,
        pictures.looked, digest, target.stat().st_size, plan.changes, kept,
    ))  # fmt: skip


def _is_done(run: _Run, target: Path, name: str) -> Job[bool]:
    """Tell whether an earlier run wrote an object, so that it can stay.

    What it wrote last before it was killed stands in no report, and is written again. Raises
    WriteError where something else stands in its place.
    """
    if not target.exists():
        return False
    told = run.earlier.get(name, {}).get("sha256")
    same = told is not None and (yield from single.sha256_of(target)) == told
    if same:
        return run.request.resume
    if run.request.overwrite or (run.request.resume and told is None):
        return False
    raise WriteError(
        "An object stands in its place that no earlier run wrote; choose another folder, or allow"
        " it to be replaced (--overwrite)."
    )


def _counted(job: Job[None], number: int, total: int) -> Iterator[Progress]:
    """Pass on the steps of one object: its own where there is no other, else which one it is."""
    try:
        for step in job:
            yield step if total == 1 else Progress(number, total, _WHAT)
    finally:
        job.close()


def _nothing(run: _Run, folder: Path) -> None:
    """Leave nothing behind where nothing was written, and say why."""
    for place in sorted(folder.rglob("*"), reverse=True):
        if place.is_dir() and not os.listdir(place):  # noqa: PTH208 - the first name would do
            place.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
    listed: Sequence[tuple[str, str]] = run.failed or run.skipped
    if len(listed) == 1:
        raise UsageError(f"{listed[0][0]}: {listed[0][1]}.")
    if not listed:
        raise UsageError("There are no files here.")
