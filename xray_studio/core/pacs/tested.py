"""What a test of a node found, as plain values and in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

_VIDEO: Final = "1.2.840.10008.1.2.4."
VIDEO_SYNTAXES: Final = {
    "MPEG-2": tuple(f"{_VIDEO}{end}" for end in ("100", "100.1", "101", "101.1")),
    "H.264": tuple(f"{_VIDEO}{n}{end}" for n in range(102, 107) for end in ("", ".1")),
    "HEVC": tuple(f"{_VIDEO}{n}" for n in (107, 108)),
}
"""Transfer syntaxes of video by codec, fragmentable ones too (PS3.6 table A-1)."""

Names = dict[str, str]
"""UIDs with their names."""


@dataclass(frozen=True, slots=True)
class NodeTest:
    """What a node answered. None is what nothing tells.

    `seconds` is how long an echo took, `maximum_length` the bytes of a PDU that it takes, 0 for no
    limit. `classes` are the SOP classes that it stores in any syntax, of `classes_asked`;
    `syntaxes` tells for those SOP classes that were asked for each syntax what it takes. `video`
    are the video syntaxes by SOP class of video.
    """

    node: str
    seconds: float | None = None
    implementation: str = ""
    maximum_length: int | None = None
    classes: Names = field(default_factory=dict)
    classes_asked: int = 0
    syntaxes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    video: dict[str, tuple[str, ...]] | None = None
    answers_queries: bool | None = None
    answers_worklist: bool | None = None
    note: str = ""

    @property
    def stores_video(self) -> bool | None:
        """Whether it takes any video; None where that cannot be asked."""
        return None if self.video is None else any(self.video.values())

    def video_words(self) -> str:
        """Return in a sentence whether the node can store video."""
        if self.video is None:
            return "Whether it can store video shows when one is sent: DICOMweb does not tell."
        kinds = {kind: taken for kind, taken in self.video.items() if taken}
        if not kinds:
            return "It cannot store video; send multi-frame images instead."
        every = {uid for taken in kinds.values() for uid in taken}
        codecs = [
            f"{codec} ({count} of {len(syntaxes)} transfer syntaxes)"
            for codec, syntaxes in VIDEO_SYNTAXES.items()
            if (count := len(every.intersection(syntaxes)))
        ]
        all_kinds = len(kinds) == len(self.video)
        where = "" if all_kinds else f" as {', '.join(self._name(kind) for kind in kinds)}"
        return f"It can store video{where}: {', '.join(codecs)}."

    def alike(self) -> dict[tuple[str, ...], list[str]]:
        """Return the names of SOP classes by the names of the syntaxes that they are taken in."""
        found = dict[tuple[str, ...], list[str]]()
        for kind, taken in self.syntaxes.items():
            found.setdefault(tuple(map(self._name, taken)), []).append(self._name(kind))
        return found

    def facts(self) -> dict[str, Any]:
        """Return the test as plain values."""
        return {
            "node": self.node,
            "echo_seconds": self.seconds,
            "implementation": self.implementation or None,
            "maximum_length": self.maximum_length,
            "sop_classes": self._listed(self.classes),
            "sop_classes_asked": self.classes_asked,
            "transfer_syntaxes": {
                kind: self._listed(taken) for kind, taken in self.syntaxes.items()
            },
            "stores_video": self.stores_video,
            "video": None if self.video is None else {
                kind: self._listed(taken) for kind, taken in self.video.items()
            },
            "answers_queries": self.answers_queries,
            "answers_worklist": self.answers_worklist,
            "note": self.note or None,
        }  # fmt: skip

    def _listed(self, uids: Any) -> list[dict[str, str]]:
        return [{"uid": uid, "name": self._name(uid)} for uid in uids]

    def _name(self, uid: str) -> str:
        return self.names.get(uid) or self.classes.get(uid) or uid
