"""What the dialog for videos into DICOM says of videos, plans and identities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from xray_studio.core.corner_text import format_date, format_name
from xray_studio.core.time_words import span_text
from xray_studio.core.video.classes import CLASS_NAMES
from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import JPEG_BASELINE, JPEG_LS, VideoPlan, Way
from xray_studio.core.video.words import codec_words, container_words, rate_words, stream_words

DOT: Final = " \N{MIDDLE DOT} "
WAYS: Final = {
    Way.KEPT: "Kept bit for bit",
    Way.TRANSCODED: "Encoded anew",
    Way.CAPTURED: "Single frames",
}
SEXES: Final = {"F": "female", "M": "male", "O": "other"}
_STILL: Final = {JPEG_BASELINE: "JPEG Baseline", JPEG_LS: "JPEG-LS Lossless"}
# What sentences that are made for both faces say of flags, as the window has it.
_IN_WINDOW: Final = (
    ("Allow --transcode auto, or choose --sop-class multiframe",
     "Allow it to be encoded anew, or choose single frames"),
    ("leave out --sop-class, --quality lossless or --syntax",
     "choose single frames or Automatic, or another quality"),
    ("allow it, or choose --quality lossless", "allow it, or choose the quality lossless"),
    ("Choose --sop-class multiframe, which takes any size",
     "Choose single frames, which take any size"),
    ("; give --patient-id and --patient-name, or --like with an object of the patient",
     "; type it, or take it from a study or a worklist"),
    ("leave out --keep-sound", "do not keep the sound"),
    ("; choose --large parts or fragments", ""),
)  # fmt: skip
_FLAG = re.compile(r" \(--[^)]*\)")


def in_the_window(sentence: str) -> str:
    """Return a sentence without the options of the command line that it names."""
    for flag, words in _IN_WINDOW:
        sentence = sentence.replace(flag, words)
    return _FLAG.sub("", sentence)


def counted(count: int, what: str = "video") -> str:
    """Return "1 video" or "3 videos"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def format_words(facts: VideoFacts) -> str:
    """Return container and stream of a video."""
    return DOT.join(filter(None, (container_words(facts), stream_words(facts))))


def picture_words(facts: VideoFacts) -> str:
    """Return size, colours, depth, and what is unusual about the pictures."""
    parts = [
        f"{facts.columns} \N{MULTIPLICATION SIGN} {facts.rows}", facts.chroma, f"{facts.bits} bits",
        "interlaced" if facts.interlaced else "",
        f"turned {facts.rotation}\N{DEGREE SIGN}" if facts.rotation else "",
    ]  # fmt: skip
    return DOT.join(filter(None, parts))


def frames_words(facts: VideoFacts) -> str:
    """Return how many frames there are, and how fast they follow."""
    rate = rate_words(facts.rate) if facts.rate else "?"
    return f"{facts.frames:,} at {'about ' if facts.variable else ''}{rate}/s"


def length_words(facts: VideoFacts) -> str:
    """Return how long a video lasts."""
    return span_text(float(facts.duration)) if facts.duration else ""


def sound_words(facts: VideoFacts) -> str:
    """Return the sounds of a video."""
    return ", ".join(codec_words(one.codec) for one in facts.sound) or "None"


def class_words(plan: VideoPlan) -> str:
    """Return the SOP class of an object and its modality."""
    return f"{CLASS_NAMES[plan.what.uid]} ({plan.what.modality})"


def syntax_words(plan: VideoPlan) -> str:
    """Return the name of a transfer syntax."""
    video = plan.video_syntax
    return video.name if video is not None else _STILL.get(plan.syntax, plan.syntax)


def ways_words(plans: Sequence[VideoPlan | None]) -> str:
    """Return how many videos are kept, encoded anew, taken apart, left out."""
    counts = Counter("not written" if one is None else WAYS[one.way].lower() for one in plans)
    return DOT.join(f"{count:,} {words}" for words, count in counts.items())


def name_words(identity: Identity) -> str:
    """Return what to call a patient in few words."""
    return format_name(identity.patient_name) or identity.patient_id or "Nobody yet"


def patient_words(identity: Identity) -> str:
    """Return who it is: name, Patient ID, birth date, sex, as far as they are told."""
    name = format_name(identity.patient_name)
    parts = (
        name, f"ID {identity.patient_id}" if identity.patient_id else "",
        f"born {format_date(identity.birth_date)}" if identity.birth_date else "",
        SEXES.get(identity.sex, identity.sex),
    )  # fmt: skip
    return DOT.join(filter(None, parts)) or "Nobody yet"


def study_words(identity: Identity) -> str:
    """Return which study it is, and whether it is there already or begins anew."""
    date = format_date(identity.study_date)
    there = "Joins its study" if identity.study_uid else "New study"
    if identity.step_id:
        there = "Planned study"
    parts = (
        f"{there} of {date}" if date else there, identity.study_description,
        f"accession {identity.accession}" if identity.accession else "",
    )  # fmt: skip
    return DOT.join(filter(None, parts))


def missing_words(identity: Identity) -> str:
    """Return what has to be told before anything is written, "" where nothing has."""
    missing = identity.missing
    if not missing:
        return ""
    return (
        f"The {' and the '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing. A video"
        " belongs to somebody, and nobody is invented."
    )


def lines(sentences: Sequence[str]) -> str:
    """Return sentences below one another."""
    return "\n".join(sentences)
