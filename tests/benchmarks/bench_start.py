"""What stands before the first picture: set-up that is there already, the program, the study.

    python tests/benchmarks/bench_start.py [--runs 5] [--json]

"set-up" is what `packaging/bootstrap.py run` costs before the program when everything is installed:
the time with it less the time without it. "demonstration" makes the demonstration study in a fresh
process and an empty cache. Times are medians in seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BOOTSTRAP = [sys.executable, str(PROJECT / "packaging" / "bootstrap.py"), "run"]
PROGRAM = [sys.executable, "-P", "-m", "xray_studio"]
MAKE = (
    "from xray_studio.core.job import run;"
    "from xray_studio.services.demonstration import demonstration;"
    "run(demonstration())"
)


def seconds(command: list[str], **variables: str) -> float:
    """Return how long a command takes by the clock."""
    place = os.environ | variables
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL, env=place)
    return time.perf_counter() - started


def demonstration() -> float:
    """Return how long the demonstration study takes to make."""
    with tempfile.TemporaryDirectory() as cache:
        return seconds([sys.executable, "-c", MAKE], XRAY_STUDIO_CACHE=cache)


def measure(runs: int) -> dict[str, float]:
    """Return the medians; what is compared takes turns."""
    ways: dict[str, list[float]] = {"direct": [], "by bootstrap": [], "demonstration": []}
    for _ in range(runs):
        ways["direct"].append(seconds([*PROGRAM, "--version"]))
        ways["by bootstrap"].append(seconds([*BOOTSTRAP, "--version"]))
        ways["demonstration"].append(demonstration())
    found = {name: statistics.median(values) for name, values in ways.items()}
    return {"set-up": found["by bootstrap"] - found["direct"], **found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.runs)
    lines = "\n".join(f"{name:<14} {value:.2f} s" for name, value in found.items())
    sys.stdout.write((json.dumps(found) if options.json else lines) + "\n")


if __name__ == "__main__":
    main()
