"""Benchmarks are run by hand, alone on the machine; see docs/benchmarks.md for the command."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
