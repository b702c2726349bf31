"""What stands beside the pictures of a video: sound, text, notes of whoever made the file."""

from __future__ import annotations

from xray_studio.video.index import opened
from xray_studio.video.place import Place

# What every maker of containers writes of the container itself.
_OF_THE_CONTAINER = frozenset(
    ("major_brand", "minor_version", "compatible_brands", "encoder", "language", "handler_name",
     "vendor_id", "timecode", "variant_bitrate")
)  # fmt: skip


def read_beside(place: Place) -> tuple[str, ...]:
    """Return in words what else a video holds, () where it holds pictures alone.

    Runs in a worker process. Names of notes are told, never what they say. Raises UnreadableError.
    """
    with opened(place) as (container, pictures):
        others = [stream for stream in container.streams if stream is not pictures]
        kinds = {stream.type for stream in others}
        notes = [container.metadata, *(stream.metadata for stream in container.streams)]
        chapters = bool(container.chapters())
    names = {name.casefold() for note in notes for name in note} - _OF_THE_CONTAINER
    found = ["sound"] if "audio" in kinds else []
    found += ["more streams"] if kinds - {"audio"} or len(kinds) < len(others) else []
    found += ["chapters"] if chapters else []
    return (*found, *(f"a note ({name})" for name in sorted(names) if name.isprintable()))
