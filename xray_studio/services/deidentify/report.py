"""What was done to a set of objects: which attributes, by which action; never what they held."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.deidentify.changes import Change
from xray_studio.core.deidentify.options import EDITION
from xray_studio.core.region import Region
from xray_studio.services.deidentify.choices import Choices
from xray_studio.services.deidentify.keys import Key
from xray_studio.services.export import manifest

ALONE: Final = (
    "The key is used up with this run: objects that are de-identified later get other pseudonyms."
    " Name a key (--key FILE) to join runs."
)
FACES: Final = (
    "Recognizable visual features are not removed: faces can be rebuilt from slices of a head."
)
RETAINED: Final = "UIDs are those of the originals: whoever holds these can find them again."
SAFE: Final = "Private attributes were kept where they are numbers that are known to be safe."


@dataclass(frozen=True, slots=True)
class Done:
    """One object that was written: `name` is its file in the folder, `source` where it was."""

    source: str
    name: str
    sop_instance_uid: str
    transfer_syntax: str
    frames: int
    masks: tuple[Region, ...]
    looked: bool
    sha256: str
    size: int
    changes: tuple[Change, ...]
    kept: bool = False

    def fact(self) -> dict[str, Any]:
        """Return the object for the report, without where it was from."""
        return {
            "name": self.name,
            "bytes": self.size,
            "sha256": self.sha256,
            "sop_instance_uid": self.sop_instance_uid,
            "transfer_syntax": self.transfer_syntax,
            "frames": self.frames,
            "looked_for_text": self.looked,
            "masks": [f"{r.x},{r.y},{r.width},{r.height}" for r in self.masks],
            "changes": [change.fact() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class DeidentifyResult:
    """The folder, the report beside it, the objects written, and what was left out and why.

    `failed` are DICOM objects that could not be de-identified, `skipped` files that are none.
    """

    folder: Path
    report: Path
    done: tuple[Done, ...]
    failed: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def notes(choices: Choices, key: Key) -> tuple[str, ...]:
    """Return what a person should know of the result."""
    options = choices.facts()["options"]
    told = [] if key.lasting else [ALONE]
    told += [RETAINED] if "retain-uids" in options else []
    told += [SAFE] if "retain-safe-private" in options else []
    return (*told, FACES)


def report_facts(
    choices: Choices, key: Key, done: list[dict[str, Any]], reasons: list[str], *, whole: bool
) -> dict[str, Any]:
    """Return the report as it stands beside the folder; `whole`: the run came to its end."""
    codes = choices.profile.codes(pixels=choices.pixels or choices.pixels_seen)
    return {
        "program": manifest.program_facts(),
        "format": manifest.FORMAT,
        "files": done,
        "output": {"container": "de-identified objects", "complete": whole},
        "profile": {
            "standard": f"PS3.15 {EDITION}, Table E.1-1",
            "methods": [{"code": code, "meaning": meaning} for code, meaning in codes],
            **choices.facts(),
        },
        "key": {"mark": key.mark, "joins_runs": key.lasting},
        "left_out": sorted(reasons),
        "notes": list(notes(choices, key)),
    }
