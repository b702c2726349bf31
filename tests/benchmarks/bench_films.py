"""Denoisers on held-out films at parts of the dose, with BM3D beside them where it is installed.

    python tests/benchmarks/bench_films.py --data DIR [-n 40] [--methods nlm,tv] [--model DIR]

The same films, noise and measures as `xray-studio evaluate denoise`, which judges what the program
itself has. BM3D takes several seconds for a film of 256 x 256.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT)]

from xray_studio.core.job import run  # noqa: E402
from xray_studio.core.step import Step  # noqa: E402
from xray_studio.services.evaluate.denoise import Judging, evaluate_denoise  # noqa: E402
from xray_studio.services.evaluate.denoise_table import result_lines  # noqa: E402


@dataclass(frozen=True)
class WithPeer(Judging):
    """What is judged, and BM3D for single films."""

    def chosen(self, frames: int) -> dict[str, Step | None]:
        """Return the methods, the peer last."""
        found = super().chosen(frames)
        try:
            from tests.benchmarks.peers.by_bm3d import Bm3d
        except ImportError:
            return found
        return {**found, "bm3d": Bm3d()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("-n", type=int, default=40)
    parser.add_argument("--methods", default="nlm,tv,learned")
    parser.add_argument("--doses", default="1,1/2,1/8")
    parser.add_argument("--model", type=Path)
    asked = parser.parse_args()
    how = WithPeer(
        asked.n, 0, 1, tuple(asked.methods.split(",")), tuple(asked.doses.split(",")), asked.model
    )
    for line in result_lines(run(evaluate_denoise(asked.data, how)).facts):
        print(line)


if __name__ == "__main__":
    main()
