"""A document: what is read rather than looked at, as titles, text, tables, links and traces.

Frozen values without a word about how they are drawn: the window, the command line and Python all
show the same document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Identity
from xray_studio.core.content import Content, Reference
from xray_studio.core.dose import Dose

Values: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` counts from 1, which is below the title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text, possibly of several lines, with what it is of: "Length: 12 mm".

    `relation` says what it is to the line above that it is indented under, as "inferred from".
    `target` is the object that the line points at. `identity` marks what names the patient.
    """

    text: str
    label: str = ""
    indent: int = 0
    relation: str = ""
    target: Reference | None = None
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under column names; `targets`, if any, has what each row points at."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    targets: tuple[Reference | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Images:
    """Objects to be shown as small pictures, each with what is said about it."""

    targets: tuple[Reference, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One channel: float32 values in `unit` (as people write it), NaN where there is none.

    `filters` says between which frequencies the channel was recorded.
    """

    label: str
    unit: str
    values: Values
    filters: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A note at a moment of a plot, in seconds from its start; `until` is the end of a span.

    `traces` are the positions of the channels it is about, none for all.
    """

    seconds: float
    text: str
    until: float | None = None
    traces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """Channels over one time axis: `rate` samples a second, the first one at `start` seconds.

    `paper` is "ecg" for electrocardiograms, "audio" for sound, "" for anything else.
    """

    traces: tuple[Trace, ...]
    rate: float
    title: str = ""
    start: float = 0.0
    paper: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def samples(self) -> int:
        """Samples of each channel."""
        return len(self.traces[0].values) if self.traces else 0

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.samples / self.rate


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of a PDF: (width, height) in points of 1/72 inch, and the text of each page."""

    sizes: tuple[tuple[float, float], ...]
    texts: tuple[str, ...] = ()


Block: TypeAlias = Heading | Paragraph | Table | Images | Plot | Pages


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What one object tells.

    `kind` is what it is, as "structured report"; `facts` are (label, value) of the whole;
    `content` is the tree of a structured report, `dose` what a dose report says in numbers;
    `media_type` is that of an encapsulated document. `warnings` say what is missing.
    """

    title: str
    kind: str
    facts: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    identity: Identity = field(default_factory=Identity)
    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    series_instance_uid: str = ""
    study_instance_uid: str = ""
    modality: str = ""
    path: str = ""
    content: Content | None = None
    dose: Dose | None = None
    media_type: str = ""
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return kind and size only: logs must not tell whose document this is."""
        return f"<Document {self.kind}, {len(self.blocks)} blocks>"

    def references(self) -> Iterator[Reference]:
        """Yield every object that the document points at, once, in order."""
        seen: set[Reference] = set()
        for target in _targets(self.blocks):
            if target not in seen:
                seen.add(target)
                yield target

    def of_kind(self, kind: type[Any]) -> list[Any]:
        """Return the blocks of one kind."""
        return [block for block in self.blocks if isinstance(block, kind)]


def _targets(blocks: tuple[Block, ...]) -> Iterator[Reference]:
    for block in blocks:
        if isinstance(block, Paragraph) and block.target is not None:
            yield block.target
        elif isinstance(block, Table):
            yield from (target for target in block.targets if target is not None)
        elif isinstance(block, Images):
            yield from block.targets
