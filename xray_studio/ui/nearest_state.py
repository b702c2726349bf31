"""Nearest cases of a reference library to the film in view, as the panel shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xray_studio.core.job import Progress

if TYPE_CHECKING:  # it loads what renders pictures, which jobs do on their own thread
    from xray_studio.services.report.nearest import Near


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """What is known of cases like the film in view.

    `cases` is None before anybody asked. `busy` are words for what is being done, "" when nothing
    is; `told` is why the last of it did not work.
    """

    cases: tuple[Near, ...] | None = None
    busy: str = ""
    progress: Progress | None = None
    told: str = ""
