"""Videos on their way into DICOM while a person still decides: what they are, whose, what for."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.video.classes import Kind
from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import VideoPlan, Wish, planned

_OPEN_KINDS: Final = (Kind.AUTO, Kind.MULTIFRAME)  # those that leave the modality to the study


class Source(enum.Enum):
    """Where an identity comes from."""

    TYPED = "typed"
    STUDY = "study"
    OBJECT = "object"
    WORKLIST = "worklist"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Video:
    """One video: what it is, None until it was looked at; `reason` why it cannot be read.

    `identity` is whose it is, as far as that is told, and `source` where that comes from. Single
    `pictures` that follow one another, of which `path` is the first, have the `rate` that a person
    tells, frames per second, 0 while nobody does.
    """

    path: Path
    facts: VideoFacts | None = None
    reason: str = ""
    identity: Identity = Identity()  # noqa: RUF009 - a frozen value
    source: Source = Source.TYPED
    pictures: tuple[Path, ...] = ()
    rate: Fraction = Fraction(0)

    @property
    def name(self) -> str:
        """What it is called: its file, or the folder of its pictures and how many they are."""
        if not self.pictures:
            return self.path.name
        return f"{self.path.parent.name} ({len(self.pictures):,} pictures)"

    @property
    def timeless(self) -> bool:
        """Tell whether it is pictures of which nobody says how fast they follow."""
        return bool(self.pictures) and not self.rate

    @property
    def pending(self) -> bool:
        """Tell whether it is still looked at."""
        return self.facts is None and not self.reason


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of a video: the plan, or None and the reason why nothing does."""

    plan: VideoPlan | None
    reason: str = ""


def at_rate(video: Video, rate: Fraction) -> Video:
    """Return single pictures that follow one another at a rate."""
    facts = video.facts
    if facts is not None:
        lasting = facts.frames / rate if rate else Fraction(0)
        facts = replace(facts, rate=rate, even_rate=rate, duration=lasting)
    return replace(video, facts=facts, rate=rate)


def whose(video: Video, wish: Wish, region: tuple[str, str, str] | None) -> Identity:
    """Return the identity that an object of a video gets.

    A kind that was chosen stands over the modality of the study that the video joins.
    """
    identity = video.identity
    if wish.kind not in _OPEN_KINDS:
        identity = replace(identity, modality="")
    return replace(identity, region=region) if region else identity


def outlook(video: Video, wish: Wish) -> Outlook:
    """Return what becomes of a video as it is wished for."""
    if video.facts is None:
        return Outlook(None, video.reason)
    try:
        return Outlook(planned(video.facts, wish_for(video, wish)))
    except StudioError as error:
        return Outlook(None, str(error))


def wish_for(video: Video, wish: Wish) -> Wish:
    """Return what is wished of one video: sound is kept where there is any and it can be."""
    sound = video.facts is not None and bool(video.facts.sound)
    return replace(
        wish, modality=whose(video, wish, None).modality, keep_sound=wish.keep_sound and sound
    )


def dated(videos: Sequence[Video]) -> list[Video]:
    """Return videos whose new studies begin when the first of their videos was recorded.

    So do those that were only planned. Studies that are there, and dates that were told, stay.
    """
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    for video in videos:
        moment = None if video.facts is None else video.facts.recorded
        if moment is not None:
            local, key = moment.astimezone(), _new_study(video.identity)
            begun = f"{local:%Y%m%d}", f"{local:%H%M%S}"
            first[key] = min(first.get(key, begun), begun)
    return [_begun(video, first) for video in videos]


def _begun(video: Video, first: dict[tuple[str, ...], tuple[str, str]]) -> Video:
    identity = video.identity
    begun = first.get(_new_study(identity))
    there = identity.study_uid and not identity.step_id
    if begun is None or there or identity.study_date:
        return video
    told = replace(identity, study_date=begun[0], study_time=begun[1])
    return replace(video, identity=told)


def _new_study(identity: Identity) -> tuple[str, ...]:
    """Tell new studies apart, as those who write them do."""
    return (
        identity.issuer, identity.patient_id, identity.accession, identity.study_description,
        identity.study_uid,
    )  # fmt: skip


def clash(videos: Sequence[Video]) -> str:
    """Return in what whose videos are contradicts itself, "" where it does not."""
    names: dict[tuple[str, str], str] = {}
    for video in videos:
        identity = video.identity
        name = names.setdefault((identity.issuer, identity.patient_id), identity.patient_name)
        if name != identity.patient_name:
            return "One patient ID stands for two names here; correct one of them."
    return ""
