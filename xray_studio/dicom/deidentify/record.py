"""What an object says of its own de-identification (PS3.3 C.12.1, C.7.1.1, PS3.15 E.1.1)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.deidentify.options import EDITION
from xray_studio.core.version import VERSION
from xray_studio.dicom.attributes.values import items
from xray_studio.dicom.deidentify.rules import Order
from xray_studio.dicom.write.derived import MASKED
from xray_studio.dicom.write.masking import mask_words
from xray_studio.dicom.write.objects import MAKER, coded


def tell(dataset: Dataset, order: Order, *, pictures: bool) -> None:
    """Record method, options and what became of dates; `pictures`: the object has pixels.

    Recognizable Visual Features stays as it is: nothing is done about faces, so nothing is said.
    """
    codes = order.profile.codes(pixels=pictures and order.looked)
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = [f"{MAKER} {VERSION}", f"PS3.15 {EDITION} Table E.1-1"]
    dataset.DeidentificationMethodCodeSequence = coded(*((c, "DCM", words) for c, words in codes))
    dataset.LongitudinalTemporalInformationModified = order.profile.temporal
    if pictures and order.looked:
        dataset.BurnedInAnnotation = "NO"


def tell_masks(dataset: Dataset, order: Order) -> None:
    """Say that a part of the pixels is no longer as acquired (PS3.3 C.7.6.1.1.2)."""
    if not order.masks:
        return
    known = items(dataset, "DerivationCodeSequence")
    dataset.DerivationCodeSequence = [*known, *coded(MASKED)]
    dataset.DerivationDescription = mask_words(order.masks)
    if "PerFrameFunctionalGroupsSequence" not in dataset and dataset.get("ImageType"):
        dataset.ImageType = ["DERIVED", *list(dataset.ImageType)[1:]]
