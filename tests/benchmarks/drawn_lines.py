"""Lines of text drawn into pictures, and pictures without text, for fitting and for measuring.

Names, numbers and dates are random, and so are font, height, grey level and place. What fitting
uses and what measuring uses share neither pictures, fonts nor seeds.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from xray_studio.core.region import Region
from xray_studio.core.resources import resource

Stack = npt.NDArray[np.uint8]  # (frames, rows, columns)
Random = np.random.Generator
READABLE = 40.0  # grey levels between letters and their ground
Font = Callable[[str, int], Image.Image]


def _vector(name: str | None, text: str, height: int) -> Image.Image:
    font = ImageFont.load_default(height)
    if name is not None:
        font = ImageFont.truetype(str(resource(f"fonts/{name}.otf")), height)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
    return image


def _bitmap(text: str, height: int) -> Image.Image:
    """Draw as old devices do: a font of whole pixels, doubled where it is to be large."""
    font = ImageFont.load_default_imagefont()
    image = Image.new("L", font.getbbox(text)[2:])
    ImageDraw.Draw(image).text((0, 0), text, fill=255, font=font)
    times = max(1, height // 11)
    return image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)


def _plotter(face: int, smooth: bool, text: str, height: int) -> Image.Image:
    """Draw with the Hershey fonts, made of strokes, that plotters and many devices use."""
    thickness = max(1, height // 14)
    (_, tall), _ = cv2.getTextSize(text, face, 1.0, 1)
    scale = 0.75 * height / tall
    (wide, tall), below = cv2.getTextSize(text, face, scale, thickness)
    image = np.zeros((tall + below + 6, wide + 8), np.uint8)
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    cv2.putText(image, text, (3, tall + 2), face, scale, 255, thickness, kind)
    return Image.fromarray(image)


FITTED: dict[str, Font] = {
    "Inter Regular": partial(_vector, "Inter-Regular"),
    "Aileron": partial(_vector, None),
    "bitmap": _bitmap,
    "Hershey simplex": partial(_plotter, cv2.FONT_HERSHEY_SIMPLEX, True),
    "Hershey plain": partial(_plotter, cv2.FONT_HERSHEY_PLAIN, False),
    "Hershey triplex": partial(_plotter, cv2.FONT_HERSHEY_TRIPLEX, True),
}
MEASURED: dict[str, Font] = {
    "Inter Medium": partial(_vector, "Inter-Medium"),
    "Inter SemiBold": partial(_vector, "Inter-SemiBold"),
    "Hershey duplex": partial(_plotter, cv2.FONT_HERSHEY_DUPLEX, True),
    "Hershey complex": partial(_plotter, cv2.FONT_HERSHEY_COMPLEX, True),
    "Hershey simplex, no smoothing": partial(_plotter, cv2.FONT_HERSHEY_SIMPLEX, False),
}


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as drawn: where its ink is, and which font, with its height in pixels."""

    region: Region
    font: str
    ink: npt.NDArray[np.bool_]


def words(random: Random) -> str:
    """Return what devices write: a name, a number, a date or a place, made up."""

    def capitals(count: int) -> str:
        return "".join(random.choice([*string.ascii_uppercase], count))

    def digits(count: int) -> str:
        return "".join(random.choice([*string.digits], count))

    def name(count: int) -> str:
        return capitals(count).capitalize()

    a, b, c = random.integers(3, 10, 3)
    kinds = (
        f"{name(a)}, {name(b)}",
        f"{capitals(a)}^{capitals(b)}",
        f"ID: {digits(a + 2)}",
        f"{digits(2)}.{digits(2)}.19{digits(2)}",
        f"{capitals(3)} {digits(4)}",
        f"{name(a)} {name(b)} {digits(c - 1)}",
    )
    return str(random.choice(kinds))


def drawn(
    stack: Stack, random: Random, count: int, fonts: dict[str, Font]
) -> tuple[Stack, list[DrawnLine]]:
    """Return a copy of frames with up to `count` lines, the same in every frame.

    Some stand alone, others below one another as devices write them.
    """
    stack, lines = stack.copy(), list[DrawnLine]()
    for _ in range(6 * count):
        if len(lines) < count:
            most = int(random.integers(2, 5)) if random.random() < 0.3 else 1
            taken = [line.region for line in lines]
            lines += _block(stack, random, fonts, taken, min(most, count - len(lines)))
    return stack, lines


def _block(
    stack: Stack, random: Random, fonts: dict[str, Font], taken: list[Region], most: int
) -> list[DrawnLine]:
    """Draw lines of one font and size below one another, from a free place on."""
    rows, columns = stack.shape[1:]
    height = int(random.integers(9, max(11, min(48, rows // 12))))
    name, step = str(random.choice([*fonts])), height * random.uniform(1.15, 1.6)
    made = [_alpha(fonts[name](words(random), height)) for _ in range(most)]
    wide = max(alpha.shape[1] for alpha in made)
    tall = round((most - 1) * step) + max(alpha.shape[0] for alpha in made)
    if tall > rows - 8 or wide > columns - 8:
        return []
    x, y = _across(random, columns, wide), int(random.integers(2, rows - tall - 2))
    if any(Region(x, y, wide, tall).grown(8).shared(other) for other in taken):
        return []
    lines = []
    for number, alpha in enumerate(made):
        place = Region(x, y + round(number * step), alpha.shape[1], alpha.shape[0])
        _blend(stack, random, place, alpha)
        lines.append(DrawnLine(place, name, alpha > 0.5))
    return lines


def _alpha(image: Image.Image) -> npt.NDArray[np.float32]:
    return np.asarray(image.crop(image.getbbox()), np.float32) / 255.0


def _across(random: Random, columns: int, wide: int) -> int:
    """Return a place along a row; half of all lines begin or end at an edge."""
    edge = int(random.choice([4, columns - wide - 4]))
    return edge if random.random() < 0.5 else int(random.integers(2, columns - wide - 2))


def _blend(stack: Stack, random: Random, region: Region, alpha: npt.NDArray[np.float32]) -> None:
    """Draw in a grey that can be read; on a plate where it could not, and one time of seven."""
    under = stack[:, region.y : region.bottom, region.x : region.right]
    usual = float(np.median(under))
    grey = float(random.choice([255, 255, 230, 200, 150, 0]))
    if abs(grey - usual) < READABLE:
        grey = 255.0 if usual < 128.0 else 0.0
    ground = under.astype(np.float32)
    hidden = np.abs(ground.mean(axis=0)[alpha > 0.5] - grey) < READABLE
    if hidden.mean() > 0.05 or ground.std() > READABLE or random.random() < 1 / 7:
        ground[:] = 0.0 if grey > 128.0 else 255.0
    under[:] = np.clip(np.rint(ground * (1.0 - alpha) + grey * alpha), 0, 255).astype(np.uint8)


def compressed(stack: Stack, random: Random) -> Stack:
    """Return frames as they come back from lossy compression, as most ultrasound is stored."""
    options = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(50, 95))]
    packed = [cv2.imencode(".jpg", frame, options)[1] for frame in stack]
    return np.stack([cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) for data in packed])


# -- pictures without text


def speckle(random: Random, frames: int, rows: int = 480, columns: int = 640) -> Stack:
    """Return a sector of ultrasound-like speckle on black, new in every frame."""
    ground = cv2.GaussianBlur(random.random((rows, columns)).astype(np.float32), (0, 0), 40)
    ground = (ground - ground.min()) / np.ptp(ground)
    grain = random.uniform(1.0, 2.5)
    made = np.empty((frames, rows, columns), np.uint8)
    y, x = np.mgrid[:rows, :columns]
    outside = np.abs(np.arctan2(x - columns / 2, y + 1)) > 0.7
    for frame in made:
        parts = random.normal(size=(2, rows, columns)).astype(np.float32)
        real, imaginary = (cv2.GaussianBlur(part, (0, 0), grain) for part in parts)
        frame[:] = np.clip(ground * np.hypot(real, imaginary) * 400.0 * grain, 0, 255)
        frame[outside] = 0
    return made


def noise(random: Random, frames: int, side: int = 512) -> Stack:
    """Return soft shapes under noise, as a film or a slice has it."""
    ground = cv2.GaussianBlur(random.random((side, side)).astype(np.float32), (0, 0), 20)
    ground = (ground - ground.min()) / np.ptp(ground) * random.uniform(80, 230)
    sigma, grain = random.uniform(2, 20), random.choice([0.0, 0.8, 1.5])
    made = np.empty((frames, side, side), np.uint8)
    for frame in made:
        fine = random.normal(0, sigma, (side, side)).astype(np.float32)
        if grain:
            fine = cv2.GaussianBlur(fine, (0, 0), grain) * 2 * grain
        frame[:] = np.clip(ground + fine, 0, 255)
    return made


def bones(random: Random, frames: int, side: int = 512) -> Stack:
    """Return crisp trabeculae and edges: thresholded soft noise at several sizes, at rest."""
    made = np.zeros((side, side), np.float32)
    for grain in (2.0, 4.0, 8.0, 30.0):
        field = cv2.GaussianBlur(random.normal(size=(side, side)).astype(np.float32), (0, 0), grain)
        field /= field.std()
        made += random.uniform(5, 40) * np.tanh(random.uniform(1, 6) * field)
    made = cv2.GaussianBlur(made, (0, 0), random.uniform(0.6, 1.4))
    return np.repeat(np.clip(made + 110, 0, 255).astype(np.uint8)[None], frames, axis=0)


def furnished(stack: Stack, random: Random) -> Stack:
    """Return frames with what is mistaken for text: ticks, traces, wires, grids, edges."""
    stack = stack.copy()
    for draw in (_ticks, _trace, _wires, _grid, _collimator, _bar):
        if random.random() < 0.5:
            draw(stack, random)
    return stack


def _line(stack: Stack, points: npt.NDArray[np.float64], grey: float, thickness: int = 1) -> None:
    for frame in stack:
        cv2.polylines(
            frame, [np.rint(points).astype(np.int32)], False, grey, thickness, cv2.LINE_AA
        )


def _ticks(stack: Stack, random: Random) -> None:
    rows, columns = stack.shape[1:]
    step, grey, upright = (
        random.integers(6, 40),
        float(random.choice([255, 180, 90])),
        random.random() < 0.5,
    )
    side = float(random.choice([6, (columns if upright else rows) - 12]))
    for number, at in enumerate(np.arange(20, (rows if upright else columns) - 20, step)):
        end = side + (9 if number % 5 == 0 else 5)
        points = np.array([[side, at], [end, at]])
        _line(stack, points if upright else points[:, ::-1], grey)


def _trace(stack: Stack, random: Random) -> None:
    """An electrocardiogram along the lower edge."""
    rows, columns = stack.shape[1:]
    x = np.arange(10, columns - 10, dtype=np.float64)
    beat = (x / random.uniform(50, 120)) % 1.0
    wave = 1.0 * np.exp(-(((beat - 0.4) / 0.02) ** 2)) + 0.2 * np.exp(
        -(((beat - 0.65) / 0.06) ** 2)
    )
    y = rows - 20 - rows / 12 * wave + random.normal(0, 0.4, len(x))
    _line(stack, np.stack((x, y), axis=1), float(random.choice([255, 200, 120])))


def _wires(stack: Stack, random: Random) -> None:
    """Catheters and sutures: smooth curves, some with a short period."""
    rows, columns = stack.shape[1:]
    for _ in range(random.integers(1, 5)):
        t = np.linspace(0, 1, 400)
        x, y = (
            random.uniform(0, size) + np.cumsum(np.cumsum(random.normal(0, 0.004, 400))) * 20
            for size in (columns, rows)
        )
        x, y = (
            x + columns * (t - 0.5) * random.uniform(-1, 1),
            y + rows * (t - 0.5) * random.uniform(-1, 1),
        )
        coil = random.choice([0.0, 0.0, 4.0])
        points = np.stack((x, y + coil * np.sin(t * 200)), axis=1)
        _line(stack, points, float(random.choice([20, 60, 230])), int(random.integers(1, 4)))


def _grid(stack: Stack, random: Random) -> None:
    rows, columns = stack.shape[1:]
    step = random.integers(24, 100)
    for at in range(step, max(rows, columns), step):
        _line(stack, np.array([[0.0, at], [columns, at]]), 190.0)
        _line(stack, np.array([[at, 0.0], [at, rows]]), 190.0)


def _collimator(stack: Stack, random: Random) -> None:
    rows, columns = stack.shape[1:]
    left, top = random.integers(4, columns // 6), random.integers(4, rows // 6)
    grey = int(random.choice([0, 0, 255]))
    stack[:, :top], stack[:, -top:], stack[..., :left], stack[..., -left:] = (grey,) * 4


def _bar(stack: Stack, random: Random) -> None:
    """A scale of greys with its frame."""
    rows, columns = stack.shape[1:]
    x, tall = int(random.choice([8, columns - 24])), rows // 3
    stack[:, 20 : 20 + tall, x : x + 14] = np.linspace(255, 0, tall, dtype=np.uint8)[None, :, None]
    for frame in stack:
        cv2.rectangle(frame, (x - 1, 19), (x + 14, 20 + tall), 200, 1)
