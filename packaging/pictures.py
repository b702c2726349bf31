"""Makes the pictures of README and docs: drives the real window on the demonstration study.

    .venv/bin/python packaging/pictures.py [FOLDER] [--scenes NAME ...]

Without a screen it starts a virtual one (Xvfb). Pictures go to docs/images, or to FOLDER. They
show the demonstration study only, never a patient.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from studio_pictures import (
    clips,
    fetching,
    fused,
    fusing,
    grids,
    importing,
    laid_over,
    reading,
    segmenting,
    sending,
    steps,
    volumes,
)
from studio_pictures.photographer import SIZE, Photographer
from studio_pictures.screen import virtual_screen

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "images"
SCENES = {
    scene.__name__: scene
    for scene in (
        clips.browse, clips.play, clips.tags, clips.export, importing.importing,
        grids.grid, grids.comparison, grids.colours,
        steps.enhancements, steps.processing, steps.subtraction, steps.motion,
        laid_over.state, laid_over.segmentation,
        reading.measuring, reading.findings, reading.heatmap, reading.report,
        reading.film_heatmap,
        grids.documents, clips.light,
        volumes.volume, fused.fusion, fusing.fusion_window, segmenting.segments,
        sending.sending, fetching.fetching, clips.skipped,
    )
}  # fmt: skip

sys.path.insert(0, str(PROJECT))


def main() -> int:
    """Make every picture, or those of some scenes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    asked = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    with tempfile.TemporaryDirectory(prefix="x-ray-studio-") as scratch, virtual_screen():
        os.environ["HOME"] = scratch
        os.environ["XRAY_STUDIO_CONFIG"] = str(Path(scratch, "config"))
        from xray_studio.ui.main import main as program

        asked.folder.mkdir(parents=True, exist_ok=True)
        return program([], lambda window: _taken(window, asked, Path(scratch)))


def _taken(window: object, asked: argparse.Namespace, scratch: Path) -> int:
    at = Photographer(window, asked.folder, scratch)
    at.resize(SIZE)
    at.keep("start")
    at.open_demonstration()
    for name in asked.scenes:
        SCENES[name](at)
    return 0


if __name__ == "__main__":
    sys.exit(main())
