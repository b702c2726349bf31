"""The program beside its peers in one table (pytest-benchmark): scan, decoders, export.

A group of the table is one job; its rows are the program and those peers that are installed. The
functions are those of the scripts beside this file, which print ratios of runs that take turns:
use the scripts where a ratio counts, and this table for an overview.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bench_decode
import bench_export
import bench_scan
import numpy as np
import pytest
from cine_clips import frames, write_uncompressed
from pytest_benchmark.fixture import BenchmarkFixture
from synthetic_headers import write_files

from xray_studio.core import workers
from xray_studio.core.job import run
from xray_studio.core.workers import process
from xray_studio.dicom.clip import open_clip
from xray_studio.imaging.render import render
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

FILES = 10_000
CINE = 150
FEW = 6
ROUNDS = 5
DECODERS = ("here", "pydicom", "pylibjpeg", "pyjpegls", "pillow", "gdcm", "DCMTK")


@pytest.fixture(scope="module", params=bench_scan.KINDS)
def headers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A kind of header and a folder of files that have it."""
    folder = tmp_path_factory.mktemp(request.param)
    write_files(folder, FILES, realistic=request.param == "realistic")
    yield request.param, folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("peer", ["ours cold", "ours warm", "gdcmscanner", "pydicom"])
def test_headers(headers: tuple[str, Path], peer: str, benchmark: BenchmarkFixture) -> None:
    kind, folder = headers
    read = bench_scan.peers().get(peer)
    if read is None:
        pytest.skip(f"{peer} is not installed")
    benchmark.group = f"headers, {kind}, {FILES:,} files (pydicom: {bench_scan.PYDICOM_FILES:,})"
    found = benchmark.pedantic(read, (folder,), rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info["files_per_second"] = found / benchmark.stats["median"]


@pytest.fixture
def decoders_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Measure decoders, not the way to a worker process."""
    monkeypatch.setattr(process, "_inside", True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.usefixtures("decoders_alone")
@pytest.mark.parametrize("peer", DECODERS)
@pytest.mark.parametrize("form", bench_decode.FORMS, ids=lambda form: form.name)
def test_decoders(
    form: bench_decode.Form, peer: str, tmp_path: Path, benchmark: BenchmarkFixture
) -> None:
    deep = frames(FEW)
    stack = deep if form.bits > 8 else (deep >> 4).astype(np.uint8)
    entrants = bench_decode.contestants(form, stack, tmp_path)
    name = next((name for name in entrants if name.split(",")[0].split()[0] == peer), None)
    if name is None:
        pytest.skip(f"{peer} does not read it, or is not installed")
    benchmark.group = f"decoding {FEW} frames of 1024 x 1024, {form.name}"
    try:
        found = benchmark.pedantic(entrants[name], rounds=ROUNDS, warmup_rounds=1)
    except Exception as error:  # noqa: BLE001 - a peer that fails is part of the table
        pytest.skip(f"{peer} fails ({type(error).__name__})")
    if not bench_decode.right(found, stack, form):
        pytest.skip(f"{peer} gives wrong pixels")


@pytest.fixture(scope="module")
def cine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A clip of 150 frames and its pictures, rendered."""
    clip = open_clip([str(write_uncompressed(tmp_path_factory.mktemp("cine"), frames(CINE)))])
    pictures = [render(clip, number, bench_export.SHOWN) for number in range(CINE)]
    return clip, pictures


@pytest.mark.parametrize("peer", ["ffmpeg", "writer", "export"])
def test_export(cine: Any, peer: str, tmp_path: Path, benchmark: BenchmarkFixture) -> None:
    clip, pictures = cine
    if peer == "ffmpeg" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    options = ExportOptions(rate=bench_export.RATE, presentation=bench_export.SHOWN)
    works: dict[str, Callable[[], object]] = {
        "ffmpeg": lambda: bench_export.by_ffmpeg(pictures, tmp_path / "ffmpeg.mp4"),
        "writer": lambda: bench_export.by_writer(pictures, tmp_path / "writer.mp4"),
        "export": lambda: run(export(clip, tmp_path / "export.mp4", options)),
    }
    benchmark.group = f"H.264, {CINE} frames of 1024 x 1024"
    benchmark.pedantic(works[peer], rounds=ROUNDS, warmup_rounds=1)


def test_rendering(cine: Any, benchmark: BenchmarkFixture) -> None:
    clip, _ = cine
    stored = clip.source.read(0)
    benchmark.group = "one frame of 1024 x 1024, windowed"
    benchmark(lambda: render(clip, 0, bench_export.SHOWN, stored))


@pytest.fixture(autouse=True, scope="module")
def _end_workers() -> Iterator[None]:
    yield
    workers.shutdown_shared()
