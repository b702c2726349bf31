"""Kinds of files by their first bytes."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.sniff import NO_OBJECT, kind, not_opened

NIFTI = b"\x5c\1\0\0".ljust(344, b"\0") + b"n+1\0"
TRANSPORT = (b"\x47" + bytes(187)) * 5 + b"\x47"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
        (b"II*\0\x08\0\0\0", "image"),
        (b"MM\0*\0\0\0\x08", "image"),
        (b"II+\0\x08\0\0\0", "image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image"),
        (b"GIF89a", "image"),
        (b"P5\n# made by\n4 4\n255\n", "image"),
        (b"P2 4 4 15", "image"),
        (b"\0\0\0\x18ftypisom", "video"),
        (b"\0\0\0\x14ftypqt  ", "video"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video"),
        (b"\x1a\x45\xdf\xa3", "video"),
        (b"RIFF\x10\0\0\0AVI LIST", "video"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"),
        (b"\0\0\1\xba", "video"),
        (b"\0\0\1\xb3", "video"),
        (TRANSPORT, "video"),
        (bytes(4) + (bytes([0x47]) + bytes(191)) * 5, "video"),
        (b"\0\0\0\x18ftypheic", ""),
        (b"RIFF\x10\0\0\0WAVEfmt ", ""),
        (b"BMW is a car, not a bitmap, and this is text", ""),
        (b"P5 is a vitamin", ""),
        (b"", ""),
    ],
)
def test_content_tells_without_a_suffix(start: bytes, expected: str) -> None:
    assert kind(start, "/scan/IM0001") == expected


def test_the_suffix_counts_where_content_says_nothing() -> None:
    assert kind(b"\x01\x02\x03\x04", "/a/clip.MPG") == "video"
    assert kind(b"\x01\x02\x03\x04", "/a/photo.tif") == "image"
    assert kind(b"\x01\x02\x03\x04", "/a/photo.xyz") == ""


def test_text_is_never_a_picture_whatever_its_name() -> None:
    assert kind(b"const x: number = 1;\n", "/a/code.ts") == ""
    assert kind("Grüße\n".encode(), "/a/photo.png") == ""


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"PK\3\4\x14\0", "a ZIP archive"), (b"PK\5\6" + bytes(18), "a ZIP archive"),
        (b"\x1f\x8b\x08\0", "a gzip archive"), (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive"), (b"\xfd7zXZ\0", "an XZ archive"),
        (b"BZh91AY&SY", "a bzip2 archive"), (b"BZhang", ""), (b"PK", ""), (b"", ""),
        (b"a/1.dcm".ljust(257, b"\0") + b"ustar\0", "a tar archive"),
    ],
)  # fmt: skip
def test_archives_are_known(start: bytes, expected: str) -> None:
    assert not_opened(start) == (f"{expected}; unpack it first" if expected else "")


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (NIFTI, "brain.nii"),
        (gzip.compress(NIFTI, mtime=0), "brain.gz"),
        (b"\x1f\x8b\x08\0", "Brain.NII.GZ"),
        (b"\x1c\2\0\0n+2\0", "brain.nii"),
        (b"CDF\1\0", "brain.mnc"),
        (b"\x89HDF\r\n\x1a\n", "brain.mnc"),
        (b"\x5c\1\0\0".ljust(348, b"\0"), "brain.hdr"),
        (b"NRRD0004\ntype: short\n", "brain.nrrd"),
        (b"ObjectType = Image\n", "brain.mha"),
        (b"!INTERFILE  :=\n", "pet.hv"),
        (b"ENVI\r\nsamples = 4\n", "cube.hdr"),
    ],
)
def test_volumes_are_known(start: bytes, name: str) -> None:
    assert kind(start, f"/scan/{name}") == "volume"
    assert not_opened(start, f"/scan/{name}") == NO_OBJECT


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\x89HDF\r\n\x1a\n", "table.h5"),
        (b"\x5c\1\0\0".ljust(348, b"\0"), "numbers.bin"),
        (b"ENVIRONMENT=1\n", "a.env"),
        (b"Interfile is a format.\n", "read.me"),
    ],
)
def test_other_data_that_begins_alike_is_no_volume(start: bytes, name: str) -> None:
    assert kind(start, f"/scan/{name}") == not_opened(start, f"/scan/{name}") == ""


@given(st.binary(max_size=1100), st.text(max_size=20))
def test_any_bytes(start: bytes, name: str) -> None:
    assert kind(start, name) in {"", "image", "video", "volume"}
