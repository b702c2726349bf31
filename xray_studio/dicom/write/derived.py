"""What an object says when it was made from another (PS3.3 C.7.6.1.1.3, C.12.1.1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, generate_uid

from xray_studio.core.version import VERSION
from xray_studio.dicom.attributes.values import items, tag_of, text
from xray_studio.dicom.write.objects import MAKER, Code, coded, reference

LOSSY: Code = ("113040", "DCM", "Lossy Compression")
MASKED: Code = ("113047", "DCM", "Pixel by pixel mask")
PREDECESSOR: Code = ("121320", "DCM", "Uncompressed predecessor")
SOURCE: Code = ("121322", "DCM", "Source image for image processing operation")
MODIFYING: Code = ("109103", "DCM", "Modifying Equipment")
LONGEST_TEXT = 1024
_ENHANCED = frozenset(
    f"1.2.840.10008.5.1.4.1.1.{number}"
    for number in ("2.1", "4.1", "4.3", "6.2", "12.1.1", "12.2.1", "128.1", "130", "13.1.1",
                   "13.1.2", "13.1.3", "13.1.4", "13.1.5")
)  # fmt: skip
# Of these a reference names no frames, even where an odd object has several.
_ONE_FRAME = frozenset(
    f"1.2.840.10008.5.1.4.1.1.{number}" for number in ("1", "2", "4", "6.1", "7", "128")
)

# A signature holds for the very bytes that were signed.
_SIGNATURES = ("DigitalSignaturesSequence", "MACParametersSequence")


_ROOT: ContextVar[str] = ContextVar("uid_root", default="")


@contextmanager
def rooted(root: str) -> Iterator[None]:
    """Make new UIDs under the root of an organisation (PS3.5 9.1), "" for that of UUIDs."""
    before = _ROOT.set(root)
    try:
        yield
    finally:
        _ROOT.reset(before)


def new_uid() -> str:
    """Return a UID that nothing else has, under the root of UUIDs (PS3.5 B.2) unless `rooted`."""
    root = _ROOT.get()
    return str(generate_uid(prefix=f"{root}." if root else None))


def series_uid(root: str) -> str:
    """Return a new UID for a series under a root. Runs in a worker process."""
    with rooted(root):
        return new_uid()


def drop_signatures(dataset: Dataset, tail: Dataset) -> None:
    """Leave out signatures: attributes are encoded anew."""
    for part in (dataset, tail):
        for keyword in _SIGNATURES:
            part.pop(tag_of(keyword), None)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to pixels: compressed with loss, a part of them made black, `processed`."""

    lossy: bool = False
    masked: bool = False
    processed: tuple[Code, ...] = ()

    @property
    def codes(self) -> list[Code]:
        """Derivation Code Sequence (CID 7203)."""
        return [LOSSY] * self.lossy + [MASKED] * self.masked + list(self.processed)


def derive(dataset: Dataset, frames: tuple[int, ...], words: str, change: Change) -> None:
    """Make an object one of its own, in a series of its own, that tells what it was made from.

    `frames` are those of the source, from 0, none where all are kept; `words` tell in English what
    was done, `change` what became of the pixels. Patient, study and equipment stay.
    """
    source, evidence = _source(dataset, frames, lossy=change.lossy), _evidence(dataset)
    enhanced = text(dataset, "SOPClassUID") in _ENHANCED
    # Enhanced objects whose pixels are as acquired stay ORIGINAL: what they tell of the acquisition
    # is not allowed in derived ones (PS3.3 C.8.13.4 and others).
    if change.codes or not enhanced:
        _kind(dataset, "ImageType")
    if change.codes and enhanced:
        _derive_frames(dataset, source, words, change)
    if enhanced and "SharedFunctionalGroupsSequence" in dataset:
        _add_evidence(dataset, evidence)
    dataset.SOPInstanceUID = UID(new_uid())
    dataset.SeriesInstanceUID = UID(new_uid())
    dataset.SourceImageSequence = Sequence([source])
    if change.processed and not enhanced:  # enhanced images are PRIMARY (PS3.3 C.8.16.1.2)
        dataset.ImageType = ["DERIVED", "SECONDARY", *text(dataset, "ImageType").split("\\")[2:]]
    if added := change.codes[change.lossy :]:  # that of loss goes with its ratio (`lose`)
        known = items(dataset, "DerivationCodeSequence")
        dataset.DerivationCodeSequence = Sequence([*known, *coded(*added)])
    dataset.DerivationDescription = _added(text(dataset, "DerivationDescription"), words)
    now = datetime.now().astimezone()
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    contribute(dataset, words)


def contribute(dataset: Dataset, words: str) -> None:
    """Name this program among the equipment that had a part in the object (PS3.3 C.12.1)."""
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = coded(MODIFYING)
    item.Manufacturer = item.ManufacturerModelName = MAKER
    item.SoftwareVersions = VERSION
    item.ContributionDescription = words[:LONGEST_TEXT]
    known = items(dataset, "ContributingEquipmentSequence")
    dataset.ContributingEquipmentSequence = Sequence([*known, item])


def lose(dataset: Dataset, method: str, ratio: float) -> None:
    """Say that pixels were compressed with loss (PS3.3 C.7.6.1.1.5), after what was lost before."""
    dataset.LossyImageCompression = "01"
    for keyword, new in (
        ("LossyImageCompressionRatio", f"{ratio:.4g}"),
        ("LossyImageCompressionMethod", method),
    ):
        before = [part for part in text(dataset, keyword).split("\\") if part]
        setattr(dataset, keyword, [*before, new])
    known = items(dataset, "DerivationCodeSequence")
    dataset.DerivationCodeSequence = Sequence([*known, *coded(LOSSY)])


def _source(dataset: Dataset, frames: tuple[int, ...], *, lossy: bool) -> Dataset:
    sop_class = text(dataset, "SOPClassUID")
    kept = () if sop_class in _ONE_FRAME else frames
    item = reference(sop_class, text(dataset, "SOPInstanceUID"), kept)
    item.PurposeOfReferenceCodeSequence = coded(PREDECESSOR if lossy else SOURCE)
    return item


def _evidence(dataset: Dataset) -> Dataset:
    """Return an item of Source Image Evidence Sequence (PS3.3 C.8.13.3) for the object itself."""
    series, item = Dataset(), Dataset()
    instance = reference(text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID"))
    series.SeriesInstanceUID = UID(text(dataset, "SeriesInstanceUID"))
    series.ReferencedSOPSequence = Sequence([instance])
    item.StudyInstanceUID = UID(text(dataset, "StudyInstanceUID"))
    item.ReferencedSeriesSequence = Sequence([series])
    return item


def _add_evidence(dataset: Dataset, evidence: Dataset) -> None:
    """Name a source beside those of frames that are told already, each study once."""
    known = items(dataset, "SourceImageEvidenceSequence")
    study = text(evidence, "StudyInstanceUID")
    same = [item for item in known if text(item, "StudyInstanceUID") == study]
    if same:
        series = [*items(same[0], "ReferencedSeriesSequence"), *evidence.ReferencedSeriesSequence]
        same[0].ReferencedSeriesSequence = Sequence(series)
    else:
        dataset.SourceImageEvidenceSequence = Sequence([*known, evidence])


def _kind(dataset: Dataset, keyword: str) -> None:
    """Set the first value of Image Type or Frame Type to DERIVED."""
    stated = text(dataset, keyword).split("\\")
    setattr(dataset, keyword, ["DERIVED", *(stated[1:] or ["PRIMARY"])])


def _added(before: str, words: str) -> str:
    return "; ".join(part for part in (before, words) if part)[:LONGEST_TEXT]


def _derive_frames(dataset: Dataset, source: Dataset, words: str, change: Change) -> None:
    """Say the same in the functional groups (PS3.3 C.7.6.16.2.6), which Image Type must match."""
    shared = items(dataset, "SharedFunctionalGroupsSequence")
    per_frame = items(dataset, "PerFrameFunctionalGroupsSequence")
    for group in (*shared, *per_frame):
        for element in group:
            for macro in element.value if element.VR == "SQ" else ():
                if "FrameType" in macro:
                    _kind(macro, "FrameType")
    item = Dataset()
    item.DerivationDescription = words[:LONGEST_TEXT]
    item.DerivationCodeSequence = Sequence([coded(code)[0] for code in change.codes])
    item.SourceImageSequence = Sequence([deepcopy(source)])
    # A macro is either shared or that of each frame.
    apart = any("DerivationImageSequence" in group for group in per_frame)
    for group in per_frame if apart else shared[:1]:
        known = items(group, "DerivationImageSequence")
        group.DerivationImageSequence = Sequence([*known, deepcopy(item)])
