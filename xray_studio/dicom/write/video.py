"""Video Endoscopic, Microscopic and Photographic Images (PS3.3 A.32.5 to A.32.7), and captures.

Everything of an object but its pixel data, which is written behind it (`items`, `stream`).
"""

from __future__ import annotations

from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID

from xray_studio.core.version import VERSION
from xray_studio.core.video.classes import BYTES, COLOURS, WORDS
from xray_studio.core.video.facts import Sound
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.syntaxes import VIDEO_SYNTAXES
from xray_studio.dicom.attributes.dataset import PIXEL_DATA
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.pixels.encoders import ENCODERS, PLAIN
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.write.capture import new_capture
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.derived import LOSSY, SOURCE, contribute, new_uid, rooted
from xray_studio.dicom.write.moments import tell_moments
from xray_studio.dicom.write.objects import (
    CHARACTER_SET,
    MAKER,
    Code,
    code,
    coded,
    file_head,
    reference,
)
from xray_studio.dicom.write.pixel_rules import check_native_size, check_pixels, describe_new
from xray_studio.dicom.write.plan import FrameWay, ObjectPlan, Way
from xray_studio.dicom.write.video_order import VideoOrder

_FRAME_TIME = 0x00181063
_ROOM: Code = ("109112", "DCM", "Ambient room environment")
_DA, _TM = "%Y%m%d", "%H%M%S"
_CAPTURES = frozenset((BYTES, WORDS, COLOURS))
_QUALITY = 90


def video_head(order: VideoOrder) -> bytes:
    """Return the file of a stream up to its pixel data.

    Raises WriteError where the object would break the standard.
    """
    with rooted(order.uid_root):
        dataset = _described(order)
    _tell_stream(dataset, order)
    refuse_errors(dataset, order.syntax, whole=False)
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    return file_head(sop_class, instance, order.syntax) + as_bytes(dataset, order.syntax)


def plan_capture(order: VideoOrder, quality: int = _QUALITY) -> ObjectPlan:
    """Return the secondary capture that frames go into, each on its own.

    Raises UsageError for a transfer syntax that does not fit, WriteError as `video_head`.
    """
    with rooted(order.uid_root):
        dataset = _described(order)
    layout = PixelFormat(
        order.rows, order.columns, 3 if order.colour else 1, 8 if order.bits == 8 else 16,
        order.bits, order.bits - 1,
        photometric="RGB" if order.colour else "MONOCHROME2",
    )  # fmt: skip
    way = Way.NATIVE if order.syntax in PLAIN else Way.ENCODED
    how = FrameWay(way, order.syntax, order.bits, quality)
    if way is Way.ENCODED:
        check_pixels(layout, order.syntax)
    check_native_size(layout, order.frames, how)
    describe_new(dataset, layout, how)
    _tell_aspect(dataset, order)
    refuse_errors(dataset, order.syntax, whole=False)
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    return ObjectPlan(
        head=file_head(sop_class, instance, order.syntax),
        attributes=as_bytes(dataset, order.syntax),
        tail=b"",
        syntax=order.syntax,
        pixel_tag=PIXEL_DATA,
        layout=layout,
        count=order.frames,
        frames=(),
        how=how,
        sop_class_uid=sop_class,
        derived=True,
        lossy=way is Way.ENCODED and ENCODERS[order.syntax].lossy,
    )


def _described(order: VideoOrder) -> Dataset:
    """Return what is said of an object whatever its pixels lie in."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = CHARACTER_SET
    _tell_identity(dataset, order.identity)
    if order.sop_class in _CAPTURES:
        _tell_capture(dataset, order)
    else:
        _tell_visible_light(dataset, order)
    dataset.SeriesInstanceUID = UID(order.series_uid)
    dataset.Modality, dataset.SeriesNumber = order.modality, order.series_number
    dataset.InstanceNumber = order.number
    if order.series_description:
        dataset.SeriesDescription = order.series_description
    _tell_times(dataset, order)
    _tell_cine(dataset, order)
    _tell_losses(dataset, order)
    _tell_origin(dataset, order)
    return dataset


def _tell_identity(dataset: Dataset, who: Identity) -> None:
    """Patient and study (PS3.3 C.7.1.1, C.7.2.1); empty where nobody tells."""
    dataset.PatientName, dataset.PatientID = who.patient_name, who.patient_id
    if who.issuer:
        dataset.IssuerOfPatientID = who.issuer
    dataset.PatientBirthDate, dataset.PatientSex = who.birth_date, who.sex
    dataset.StudyInstanceUID = UID(who.study_uid or new_uid())
    dataset.StudyDate, dataset.StudyTime = who.study_date, who.study_time
    dataset.StudyID, dataset.AccessionNumber = who.study_id, who.accession
    dataset.ReferringPhysicianName = who.referring
    if who.study_description:
        dataset.StudyDescription = who.study_description
    if who.procedure_id and who.step_id:
        dataset.RequestAttributesSequence = Items([_request(who)])


def _request(who: Identity) -> Dataset:
    """Tell the request that the video was planned by (PS3.3 10.6)."""
    item = Dataset()
    item.RequestedProcedureID, item.ScheduledProcedureStepID = who.procedure_id, who.step_id
    if who.procedure_description:
        item.RequestedProcedureDescription = who.procedure_description
    if who.step_description:
        item.ScheduledProcedureStepDescription = who.step_description
    return item


def _tell_visible_light(dataset: Dataset, order: VideoOrder) -> None:
    """Say what only videos of visible light say (PS3.3 C.8.12.1, C.7.6.14)."""
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(order.sop_class), UID(new_uid())
    dataset.Manufacturer, dataset.ManufacturerModelName = MAKER, MAKER
    dataset.SoftwareVersions = VERSION
    dataset.ImageType = ["DERIVED" if order.words else "ORIGINAL", "PRIMARY"]
    dataset.NumberOfFrames = order.frames
    dataset.PatientOrientation = None
    dataset.AcquisitionContextSequence = Items()
    dataset.AnatomicRegionSequence = coded(order.region)
    now = datetime.now().astimezone()
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = f"{now:{_DA}}", f"{now:{_TM}}"


def _tell_capture(dataset: Dataset, order: VideoOrder) -> None:
    new_capture(dataset, order.sop_class, order.frames)
    dataset.ConversionType = "DI"  # it came as digital video
    dataset.BurnedInAnnotation = "YES"  # nobody has looked whether there is text
    if order.identity.region:
        dataset.AnatomicRegionSequence = coded(order.identity.region)
    else:
        dataset.Laterality = None  # what is imaged may be one of a pair


def _tell_times(dataset: Dataset, order: VideoOrder) -> None:
    """Keep apart when it was recorded, when the pixels came to be, and when the object did.

    Pictures that are as they were recorded came to be then, where that is known; others do now.
    """
    acquired = order.acquired
    if acquired is not None:
        local = acquired.astimezone()
        dataset.AcquisitionDateTime = f"{local:%Y%m%d%H%M%S%z}"
        dataset.AcquisitionDate, dataset.AcquisitionTime = f"{local:{_DA}}", f"{local:{_TM}}"
    kept = acquired is not None and not order.words
    content = acquired.astimezone() if kept and acquired else datetime.now().astimezone()
    dataset.ContentDate, dataset.ContentTime = f"{content:{_DA}}", f"{content:{_TM}}"


def _tell_cine(dataset: Dataset, order: VideoOrder) -> None:
    """Say how fast frames follow (PS3.3 C.7.6.5 and C.7.6.6)."""
    if order.moments:
        tell_moments(dataset, order.frames, 0.0, order.moments)
        return
    dataset.FrameIncrementPointer = _FRAME_TIME
    dataset.FrameTime = f"{1000 / float(order.rate):.10g}"
    rate = max(1, round(order.rate))
    dataset.CineRate = dataset.RecommendedDisplayFrameRate = rate
    dataset.StartTrim, dataset.StopTrim = 1, order.frames
    if order.sound:
        dataset.MultiplexedAudioChannelsDescriptionCodeSequence = Items(
            [_channel(number, sound) for number, sound in enumerate(order.sound, 1)]
        )


def _channel(number: int, sound: Sound) -> Dataset:
    """Describe one sound beside the pictures (PS3.3 C.7.6.5); what it is of, nobody tells."""
    item = Dataset()
    item.ChannelIdentificationCode = number
    item.ChannelMode = "MONO" if sound.channels == 1 else "STEREO"
    source = code(_ROOM)
    item.ChannelSourceSequence = Items([source])
    return item


def _tell_losses(dataset: Dataset, order: VideoOrder) -> None:
    """Say what compression lost (PS3.3 C.7.6.1.1.5), one after the other."""
    dataset.LossyImageCompression = "01" if order.losses else "00"
    if order.losses:
        dataset.LossyImageCompressionRatio = [f"{loss.ratio:.4g}" for loss in order.losses]
        methods = [loss.method for loss in order.losses]
        if all(methods):
            dataset.LossyImageCompressionMethod = methods


def _tell_origin(dataset: Dataset, order: VideoOrder) -> None:
    """Say what was done to the pictures, and which object they were made from."""
    who = order.identity
    if order.words:
        dataset.DerivationDescription = order.words
        if order.syntax in VIDEO_SYNTAXES:
            dataset.DerivationCodeSequence = coded(LOSSY)
    if who.source_class and who.source_instance:
        item = reference(who.source_class, who.source_instance)
        item.PurposeOfReferenceCodeSequence = coded(SOURCE)
        dataset.SourceImageSequence = Items([item])
    contribute(dataset, order.words or "Video stream put into DICOM as it was recorded")


def _tell_stream(dataset: Dataset, order: VideoOrder) -> None:
    """Describe the pixels of a stream (PS3.5 8.2.5 to 8.2.11)."""
    syntax = VIDEO_SYNTAXES[order.syntax]
    dataset.Rows, dataset.Columns = order.rows, order.columns
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, "YBR_PARTIAL_420"
    dataset.PlanarConfiguration = dataset.PixelRepresentation = 0
    dataset.BitsAllocated = 8 if order.bits == 8 else 16
    dataset.BitsStored, dataset.HighBit = order.bits, order.bits - 1
    if not syntax.square:
        _tell_aspect(dataset, order)
    if order.stereo:
        dataset.StereoPairsPresent = "YES"


def _tell_aspect(dataset: Dataset, order: VideoOrder) -> None:
    """Say how high and wide a pixel is, where it is no square (PS3.3 C.7.6.3.1.7)."""
    aspect = order.pixel_aspect
    if aspect != 1:
        dataset.PixelAspectRatio = [aspect.denominator, aspect.numerator]
