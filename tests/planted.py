"""Objects in which a mark stands wherever a name may stand, and a search for it in what is written.

Every attribute of free text, of persons and of identifiers in the data dictionary holds the mark,
private ones, overlay planes, annotations of states and labels of segments too. Two sets of objects
that differ in the mark alone must give the same exports, byte for byte.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset

from tests.dicom.documents.reports import encapsulated
from tests.dicom.objects import XA, make_object, save
from tests.dicom.over import put_embedded, put_plane, state_for
from tests.dicom.states.made import make_seg

CT = "1.2.840.10008.5.1.4.1.1.2"
MARK, OTHER = "QZ7XWVK", "JB4HYPT"
BORN, BORN_OTHER = "19470713", "19620829"
UIDS = "1.2.826.0.1.3680043.8.498.77441"
_FREE = frozenset(("PN", "LO", "SH", "LT", "ST", "UT", "UC", "AE", "UR"))
_DATES = frozenset(("DA", "DT"))
# What decides how pixels are read, or repeats in groups of its own.
_KEPT = range(0x5000, 0x6100)


def plant(dataset: Dataset, mark: str, born: str) -> Dataset:
    """Write a mark into every attribute of text that the dictionary knows, and private ones."""
    for tag, (kind, *_rest, keyword) in DicomDictionary.items():
        group = tag >> 16
        if group in _KEPT or group < 8 or not keyword or tag in dataset:
            continue
        if kind in _FREE:
            dataset.add_new(tag, kind, f"{mark}^{mark}" if kind == "PN" else mark)
        elif kind in _DATES:
            dataset.add_new(tag, kind, born)
    dataset.PatientName, dataset.PatientID = f"{mark}^Anna", f"{mark}4711"
    dataset.PatientBirthDate, dataset.AccessionNumber = born, f"{mark}99"
    inside = Dataset()
    inside.PatientName, inside.TextValue, inside.CodeMeaning = mark, mark, mark
    inside.PatientBirthDate, inside.PersonName = born, mark
    dataset.RequestAttributesSequence = dataset.AcquisitionContextSequence = [inside]
    dataset.add_new(0x7FE10010, "LO", f"{mark} BEHIND")
    dataset.add_new(0x7FE11001, "LO", mark)
    block = dataset.private_block(0x0029, f"{mark} HEADER", create=True)
    block.add_new(0x10, "LO", mark)
    block.add_new(0x11, "OB", mark.encode().ljust(8))
    return dataset


def _identified(dataset: Dataset, number: int) -> Dataset:
    dataset.StudyInstanceUID = f"{UIDS}.1"
    dataset.SeriesInstanceUID = f"{UIDS}.2.{number}"
    dataset.SOPInstanceUID = f"{UIDS}.3.{number}"
    dataset.SeriesNumber = number
    return dataset


def cine(number: int, mark: str, born: str) -> Dataset:
    """Return a run of 12 bits with an overlay plane that says the mark."""
    y, x = np.mgrid[:64, :96]
    frames = np.stack([900 + 10 * y + 8 * x + 40 * n for n in range(5)]).astype(np.uint16)
    more = {"BitsStored": 12, "HighBit": 11, "SOPClassUID": XA, "Modality": "XA"}
    dataset = _identified(make_object(frames, **more), number)
    dataset.WindowCenter, dataset.WindowWidth = 1600, 1800
    dataset.WindowCenterWidthExplanation = mark
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, 0, mark
    dataset.FrameTime, dataset.FrameIncrementPointer = 66.7, 0x00181063
    dataset.ImagerPixelSpacing = [0.3, 0.3]
    dataset.BurnedInAnnotation = "NO"
    put_plane(dataset, drawn(mark, (64, 96)))
    put_embedded(dataset, 14, group=0x6002)  # words in bits that no value takes
    words = dataset.PixelData
    shown = np.frombuffer(words, np.uint16).reshape(-1, 64, 96) | drawn(mark, (64, 96)) << 14
    dataset.PixelData = shown.astype(np.uint16).tobytes() + mark.encode().ljust(8)
    dataset.add_new(0x60000022, "LO", mark)
    dataset.add_new(0x60001500, "LO", mark)
    return plant(dataset, mark, born)


def slice_of(number: int, mark: str, born: str) -> Dataset:
    """Return a CT image whose unit and VOI LUT are named by the mark."""
    y, x = np.mgrid[:48, :64]
    more = {"BitsStored": 12, "HighBit": 11, "SOPClassUID": CT, "Modality": "CT"}
    dataset = _identified(make_object((20 * y + 12 * x).astype(np.uint16), **more), number)
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1000, mark
    table = Dataset()
    table.LUTDescriptor, table.LUTExplanation = [256, 0, 8], mark
    table.LUTData = list(range(256))
    table["LUTData"].VR = "US"
    dataset.VOILUTSequence = [table]
    dataset.BurnedInAnnotation = "NO"
    dataset.PixelSpacing, dataset.ImagePositionPatient = [0.5, 0.5], [0, 0, 0]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacingCalibrationDescription = mark
    return plant(dataset, mark, born)


def colours(number: int, mark: str, born: str) -> Dataset:
    """Return a secondary capture in colours."""
    y, x = np.mgrid[:48, :64]
    pixels = np.stack([4 * y, 3 * x, y + x], -1).astype(np.uint8)
    dataset = _identified(make_object(pixels, Modality="OT", BurnedInAnnotation="NO"), number)
    return plant(dataset, mark, born)


def state(image: Dataset, mark: str, born: str) -> Dataset:
    """Return a presentation state that writes the mark over an image."""
    text, annotation, layer = Dataset(), Dataset(), Dataset()
    text.UnformattedTextValue = mark
    text.AnchorPoint, text.AnchorPointVisibility = [20.0, 20.0], "N"
    text.AnchorPointAnnotationUnits = "PIXEL"
    annotation.GraphicLayer, annotation.TextObjectSequence = mark, [text]
    layer.GraphicLayer, layer.GraphicLayerOrder = mark, 1
    layer.GraphicLayerDescription = mark
    made = state_for(image, GraphicAnnotationSequence=[annotation], GraphicLayerSequence=[layer])
    made.ContentLabel, made.ContentDescription = mark, mark
    return plant(made, mark, born)


def segments(image: Dataset, mark: str, born: str) -> Dataset:
    """Return a segmentation whose segment has the mark as its label."""
    marked = np.zeros((1, int(image.Rows), int(image.Columns)), np.uint8)
    marked[0, 5:20, 5:30] = 1
    made = make_seg([image], marked)
    made.SegmentSequence[0].SegmentLabel = mark
    made.SegmentSequence[0].SegmentDescription = mark
    return plant(made, mark, born)


def drawn(words: str, shape: tuple[int, int]) -> np.ndarray:
    """Return words as a plane of bits."""
    image = Image.new("1", shape[::-1])
    ImageDraw.Draw(image).text((8, 8), words, fill=1)
    return np.asarray(image)


def write(folder: Path, mark: str, born: str) -> dict[str, Path]:
    """Write everything into a folder whose name and whose files hold the mark."""
    place = folder / f"{mark}_Anna_{born}"
    place.mkdir(parents=True)
    image, picture = cine(1, mark, born), colours(2, mark, born)
    letter = encapsulated(f"Dear {mark} Anna".encode(), "text/plain", mark)
    letter.StudyInstanceUID = f"{UIDS}.1"
    made: dict[str, Dataset] = {
        "cine": image,
        "colours": picture,
        "slice": slice_of(3, mark, born),
        "state": state(image, mark, born),
        "segments": segments(image, mark, born),
        "letter": plant(letter, mark, born),
    }
    found = {name: place / f"{mark} {name}.dcm" for name in made}
    for name, dataset in made.items():
        save(dataset, found[name])
    return found


def told(mark: str, born: str) -> dict[str, list[bytes]]:
    """Return what must stand nowhere, in the ways in which files write text."""
    dates = [born, f"{born[:4]}-{born[4:6]}-{born[6:]}", f"{born[6:]}.{born[4:6]}.{born[:4]}"]
    words = {"mark": [mark, mark.lower()], "birth date": dates, "UIDs": [UIDS]}
    codings = ("ascii", "utf-16-le", "utf-16-be")
    return {what: [t.encode(c) for t in texts for c in codings] for what, texts in words.items()}


def leaks(paths: Iterator[Path], mark: str, born: str) -> list[str]:
    """Return where a mark, a birth date or a UID stands in files, packed or not."""
    wanted = told(mark, born)
    found = []
    for path in paths:
        for part, data in unpacked(path):
            hits = [what for what, forms in wanted.items() if any(f in data for f in forms)]
            found += [f"{part}: {what}" for what in hits]
    return found


def unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a file's name, its bytes and what it holds packed: archives, chunks, metadata."""
    data, suffix = path.read_bytes(), path.suffix.lower()
    yield "name", str(path.name).encode()
    yield path.name, data
    if suffix == ".gz":
        yield f"{path.name}, unpacked", gzip.decompress(data)
    if suffix in {".npz", ".zip"}:
        with zipfile.ZipFile(path) as archive:
            yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())
    if suffix in {".png", ".jpg", ".tiff", ".gif"}:
        with Image.open(path) as image:
            told_there: dict[Any, Any] = dict(image.info) | dict(getattr(image, "tag_v2", {}))
            yield f"{path.name}, text", repr((told_there, dict(image.getexif()))).encode()
    if suffix in {".mp4", ".mov", ".mkv", ".webm", ".avi"}:
        with av.open(str(path)) as film:
            words = [film.metadata, *(stream.metadata for stream in film.streams)]
            yield f"{path.name}, metadata", repr(words).encode()


def same_each_time(path: Path) -> bytes:
    """Return what of a file is the same at each export: Matroska numbers its files at random."""
    if path.suffix in {".mkv", ".webm"}:
        with av.open(str(path)) as film:
            return b"".join(
                frame.to_ndarray(format="rgb24").tobytes() for frame in film.decode(video=0)
            )
    if path.suffix == ".json" and path.stem.endswith((".mkv", ".webm")):
        told_there = json.loads(path.read_text("utf-8"))
        del told_there["files"]
        return json.dumps(told_there).encode()
    return path.read_bytes()


def files_below(folder: Path) -> list[Path]:
    """Return all files of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
