"""A media folder: objects copied unchanged under short names, with a DICOMDIR (PS3.10, PS3.11)."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.files import TEMPORARY_PREFIX, check_place, replacing, replacing_folder
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import DICOM, DOCUMENT
from xray_studio.core.privacy import Privacy
from xray_studio.core.study import Catalog
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import open_file, reading_time
from xray_studio.services.decoding import awaited
from xray_studio.services.export import manifest
from xray_studio.services.export.earlier import check_free, check_not_source
from xray_studio.services.export.steps import hashes
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.privacy.folder import of_media

if TYPE_CHECKING:
    from xray_studio.dicom.write.directory import Entry

_HERE = "xray_studio.dicom.write.directory:"
_READ, _WRITE, _NAMES = (
    f"{_HERE}{name}" for name in ("read_entries", "directory_bytes", "file_ids")
)
_DIRECTORY = "xray_studio.dicom.scan.dicomdir:read_directory"
_BATCH = 32
_CHUNK = 4 << 20
NAME: Final = "DICOMDIR"
ZIP: Final = ".zip"
# PS3.11 Annexes D, H and J: which transfer syntaxes a General Purpose medium may hold.
_JPEG = frozenset((syntaxes.JPEG_BASELINE, syntaxes.JPEG_EXTENDED, syntaxes.JPEG_LOSSLESS_SV1))
_JPEG_2000 = frozenset((syntaxes.JPEG_2000_LOSSLESS, syntaxes.JPEG_2000))
_PROFILES = (
    ("STD-GEN-CD", frozenset[str]()),
    ("STD-GEN-DVD-JPEG", _JPEG),
    ("STD-GEN-DVD-J2K", _JPEG_2000),
)


@dataclass(frozen=True, slots=True)
class MediaResult:
    """What was written: how many objects, and which were left out for what reason.

    `profile` is the General Purpose application profile (PS3.11) that the folder keeps to, "" where
    its objects are stored in a way that none of them allows.
    """

    target: Path
    manifest: Path
    objects: int
    profile: str
    left_out: tuple[tuple[str, str], ...] = ()


def export_media(
    catalog: Catalog, target: Path, *, overwrite: bool = False, sources: Sequence[str] = ()
) -> Job[MediaResult]:
    """Copy every DICOM object of a catalogue, byte for byte, into a media folder or `.zip` archive.

    Stopped or failing at any moment, it leaves nothing behind. Raises UsageError where there is no
    object, WriteError where nothing can be written.
    """
    paths = list(dict.fromkeys(
        instance.path
        for series in catalog.all_series()
        for instance in series.instances
        if instance.kind in {DICOM, DOCUMENT}
    ))  # fmt: skip
    target = target.absolute()
    check_place(target)
    check_not_source(target, (*paths, *sources))
    listed, left_out = yield from _listed(paths)
    if not listed:
        raise UsageError("There are no DICOM objects here that a DICOMDIR can list.")
    yield from check_free(target, overwrite=overwrite)
    place = manifest.manifest_path(target)
    with ExitStack() as stack:
        note = stack.enter_context(replacing(place))
        packed = target.suffix.lower() == ZIP
        if packed:
            final = stack.enter_context(replacing(target))
            folder = Path(stack.enter_context(_scratch(target)))
        else:
            folder = final = stack.enter_context(replacing_folder(target))
        yield from _fill(folder, listed)
        if packed:
            yield from _pack(folder, final)
        made = [final] if packed else _files(folder)
        files = yield from hashes(final, target, made)
        profile = _profile([entry.syntax for _, entry in listed])
        decision = Privacy(places=tuple(f.place for f in of_media(catalog, target).findings))
        told = _manifest(files, len(listed), profile, packed=packed)
        text = manifest.manifest_text(told | {"privacy": decision.facts()})
        note.write_text(text, "utf-8")
    privacy_log.note("media", decision, hashlib.sha256(text.encode("utf-8")).hexdigest())
    return MediaResult(target, place, len(listed), profile, tuple(left_out))


def _scratch(target: Path) -> tempfile.TemporaryDirectory[str]:
    """Return a folder beside the target, where there is as much room as the archive needs."""
    return tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=target.parent)


Listed = list[tuple[str, "Entry"]]


def _listed(paths: Sequence[str]) -> Job[tuple[Listed, list[tuple[str, str]]]]:
    """Return what can be listed, sorted, and what cannot with the reasons."""
    batches = [tuple(paths[i : i + _BATCH]) for i in range(0, len(paths), _BATCH)]
    futures: list[Future[list[Entry | StudioError]]] = [
        run_apart(_READ, batch, priority=Priority.BATCH, time_limit=reading_time(batch))
        for batch in batches
    ]
    listed: Listed = []
    left_out: list[tuple[str, str]] = []
    try:
        for batch, future in zip(batches, futures, strict=True):
            progress = Progress(len(listed), len(paths), "Reading headers")
            try:
                answers = yield from awaited(future, progress)
            except StudioError as error:
                answers = [error] * len(batch)
            for path, answer in zip(batch, answers, strict=True):
                if isinstance(answer, StudioError):
                    left_out.append((path, str(answer)))
                else:
                    listed.append((path, answer))
    finally:
        for future in futures:
            future.cancel()
    return sorted(listed, key=lambda pair: pair[1].order), left_out


def _fill(folder: Path, listed: Listed) -> Job[None]:
    """Copy the files and write the directory, then read all of it again."""
    entries = [entry for _, entry in listed]
    ids: list[tuple[str, ...]] = yield from _asked(_NAMES, entries)
    for done, ((path, entry), file_id) in enumerate(zip(listed, ids, strict=True)):
        yield Progress(done, len(listed), "Copying files")
        yield from _copy(path, entry, folder.joinpath(*file_id))
    directory: bytes = yield from _asked(_WRITE, entries, ids)
    (folder / NAME).write_bytes(directory)
    found = yield from _asked(_DIRECTORY, str(folder / NAME))
    wanted = [str(folder.joinpath(*file_id)) for file_id in ids]
    if list(found.files) != wanted or found.missing:
        raise WriteError("The DICOMDIR does not list what was copied; nothing was written.")


def _asked(name: str, *arguments: Any) -> Job[Any]:
    future: Future[Any] = run_apart(name, *arguments, priority=Priority.BATCH, time_limit=120.0)
    answer = yield from awaited(future, Progress(message="Writing the DICOMDIR"))
    return answer


def _copy(path: str, entry: Entry, target: Path) -> Job[None]:
    """Copy a file byte for byte, with File Meta Information where it has none, and compare it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted, found = hashlib.sha256(), hashlib.sha256()
    with target.open("wb") as copy:
        for chunk in _content(path, entry):
            wanted.update(chunk)
            copy.write(chunk)
            yield Progress(message="Copying files")
    with target.open("rb") as copy:
        while chunk := copy.read(_CHUNK):
            found.update(chunk)
            yield Progress(message="Comparing files")
    if found.digest() != wanted.digest():
        raise WriteError("A copy differs from its original; the disk may be damaged.")


def _content(path: str, entry: Entry) -> Iterator[bytes]:
    """Yield what a copy holds. Raises UnreadableError for the original, never for the copy."""
    yield entry.head
    with open_file(path, stamp=entry.stamp) as source:
        source.seek(entry.start if entry.head else 0)
        while chunk := source.read(_CHUNK):
            yield chunk


def _pack(folder: Path, target: Path) -> Job[None]:
    """Put a media folder into a ZIP archive (PS3.12 Annex V)."""
    files = _files(folder)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, file in enumerate(files):
            yield Progress(done, len(files), "Packing files")
            archive.write(file, file.relative_to(folder).as_posix())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _profile(stored: Sequence[str]) -> str:
    others = set(stored) - {syntaxes.EXPLICIT_LITTLE}
    return next((name for name, allowed in _PROFILES if others <= allowed), "")


def _manifest(
    files: list[dict[str, Any]], objects: int, profile: str, *, packed: bool
) -> dict[str, Any]:
    return {
        "program": manifest.program_facts(),
        "format": manifest.FORMAT,
        "files": files,
        "output": {
            "container": "media folder in a ZIP archive" if packed else "media folder",
            "objects": objects,
            "application_profile": profile,
            "identity": "as in the sources",
        },
        "check": {"objects": objects, "copies": "equal, byte for byte"},
    }
