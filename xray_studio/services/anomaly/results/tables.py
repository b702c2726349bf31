"""Tables of what is unusual: a row for each region, and a row for each frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from xray_studio.core.anomaly.detection import Unusual
from xray_studio.services.anomaly.results.result import Result

REGIONS: Final = (
    "frame", "column", "row", "width", "height", "area", "peak_column", "peak_row", "score", "mean",
    "channels",
)  # fmt: skip
FRAMES: Final = ("frame", "score", "stands_out", "regions", "marked_pixels", "sop_instance_uid",
                 "number", "pixels_sha256")  # fmt: skip


def regions_table(result: Result) -> str:
    """Return a row for each region, in pixels of its frame, which counts from 1."""
    return _table(REGIONS, (_region(one) for one in result.regions()))


def frames_table(result: Result) -> str:
    """Return a row for each frame: its score, and how much of it is marked."""
    best, found = set(result.answer["peaks"]), result.regions()
    rows = []
    for one in result.found.maps:
        own = [each.area for each in found if each.frame == one.frame]
        number = one.frame + 1
        rows.append(
            (number, f"{one.score:.4f}", int(number in best), len(own), sum(own),
             one.sop_instance_uid, one.number, one.pixels_sha256)
        )  # fmt: skip
    return _table(FRAMES, rows)


def _region(one: Unusual) -> Sequence[Any]:
    box, (row, column) = one.box, one.peak
    shares = "; ".join(f"{name} {share:.4f}" for name, share in one.channels)
    return (
        one.frame + 1, box.x, box.y, box.width, box.height, one.area, column, row,
        f"{one.score:.4f}", f"{one.mean:.4f}", shares,
    )  # fmt: skip


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return text.getvalue()
