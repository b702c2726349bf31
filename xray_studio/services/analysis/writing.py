"""Results of one study as files: made in a folder of their own, then put in place together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Identity
from xray_studio.core.errors import StudioError
from xray_studio.core.files import (
    PRIVATE,
    clear_left_behind,
    flush,
    temporary_beside,
    write_failure,
)
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.json_text import json_text
from xray_studio.core.privacy import Place, Privacy
from xray_studio.core.report.letter import Subject
from xray_studio.core.report.report import Report
from xray_studio.imaging.save import save
from xray_studio.services.analysis.page import page_text
from xray_studio.services.analysis.pictures import heat_alone, heat_over, write_overlay
from xray_studio.services.analysis.result import Analysis, FilmAnalysis
from xray_studio.services.analysis.unusual_pictures import unusual_result
from xray_studio.services.anomaly.results.objects import write_mask
from xray_studio.services.anomaly.results.pictures import mask, overlay
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.report.files import Form, Order, write

ANONYMOUS: Final = "DICOM objects name the patient as their films do, so none was written."
NO_OBJECTS: Final = "The pictures name no DICOM object, so no heat map was written as one."
_WRITING: Final = Progress(message="Writing the results")
_WHO: Final = Privacy(places=(Place.DOCUMENT,))
_TAGS: Final = Privacy(places=(Place.TAGS,))


@dataclass(frozen=True, slots=True)
class Target:
    """The folder of results.

    `anonymous` leaves out who the patient is, `whose` tells it of pictures that do not.
    """

    folder: Path
    anonymous: bool = False
    overwrite: bool = False
    whose: Identity = field(default_factory=Identity)


@dataclass(slots=True)
class _Making:
    """Files in the making: their names by what they are, and what there is to say of them."""

    place: Path
    target: Target
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def new(self, what: str, name: str) -> Path:
        """Return where a file is made, in a folder that only its owner can read."""
        self.names[what] = name
        return self.place / name


def written(found: Analysis, target: Target) -> Job[Analysis]:
    """Write all results into a folder, and return them with the files.

    Stopped before the end, none of them is there. Raises WriteError where they cannot be written,
    or would take the place of others.
    """
    making = _Making(temporary_beside(target.folder / "results"), target)
    try:
        clear_left_behind(target.folder)
        making.place.mkdir(mode=0o700)
        for film in found.films:
            yield from _film(film, making)
        report = yield from _objects(found, making)
        yield from _texts(replace(found, report=report), making)
        whole = replace(found, report=report, notes=(*found.notes, *making.notes))
        _page(whole, making)
        _put(making, [film.path for film in found.films])
    except OSError as error:
        raise write_failure(target.folder, error) from error
    finally:
        shutil.rmtree(making.place, ignore_errors=True)
    return replace(whole, files={what: target.folder / name for what, name in making.names.items()})


def _film(film: FilmAnalysis, making: _Making) -> Job[None]:
    """Make the pictures of one film."""
    if film.enhanced is not None:
        yield _WRITING
        path = making.new(f"{film.name}/enhanced", f"{film.name}.enhanced.png")
        save(path, film.enhanced, ".png")
    for number, heat in enumerate(film.heats):
        yield _WRITING
        label = "" if number == 0 else f"{heat.label.replace(' ', '-')}."
        what = f"{film.name}/overlay{'' if number == 0 else f' {heat.label}'}"
        save(making.new(what, f"{film.name}.{label}overlay.png"), heat_over(film, heat), ".png")
    if film.is_mapped:
        yield _WRITING
        path = making.new(f"{film.name}/overlay unusual", f"{film.name}.unusual.overlay.png")
        found = unusual_result(film)
        (one,) = found.shown
        save(path, overlay(found, one), ".png")
        save(making.new(f"{film.name}/mask", f"{film.name}.mask.png"), mask(found, one), ".png")
    if film.heats:
        path = making.new(f"{film.name}/heatmap", f"{film.name}.heatmap.png")
        save(path, heat_alone(film.heats[0]), ".png")


def _objects(found: Analysis, making: _Making) -> Job[Report]:
    """Make the objects beside the films, and return the report that knows of its own."""
    if making.target.anonymous:
        making.notes.append(ANONYMOUS)
        return found.report
    films = [film for film in found.films if film.sop_instance_uid]
    if not films:
        making.notes.append(NO_OBJECTS)
    for film in films:
        yield from _overlay(film, making)
        yield from _segments(film, making)
    order = Order(
        found.report, Form.SR, making.place / f"{found.name}.sr.dcm",
        tuple(film.clip for film in found.films), whose=making.target.whose,
    )  # fmt: skip
    try:
        done = yield from write(order)
    except Cancelled:
        raise
    except StudioError as error:
        making.notes.append(f"The report is not written as a DICOM object: {error}")
        return found.report
    making.names["sr"] = order.target.name
    if done.note:
        making.notes.append(f"The structured report: {done.note}")
    return done.report


def _overlay(film: FilmAnalysis, making: _Making) -> Job[None]:
    if not film.heats:
        return
    name = f"{film.name}.overlay.dcm"
    try:
        yield from write_overlay(making.place / name, film, film.heats[0])
    except Cancelled:
        raise
    except StudioError as error:
        (making.place / name).unlink(missing_ok=True)
        making.notes.append(f"The heat map is not written as a DICOM object: {error}")
        return
    _took_in(making, f"{film.name}/overlay_object", name)


def _segments(film: FilmAnalysis, making: _Making) -> Job[None]:
    """Make what is unlike normal films as a segmentation, where something is marked."""
    if not film.is_mapped or not (found := unusual_result(film)).regions():
        return
    name = f"{film.name}.seg.dcm"
    try:
        yield from write_mask(making.place / name, found)
    except Cancelled:
        raise
    except StudioError as error:
        (making.place / name).unlink(missing_ok=True)
        making.notes.append(f"What is marked is not written as a DICOM object: {error}")
        return
    _took_in(making, f"{film.name}/segments", name)


def _took_in(making: _Making, what: str, name: str) -> None:
    """Take an object among the files; it names the patient, as its film does."""
    making.names[what] = name
    path = making.place / name
    privacy_log.note_file(path.suffix, _TAGS, path.read_bytes())


def _texts(found: Analysis, making: _Making) -> Job[None]:
    """Make findings and report as files."""
    path = making.new("findings", f"{found.name}.findings.json")
    path.write_text(json_text(_findings(found, making.target)) + "\n", "utf-8")
    clips = tuple(film.clip for film in found.films)
    for what, form, suffix in (
        ("report_text", Form.TEXT, ".report.txt"),
        ("report_json", Form.JSON, ".report.json"),
    ):
        target = making.place / f"{found.name}{suffix}"
        how = making.target
        order = Order(
            found.report, form, target, clips, anonymous=how.anonymous, whose=how.whose
        )  # fmt: skip
        yield from write(order)
        making.names[what] = target.name


def _findings(found: Analysis, target: Target) -> dict[str, Any]:
    """Return what the classifier says as JSON tells it; without names of files where asked."""
    if found.assessment is None:
        return {"pictures": [], "model": None, "findings": [], "abstained": found.silent,
                "notes": [], "anomaly": found.anomaly}  # fmt: skip
    pictures = found.assessment.pictures
    if target.anonymous:
        named = zip(pictures, found.films, strict=True)
        pictures = tuple(replace(one, path=film.name) for one, film in named)
    facts = replace(found.assessment, pictures=pictures).facts()
    return {**facts, "anomaly": found.anomaly}


def _page(found: Analysis, making: _Making) -> None:
    path = making.new("page", f"{found.name}.html")
    now = datetime.now().astimezone()
    who = () if making.target.anonymous else _subject(found, making.target.whose)
    text = page_text(found, making.names, now, who)
    path.write_text(text, "utf-8")
    decision = Privacy() if making.target.anonymous else _WHO
    privacy_log.note_file(path.suffix, decision, path.read_bytes())


def _subject(found: Analysis, whose: Identity) -> tuple[tuple[str, str], ...]:
    """Return who and what the films show, as a person reads it."""
    told = Subject.of(found.films[0].clip)
    return (told if whose == Identity() else replace(told, identity=whose)).facts


def _put(making: _Making, sources: list[str]) -> None:
    """Put all files in place; what would be lost is looked for before the first one is.

    Films, texts and objects tell of a patient, so each is for its owner alone.
    """
    pairs = list(_pairs(making))
    for _, target in pairs:
        check_file_place(target, sources, overwrite=making.target.overwrite)
    for path, _ in pairs:
        path.chmod(PRIVATE)
        flush(path)
    for path, target in pairs:
        path.replace(target)


def _pairs(making: _Making) -> Iterator[tuple[Path, Path]]:
    for name in making.names.values():
        yield making.place / name, making.target.folder / name
