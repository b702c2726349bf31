"""Files that this program has exported: known by their manifest, and led back to their source.

A manifest is trusted for a file only while the file is, byte for byte, the one it tells of. Sources
are told by their UIDs where the export shows identity, else by the SHA-256 of them: whoever holds
the source can find it, nobody else learns a UID.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from xray_studio.core.job import Job
from xray_studio.core.study import Catalog, Series
from xray_studio.services.export.earlier import file_hash
from xray_studio.services.export.manifest import PROGRAM, files_told, manifest_path, read_manifest

_MESSAGE: Final = "Looking at earlier exports"
CHANGED: Final = (
    f"A manifest beside it tells that {PROGRAM} exported it, but it was changed since; nothing of"
    " what that says is trusted."
)


@dataclass(frozen=True, slots=True)
class Source:
    """What an export was made from: `uid` of the object, "" while it is known by its hash only.

    `series_hash` stands for sources of several files. Frames count from 1, 0 where nobody tells.
    `found` is the series that holds the source, where it was looked for and is there.
    """

    uid: str = ""
    uid_hash: str = ""
    series_hash: str = ""
    first: int = 0
    last: int = 0
    found: Series | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """Files of one export that stand together, in display order.

    `changed` tells that a file is not as it was written; then nothing else is told.
    """

    paths: tuple[str, ...]
    changed: bool = False
    version: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def source(self) -> Source | None:
        """Return the first source that was found, else the first."""
        found = (source for source in self.sources if source.found is not None)
        return next(found, self.sources[0] if self.sources else None)


def exports_in(catalog: Catalog) -> Job[tuple[Exported, ...]]:
    """Return what of a catalogue this program has exported, with the sources that are there too."""
    found = []
    for series in catalog.all_series():
        export = yield from exported(series.paths)
        if export is not None:
            found.append(export)
    return with_sources(found, catalog) if found else ()


def exported(paths: Sequence[str]) -> Job[Exported | None]:
    """Return what the manifest of files tells, None where there is none for them."""
    place = _manifest_of(Path(paths[0])) if paths else None
    if place is None:
        return None
    told = files_told(place)
    for path in map(Path, paths):
        try:
            digest = yield from file_hash(path, _MESSAGE)
        except OSError:
            digest = ""
        if digest != told.get(path.name):
            return Exported(tuple(paths), changed=True)
    return _trusted(tuple(paths), read_manifest(place) or {})


def with_sources(found: Sequence[Exported], catalog: Catalog) -> tuple[Exported, ...]:
    """Return exports with those of their sources that a catalogue holds."""
    wanted = {
        digest
        for export in found
        for source in export.sources
        for digest in (source.uid_hash, source.series_hash)
        if digest
    }
    own = {path for export in found for path in export.paths}
    held = dict(_held(catalog, wanted, own))
    return tuple(
        replace(export, sources=tuple(_with_found(source, held) for source in export.sources))
        for export in found
    )


def words(export: Exported) -> str:
    """Return a sentence about where a file comes from."""
    if export.changed:
        return CHANGED
    source = export.source
    if source is None:
        return f"Exported by {PROGRAM} {export.version}."
    from_what = f"SOP Instance UID {source.uid}" if source.uid else "an object without its UID"
    if not source.uid and not source.uid_hash:
        from_what = "a series of several files"
    others = len(export.sources) - 1
    more = f" and {others} other clip{'s' if others > 1 else ''}" if others else ""
    return f"Exported by {PROGRAM} {export.version} from {from_what}{more}{_frames(source)}."


def facts(export: Exported) -> dict[str, Any]:
    """Return an export as plain values."""
    return {
        "files": list(export.paths),
        "status": "changed" if export.changed else "unchanged",
        "version": export.version,
        "sources": [
            {
                "sop_instance_uid": source.uid,
                "sop_instance_uid_sha256": source.uid_hash,
                "series_instance_uid_sha256": source.series_hash,
                "first": source.first,
                "last": source.last,
                "files": list(source.found.paths) if source.found else [],
            }
            for source in export.sources
        ],
    }


def _frames(source: Source) -> str:
    if not source.first:
        return ""
    if source.first == source.last:
        return f", frame {source.first}"
    return f", frames {source.first} to {source.last}"


def _manifest_of(path: Path) -> Path | None:
    """Return the manifest of a file, or of the folder of pictures that it is in."""
    for target in (path, path.parent):
        place = manifest_path(target) if target.name else target
        if path.name in files_told(place):
            return place
    return None


def _trusted(paths: tuple[str, ...], manifest: dict[str, Any]) -> Exported:
    """Return what a manifest says; one that was changed by hand may hold anything."""
    source, frames = _part(manifest, "source"), _part(manifest, "frames")
    version = _text(_part(manifest, "program"), "version")
    comparison = _part(source, "comparison").get("clips")
    if isinstance(comparison, list):
        clips = [one for one in comparison if isinstance(one, dict)]
        return Exported(paths, version=version, sources=tuple(_source(c, c) for c in clips))
    return Exported(paths, version=version, sources=(_source(source, frames),))


def _source(told: dict[str, Any], frames: dict[str, Any]) -> Source:
    return Source(
        uid=_text(told, "sop_instance_uid"),
        uid_hash=_hash_of(told, "sop_instance_uid"),
        series_hash=_hash_of(told, "series_instance_uid"),
        first=_number(frames, "first"),
        last=_number(frames, "last"),
    )


def _part(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _text(told: dict[str, Any], name: str) -> str:
    found = told.get(name)
    return found if isinstance(found, str) else ""


def _number(told: dict[str, Any], name: str) -> int:
    found = told.get(name)
    return found if type(found) is int and found > 0 else 0


def _hash_of(told: dict[str, Any], name: str) -> str:
    uid = _text(told, name)
    return _hash(uid) if uid else _text(told, f"{name}_sha256")


def _hash(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()


def _held(
    catalog: Catalog, wanted: set[str], own: set[str]
) -> Iterator[tuple[str, tuple[str, Series]]]:
    """Yield the wanted hashes of UIDs that a catalogue holds, with the UID and its series."""
    for series in catalog.all_series():
        if own.issuperset(series.paths):
            continue
        for uid in (series.series_instance_uid, *_uids(series)):
            digest = _hash(uid)
            if uid and digest in wanted:
                yield digest, (uid, series)


def _uids(series: Series) -> Iterator[str]:
    return (instance.sop_instance_uid for instance in series.instances)


def _with_found(source: Source, held: dict[str, tuple[str, Series]]) -> Source:
    if source.uid_hash in held:
        uid, series = held[source.uid_hash]
        return replace(source, uid=uid, found=series)
    if not source.uid_hash and source.series_hash in held:
        return replace(source, found=held[source.series_hash][1])
    return source
