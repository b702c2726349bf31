"""What files made of volumes tell of the patient: said to the user, and kept in the privacy log."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xray_studio.core.clip import Identity
from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.privacy import Place, Privacy
from xray_studio.services.privacy.gate import name_sentence
from xray_studio.services.privacy.log import note_paths

TAGS: Final = "DICOM objects name the patient, as their source does."
INSIDE: Final = "The file says whose volume it is, as --identity asks for."


def noted(target: Path, who: Identity, *, named: bool) -> tuple[str, ...]:
    """Add a line on a finished file, or a folder of files, to the privacy log.

    `named` tells that it holds the patient's name or number. Return what a person should know: that
    it does, or that its name tells who the patient is.
    """
    named = named and bool(who.patient_name or who.patient_id or who.birth_date)
    by_name = told_by_name(target.name, who)
    places = [Place.TAGS] * named + [Place.FILE_NAME] * bool(by_name)
    note_paths(_kind(target), Privacy(places=tuple(places)), _files(target))
    is_object = target.is_dir() or target.suffix.casefold() == ".dcm"
    said = (TAGS if is_object else INSIDE,) if named else ()
    return (*said, *((name_sentence(by_name),) if by_name else ()))


def _kind(target: Path) -> str:
    if target.is_dir():
        return "folder"
    name = target.name.casefold()
    return ".nii.gz" if name.endswith(".nii.gz") else target.suffix.casefold()


def _files(target: Path) -> list[Path]:
    if target.is_dir():
        return sorted(one for one in target.iterdir() if one.is_file())
    beside = target.with_suffix(".img")
    analyze = target.suffix.casefold() == ".hdr" and beside.is_file()
    return [target, beside] if analyze else [target]
