"""Decoders beside their peers, per transfer syntax, and what two workers give for playback.

    python tests/benchmarks/bench_decode.py [--frames 8] [--rounds 3] [--json]

Frames of 1024 x 1024 pixels, 12 bit stored in 16 (8 bit where the syntax has no more), are decoded
from memory by one thread. Numbers are frames per second of processor time, the best of several
rounds that take turns, so that a busy machine changes little. Peers take part when they are
installed: gdcm (python-gdcm, reading a whole object itself), pylibjpeg, pyjpegls and Pillow through
pydicom, and the command line tools of DCMTK (their time includes starting and writing). A peer
whose pixels are not those that were encoded is marked as wrong.

"Playback" decodes a cine of 60 frames by two worker processes, by the clock on the wall.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from pydicom import dcmread
from pydicom.pixels import get_decoder

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from cine_clips import frames as cine_frames  # noqa: E402
from cine_clips import write_clips  # noqa: E402

from tests.dicom.objects import make_object, save, save_frames  # noqa: E402
from tests.dicom.test_decoders import rle_of_words  # noqa: E402
from xray_studio.core.clip import Clip  # noqa: E402
from xray_studio.core.workers import Priority, WorkerPool  # noqa: E402
from xray_studio.dicom.file import syntaxes  # noqa: E402
from xray_studio.dicom.pixels.decoders import decode  # noqa: E402
from xray_studio.dicom.pixels.frames import EncapsulatedSource, decode_frame  # noqa: E402
from xray_studio.dicom.pixels.pixel_format import PixelFormat, pixel_values  # noqa: E402

Stack = np.ndarray
Contestant = Callable[[], Stack]
DCMTK = {
    syntaxes.RLE: "dcmdrle",
    syntaxes.JPEG_LS: "dcmdjpls",
    syntaxes.JPEG_LS_NEAR: "dcmdjpls",
    **dict.fromkeys(
        (
            syntaxes.JPEG_BASELINE,
            syntaxes.JPEG_EXTENDED,
            syntaxes.JPEG_LOSSLESS,
            syntaxes.JPEG_LOSSLESS_SV1,
        ),
        "dcmdjpeg",
    ),
}


@dataclass(frozen=True)
class Form:
    """One way of storing frames."""

    name: str
    uid: str
    encode: Callable[[Stack], bytes]
    bits: int = 12
    lossless: bool = True


def deflated(frame: Stack) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(frame.tobytes()) + packer.flush()


FORMS = (
    Form("RLE", syntaxes.RLE, rle_of_words),
    Form(
        "JPEG baseline, 8 bit",
        syntaxes.JPEG_BASELINE,
        lambda f: imagecodecs.jpeg8_encode(f, level=90),
        8,
        lossless=False,
    ),
    Form(
        "JPEG extended, 12 bit",
        syntaxes.JPEG_EXTENDED,
        lambda f: imagecodecs.jpeg8_encode(f, level=90, bitspersample=12),
        lossless=False,
    ),
    Form(
        "JPEG lossless",
        syntaxes.JPEG_LOSSLESS,
        lambda f: imagecodecs.jpeg8_encode(f, lossless=True, predictor=6, bitspersample=12),
    ),
    Form(
        "JPEG lossless, SV1",
        syntaxes.JPEG_LOSSLESS_SV1,
        lambda f: imagecodecs.jpeg8_encode(f, lossless=True, bitspersample=12),
    ),
    Form("JPEG-LS", syntaxes.JPEG_LS, imagecodecs.jpegls_encode),
    Form(
        "JPEG-LS near-lossless",
        syntaxes.JPEG_LS_NEAR,
        lambda f: imagecodecs.jpegls_encode(f, level=2),
        lossless=False,
    ),
    Form(
        "JPEG 2000 lossless",
        syntaxes.JPEG_2000_LOSSLESS,
        lambda f: imagecodecs.jpeg2k_encode(
            f, level=0, reversible=True, codecformat="J2K", bitspersample=12
        ),
    ),
    Form(
        "JPEG 2000",
        syntaxes.JPEG_2000,
        lambda f: imagecodecs.jpeg2k_encode(f, level=60, codecformat="J2K", bitspersample=12),
        lossless=False,
    ),
    Form(
        "HTJ2K lossless",
        syntaxes.HTJ2K_LOSSLESS,
        lambda f: imagecodecs.htj2k_encode(f, reversible=True),
    ),
    Form(
        "JPEG XL lossless",
        syntaxes.JPEG_XL_LOSSLESS,
        lambda f: imagecodecs.jpegxl_encode(f, lossless=True, effort=3, bitspersample=12),
    ),
    Form("Deflated frames", syntaxes.DEFLATED_FRAMES, deflated),
    Form("Encapsulated uncompressed", syntaxes.ENCAPSULATED_UNCOMPRESSED, lambda f: f.tobytes()),
)


def contestants(form: Form, stack: Stack, folder: Path) -> dict[str, Contestant]:
    """Return who can decode a form, the program first."""
    encoded = [bytes(form.encode(frame)) for frame in stack]
    own = {"here": lambda: here(form, encoded, stack)}
    dataset = make_object(stack, BitsStored=form.bits, HighBit=form.bits - 1)
    try:
        path = Path(save_frames(dataset, folder / "object.dcm", encoded, form.uid))
    except ValueError:  # too new for this pydicom, and so for all peers
        return own
    return {
        **own,
        **by_pydicom(form, path),
        **by_gdcm(path, stack),
        **by_dcmtk(form, path),
    }


def here(form: Form, encoded: list[bytes], stack: Stack) -> Stack:
    layout = PixelFormat(
        stack.shape[1],
        stack.shape[2],
        bits_allocated=stack.itemsize * 8,
        bits_stored=form.bits,
        high_bit=form.bits - 1,
    )
    decoded = [decode(data, form.uid, layout) for data in encoded]
    return np.stack([pixel_values(d.samples, d.precision, layout) for d in decoded])


def by_pydicom(form: Form, path: Path) -> dict[str, Contestant]:
    """Return the plugins of pydicom that are installed."""
    try:
        decoder = get_decoder(form.uid)
    except NotImplementedError:
        return {}
    dataset = dcmread(path)
    count = int(dataset.NumberOfFrames)

    def run(plugin: str) -> Stack:
        return np.stack(
            [
                decoder.as_array(dataset, index=index, decoding_plugin=plugin)[0]
                for index in range(count)
            ]
        )

    return {plugin: lambda plugin=plugin: run(plugin) for plugin in decoder.available_plugins}


def by_gdcm(path: Path, stack: Stack) -> dict[str, Contestant]:
    if importlib.util.find_spec("gdcm") is None:
        return {}
    import gdcm

    def run() -> Stack:
        reader = gdcm.ImageReader()
        reader.SetFileName(str(path))
        if not reader.Read():
            raise RuntimeError("gdcm cannot read it")
        data = reader.GetImage().GetBuffer().encode("utf-8", "surrogateescape")
        return np.frombuffer(data, stack.dtype).reshape(stack.shape)

    return {"gdcm, whole object": run}


def by_dcmtk(form: Form, path: Path) -> dict[str, Contestant]:
    tool = DCMTK.get(form.uid, "")
    if not shutil.which(tool):
        return {}
    out = path.with_name("decoded.dcm")

    def run() -> Stack:
        subprocess.run([tool, str(path), str(out)], check=True, capture_output=True)
        return dcmread(out).pixel_array

    return {f"DCMTK {tool}": run}


def processor_time() -> float:
    """Return the seconds that this process and its ended children computed."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def measure(form: Form, stack: Stack, folder: Path, rounds: int) -> dict[str, Any]:
    """Return frames per second by contestant, or why there is none."""
    entrants = contestants(form, stack, folder)
    best: dict[str, float] = {}
    said: dict[str, str] = {}
    for _ in range(rounds):
        for name, run in entrants.items():
            if name in said:
                continue
            started = processor_time()
            try:
                found = run()
            except Exception as error:  # noqa: BLE001 - a peer that fails is part of the table
                said[name] = f"fails ({type(error).__name__})"
                continue
            best[name] = max(best.get(name, 0.0), len(stack) / (processor_time() - started))
            if not right(found, stack, form):
                said[name] = "wrong"
    return {name: said.get(name) or round(best[name], 1) for name in entrants}


def right(found: Stack, stack: Stack, form: Form) -> bool:
    apart = np.abs(found.astype(int) - stack.astype(int)).max()
    return bool(apart == 0 if form.lossless else apart <= 1 << (form.bits - 4))


def playback(folder: Path, count: int) -> dict[str, float]:
    """Return frames per second of two workers, by the clock, for each kind of cine."""
    from xray_studio.core import workers
    from xray_studio.dicom.clip import open_clip

    found = {}
    for name, path in write_clips(folder, count).items():
        clip = open_clip([str(path)])
        found[name] = round(rate_of(clip), 1)
    workers.shutdown_shared()
    return found


def rate_of(clip: Clip) -> float:
    source = clip.source
    if not isinstance(source, EncapsulatedSource):
        return timed(lambda: [source.read(index) for index in range(len(clip))], len(clip))
    with WorkerPool(2) as pool:

        def decode_all() -> None:
            futures = [
                pool.submit(decode_frame, source.alone(index), priority=Priority.PLAYBACK)
                for index in range(len(clip))
            ]
            for future in futures:
                future.result()

        decode_all()
        return timed(decode_all, len(clip))


def timed(run: Callable[[], Any], count: int) -> float:
    started = time.perf_counter()
    run()
    return count / (time.perf_counter() - started)


def native(stack: Stack, folder: Path) -> dict[str, dict[str, float]]:
    """Return frames per second of processor time of objects that are not encapsulated."""
    from xray_studio.dicom.describe import describe

    found = {}
    for name, uid in (
        ("Implicit little endian", syntaxes.IMPLICIT_LITTLE),
        ("Explicit little endian", syntaxes.EXPLICIT_LITTLE),
        ("Deflated", syntaxes.DEFLATED),
        ("Explicit big endian", syntaxes.EXPLICIT_BIG),
    ):
        dataset = make_object(stack, BitsStored=12, HighBit=11)
        if uid == syntaxes.EXPLICIT_BIG:
            dataset.PixelData = stack.astype(">u2").tobytes()
        path = save(dataset, folder / "native.dcm", uid)
        source = describe(path).source
        plain = dcmread(path)
        decoder = get_decoder(uid)
        found[name] = {
            "here": of_processor(lambda s=source: [s.read(i) for i in range(len(stack))], stack),
            "pydicom": of_processor(
                lambda d=plain, c=decoder: [c.as_array(d, index=i) for i in range(len(stack))],
                stack,
            ),
        }
    return found


def of_processor(run: Callable[[], Any], stack: Stack) -> float:
    best = 0.0
    for _ in range(3):
        started = processor_time()
        run()
        best = max(best, len(stack) / max(1e-6, processor_time() - started))
    return round(best, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    from xray_studio.core.workers import process

    process._inside = True  # the table measures decoders, not the way to a worker
    deep = cine_frames(options.frames)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = native(deep, folder)
        for form in FORMS:
            stack = deep if form.bits > 8 else (deep >> 4).astype(np.uint8)
            table[form.name] = measure(form, stack, folder, options.rounds)
            sys.stderr.write(f"{form.name}\n")
        process._inside = False
        shown = playback(folder, 60)
    if options.json:
        sys.stdout.write(json.dumps({"frames_per_second": table, "playback": shown}) + "\n")
    else:
        sys.stdout.write(as_text(table, shown))


def as_text(table: dict[str, dict[str, Any]], shown: dict[str, float]) -> str:
    rows = {**table, "Playback, two workers": shown}
    return "".join(
        f"{name:28}" + "  ".join(f"{who} {rate}" for who, rate in row.items()) + "\n"
        for name, row in rows.items()
    )


if __name__ == "__main__":
    main()
