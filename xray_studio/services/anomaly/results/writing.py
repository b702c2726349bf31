"""Answers into files: each whole or not at all, and for its owner alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from xray_studio.core.anomaly.detection import ScoreMap
from xray_studio.core.clip import Clip
from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.json_text import json_text
from xray_studio.core.output import Picture
from xray_studio.core.privacy import Privacy
from xray_studio.imaging.save import save
from xray_studio.services.anomaly.results.forms import FORM_OF, OBJECTS, SUFFIXES, Form
from xray_studio.services.anomaly.results.objects import (
    WRITING,
    write_capture,
    write_mask,
    write_report,
    write_scores,
)
from xray_studio.services.anomaly.results.pictures import mask, overlay
from xray_studio.services.anomaly.results.privacy import places_of
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.anomaly.results.tables import frames_table, regions_table
from xray_studio.services.anomaly.results.values import write_maps, write_volume
from xray_studio.services.export.exporters import suffix_told
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.privacy.log import note_file

Writer: TypeAlias = Callable[[Path, Result], Job[None]]
Drawn: TypeAlias = Callable[[Result, ScoreMap], Picture]


def write_results(
    result: Result, base: Path, forms: tuple[Form, ...], *, overwrite: bool
) -> Job[list[Path]]:
    """Write an answer in some forms and return the files, whose names begin like `base`.

    They tell of a patient, so each is for its owner alone. An answer that abstains has its text
    alone. Raises WriteError where a file cannot be written, or would be lost.
    """
    written = list[Path]()
    for form in written_of(result.clip, forms):
        if result.found.abstained and form is not Form.JSON:
            continue
        for suffix, write in _files(form, result):
            target = base.with_name(base.name + suffix)
            check_file_place(target, result.clip.paths, overwrite=overwrite)
            decision = Privacy(places=places_of(result, suffix))
            yield from _write(result, target, write, decision)
            written.append(target)
    return written


def write_file(result: Result, suffix: str, target: Path, decision: Privacy) -> Job[Path]:
    """Write the file of an answer whose name usually ends in `suffix`, in place of one there is.

    `decision` is what was decided about its privacy: text that is masked in pictures, and what a
    person let pass. Raises as `write_results`.
    """
    check_file_place(target, result.clip.paths, overwrite=True)
    result = replace(result, masks=decision.masks)
    form = FORM_OF[suffix]
    if form in _DRAWN:
        write: Writer = partial(_picture, _DRAWN[form], result.shown[0])
    else:
        write = dict(zip(SUFFIXES[form], _WRITERS[form], strict=True))[suffix]
    yield from _write(result, target, write, decision)
    return target


def _write(result: Result, target: Path, write: Writer, decision: Privacy) -> Job[None]:
    """Write a file for its owner alone, and record what was decided of it."""
    with replacing(target, private=True) as temporary:
        yield from write(temporary, result)
    note_file(suffix_told(target.name) or target.suffix.lower(), decision, target.read_bytes())


def written_of(clip: Clip, forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Return the forms that can be written of a clip: without objects where it is none."""
    is_object = bool(clip.acquisition.sop_class_uid)
    return tuple(form for form in forms if is_object or form not in OBJECTS)


def _files(form: Form, result: Result) -> Iterator[tuple[str, Writer]]:
    """Yield how the name of each file of a form ends, and what writes it."""
    if form in _DRAWN:
        yield from _pictures(SUFFIXES[form][0], _DRAWN[form], result)
    else:
        yield from zip(SUFFIXES[form], _WRITERS[form], strict=True)


def _pictures(suffix: str, draw: Drawn, result: Result) -> Iterator[tuple[str, Writer]]:
    """Yield a picture, or of every frame of a loop one with its number."""
    several = result.every and len(result.found.maps) > 1
    digits = max(4, len(str(len(result.clip))))
    for one in result.shown:
        number = f".{one.frame + 1:0{digits}d}" if several else ""
        yield suffix.removesuffix(".png") + f"{number}.png", partial(_picture, draw, one)


def _picture(draw: Drawn, one: ScoreMap, path: Path, result: Result) -> Job[None]:
    yield WRITING
    save(path, draw(result, one), ".png")


def _text(path: Path, result: Result) -> Job[None]:
    yield WRITING
    path.write_text(json_text(dict(result.answer)) + "\n", "utf-8")


def _regions(path: Path, result: Result) -> Job[None]:
    yield WRITING
    path.write_text(regions_table(result), "utf-8")


def _frames(path: Path, result: Result) -> Job[None]:
    yield WRITING
    path.write_text(frames_table(result), "utf-8")


def _maps(path: Path, result: Result) -> Job[None]:
    yield WRITING
    write_maps(path, result)


def _volume(path: Path, result: Result) -> Job[None]:
    yield WRITING
    write_volume(path, result)


_DRAWN: dict[Form, Drawn] = {Form.OVERLAY: overlay, Form.MASK: mask}
_WRITERS: dict[Form, tuple[Writer, ...]] = {
    Form.JSON: (_text,),
    Form.NPZ: (_maps,),
    Form.NIFTI: (_volume,),
    Form.CSV: (_regions, _frames),
    Form.SEG: (write_mask,),
    Form.FRACTIONAL: (write_scores,),
    Form.CAPTURE: (write_capture,),
    Form.SR: (write_report,),
}
