"""What FFmpeg's own tools say about a file; tests that need them are skipped without them."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None,
    reason="FFmpeg's command line tools are not installed",
)


def probe(path: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format"]
    done = subprocess.run(
        [*command, "-of", "json", str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found["streams"][0] | {"whole": float(found["format"]["duration"])}


def frame_times(path: Path) -> list[float]:
    command = ["ffprobe", "-v", "error", "-show_entries", "frame=pts_time", "-of", "json"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    return [float(frame["pts_time"]) for frame in json.loads(done.stdout)["frames"]]


def ffmpeg_frames(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    kind = "rgb24" if len(shape) == 3 else "gray"
    command = ["ffmpeg", "-v", "error", "-noautorotate", "-i", str(path), "-vsync", "0"]
    done = subprocess.run(
        [*command, "-f", "rawvideo", "-pix_fmt", kind, "-"], capture_output=True, check=True
    )
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, *shape)


def make(path: Path, *options: str, size: str = "160x120", seconds: float = 4) -> Path:
    source = f"testsrc2=s={size}:d={seconds}:r=25"
    command = ["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True)
    return path


def atoms(path: Path) -> list[str]:
    data, place, names = path.read_bytes(), 0, []
    while place < len(data):
        size, name = struct.unpack(">I4s", data[place : place + 8])
        names.append(name.decode())
        place += size
    return names
