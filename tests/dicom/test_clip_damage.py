"""Damaged objects: an error a person understands or a warning, never a crash, a hang or a guess."""

from __future__ import annotations

import random
import resource
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save
from xray_studio.core.clip import Clip
from xray_studio.core.errors import NoPixelsError, StudioError, UnreadableError
from xray_studio.core.workers import WorkerLostError
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.describe import describe, describe_batch
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.part10 import find_start

# What each file of the corpus gives: a clip with a warning, a plain clip, or an error.
MALFORMED = {
    "TC0285": "incomplete",
    "TC0299": "Bits Stored 17",
    "TC0329": "RGB with one sample",
    "TC0331": "FUZZ with one sample",
    "TC0333": "no Photometric Interpretation",
}
ERRORS = {
    f"TC0{number}"
    for number in (233, 235, 243, 247, 255, 293, 295, 297, 321, 345, 347, 391, 393, 395, 397)
} | {"TC0403"}


def outcome(path: str) -> Clip | StudioError:
    """Open a file and read its first and last frame."""
    try:
        clip = open_clip([path])
        clip.stored(0), clip.stored(len(clip) - 1)
    except StudioError as error:
        return error
    return clip


def test_every_malformed_file_gives_a_reason_or_a_picture(shared_data: Path) -> None:
    for path in sorted((shared_data / "malformed").glob("*.dcm")):
        found = outcome(str(path))
        assert not isinstance(found, WorkerLostError), path.name  # it neither crashes nor hangs
        name = path.name.partition("__")[2][:6]
        if name == "TC0291":
            assert isinstance(found, NoPixelsError)
        elif name in ERRORS:
            assert isinstance(found, UnreadableError), path.name
        else:
            assert isinstance(found, Clip), path.name
            warnings = " ".join(found.acquisition.warnings)
            assert MALFORMED.get(name, "") in warnings, path.name
            assert bool(warnings) == (name in MALFORMED), path.name


@pytest.mark.usefixtures("inside")
def test_truncations_of_every_real_file(shared_data: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.dcm"
    for path in sorted((shared_data / "dicom").iterdir()):
        whole = path.read_bytes()
        for part in (0.001, 0.01, 0.1, 0.5, 0.9, 0.999):
            cut.write_bytes(whole[: int(len(whole) * part)])
            found = outcome(str(cut))
            assert isinstance(found, StudioError) or _says(found, len(whole), part), path.name


def _says(clip: Clip, size: int, part: float) -> bool:
    """Tell whether a cut clip says so; deflated ones only find out frame by frame."""
    return bool(clip.acquisition.warnings) or size * (1 - part) < 2000


@pytest.mark.usefixtures("inside")
def test_bytes_that_flip_never_do_more_than_raise(shared_data: Path, tmp_path: Path) -> None:
    dice = random.Random(7)
    for source in sorted((shared_data / "malformed").glob("*TC02*.dcm"))[:4]:
        whole = source.read_bytes()
        for number in range(100):
            damaged = bytearray(whole)
            for _ in range(1 + number % 8):
                damaged[dice.randrange(min(len(whole), 800))] = dice.randrange(256)
            path = tmp_path / "flip.dcm"
            path.write_bytes(damaged)
            (answer,) = describe_batch((str(path),))
            if isinstance(answer, Clip):
                with_frame = outcome_of(answer)
                assert with_frame is None or isinstance(with_frame, StudioError)


def outcome_of(clip: Clip) -> StudioError | None:
    try:
        clip.stored(0)
    except StudioError as error:
        return error
    return None


def test_flipped_streams_never_stop_the_program(shared_data: Path, tmp_path: Path) -> None:
    """Codecs may crash on these: that happens in a worker and is an error here."""
    dice = random.Random(11)
    path = tmp_path / "flip.dcm"
    for name in ("pydicom_data__US1_J2KR.dcm", "robyoung__RG3_JLSN.dcm", "dbdicom__0020.DCM"):
        whole = (shared_data / "dicom" / name).read_bytes()
        for _ in range(6):
            damaged = bytearray(whole)
            for _ in range(40):
                damaged[dice.randrange(3000, len(whole))] = dice.randrange(256)
            path.write_bytes(damaged)
            assert isinstance(outcome(str(path)), (Clip, StudioError))


def test_a_deflate_bomb_ends(tmp_path: Path) -> None:
    path = Path(save(make_object(picture(0, 9).astype(np.uint8)), tmp_path / "a.dcm"))
    head = path.read_bytes().replace(
        syntaxes.EXPLICIT_LITTLE.encode() + b"\0", syntaxes.DEFLATED.encode()
    )
    packer = zlib.compressobj(1, wbits=-15)
    private = b"\x09\0\x10\x10UN\0\0\xf0\xff\xff\xef"
    body = packer.compress(b"\x08\0\x05\0CS\x0a\0ISO_IR 100" + private)
    body += b"".join(packer.compress(bytes(1 << 24)) for _ in range(16)) + packer.flush()
    start = find_start(head).offset
    path.write_bytes(head[:start] + body)
    with pytest.raises(UnreadableError, match="cut short"):
        open_clip([str(path)])


@pytest.mark.usefixtures("inside")
def test_an_element_that_claims_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = Path(save(make_object(picture(0, 9).astype(np.uint8)), tmp_path / "a.dcm"))
    whole = path.read_bytes()
    at = whole.index(b"\x08\0\x60\0CS")
    path.write_bytes(whole[:at] + b"\x08\0\x5f\0OB\0\0\xf0\xff\xff\x7f" + whole[at:])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableError, match="cut short"):
        describe(str(path))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"Just some text, named .dcm", "not a DICOM file"),
        (b"\0" * 128 + b"DICM", "ends after its first bytes"),
        (b"\0" * 128 + b"DICM" + b"\xff" * 400, "beginning of the file is damaged"),
        (b"\xff" * 400, "not a DICOM file"),
    ],
)
def test_what_is_no_dicom_file_is_said_so(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.dcm"
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match=reason):
        open_clip([str(path)])


@pytest.mark.parametrize("preamble", [0, 127, 128, 300])
@pytest.mark.parametrize("mark", [True, False])
def test_odd_preambles(tmp_path: Path, preamble: int, mark: bool) -> None:
    values = picture(0, 255, (6, 7)).astype(np.uint8)
    path = Path(save(make_object(values), tmp_path / "a.dcm"))
    whole = path.read_bytes()
    path.write_bytes(b"\0" * preamble + whole[128 if mark else 132 :])
    if not mark and preamble not in {0, 128}:
        assert isinstance(outcome(str(path)), UnreadableError)
    else:
        np.testing.assert_array_equal(open_clip([str(path)]).stored(0), values)


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("less", [0, 2, 20])
def test_pixel_data_that_is_said_to_be_compressed_and_is_not(tmp_path: Path, less: int) -> None:
    values = picture(0, 255, (6, 8)).astype(np.uint8)
    made = make_object(values)
    made.PixelData = made.PixelData[: 48 - less]
    path = Path(save(made, tmp_path / "a.dcm", syntaxes.EXPLICIT_LITTLE))
    said = syntaxes.EXPLICIT_LITTLE.encode() + b"\0"
    other = b"1.2.840.10008.1.2.5"
    path.write_bytes(path.read_bytes().replace(said, other + b"\0"))
    if less:
        with pytest.raises(UnreadableError, match="compressed but"):
            open_clip([str(path)])
    else:
        np.testing.assert_array_equal(open_clip([str(path)]).stored(0), values)


@pytest.mark.parametrize("actual", [syntaxes.IMPLICIT_LITTLE, syntaxes.EXPLICIT_LITTLE])
@pytest.mark.parametrize("said", [syntaxes.IMPLICIT_LITTLE, syntaxes.EXPLICIT_LITTLE, ""])
def test_a_transfer_syntax_that_does_not_match(tmp_path: Path, actual: str, said: str) -> None:
    values = picture(0, 255, (6, 7)).astype(np.uint8)
    path = Path(save(make_object(values), tmp_path / "a.dcm", actual))
    whole = path.read_bytes()
    at = whole.index(actual.encode())
    length = len(actual) + len(actual) % 2
    path.write_bytes(
        whole[:at] + said.encode().ljust(length, b"\0")[:length] + whole[at + length :]
    )
    np.testing.assert_array_equal(open_clip([str(path)]).stored(0), values)
