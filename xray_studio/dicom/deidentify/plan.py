"""Plans a de-identified object: everything of it but its frames. Runs in a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydicom.dataset import Dataset

from xray_studio.core.deidentify.changes import Change, gathered
from xray_studio.core.deidentify.pseudonyms import Pseudonyms
from xray_studio.core.errors import NoPixelsError, StudioError, UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.deidentify.record import tell, tell_masks
from xray_studio.dicom.deidentify.rules import Order, Subject, subject_of
from xray_studio.dicom.deidentify.settle import settle
from xray_studio.dicom.deidentify.walk import Walker
from xray_studio.dicom.documents.source import read_source
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource
from xray_studio.dicom.pixels.stored import PixelSource, layout_of, palette_of, raw_words
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.derived import drop_signatures
from xray_studio.dicom.write.masking import mask_attributes, masking_of
from xray_studio.dicom.write.objects import file_head
from xray_studio.dicom.write.overlays import extract
from xray_studio.dicom.write.pixel_rules import (
    check_native_size,
    describe_earlier_loss,
    describe_pixels,
    frame_way,
    new_layout,
)
from xray_studio.dicom.write.plan import FrameWay, ObjectPlan, SourceFrame, Way
from xray_studio.dicom.write.stream_copy import stream_plan
from xray_studio.dicom.write.whole import OFFSET_TABLES, Whole, read_whole

_DIRECTORY = "1.2.840.10008.1.3.10"
_ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.104."
_RAW = "1.2.840.10008.5.1.4.1.1.66"


@dataclass(frozen=True, slots=True)
class Planned:
    """A de-identified object: `plan` for one with frames, else all of it as `data`.

    `place` names patient, study, series and object by pseudonyms.
    """

    plan: ObjectPlan | None
    data: bytes
    place: tuple[str, str, str, str]
    sop_instance_uid: str
    changes: tuple[Change, ...]
    source: PixelSource | None = None


def plan_object(order: Order) -> Planned:
    """Read an object and return what is to be written of it.

    Raises UnsupportedError for what cannot be de-identified, UnreadableError for damage.
    """
    try:
        with lenient_pydicom():
            return _planned(order)
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(
            "The object holds attributes that cannot be written again."
        ) from error


def _planned(order: Order) -> Planned:
    try:
        whole = read_whole(order.path)
    except NoPixelsError:
        return _without_pixels(order)
    dataset = whole.dataset
    _check_kind(dataset)
    subject = subject_of(dataset)
    plan, changes = _pictures(order, whole, subject)
    return Planned(plan, b"", _place(order.pseudonyms, subject, dataset),
                   text(dataset, "SOPInstanceUID"), changes, whole.source)  # fmt: skip


def _check_kind(dataset: Dataset) -> None:
    """Raise UnsupportedError for objects whose content nobody can look through."""
    sop_class = text(dataset, "SOPClassUID")
    if sop_class == _DIRECTORY or "DirectoryRecordSequence" in dataset:
        raise UnsupportedError(
            "A DICOMDIR names patients; make a new one of the de-identified objects"
            " (export --media)."
        )
    if sop_class.startswith(_ENCAPSULATED) or "EncapsulatedDocument" in dataset:
        raise UnsupportedError(
            "An encapsulated document (PDF, CDA, model) cannot be searched for names; leave it out."
        )
    if sop_class == _RAW:
        raise UnsupportedError("Raw data can hold anything; leave it out.")


def _without_pixels(order: Order) -> Planned:
    found = read_source(order.path)
    dataset = found.dataset
    _check_kind(dataset)
    if not text(dataset, "SOPClassUID") or not text(dataset, "SOPInstanceUID"):
        raise UnsupportedError("The object does not say what it is (SOP Class and Instance UID).")
    if not found.little_endian:
        raise UnsupportedError("Objects without pictures are not converted from big endian.")
    if "Rows" in dataset and "PixelData" not in dataset and "NumberOfFrames" not in dataset:
        raise UnsupportedError("The object describes a picture but holds no pixel data.")
    subject, tail = subject_of(dataset), Dataset()
    drop_signatures(dataset, tail)
    walker = Walker(order, subject)
    walker.walk(dataset)
    tell(dataset, order, pictures=False)
    instance = text(dataset, "SOPInstanceUID")
    syntax = syntaxes.EXPLICIT_LITTLE
    settle(
        dataset, syntax, walker.changes, lambda: [(read_source(order.path).dataset, syntax)],
        whole=False,
    )  # fmt: skip
    head = file_head(subject.sop_class, instance, syntax)
    place = _place(order.pseudonyms, subject, dataset)
    return Planned(None, head + as_bytes(dataset, syntax), place, instance,
                   gathered(walker.changes))  # fmt: skip


def _pictures(
    order: Order, whole: Whole, subject: Subject
) -> tuple[ObjectPlan, tuple[Change, ...]]:
    """Return the plan of an object with frames, in the order in which it is made."""
    source, dataset = whole.source, whole.dataset
    if isinstance(source, VideoStream):
        return _video(order, whole, source, subject)
    how = _way(whole, changed=bool(order.masks))
    layout, count = new_layout(source, how), source.shape[0]
    check_native_size(layout, count, how)
    drop_signatures(dataset, whole.tail)
    describe_earlier_loss(dataset, source, whole.header.transfer_syntax)
    if how.way is not Way.KEPT and isinstance(source, NativeSource | DeflatedSource):
        extract(dataset, lambda frame: raw_words(source, frame), range(count))
    walker = Walker(order, subject)
    walker.walk(dataset)
    walker.walk(whole.tail)
    mask_attributes(dataset, order.masks, clean=order.looked)
    describe_pixels(dataset, layout, how)
    tell(dataset, order, pictures=True)
    tell_masks(dataset, order)
    kept = whole.header.transfer_syntax
    settle(
        dataset, how.syntax, walker.changes, lambda: [(read_whole(order.path).dataset, kept)],
        whole=False,
    )  # fmt: skip
    masking = masking_of(order.masks, whole.clip, layout, palette_of(source))
    frames = tuple(SourceFrame(source, at, None, masking) for at in range(count))
    plan = ObjectPlan(
        head=file_head(subject.sop_class, text(dataset, "SOPInstanceUID"), how.syntax),
        attributes=as_bytes(dataset, how.syntax),
        tail=as_bytes(whole.tail, how.syntax),
        syntax=how.syntax,
        pixel_tag=whole.header.pixels.tag,
        layout=layout,
        count=count,
        frames=frames,
        how=how,
        sop_class_uid=subject.sop_class,
        derived=True,
    )
    return plan, gathered(walker.changes)


def _video(
    order: Order, whole: Whole, stream: VideoStream, subject: Subject
) -> tuple[ObjectPlan, tuple[Change, ...]]:
    """Return the plan of an object whose video stream stays bit for bit.

    Raises UnsupportedError for masks, which need frames.
    """
    if order.masks:
        raise UnsupportedError(
            "A video stream is kept as it is, so nothing in it can be masked; export its frames"
            " with the masks (export SRC OUT.dcm --mask X,Y,WIDTH,HEIGHT --syntax jpeg-ls) and"
            " de-identify those."
        )
    dataset, kept = whole.dataset, whole.header.transfer_syntax
    drop_signatures(dataset, whole.tail)
    for tag in OFFSET_TABLES:  # its items are made anew
        dataset.pop(tag, None)
    describe_earlier_loss(dataset, stream, kept)
    walker = Walker(order, subject)
    walker.walk(dataset)
    walker.walk(whole.tail)
    mask_attributes(dataset, (), clean=order.looked)
    tell(dataset, order, pictures=True)
    settle(
        dataset, kept, walker.changes, lambda: [(read_whole(order.path).dataset, kept)],
        whole=False,
    )  # fmt: skip
    plan = replace(stream_plan(whole, stream, subject.sop_class), derived=True)
    return plan, gathered(walker.changes)


def _way(whole: Whole, *, changed: bool) -> FrameWay:
    """Return how frames come into the object.

    Native samples are written anew where they have spare bits, in which anything can hide.
    """
    source, kept = whole.source, whole.header.transfer_syntax
    before = layout_of(source)
    spare = before.bits_stored < before.bits_allocated and not before.floating
    native = isinstance(source, NativeSource | DeflatedSource)
    how = frame_way(source, kept, "", 90, changed=changed or (spare and native))
    return replace(how, bare=how.way is Way.KEPT)


def _place(pseudonyms: Pseudonyms, subject: Subject, dataset: Dataset) -> tuple[str, str, str, str]:
    """Return names for folders and file: the dataset holds its new UIDs by now."""
    levels = (("ST", "StudyInstanceUID"), ("SE", "SeriesInstanceUID"), ("I", "SOPInstanceUID"))
    told = [pseudonyms.number(f"name {p}", text(dataset, word), p) for p, word in levels]
    return (pseudonyms.patient(subject.patient), *told)  # type: ignore[return-value]  # of four
