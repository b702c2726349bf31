"""The options of `to-dicom`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def _text(flag: str, metavar: str, words: str) -> object:
    return typer.Option(flag, metavar=metavar, help=words, show_default=False)


Sources = Annotated[list[str], typer.Argument(metavar="VIDEO... OUT", show_default=False)]
PatientId = Annotated[str, _text("--patient-id", "ID", "Patient ID.")]
PatientName = Annotated[str, _text("--patient-name", "FAMILY^GIVEN", "Name, as in DICOM.")]
BirthDate = Annotated[str, _text("--birth-date", "YYYY-MM-DD", "Birth date.")]
Sex = Annotated[Literal["", "M", "F", "O"], _text("--sex", "M|F|O", "Sex.")]
Study = Annotated[str, _text("--study-description", "TEXT", "What the study is.")]
Accession = Annotated[str, _text("--accession", "NUMBER", "Accession number.")]
Modality = Annotated[
    str, _text("--modality", "CS", "ES endoscopy, GM microscopy, XC camera, US, ...")
]
SopClass = Annotated[
    Literal["auto", "photographic", "endoscopic", "microscopic", "multiframe"],
    typer.Option("--sop-class", help="What the video shows; multiframe is secondary capture."),
]
Like = Annotated[
    Path | None,
    typer.Option(
        "--like", metavar="FILE.dcm", show_default=False,
        help="Patient and study of this object, or of the study in a folder.",
    ),
]  # fmt: skip
FromWorklist = Annotated[
    str,
    _text("--from-worklist", "QUERY", "One entry of a worklist: an accession number, id=, name=."),
]
Node = Annotated[
    str,
    _text("--node", "NAME|HOST:PORT/AET", "Who has the worklist; else the only one that is known."),
]
Identities = Annotated[
    Path | None,
    typer.Option(
        "--identities", metavar="TABLE", show_default=False,
        help="CSV or JSON that tells whose each video is.",
    ),
]  # fmt: skip
Region = Annotated[
    str, _text("--region", "NAME", "Where it was taken: colon, knee, ... or CODE|SCHEME|MEANING.")
]
Acquired = Annotated[
    str, _text("--acquired", "YYYY-MM-DDTHH:MM", "When it was recorded, if the file is wrong.")
]
Series = Annotated[str, _text("--series-description", "TEXT", "What the series is.")]
When = Annotated[
    Literal["auto", "never", "always"],
    typer.Option("--transcode", help="Encode the stream anew: where it has to be, never, always."),
]
HowWell = Annotated[
    Literal["low", "medium", "high", "lossless"],
    typer.Option("--quality", help="Of new streams; lossless is multi-frame secondary capture."),
]
Syntax = Annotated[
    str, _text("--syntax", "UID", "Transfer syntax: a UID, h264-4.1, hevc, jpeg-ls, rle, ...")
]
KeepSound = Annotated[bool, typer.Option("--keep-sound", help="Keep the sound, and describe it.")]
KeepMetadata = Annotated[
    bool,
    typer.Option("--keep-metadata", help="Keep what the container tells, also who and where."),
]
Large = Annotated[
    Literal["fragments", "parts"],
    typer.Option("--large", help="Streams too large for one item: several items, or objects."),
]
ItemSize = Annotated[
    int | None,
    typer.Option(
        "--item-size", metavar="BYTES", min=1024, show_default=False,
        help="Bytes of an item at most; 4 GB as in the standard, if not told.",
    ),
]  # fmt: skip
Fps = Annotated[
    float, typer.Option("--fps", metavar="X", help="Of single pictures: how many a second.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, max=64, help="Videos at the same time.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking again.")]
PlanOnly = Annotated[
    bool, typer.Option("--plan", help="Say what would be done and why, and write nothing.")
]
