"""Learning curves as a table and as a picture, written anew after each epoch."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from xray_studio.core.files import replacing
from xray_studio.imaging.chart import Panel, chart
from xray_studio.imaging.save import save

TABLE: Final = "history.csv"
PICTURE: Final = "curves.png"


class Told(Protocol):
    """One epoch: its number from 1, the mean loss, and measures on examples that steer it."""

    @property
    def number(self) -> int:
        """From 1."""

    @property
    def loss(self) -> float:
        """Mean over the steps of the epoch."""

    @property
    def measures(self) -> Mapping[str, float]:
        """By name."""


def write_curves(folder: Path, history: Sequence[Told]) -> None:
    """Write `history.csv` and `curves.png`. Raises WriteError."""
    names = list(history[-1].measures)
    rows = io.StringIO()
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(["epoch", "loss", *names])
    for one in history:
        table.writerow([one.number, f"{one.loss:.6f}", *(f"{one.measures[n]:.6f}" for n in names)])
    with replacing(folder / TABLE) as temporary:
        temporary.write_text(rows.getvalue(), "utf-8")
    panels = [
        Panel("Loss of each epoch", {"training": [one.loss for one in history]}),
        Panel(
            "Films that steer the training",
            {_plain(n): [e.measures[n] for e in history] for n in names},
        ),
    ]
    with replacing(folder / PICTURE) as temporary:
        save(temporary, chart(panels), ".png")


def _plain(name: str) -> str:
    return name.replace("_", " ")
