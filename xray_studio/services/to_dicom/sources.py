"""Which files are videos and which are single pictures: by what they hold, then by their names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.sniff import IMAGE_SUFFIXES, SNIFFED_BYTES, VIDEO_SUFFIXES, kind

_GONE: Final = "{} does not exist; name a video or a folder of videos."
_NONE: Final = "There is no video here; name files, or a folder that holds some."


def videos_below(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and the videos below folders. Raises UsageError for what is none.

    Below folders a file is a video by its first bytes, whatever it is called, or by its suffix:
    one that is called a video and holds none fails for itself, with the reason.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [one for one in sorted(path.rglob("*")) if _is_video(one)]
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(_GONE.format(path))
    if not found:
        raise UsageError(_NONE)
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Source:
    """A video, or `pictures` that follow one another, of which `path` is the first."""

    path: Path
    pictures: tuple[Path, ...] = ()


def sources_below(paths: Sequence[Path]) -> list[Source]:
    """Return the videos as `videos_below` does, and sequences of single pictures.

    Pictures that are named are one sequence; so are those of each folder that holds no video
    itself. Raises UsageError for what is none of these.
    """
    found, named = list[Source](), list[Path]()
    for path in paths:
        if path.is_dir():
            found += [Source(one) for one in sorted(path.rglob("*")) if _is_video(one)]
            found += _sequences(path)
        elif not path.exists():
            raise UsageError(_GONE.format(path))
        elif _holds(path) == "image":
            named.append(path)
        else:
            found.append(Source(path))
    if named:
        found.append(Source(named[0], tuple(named) if len(named) > 1 else ()))
    if not found:
        raise UsageError(_NONE)
    return list(dict.fromkeys(found))


def _sequences(folder: Path) -> list[Source]:
    """Return the pictures of a folder and of those in it, each as a sequence."""
    beside = dict[Path, list[Path]]()
    for one in sorted(folder.rglob("*")):
        if one.is_file():
            beside.setdefault(one.parent, []).append(one)
    found = []
    for inside in beside.values():
        pictures = tuple(one for one in inside if _is_picture(one))
        if len(pictures) > 1 and not any(_is_video(one) for one in inside):
            found.append(Source(pictures[0], pictures))
    return found


def one_source(paths: Sequence[Path]) -> tuple[Path, tuple[Path, ...]]:
    """Return the one video that is named, or that is alone in a folder, and single pictures.

    Where it is single pictures, named or in a folder, these are all and the first of them stands
    for the video. Raises UsageError where several videos are named, or it is open what is meant.
    """
    if len(paths) == 1 and paths[0].is_dir():
        return _in_folder(paths[0])
    if all(_holds(one) == "image" for one in paths):
        return paths[0], tuple(paths)
    if len(paths) > 1:
        raise UsageError("Several videos become several objects; name a folder as OUT.")
    return paths[0], ()


def _in_folder(folder: Path) -> tuple[Path, tuple[Path, ...]]:
    inside = [one for one in sorted(folder.iterdir()) if one.is_file()]
    pictures = tuple(one for one in inside if _is_picture(one))
    videos = [one for one in inside if _is_video(one)]
    if pictures and not videos:
        return pictures[0], pictures
    if pictures:
        raise UsageError(
            f"{folder.name} holds pictures and videos; name the files that are meant, or a folder"
            " as OUT for the videos alone."
        )
    if not videos:
        raise UsageError(f"{folder.name} holds no video and no pictures; name another one.")
    if len(videos) > 1:
        raise UsageError(
            f"{folder.name} holds {len(videos):,} videos, which become several objects; name a"
            " folder as OUT."
        )
    return videos[0], ()


def _is_video(path: Path) -> bool:
    return path.is_file() and (path.suffix.lower() in VIDEO_SUFFIXES or _holds(path) == "video")


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and _holds(path) == "image"


def _holds(path: Path) -> str:
    """Return "image", "video" or "" for a file; one that cannot be read is what it is called."""
    start = b""
    with suppress(OSError), path.open("rb") as file:
        start = file.read(SNIFFED_BYTES)
    return kind(start, path.name)
