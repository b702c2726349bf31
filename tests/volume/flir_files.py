"""Radiometric files made for tests: an FFF, alone or in APP1 segments of a JPEG."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

from xray_studio.core.volume.infrared import Air, Calibration, Scene

CAMERA = Calibration(r1=21106.77, r2=0.012545258, b=1501.0, f=1.0, o=-7340.0)
SCENE = Scene(0.95, 2.0, 293.15, 295.15, 298.15, 0.9, 0.4)


def scene(rows: int = 24, columns: int = 32) -> np.ndarray:
    """Temperatures in °C: a warm hand on a cooler ground."""
    y, x = np.mgrid[:rows, :columns]
    return 22.0 + 12.0 * np.exp(-(((y - 9) / 5.0) ** 2) - ((x - 20) / 6.0) ** 2)


def counts_of(celsius: np.ndarray, camera: Calibration, seen: Scene) -> np.ndarray:
    """What a camera counts of a scene: the way of light, step by step."""

    def shone(kelvin: np.ndarray | float) -> np.ndarray:
        radiance = camera.r1 / (camera.r2 * (np.exp(camera.b / np.asarray(kelvin)) - camera.f))
        return radiance - camera.o

    def through_air(light: np.ndarray) -> np.ndarray:
        air = Air()
        celsius = seen.air - 273.15
        powers = 1.5587 + 0.06939 * celsius - 2.7816e-4 * celsius**2 + 6.8455e-7 * celsius**3
        water = np.sqrt(seen.humidity * np.exp(powers))
        way = np.sqrt(seen.distance / 2)
        part = air.x * np.exp(-way * (air.alpha[0] + air.beta[0] * water))
        part += (1 - air.x) * np.exp(-way * (air.alpha[1] + air.beta[1] * water))
        return part * light + (1 - part) * shone(seen.air)

    light = seen.emissivity * shone(celsius + 273.15) + (1 - seen.emissivity) * shone(
        seen.reflected
    )
    light = through_air(light)
    light = seen.window * light + (1 - seen.window) * shone(seen.window_at)
    return np.rint(through_air(light)).astype(np.uint16)


def fff(
    counts: np.ndarray, camera: Calibration = CAMERA, seen: Scene = SCENE, *, how: str = "bare"
) -> bytes:
    """Return an FFF; `how` is "bare", "png" with its bytes in the wrong order, or "right png"."""
    rows, columns = counts.shape
    if how == "bare":
        pixels = counts.astype("<u2").tobytes()
    else:
        turned = counts.byteswap() if how == "png" else counts
        pixels = imagecodecs.png_encode(turned)
    raw = struct.pack("<3H", 2, columns, rows).ljust(32, b"\0") + pixels
    told = bytearray(0x400)
    struct.pack_into("<H", told, 0, 2)
    values = (seen.emissivity, seen.distance, seen.reflected, seen.air, seen.window_at, seen.window)
    struct.pack_into("<6f", told, 0x20, *values)
    struct.pack_into("<f", told, 0x3C, seen.humidity)
    struct.pack_into("<3f", told, 0x58, camera.r1, camera.b, camera.f)
    air = Air()
    struct.pack_into("<5f", told, 0x70, *air.alpha, *air.beta, air.x)
    struct.pack_into("<if", told, 0x308, int(camera.o), camera.r2)
    start = 64 + 2 * 32
    head = b"FFF\0" + b"test".ljust(16, b"\0") + struct.pack(">3I", 101, 64, 2)
    entries = b"".join(
        struct.pack(">2H4I", kind, 2, 101, 1, at, len(data)).ljust(32, b"\0")
        for kind, at, data in ((1, start, raw), (0x20, start + len(raw), bytes(told)))
    )
    return head.ljust(64, b"\0") + entries + raw + bytes(told)


def jpeg_with(data: bytes, piece: int = 1000) -> bytes:
    """Return a JPEG that holds an FFF in segments, behind an Exif segment of some size."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 60, 30)).save(file, "JPEG")
    picture = file.getvalue()
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    parts = [b"Exif\0\0" + bytes(3000)]
    parts += [b"FLIR\0\1" + bytes((n, len(pieces) - 1)) + one for n, one in enumerate(pieces)]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(one) + 2) + one for one in parts)
    return picture[:2] + segments + picture[2:]


def write_flir(path: Path, *, how: str = "bare") -> np.ndarray:
    """Write a radiometric JPEG, or an FFF where its name says so; return temperatures."""
    data = fff(counts_of(scene(), CAMERA, SCENE), how=how)
    path.write_bytes(data if path.suffix == ".fff" else jpeg_with(data))
    return scene()
