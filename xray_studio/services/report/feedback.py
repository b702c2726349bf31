"""What people made of drafts, from the reports that are kept: counted, and exported on request."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.report.feedback import Agreement, agreement, example, learnable
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.report.store import every_kept


@dataclass(frozen=True, slots=True)
class Feedback:
    """Signed reports that a model has drafted: how many, and how far people agreed."""

    reports: int
    agreement: tuple[Agreement, ...]
    damaged: int = 0
    written: Path | None = None

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        rows = [{**asdict(one), "total": one.total, "share": one.share} for one in self.agreement]
        written = None if self.written is None else str(self.written)
        return {"reports": self.reports, "agreement": rows, "damaged": self.damaged,
                "written": written}  # fmt: skip


def feedback(out: Path | None = None, *, overwrite: bool = False) -> Job[Feedback]:
    """Return what people made of drafts; with `out`, write one line of JSON for each report there.

    Raises WriteError where the file cannot be written, or stands already.
    """
    if out is not None:
        check_file_place(out, [], overwrite=overwrite)
    found = yield from every_kept()
    chosen = learnable(found.reports)
    if out is not None:
        with replacing(out, private=True) as temporary:  # words of a person may name a patient
            lines = (json.dumps(example(one), ensure_ascii=False) + "\n" for one in chosen)
            temporary.write_text("".join(lines), "utf-8")
    return Feedback(len(chosen), tuple(agreement(chosen)), found.damaged, out)
