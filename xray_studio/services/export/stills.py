"""Export into one picture, or into a folder of numbered pictures."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import replacing_folder
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Checked, DeepPicture, OutputSpec, Quality, difference
from xray_studio.imaging.save import DEEP_SUFFIXES, JPEG_SUFFIXES, SUFFIXES, load, save
from xray_studio.services.export.file import OneFile, Plain


class StillExporter(OneFile):
    """One picture of one frame."""

    def __init__(self, suffix: str, stills: str) -> None:
        del stills
        self._suffix = suffix

    def check_request(self, target: Path, spec: OutputSpec) -> None:
        """Raise UsageError for several frames, or a lossless JPEG."""
        _check_quality(self._suffix, spec)
        if spec.frames > 1:
            raise UsageError(
                f"{target.name} holds one picture and {spec.frames} frames are asked for;"
                " choose one frame, or a name without a suffix for a folder of pictures."
            )

    def writer(self, path: Path, spec: OutputSpec) -> PictureWriter:
        """Start writing."""
        return PictureWriter([path], self._suffix, spec.quality)

    def check(
        self, path: Path, spec: OutputSpec, first: DeepPicture, last: DeepPicture
    ) -> Job[Checked]:
        """Open the file again."""
        del spec, last
        yield Progress(message="Checking the file")
        found = difference(load(path), first)
        return Checked(1, None, found, found)

    def facts(self, spec: OutputSpec) -> dict[str, Any]:
        """Return the kind of file and the size."""
        return _facts(self._suffix, spec)


class FolderExporter(Plain):
    """A folder of numbered pictures, which appears complete or not at all."""

    @property
    def one_file(self) -> bool:
        """Tell whether one file is written, rather than a folder of them: a folder is."""
        return False

    def __init__(self, suffix: str, stills: str) -> None:
        del suffix
        self._suffix = stills.lower()

    def check_request(self, target: Path, spec: OutputSpec) -> None:
        """Raise UsageError for unknown pictures, WriteError where a file stands."""
        if self._suffix not in SUFFIXES:
            known = ", ".join(sorted(SUFFIXES))
            raise UsageError(f"{self._suffix} pictures cannot be written; choose one of {known}.")
        _check_quality(self._suffix, spec)
        if target.exists() and not target.is_dir():
            raise WriteError(f"{target.name} is a file; choose another name for the folder.")

    def placing(self, target: Path) -> AbstractContextManager[Path]:
        """Give a temporary folder."""
        return replacing_folder(target)

    def writer(self, path: Path, spec: OutputSpec) -> PictureWriter:
        """Start writing numbered pictures."""
        digits = max(4, len(str(spec.frames)))
        names = (f"frame_{number:0{digits}}" for number in range(1, spec.frames + 1))
        paths = [path / f"{name}{self._suffix}" for name in names]
        return PictureWriter(paths, self._suffix, spec.quality)

    def check(
        self, path: Path, spec: OutputSpec, first: DeepPicture, last: DeepPicture
    ) -> Job[Checked]:
        """Count the files and open the first and last one again."""
        del spec
        files = self.files(path)
        yield Progress(message="Checking the files")
        begin = difference(load(files[0]), first)
        yield Progress(message="Checking the files")
        return Checked(len(files), None, begin, difference(load(files[-1]), last))

    def files(self, path: Path) -> list[Path]:
        """Return the pictures in order."""
        return sorted(path.iterdir())

    def facts(self, spec: OutputSpec) -> dict[str, Any]:
        """Return the kind of files and the size."""
        return _facts(self._suffix, spec)


class PictureWriter:
    """Writes one picture per path; pictures are compressed on several threads."""

    def __init__(self, paths: list[Path], suffix: str, quality: Quality) -> None:
        self._paths = iter(paths)
        self._suffix, self._quality = suffix, quality
        self._most = max(1, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="xray-studio-pictures")
        self._running: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def write(self, picture: DeepPicture) -> None:
        """Append one uint8 picture, which must not change any more. Raises OSError."""
        while len(self._running) >= self._most:
            self._running.popleft().result()
        job = self._threads.submit(save, next(self._paths), picture, self._suffix, self._quality)
        self._running.append(job)

    def close(self) -> None:
        """Wait until all pictures are written. Raises OSError."""
        while self._running:
            self._running.popleft().result()


def _check_quality(suffix: str, spec: OutputSpec) -> None:
    if suffix in JPEG_SUFFIXES and spec.quality is Quality.LOSSLESS:
        raise UsageError("JPEG pictures cannot be lossless; choose .png or .tiff.")
    if spec.bits > 8 and suffix not in DEEP_SUFFIXES:
        raise UsageError(f"{suffix} pictures have 8 bits; choose .png or .tiff for 16.")


def _facts(suffix: str, spec: OutputSpec) -> dict[str, Any]:
    levels = "0 to 65535" if spec.bits > 8 else "0 to 255"
    size = {"rows": spec.rows, "columns": spec.columns}
    return {"pictures": suffix, "grey_levels": levels, **size}
