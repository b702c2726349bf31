"""Volumes made of volumes by one filter, as the window asks for them."""

from __future__ import annotations

from typing import Final

from xray_studio.core.job import Job
from xray_studio.core.volume.filters import FILTERS, VolumeFilter
from xray_studio.core.volume.registration import Registration
from xray_studio.core.volume.volume import Volume

KINDS: Final[dict[str, type[VolumeFilter]]] = {**FILTERS, Registration.name: Registration}
TITLES: Final = {
    **{name: kind.title for name, kind in FILTERS.items()},
    Registration.name: "Motion correction (4-D)",
}
BADGES: Final = {
    "n4": "BIAS CORRECTED", "diffusion": "DIFFUSION", "median": "MEDIAN", "resample": "RESAMPLED",
    "match": "HISTOGRAM MATCHED", "brain-like-mask": "BRAIN-LIKE MASK",
    "register": "MOTION CORRECTED",
}  # fmt: skip


def processed(volume: Volume, wanted: VolumeFilter, reference: Volume | None = None) -> Job[Volume]:
    """Return a volume after a filter; a registration lays its moments onto the first.

    `reference` is what histogram matching matches. Raises UsageError for what a volume cannot
    have, UnsupportedError where the filter fails.
    """
    from xray_studio.volume.filters import filtered
    from xray_studio.volume.register import steadied

    if isinstance(wanted, Registration):
        made, _ = yield from steadied(volume, wanted)
        return made
    return (yield from filtered(volume, wanted, reference))
