"""One object of every kind that the program writes: the demonstration, and exports of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xray_studio.cli.main import main as command
from xray_studio.core.job import run
from xray_studio.services.demonstration import demonstration

# Name, source in the demonstration, further words of `export`.
EXPORTS = (
    ("copy", "angiography/run-3.dcm", ("--syntax", "jpeg-ls")),
    ("frames", "angiography/run-3.dcm", ("--frames", "2-9")),
    ("lossy", "echo", ("--syntax", "jpeg-baseline")),
    ("frames-us", "echo", ("--frames", "2-5")),
    ("shown-xa", "angiography/run-3.dcm", ("--shown", "--frames", "1-3")),
    ("shown-colour", "angiography/run-3.dcm", ("--shown", "--frames", "1-2", "--colormap", "pet")),
    ("shown-still", "radiographs/pa.dcm", ("--shown",)),
    ("legacy-ct", "ct", ()),
    ("dx-rle", "radiographs/pa.dcm", ("--syntax", "rle")),
    ("process-xa", "angiography/run-3.dcm", ("--step", "gaussian", "--frames", "1-4")),
)


def write_kinds(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the objects of the demonstration, one CT image of many, then what exports make."""
    study = run(demonstration())
    images = sorted(path for path in study.rglob("*.dcm") if path.parent.name != "ct")
    images += sorted((study / "ct").glob("*.dcm"))[:1] + sorted((study / "ct").glob("n*.dcm"))
    for path in images:
        yield "demonstration", path
    for name, source, words in EXPORTS:
        target = folder / f"{name}.dcm"
        place = _source(study, source)
        if command(["export", *place, str(target), *words, "--quiet"]) == 0 and target.exists():
            yield "exports", target
    media = folder / "media"
    if command(["export", str(study / "angiography"), str(media), "--media", "--quiet"]) == 0:
        yield "exports", media / "DICOMDIR"
    apart = folder / "apart"
    if command(["deidentify", str(study / "angiography/report.dcm"), str(apart), "--quiet"]) == 0:
        yield from (("exports", path) for path in apart.rglob("*.dcm"))


def _source(study: Path, name: str) -> list[str]:
    if name == "echo":
        return [str(path) for path in study.rglob("a4c.dcm")]
    if name == "ct":
        return [str(path) for path in sorted(study.glob("ct/*.dcm")) if path.stem.isdigit()]
    return [str(study / name)]
