"""File Meta Information (PS3.10 7.1)."""

from __future__ import annotations

from pydicom.uid import UID

from xray_studio.dicom.conformance.item import Item
from xray_studio.dicom.conformance.report import Report

_SECTION = "PS3.10 7.1"
_NEEDED = (
    "FileMetaInformationGroupLength", "FileMetaInformationVersion", "MediaStorageSOPClassUID",
    "MediaStorageSOPInstanceUID", "TransferSyntaxUID", "ImplementationClassUID",
)  # fmt: skip


def check_file_meta(meta: Item, root: Item, report: Report, *, length: int | None) -> None:
    """Check what stands before the data set; `length` is what its first element should say."""
    for keyword in _NEEDED:
        if keyword != "FileMetaInformationGroupLength" or length is not None:
            _check_there(meta, keyword, report)
    version = meta.get("FileMetaInformationVersion")
    if version is not None and version.values[:1] != (b"\0\1",):
        report.error("FileMetaInformationVersion", "It is not 00 01.", _SECTION)
    told = meta.whole("FileMetaInformationGroupLength")
    if None not in (told, length) and told != length:
        path = "FileMetaInformationGroupLength"
        report.error(path, "It is not the length of the File Meta Information.", _SECTION)
    _check_same(meta, root, report)
    syntax = meta.text("TransferSyntaxUID")
    if syntax and not (UID(syntax).is_private or UID(syntax).is_transfer_syntax):
        report.error("TransferSyntaxUID", "The standard has no such transfer syntax.", "PS3.6 A")


def _check_there(meta: Item, keyword: str, report: Report) -> None:
    if meta.filled(keyword) is None:
        report.error(keyword, "It is required in a file and missing.", _SECTION)


def _check_same(meta: Item, root: Item, report: Report) -> None:
    for media, own in (
        ("MediaStorageSOPClassUID", "SOPClassUID"),
        ("MediaStorageSOPInstanceUID", "SOPInstanceUID"),
    ):
        here, there = meta.text(media), root.text(own)
        if here and there and here != there:
            report.error(media, f"It is not the same as {own}.", _SECTION)
