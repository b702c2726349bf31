"""Kept marks: what was measured on a picture, until the same picture is opened again.

One small file for each object that was marked, in the user's data folder, readable by its owner
alone and named by the SHA-256 of the SOP Instance UID. It holds shapes, frames and the words that a
person typed; no name, number or path of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from xray_studio.core.files import replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.marks import Image, Marks
from xray_studio.core.measure.stored import from_plain, to_plain
from xray_studio.services.places import data_folder

LARGEST: Final = 8 << 20  # bytes of a file; anything larger is none of ours
SUFFIX: Final = ".json"
Size: TypeAlias = tuple[int, int]


def kept_folder() -> Path:
    """Return where marks are kept."""
    return data_folder() / "measurements"


def keep(changed: Mapping[Image, tuple[Size, Marks]]) -> None:
    """Keep the marks of pictures of a size (rows, columns) in place of those kept before.

    Of a picture without any nothing is kept, nor of one without a UID. Raises WriteError.
    """
    for image, (size, marks) in changed.items():
        path = _path(image)
        if path is None:
            continue
        if not marks.each and not marks.calibrations:
            _remove(path)
            continue
        _make_folder(path.parent)
        with replacing(path, private=True) as temporary:  # words of a person may name a patient
            temporary.write_text(_text(path.stem, size, marks), "utf-8")


def keeping(changed: Mapping[Image, tuple[Size, Marks]]) -> Job[None]:
    """Keep marks as a job."""
    yield Progress(message="Keeping measurements")
    keep(changed)


def kept(images: Iterable[Image], size: Size) -> Job[dict[Image, Marks]]:
    """Return what is kept of pictures of a size (rows, columns); what is damaged is passed over."""
    yield Progress(message="Looking for measurements")
    names = _names()
    found = {}
    for image in images if names else ():
        path = _path(image)
        if path is None or path.name not in names:
            continue
        marks = _read(path, image, size)
        if marks is not None:
            found[image] = marks
    return found


def forget_marks() -> int:
    """Remove all that is kept of all pictures, and return of how many."""
    paths = [kept_folder() / name for name in _names()]
    for path in paths:
        _remove(path)
    return len(paths)


def forgetting() -> Job[int]:
    """Forget all marks as a job."""
    yield Progress(message="Forgetting measurements")
    return forget_marks()


def _names() -> frozenset[str]:
    try:
        return frozenset(one.name for one in kept_folder().iterdir() if one.suffix == SUFFIX)
    except OSError:
        return frozenset()


def _path(image: Image) -> Path | None:
    uid = image[0]
    digest = hashlib.sha256(uid.encode()).hexdigest()
    return kept_folder() / f"{digest}{SUFFIX}" if uid else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _text(name: str, size: Size, marks: Marks) -> str:
    plain = {"size": size, **to_plain(marks.moved_to((name, "")))}
    return json.dumps(plain, ensure_ascii=False) + "\n"


def _read(path: Path, image: Image, size: Size) -> Marks | None:
    try:
        if path.stat().st_size > LARGEST:
            return None
        plain: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(plain, dict) or plain.get("size") != list(size):
        return None
    marks = from_plain(plain).moved_to(image)
    return marks if marks.each or marks.calibrations else None
