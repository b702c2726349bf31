"""Which files are videos and which are single pictures: by what they hold, then by their names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from xray_studio.core.errors import UsageError
from xray_studio.core.sniff import IMAGE_SUFFIXES, SNIFFED_BYTES, VIDEO_SUFFIXES, kind


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
            raise UsageError(f"{path} does not exist; name a video or a folder of videos.")
    if not found:
        raise UsageError("There is no video here; name files, or a folder that holds some.")
    return list(dict.fromkeys(found))


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
