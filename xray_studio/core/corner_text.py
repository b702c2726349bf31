"""Corner text of a viewport, as words. The screen and the exports draw the same lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from xray_studio.core.clip import Clip
from xray_studio.core.kinds import VOLUME
from xray_studio.core.lut import LookupTable, Voi
from xray_studio.core.per_frame import at_frame
from xray_studio.core.place import position_words
from xray_studio.core.presentation import Overlay
from xray_studio.core.step import Group
from xray_studio.core.study import Patient

NO_VALUE = "no value"
_SQUARE = 1e-3  # sides of a pixel that differ by less are told once
TABLE = "VOI LUT"
SUBTRACTED = Group.SUBTRACT.value
NOT_REGISTERED = "NOT REGISTERED"  # of volumes laid on one another by hand
SPACING_WORDS = {
    "detector": "mm at the detector",
    "calibrated": "mm calibrated",
    "hand": "mm calibrated by hand",
    "magnification": "mm corrected for magnification",
    "film": "mm on the film",
    "patient": "mm",
}


@dataclass(frozen=True, slots=True)
class CornerText:
    """Lines of the four corners, from top to bottom. `badges` stand in a row above bottom left."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows now: frame (from 0), VOI, zoom as a fraction, rates if playing.

    `rate` is the rate achieved, `wanted` the one asked for (the clip's own when None).
    """

    frame: int = 0
    voi: Voi = None
    zoom: float | None = None
    rate: float | None = None
    wanted: float | None = None
    invert: bool = False


def lines_reaching(
    blocks: Iterable[tuple[str, ...]], reach: float, width: Callable[[str], float]
) -> int:
    """Return how many lines from the edge there are up to the last that is wider than `reach`.

    Each block begins with the line at the edge: bottom ones are given from the foot upwards.
    """
    numbered = (pair for block in blocks for pair in enumerate(block, 1))
    return max((number for number, line in numbered if width(line) > reach), default=0)


def corner_text(clip: Clip, shown: Shown, overlay: Overlay) -> CornerText:
    """Return the lines to draw; ANONYMOUS leaves out who, where and when, NONE all but safety.

    The study description goes with who: it is free text, and in real files it names physicians.
    """
    if overlay is Overlay.NONE:
        return CornerText(badges=safety_badges(clip))
    everything = overlay is Overlay.ALL
    return CornerText(
        top_left=_who(clip) if everything else (),
        top_right=_where(clip, shown.frame) if everything else (),
        bottom_left=_display(clip, shown, named=everything),
        bottom_right=_position(clip, shown),
        badges=badges(clip, shown.frame, named=everything),
    )


def format_name(name: str) -> str:
    """Return a PN value as "Family, Given Middle" (PS3.5 6.2.1), first group that has text."""
    group = next((part for part in name.split("=") if part.strip()), "")
    family, *others = [part.strip() for part in group.split("^")]
    given = " ".join(part for part in others[:2] if part)
    return ", ".join(part for part in (family, given) if part)


def patient_words(patient: Patient) -> str:
    """Return what to call a patient: the name, else the ID, else that there is none."""
    if patient.loose:
        return _loose_words(patient)
    return format_name(patient.patient_name) or patient.patient_id or "No patient ID"


def _loose_words(patient: Patient) -> str:
    """Return what files that tell no patient are."""
    kinds = {series.kind for study in patient.studies for series in study.series}
    if kinds == {VOLUME}:
        return "Volumes"
    return "Pictures, videos and volumes" if VOLUME in kinds else "Pictures and videos"


def format_date(date: str) -> str:
    """Return a DA value as 2026-11-20; what is no date comes back as it is."""
    digits = date.replace(".", "").replace("-", "")
    if len(digits) == 8 and digits.isdigit():
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return date


def format_time(time: str) -> str:
    """Return a TM value as 09:41:07."""
    digits = time.split(".", maxsplit=1)[0].replace(":", "")
    if len(digits) in (4, 6) and digits.isdigit():
        return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))
    return time


def format_age(birth_date: str, date: str) -> str:
    """Return the age in years on a date, "" when either is not a date."""
    if not (len(birth_date) == 8 == len(date) and birth_date.isdigit() and date.isdigit()):
        return ""
    years = int(date[:4]) - int(birth_date[:4]) - (date[4:] < birth_date[4:])
    return f"{years} y" if 0 <= years < 130 else ""


def format_number(value: float) -> str:
    """Return a number with as few digits as it needs, at most four significant ones below 1000.

    Infinities and what is no number at all read "no value".
    """
    if not math.isfinite(value):
        return NO_VALUE
    if abs(value) >= 1000 or value == int(value):
        return str(round(value))
    return f"{value:.4g}"


def grouped(number: str) -> str:
    """Return a number in digits with its thousands set apart; other words stay."""
    whole, point, rest = number.partition(".")
    digits = whole.removeprefix("-")
    return f"{int(whole):,}{point}{rest}" if digits.isdecimal() and digits != "0" else number


def angle_text(angles: tuple[float, float] | None) -> str:
    """Return positioner angles as "RAO 30 CAUD 20" (PS3.3 C.8.7.5: LAO and CRAN positive)."""
    if angles is None:
        return ""
    primary, secondary = (round(angle) for angle in angles)
    sideways = f"{'LAO' if primary >= 0 else 'RAO'} {abs(primary)}"
    upwards = f"{'CRAN' if secondary >= 0 else 'CAUD'} {abs(secondary)}"
    return f"{sideways} {upwards}"


def voi_text(voi: Voi) -> str:
    """Return how the window is named on screen: "W 400 L 40", a table's name, or full range."""
    if isinstance(voi, LookupTable):
        return voi.explanation or TABLE
    if voi is None:
        return "Full range"
    return f"W {format_number(voi.width)} L {format_number(voi.center)}"


def _who(clip: Clip) -> tuple[str, ...]:
    who = clip.identity
    age = format_age(who.birth_date, who.date)
    person = " · ".join(_present((format_date(who.birth_date), who.sex, age)))
    return _present((format_name(who.patient_name), who.patient_id, person))


def _where(clip: Clip, frame: int) -> tuple[str, ...]:
    who = clip.identity
    if clip.paths and not (clip.acquisition.sop_class_uid or clip.acquisition.modality):
        # A picture or video tells nothing of itself: it is known by its name.
        return (PurePath(clip.paths[min(frame, len(clip.paths) - 1)]).name,)
    when = " ".join(_present((format_date(who.date), format_time(who.time))))
    return _present((who.institution, who.study_description, when))


def _display(clip: Clip, shown: Shown, *, named: bool) -> tuple[str, ...]:
    """Return how the picture is shown; the name of a table is free text of the file."""
    told = voi_text(shown.voi) if named or not isinstance(shown.voi, LookupTable) else TABLE
    parts = [] if clip.is_colour else [told]
    if shown.invert:
        parts.append("inverted")
    if shown.zoom is not None:
        parts.append(f"{round(shown.zoom * 100)} %")
    if shown.rate is not None and len(clip) > 1:
        wanted = clip.frame_rate if shown.wanted is None else shown.wanted
        parts.append(f"{shown.rate:.1f}/{wanted:.4g} per s")
    return _present((*_steps(clip), " · ".join(parts)))


def _steps(clip: Clip) -> Iterable[str]:
    """Yield what steps say of themselves, two lines for each: a mask, and how it is moved."""
    for told in filter(None, (step.told for step in clip.steps)):
        first, *others = told.split("; ")
        yield from _present(_capital(line) for line in (first, " · ".join(others)))


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def safety_badges(clip: Clip) -> tuple[str, ...]:
    """Return the badges that nobody can take away: the picture is not as it was acquired."""
    if not clip.processed:
        return ()
    ai = any(name.startswith("AI") for name in clip.processed)
    stay = tuple(name for name in (SUBTRACTED, NOT_REGISTERED) if name in clip.processed)
    return (
        "PROCESSED", *stay, *(("AI draft, not for diagnosis",) if ai else ())
    )  # fmt: skip


def badges(clip: Clip, frame: int = 0, *, named: bool = False) -> tuple[str, ...]:
    """Return what the viewer must know about the picture, in capitals: how it was made.

    The label of a presentation state is free text, which is told with who is shown (`named`) only.
    """
    name = at_frame(clip.state, frame)
    state = ((f"PR: {name}" if named else "PR"),) if name else ()
    lossy = ("LOSSY",) if clip.acquisition.lossy else ()
    return tuple(dict.fromkeys((*safety_badges(clip), *clip.processed, *lossy, *state)))


def _position(clip: Clip, shown: Shown) -> tuple[str, ...]:
    made = clip.acquisition
    series = series_words(made.modality, made.series_number)
    first = " · ".join(_present((series, angle_text(made.angles))))
    return _present((first, frame_text(clip, shown.frame), spacing_text(clip)))


def series_words(modality: str, number: int | None) -> str:
    """Return "Run 3" or "Series 3", "" for a series without a number."""
    if number is None:
        return ""
    return f"Run {number}" if modality in {"XA", "RF"} else f"Series {number}"


def frame_text(clip: Clip, frame: int) -> str:
    """Return "47/96 · 3.07 s", "41/80 · H 12.5 mm" for slices, or "" for a still.

    Of planes at several moments that of the frame is told as well.
    """
    if len(clip) == 1:
        return ""
    number = f"{frame + 1}/{len(clip)}"
    if not clip.is_volume:
        return f"{number} · {clip.timing.told_moment(frame):.2f} s"
    where = position_words(clip.places[frame]) if clip.places else ""
    if clip.planes:
        several = len(clip) > clip.planes
        moment = f"moment {frame // clip.planes + 1}" if several else ""
        return " · ".join(_present((number, where, moment)))
    return f"{number} · {where or f'{clip.timing.told_moment(frame):.2f} s'}"


def spacing_text(clip: Clip) -> str:
    """Return the pixel spacing with what it means, "" when unknown.

    It is told down and across where these differ.
    """
    spacing = clip.acquisition.pixel_spacing
    if spacing is None:
        return ""
    down, across = (f"{size:.3g}" for size in spacing)
    square = math.isclose(*spacing, rel_tol=_SQUARE)
    sizes = down if square else f"{down} \N{MULTIPLICATION SIGN} {across}"
    return f"{sizes} {SPACING_WORDS.get(clip.acquisition.spacing_meaning, 'mm')}"


def _present(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)
