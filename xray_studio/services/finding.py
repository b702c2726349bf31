"""Files below the paths a user named. Nothing is opened here, so nothing can block on a pipe."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from xray_studio.core import archive, unpacking
from xray_studio.core.reasons import (
    LINK_TO_NOWHERE,
    NOT_A_FILE,
    NOT_THERE,
    folder_not_searched,
    why_not_opened,
)

JUNK = frozenset(
    ("thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "$recycle.bin",
     "system volume information")
)  # fmt: skip
ENTRIES_PER_STEP = 500

Skip = Callable[[str, str], None]


class FileFinder:
    """Finds every file below some paths once; `skip` is told what cannot be read and why.

    Hidden files and what systems leave behind are passed over without a word. Links are followed,
    but no folder is entered twice, so loops end. A ZIP archive counts as a folder.
    """

    def __init__(self, paths: Iterable[str], skip: Skip) -> None:
        self._paths = [str(Path(path).absolute()) for path in paths]
        self._skip = skip
        self._files: set[str] = set()
        self._folders: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[list[str]]:
        """Yield a few files at a time, sometimes none: each is a place to stop."""
        while self._paths:
            yield from self._below(self._paths.pop(0))

    def add(self, paths: Iterable[str]) -> None:
        """Go on with more paths."""
        self._paths.extend(paths)

    def _below(self, path: str) -> Iterator[list[str]]:
        try:
            mode = Path(path).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            yield from self._inside_archive(path)
        except OSError as error:
            self._skip(path, why_not_opened(error))
        except ValueError:  # a NUL character in a name
            self._skip(path, "a name that no file can have")
        else:
            if stat.S_ISDIR(mode):
                yield from self._folders_below(path)
            elif stat.S_ISREG(mode):
                yield from self._with_members([path])
            else:
                self._skip(path, NOT_A_FILE)

    def _inside_archive(self, path: str) -> Iterator[list[str]]:
        """Yield what a path names that leads into an archive: a file or all files of a folder."""
        whole, inner = archive.split(path)
        if not inner:
            self._skip(path, LINK_TO_NOWHERE if Path(path).is_symlink() else NOT_THERE)
            return
        found = False
        for files in self._members(whole):
            named = [file for file in files if file == path or file.startswith(f"{path}/")]
            found = found or bool(named)
            yield self._new(named)
        if not found:
            self._skip(path, NOT_THERE)

    def _with_members(self, files: list[str]) -> Iterator[list[str]]:
        """Yield files, what is in archives among them in their place."""
        plain: list[str] = []
        for path in self._new(files):
            if unpacking.is_archive(path):
                yield plain
                plain = []
                for members in self._members(path):
                    yield self._new(members)
            else:
                plain.append(path)
        yield plain

    def _members(self, path: str) -> Iterator[list[str]]:
        """Yield what is in an archive, a few files at a time."""
        files: list[str] = []
        try:
            for file in unpacking.members(path):
                if not any(_is_junk(part) for part in file[len(path) + 1 :].split("/")):
                    files.append(file)
                if len(files) == ENTRIES_PER_STEP:
                    yield files
                    files = []
        except unpacking.ArchiveError as error:
            self._skip(path, str(error))
        except OSError as error:
            self._skip(path, why_not_opened(error))
        yield files

    def _new(self, files: list[str]) -> list[str]:
        """Return the files that were not found before."""
        new = [path for path in files if path not in self._files]
        self._files.update(new)
        return new

    def _folders_below(self, root: str) -> Iterator[list[str]]:
        folders = [root]
        while folders:
            folder = folders.pop()
            if not self._is_new(folder):
                continue
            entries: list[os.DirEntry[str]] = []
            for _ in self._list(folder, entries):
                yield []
            entries.sort(key=lambda entry: entry.name)
            below: list[str] = []
            for start in range(0, len(entries), ENTRIES_PER_STEP):
                some = entries[start : start + ENTRIES_PER_STEP]
                yield from self._with_members(self._sort_out(some, below))
            folders.extend(reversed(below))

    def _is_new(self, folder: str) -> bool:
        try:
            found = Path(folder).stat()
        except OSError as error:
            self._skip(folder, folder_not_searched(error))
            return False
        identity = (found.st_dev, found.st_ino)
        new = identity not in self._folders
        self._folders.add(identity)
        return new

    def _list(self, folder: str, entries: list[os.DirEntry[str]]) -> Iterator[None]:
        """Collect the entries of a folder, with places to stop: a network can be slow."""
        try:
            with os.scandir(folder) as listing:
                for number, entry in enumerate(listing, start=1):
                    if not _is_junk(entry.name):
                        entries.append(entry)
                    if number % ENTRIES_PER_STEP == 0:
                        yield
        except OSError as error:
            self._skip(folder, folder_not_searched(error))

    def _sort_out(self, entries: list[os.DirEntry[str]], below: list[str]) -> list[str]:
        """Return the files among the entries and add the folders to `below`."""
        files: list[str] = []
        for entry in entries:
            try:
                if entry.is_file():
                    files.append(entry.path)
                elif entry.is_dir():
                    below.append(entry.path)
                else:
                    dead = entry.is_symlink()
                    self._skip(entry.path, LINK_TO_NOWHERE if dead else NOT_A_FILE)
            except OSError as error:
                self._skip(entry.path, why_not_opened(error))
        return files


def _is_junk(name: str) -> bool:
    return name.startswith(".") or name.casefold() in JUNK
