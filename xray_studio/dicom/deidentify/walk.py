"""Goes through a data set and all its sequences and does what the table says of each attribute."""

from __future__ import annotations

from typing import Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from xray_studio.core.deidentify.changes import Change
from xray_studio.core.deidentify.options import Option
from xray_studio.core.deidentify.table import Action, Place, Row, basic_action, row_of
from xray_studio.dicom.attributes.values import tag_of
from xray_studio.dicom.deidentify.cleaning import Cleaner
from xray_studio.dicom.deidentify.dummies import dummy, dummy_code
from xray_studio.dicom.deidentify.elements import (
    element,
    items_of,
    known_vr,
    name_of,
    shown,
    texts,
    vr_of,
)
from xray_studio.dicom.deidentify.graphics import keeps_plane, plane_rest
from xray_studio.dicom.deidentify.private import safe_private
from xray_studio.dicom.deidentify.rules import Order, Subject
from xray_studio.dicom.deidentify.structured import cleaned_content, references_only

CONTENT: Final = tag_of("ContentSequence")
ANNOTATIONS: Final = tag_of("GraphicAnnotationSequence")
_PATIENT: Final = frozenset((tag_of("PatientName"), tag_of("PatientID")))
_STRUCTURED: Final = frozenset(map(tag_of, ("ContentSequence", "AcquisitionContextSequence")))
# UIDs of classes, schemes and resources: what they name is no object and no patient's.
_CLASSES: Final = frozenset(map(tag_of, (
    "SOPClassUID", "ReferencedSOPClassUID", "SOPClassesSupported", "RelatedGeneralSOPClassUID",
    "OriginalSpecializedSOPClassUID", "CodingSchemeUID", "ContextUID", "MappingResourceUID",
    "ContextGroupExtensionCreatorUID", "TransferSyntaxUID", "EncryptedContentTransferSyntaxUID",
    "MACCalculationTransferSyntaxUID", "AvailableTransferSyntaxUID", "SOPClassesInStudy",
)))  # fmt: skip
# What tells of attributes that are gone, and what is encrypted: nobody can look through it.
_USELESS: Final = frozenset(map(tag_of, (
    "PrivateDataElementCharacteristicsSequence", "EncryptedAttributesSequence",
)))  # fmt: skip
_OVERLAY: Final = 0x3000


class Walker:
    """De-identifies one object; `changes` tells what was done so far."""

    def __init__(self, order: Order, subject: Subject) -> None:
        self._order, self._subject = order, subject
        self._profile, self._pseudonyms = order.profile, order.pseudonyms
        self._clean = Cleaner(order.profile, order.pseudonyms, subject)
        self.changes: list[Change] = []

    def walk(self, dataset: Dataset, sequence: int | None = None, path: str = "") -> None:
        """De-identify a data set, the object itself or an item of `sequence`, in place."""
        safe = safe_private(dataset) if Option.SAFE_PRIVATE in self._profile else frozenset()
        planes = self._kept_planes(dataset)
        for tag in list(dataset.keys()):
            if tag in dataset and tag not in safe:
                self._attribute(dataset, tag, sequence, path, planes)

    def _kept_planes(self, dataset: Dataset) -> frozenset[int]:
        """Return the groups of overlay planes that stay."""
        if Option.GRAPHICS not in self._profile:
            return frozenset()
        groups = {tag.group for tag in dataset.keys() if tag.group >> 8 == 0x60}  # noqa: SIM118
        return frozenset(group for group in groups if keeps_plane(dataset, group))

    def _attribute(
        self,
        dataset: Dataset,
        tag: BaseTag,
        sequence: int | None,
        path: str,
        planes: frozenset[int],
    ) -> None:
        if tag.element == 0:  # lengths of groups change
            del dataset[tag]
        elif tag.group >> 8 == 0x60 and tag.group % 2 == 0:
            self._plane(dataset, tag, path, planes)
        elif tag.group % 2:  # private, and not among those that are safe
            self._do(dataset, tag, Action.REMOVE, path)
        elif (row := row_of(tag)) is not None:
            self._by_row(dataset, tag, row, Place(self._subject.sop_class, sequence), path)
        else:
            self._unlisted(dataset, tag, path)

    def _by_row(self, dataset: Dataset, tag: BaseTag, row: Row, place: Place, path: str) -> None:
        letter, option = row.decided(self._profile)
        if option is None or letter == "X":  # with UIDs retained, that of the patient's object goes
            self._do(dataset, tag, basic_action(row, tag, place), path)
            return
        found = element(dataset, tag)
        before = self._seen(found)
        if letter == "K" and found is not None:
            self._inside(found, tag, path)
        elif found is None or not self._cleaned(dataset, tag, found, option, path):
            self._do(dataset, tag, basic_action(row, tag, place), path)
            return
        self._note(dataset, tag, (letter, option), path, before)

    def _cleaned(
        self, dataset: Dataset, tag: BaseTag, found: DataElement, option: Option, path: str
    ) -> bool:
        """Clean an attribute; tell whether it stays."""
        if option is Option.GRAPHICS:
            for item in items_of(found):
                dummy_code(item)
            self._inside(found, tag, path)
            return found.VR == "SQ"
        if tag in _STRUCTURED or (option is Option.STRUCTURED and found.VR == "SQ"):
            found.value = Sequence(cleaned_content(items_of(found), self._clean))
            self._inside(found, tag, path, nested=False)
            return True
        if found.VR == "SQ":
            found.value = Sequence(self._clean.codes(items_of(found)))
            self._inside(found, tag, path)
            return bool(found.value)
        return self._clean.element(dataset, tag, found)

    def _do(self, dataset: Dataset, tag: BaseTag, action: Action, path: str) -> None:
        """Do what the Basic Profile says."""
        read = action is not Action.REMOVE or self._order.values
        found = element(dataset, tag) if read else None
        before = self._seen(found)
        if action is Action.REMOVE or found is None or tag == ANNOTATIONS:
            # An annotation of dummies would be drawn over the picture.
            del dataset[tag]
            action = Action.REMOVE
        elif tag in _PATIENT:
            found.value, action = self._pseudonyms.patient(self._subject.patient), Action.DUMMY
        elif found.VR == "SQ":
            self._sequence(found, tag, action, path)
        elif action is Action.UID:
            dataset[tag] = DataElement(tag, "UI", [self._pseudonyms.uid(u) for u in texts(found)])
        else:
            self._replace(dataset, tag, found, empty=action is Action.EMPTY)
        self._note(dataset, tag, (action.value, None), path, before)

    def _replace(self, dataset: Dataset, tag: BaseTag, found: DataElement, *, empty: bool) -> None:
        vr = known_vr(tag).split(" ")[0] or found.VR
        value = "" if empty else dummy(tag, vr, "\\".join(texts(found)), self._pseudonyms)
        dataset[tag] = DataElement(tag, vr, value)

    def _sequence(self, found: DataElement, tag: BaseTag, action: Action, path: str) -> None:
        if action is Action.EMPTY:
            found.value = Sequence()
        elif tag == CONTENT:
            found.value = Sequence(references_only(items_of(found)))
        elif action is Action.DUMMY:
            for item in items_of(found):
                dummy_code(item)
        self._inside(found, tag, path)

    def _plane(self, dataset: Dataset, tag: BaseTag, path: str, planes: frozenset[int]) -> None:
        """Remove an overlay plane whole, or keep one but for its words (PS3.3 C.9.2)."""
        if tag.group in planes and tag.element not in plane_rest():
            return
        before = self._seen(element(dataset, tag)) if self._order.values else ""
        del dataset[tag]
        self._note(dataset, tag, ("X", None), path, before)

    def _unlisted(self, dataset: Dataset, tag: BaseTag, path: str) -> None:
        """Handle what the table does not name.

        Attributes that PS3.6 does not know are removed, since nothing is known of them, and those
        that are encrypted, which hold the identity (PS3.15 E.1.1); names are replaced, and UIDs
        but for those of classes.
        """
        known = known_vr(tag)
        if known and vr_of(dataset, tag) == "SQ":
            known = "SQ"  # whatever it is, its items are gone through
        found = element(dataset, tag) if known in {"SQ", "PN", "UI"} else None
        if not known or tag in _USELESS or (known in {"SQ", "PN", "UI"} and found is None):
            self._do(dataset, tag, Action.REMOVE, path)
        elif known == "SQ":
            assert found is not None
            self._inside(found, tag, path)
        elif known == "PN":
            self._do(dataset, tag, Action.DUMMY, path)
        elif known == "UI" and tag not in _CLASSES and Option.UIDS not in self._profile:
            self._do(dataset, tag, Action.UID, path)

    def _inside(self, found: DataElement, tag: BaseTag, path: str, *, nested: bool = True) -> None:
        """De-identify the items of a sequence; without `nested`, not the content they hold."""
        for item in items_of(found):
            if nested:
                self.walk(item, tag, f"{path}{name_of(tag)}.")
            else:
                self._item(item, tag, f"{path}{name_of(tag)}.")

    def _item(self, item: Dataset, tag: BaseTag, path: str) -> None:
        """De-identify an item of cleaned content: its own content is cleaned already."""
        held = element(item, CONTENT) if CONTENT in item else None
        item.pop(CONTENT, None)
        kept = self._clean.set_aside(item)
        self.walk(item, tag, path)
        item.update(kept)
        if held is not None:
            item[CONTENT] = held
            self._inside(held, CONTENT, path, nested=False)

    def _seen(self, found: DataElement | None) -> str:
        return shown(found) if self._order.values else ""

    def _note(
        self,
        dataset: Dataset,
        tag: BaseTag,
        told: tuple[str, Option | None],
        path: str,
        before: str,
    ) -> None:
        """Write down what was done: `told` is the action and the option it comes from."""
        after = self._seen(element(dataset, tag)) if tag in dataset else ""
        action, option = told
        word = "" if option is None else option.value
        self.changes.append(Change(f"{path}{name_of(tag)}", action, word, 1, before, after))
