"""Functional groups of enhanced multi-frame objects (PS3.3 C.7.6.16): shared and per frame."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset

from xray_studio.dicom.attributes.values import items, tag_of


@dataclass(frozen=True, slots=True)
class Groups:
    """The functional groups of an object; empty for objects that have none."""

    dataset: Dataset
    shared: Dataset | None
    per_frame: tuple[Dataset, ...]

    @classmethod
    def of(cls, dataset: Dataset) -> Groups:
        """Return the groups of an object."""
        shared = items(dataset, "SharedFunctionalGroupsSequence")
        per_frame = items(dataset, "PerFrameFunctionalGroupsSequence")
        return cls(dataset, shared[0] if shared else None, per_frame)

    def macro(self, keyword: str, frame: int) -> Dataset:
        """Return the item of a macro for a frame, else the shared one, else the object itself."""
        own = items(self.per_frame[frame], keyword) if frame < len(self.per_frame) else ()
        if own:
            return own[0]
        shared = items(self.shared, keyword) if self.shared is not None else ()
        return shared[0] if shared else self.dataset

    def macro_items(self, keyword: str, frame: int) -> tuple[Dataset, ...]:
        """Return every item of a macro for a frame, else the shared ones, else those of the object.

        For macros of several items, of which each one holds.
        """
        own = items(self.per_frame[frame], keyword) if frame < len(self.per_frame) else ()
        shared = items(self.shared, keyword) if self.shared is not None else ()
        return own or shared or items(self.dataset, keyword)

    def varies(self, keyword: str) -> bool:
        """Tell whether a macro stands in the group of any frame."""
        tag = tag_of(keyword)
        return any(tag in group for group in self.per_frame)
