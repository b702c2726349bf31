"""Functional groups of enhanced multi-frame objects (PS3.3 C.7.6.16): shared and per frame."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.datadict import dictionary_description, dictionary_has_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

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

    def told_twice(self) -> tuple[str, ...]:
        """Return the macros that stand in the shared group and in that of a frame, by name.

        That is not allowed (PS3.3 C.7.6.16.1.1); what a frame says of itself holds.
        """
        if self.shared is None:
            return ()
        shared = set(self.shared.keys())  # the tags; data sets themselves give their elements
        twice = set[BaseTag]().union(*(shared.intersection(own.keys()) for own in self.per_frame))
        return tuple(
            dictionary_description(tag) for tag in sorted(twice) if dictionary_has_tag(tag)
        )

    def varies(self, keyword: str) -> bool:
        """Tell whether a macro stands in the group of any frame."""
        tag = tag_of(keyword)
        return any(tag in group for group in self.per_frame)
