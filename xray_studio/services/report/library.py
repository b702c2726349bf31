"""Reference libraries: a user's own films with reports, known by what the networks see in them.

An index holds paths, texts and numbers: no picture of the library is copied but for a squashed one
of 32 x 32 pixels, by which copies of a film are known. It lies in the user's data folder, readable
by its owner alone, its name the SHA-256 of the library's folder. Whose a film is stands in it as
SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.plain_values import plain_of, value_of
from xray_studio.services.places import data_folder

FOLDER: Final = "reference-libraries"
_SCHEMA: Final = "xray-studio.reference-library"
_VERSION: Final = 1
Features = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """A film of a library: its file, what was found and written of its study, and whose it is.

    `findings` are names of `findings.FINDINGS`. `owner` tells patients of the library apart,
    `patient` and `study` are those of a DICOM film; all three are SHA-256, "" where nobody knows.
    """

    path: str
    owner: str
    findings: tuple[str, ...] = ()
    report: ReportText = field(default_factory=ReportText)
    patient: str = ""
    study: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """An index: entries, the features of each (entries, channels), and the films at 32 x 32.

    `model_sha256` is the hash of the classifier whose sight the features are. `left_out` counts
    films that cannot be read or are no frontal films of a chest.
    """

    folder: str
    model_sha256: str
    entries: tuple[Entry, ...]
    features: Features
    small: Squashed
    left_out: int = 0


def digest(words: str) -> str:
    """Return what tells one from another and nothing else, "" for no words."""
    return hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest() if words else ""


def path_of(folder: Path) -> Path:
    """Return the file of the index of a folder."""
    return data_folder() / FOLDER / f"{digest(str(folder.resolve()))}.npz"


def is_indexed(folder: Path) -> bool:
    """Tell whether a folder has an index."""
    return path_of(folder).is_file()


def keep(library: Library) -> Path:
    """Keep an index in place of the one before. Raises WriteError."""
    path = path_of(Path(library.folder))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(path.parent, error) from error
    about = {
        "schema": _SCHEMA, "schema_version": _VERSION, "folder": library.folder,
        "model_sha256": library.model_sha256, "left_out": library.left_out,
        "entries": [plain_of(one) for one in library.entries],
    }  # fmt: skip
    text = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    # Reports may name a patient.
    with replacing(path, private=True) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, about=text, features=library.features, small=library.small)
    return path


def read_library(folder: Path) -> Library:
    """Return the index of a folder.

    Raises UsageError where there is none yet, UnreadableError where it is damaged.
    """
    path = path_of(folder)
    if not path.is_file():
        raise UsageError(
            "This folder is not indexed yet; index it first: xray-studio report index FOLDER."
        )
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            found = {name: file[name] for name in ("about", "features", "small")}
        return _library(found)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableError(
            "The index of this library is damaged or of another version; index the folder again."
        ) from error


def _library(found: dict[str, npt.NDArray[Any]]) -> Library:
    about = json.loads(found["about"].tobytes().decode("utf-8"))
    if (about["schema"], about["schema_version"]) != (_SCHEMA, _VERSION):
        raise ValueError("another schema")
    entries = value_of(tuple[Entry, ...], about["entries"])
    features, small = found["features"].astype(np.float32), found["small"].astype(np.uint8)
    if not len(entries) == len(features) == len(small) or features.ndim != 2 or small.ndim != 3:
        raise ValueError("rows are missing")
    return Library(
        str(about["folder"]), str(about["model_sha256"]), entries, features, small,
        int(about["left_out"]),
    )  # fmt: skip
