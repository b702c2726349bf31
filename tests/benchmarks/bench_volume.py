"""How fast volumes open, and how fast planes and slabs of them are cut, beside SimpleITK.

    python tests/benchmarks/bench_volume.py [--slices 500] [--side 512] [--rounds 5] [--cpu]

Slices are written uncompressed, then read from a warm disk, ours and SimpleITK's series reader in
turn. Memory is by how much the process's largest size grows while it reads, as a multiple of the
voxels. Planes are 512 x 512, slabs 10 mm thick, which SimpleITK samples 15 times; both take turns,
and medians are told. --cpu counts the time of the processor, of all threads together, which a
busy machine hardly changes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import SimpleITK
from pydicom.uid import generate_uid

from tests.dicom.objects import make_object, save
from xray_studio.core.job import run
from xray_studio.core.volume.planes import Plane, Projection, View, oblique, view
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.open import open_volume
from xray_studio.services.volume.planes import Cutter

NORMALS = {"near axial": (0.2, 0.3, 0.93), "near coronal": (0.2, 0.93, 0.3),
           "near sagittal": (0.93, 0.2, 0.3), "between all": (1.0, 1.0, 1.0)}  # fmt: skip


def written(folder: Path, slices: int, side: int) -> None:
    """Write a CT of smooth values with noise."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:side, :side] / side
    noise = rng.integers(-20, 20, (side, side))
    uids = [generate_uid() for _ in range(3)]
    for n in range(slices):
        values = 1000 + 600 * np.sin(9 * x + n / 30) * np.cos(7 * y - n / 40)
        image = (values + np.roll(noise, n, 0)).astype(np.uint16)
        made = make_object(
            image, Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2", InstanceNumber=n + 1,
            SeriesInstanceUID=uids[0], StudyInstanceUID=uids[1], FrameOfReferenceUID=uids[2],
            ImagePositionPatient=[-180, -180, 0.8 * n], ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[0.7, 0.7], SliceThickness=0.8, RescaleSlope=1, RescaleIntercept=-1024,
            RescaleType="HU", BitsStored=12, HighBit=11,
        )  # fmt: skip
        save(made, folder / f"{n:04}.dcm")


def by_simpleitk(folder: Path) -> SimpleITK.Image:
    """Read a series as SimpleITK's users do."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


CLOCK = [time.perf_counter]


def seconds(work: Callable[[], Any]) -> float:
    """Return how long work takes."""
    start = CLOCK[0]()
    work()
    return CLOCK[0]() - start


def centred(volume: Volume, normal: tuple[float, float, float], thickness: float) -> Plane:
    """Return 512 x 512 pixels of 0.7 mm about the middle."""
    whole = oblique(volume.geometry, volume.geometry.centre, normal, thickness)
    middle = np.asarray(volume.geometry.centre)
    corner = middle - 0.7 * 255.5 * (np.asarray(whole.right) + np.asarray(whole.down))
    x, y, z = corner.tolist()
    return Plane((x, y, z), whole.right, whole.down, (0.7, 0.7), (512, 512), thickness)


def itk_plane(image: SimpleITK.Image, plane: Plane) -> SimpleITK.Image:
    """Cut a plane with SimpleITK."""
    resample = SimpleITK.ResampleImageFilter()
    resample.SetSize((plane.size[1], plane.size[0], 1))
    resample.SetOutputOrigin(plane.corner)
    resample.SetOutputSpacing((*plane.spacing, 1.0))
    axes = np.stack([plane.right, plane.down, plane.normal], 1)
    resample.SetOutputDirection(axes.ravel().tolist())
    resample.SetInterpolator(SimpleITK.sitkLinear)
    return resample.Execute(image)


def itk_slab(image: SimpleITK.Image, plane: Plane, samples: int = 15) -> SimpleITK.Image:
    """Project a slab with SimpleITK, sampled about once in each voxel."""
    apart = plane.thickness / (samples - 1)
    resample = SimpleITK.ResampleImageFilter()
    resample.SetSize((plane.size[1], plane.size[0], samples))
    resample.SetOutputOrigin(plane.moved(-plane.thickness / 2).corner)
    resample.SetOutputSpacing((*plane.spacing, apart))
    axes = np.stack([plane.right, plane.down, plane.normal], 1)
    resample.SetOutputDirection(axes.ravel().tolist())
    resample.SetInterpolator(SimpleITK.sitkLinear)
    return SimpleITK.MaximumProjection(resample.Execute(image), 2)


def measure(slices: int, side: int, rounds: int) -> dict[str, float]:
    """Return seconds to open, memory, and milliseconds of planes and slabs."""
    with tempfile.TemporaryDirectory() as place:
        small, folder = Path(place) / "small", Path(place) / "large"
        for path, count, size in ((small, 4, 32), (folder, slices, side)):
            path.mkdir()
            written(path, count, size)
        _opened_and_cut(small)  # what is imported once does not count
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        run(open_volume(folder))
        grown = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(seconds(lambda: _opened_and_cut(folder)))
            theirs.append(seconds(lambda: by_simpleitk(folder)))
        volume, image = run(open_volume(folder)), by_simpleitk(folder)
    found = {
        "three planes s": median(ours),
        "SimpleITK series s": median(theirs),
        "memory x": grown / volume.values.nbytes,
    }
    cutter = Cutter(volume)
    for name, normal in NORMALS.items():
        plane, slab = centred(volume, normal, 0.0), centred(volume, normal, 10.0)
        works: dict[str, Callable[[], Any]] = {
            f"{name} plane ms": lambda p=plane: cutter.cut(p),
            f"{name} plane SimpleITK ms": lambda p=plane: itk_plane(image, p),
            f"{name} slab ms": lambda s=slab: cutter.cut(s, Projection.MIP),
            f"{name} slab SimpleITK ms": lambda s=slab: itk_slab(image, s),
        }
        times: dict[str, list[float]] = {key: [] for key in works}
        for _ in range(3 * rounds):
            for key, work in works.items():
                times[key].append(1000.0 * seconds(work))
        found |= {key: median(each) for key, each in times.items()}
    return found


def _opened_and_cut(folder: Path) -> None:
    volume = run(open_volume(folder))
    cutter = Cutter(volume)
    for which in View:
        cutter.cut(view(volume.geometry, which))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=500)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    CLOCK[0] = time.process_time if asked.cpu else time.perf_counter
    found = measure(asked.slices, asked.side, asked.rounds)
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:<36} {value:9.3f}")


if __name__ == "__main__":
    main()
