"""Which files of a folder make a case."""

from __future__ import annotations

import os
from pathlib import Path

from xray_studio.core.volume.case import CaseFiles, case_of


def case_in(folder: str | os.PathLike[str]) -> CaseFiles | None:
    """Return the files of the case that a folder holds, None where it holds none."""
    try:
        inside = [one.name for one in Path(folder).iterdir() if one.is_file()]
    except OSError:
        return None
    return case_of(inside)
