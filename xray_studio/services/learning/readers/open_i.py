"""Indiana University's collection as Open-i hands it out: a report in XML a study, and PNG.

`uId` names the study, `AbstractText` with its `Label` holds the sections of the report, `major`
under `MeSH` the headings, `parentImage` with its `id` each picture. No view is told.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from xray_studio.core.learning.cases import Film, ReportText
from xray_studio.core.learning.findings import indiana_labels
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.study import Skipped
from xray_studio.services.learning.readers.pictures import Pictures
from xray_studio.services.learning.readers.rows import Read, Row

_SIGN: Final = b"<eCitation"
_LOOKED_AT: Final = 4096  # bytes
_TRIED: Final = 20  # files in XML, of which some may be no reports
_LARGEST: Final = 1 << 20  # bytes; reports have about five thousand


def is_open_i(folder: Path) -> bool:
    """Tell whether a folder, or one in it, holds reports of Open-i."""
    return any(_is_report(path) for path in itertools.islice(_reports(folder), _TRIED))


def _is_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _SIGN in file.read(_LOOKED_AT)
    except OSError:
        return False


def read_open_i(folder: Path) -> Read:
    """Yield the films of every report."""
    pictures = Pictures(folder)
    for path in sorted(_reports(folder)):
        where = path.name
        try:
            root = _parsed(path)
        except OSError as error:
            yield Skipped(where, why_not_opened(error))
        except (ET.ParseError, ValueError):
            yield Skipped(where, "damaged: it is no report in XML")
        else:
            yield from _films(where, root, pictures)


def _films(where: str, root: ET.Element, pictures: Pictures) -> Read:
    study = _study(root) or Path(where).stem
    named = [image.get("id", "") for image in root.iter("parentImage")]
    if not named:
        yield Skipped(where, "names no picture")
    labels = indiana_labels(";".join(_text(each) for each in root.iter("major")))
    report = _report(root)
    for name in named:
        path = pictures.find(name)
        if path is None:
            yield Skipped(f"{where}, {name}", pictures.why_not(name))
        else:
            yield Row(f"{where}, {name}", Film(path), study, study, labels, report)


def _reports(folder: Path) -> Iterator[Path]:
    for path in itertools.chain(folder.glob("*.xml"), folder.glob("*/*.xml")):
        if not path.name.startswith("."):  # macOS leaves such files beside those of an archive
            yield path


def _parsed(path: Path) -> ET.Element:
    """Return the root of a report. Raises ParseError, ValueError for what is too large or odd."""
    data = path.read_bytes()
    if len(data) > _LARGEST or b"<!ENTITY" in data:
        raise ValueError(path.name)
    return ET.fromstring(data)  # noqa: S314 - no entities, see above


def _study(root: ET.Element) -> str:
    told = root.find("uId")
    return "" if told is None else told.get("id", "")


def _report(root: ET.Element) -> ReportText:
    sections = {
        (each.get("Label") or "").casefold(): _text(each) for each in root.iter("AbstractText")
    }
    return ReportText(*(sections.get(name, "") for name in ReportText.__slots__))


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())
