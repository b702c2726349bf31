"""Heat maps that are asked for with a report: made, or told that there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xray_studio.cli.common import complain, run_job

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.report.report import Report
    from xray_studio.services.report.files import Heated


def heats_shown(report: Report, clips: Sequence[Clip], *, quiet: bool) -> tuple[Heated, ...]:
    """Return the heat maps of a report; where no finding counts as seen that is said."""
    from xray_studio.services.report.heats import NONE_SEEN, heats_of

    heats = run_job(heats_of(report, clips), quiet=quiet)
    if not heats:
        complain(NONE_SEEN)
    return heats
