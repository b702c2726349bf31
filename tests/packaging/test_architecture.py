"""The page about the architecture names the packages that there are, and no others."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_names_every_package() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([a-z_/]+)` \|", page, re.MULTILINE))
    top = ROOT / "xray_studio"
    there = {p.parent.relative_to(top).as_posix() for p in top.rglob("__init__.py")} - {"."}
    assert named == there
