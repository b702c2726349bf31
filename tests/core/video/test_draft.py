"""Videos while a person decides: what becomes of them, whose they are, when their studies begin."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from xray_studio.core.video.classes import CLASS_NAMES, Kind
from xray_studio.core.video.draft import Video, clash, dated, outlook, whose, wish_for
from xray_studio.core.video.facts import Sound, VideoFacts
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import Transcode, Way, Wish

FACTS = VideoFacts("mov", "h264", "High", "4", 1280, 720, "4:2:0", 8, 50, Fraction(25))
WHO = Identity("P-1", "Doe^Jane")
COLON = ("71854001", "SCT", "Colon")


def video(name: str = "a.mp4", identity: Identity = WHO, created: str = "") -> Video:
    return Video(Path(name), replace(FACTS, created=created), identity=identity)


def test_what_becomes_of_a_video() -> None:
    plan = outlook(video(), Wish()).plan
    assert plan is not None
    assert plan.way is Way.KEPT
    broken = Video(Path("b.mp4"), reason="This is no video.")
    assert outlook(broken, Wish()).reason == "This is no video."
    assert not broken.pending
    assert Video(Path("c.mp4")).pending
    odd = replace(video(), facts=replace(FACTS, chroma="4:4:4"))
    assert "4:4:4" in outlook(odd, Wish(transcode=Transcode.NEVER)).reason


def test_a_kind_that_was_chosen_stands_over_the_modality_of_the_study() -> None:
    ct = video(identity=replace(WHO, modality="CT"))
    assert whose(ct, Wish(), COLON) == replace(WHO, modality="CT", region=COLON)
    endoscopic = Wish(kind=Kind.ENDOSCOPIC)
    assert whose(ct, endoscopic, None).modality == ""
    plan = outlook(ct, endoscopic).plan
    assert plan is not None
    assert CLASS_NAMES[plan.what.uid] == "Video Endoscopic Image"


def test_sound_is_kept_where_there_is_any() -> None:
    wish = Wish(keep_sound=True)
    assert not wish_for(video(), wish).keep_sound
    loud = replace(video(), facts=replace(FACTS, sound=(Sound("aac"),)))
    assert wish_for(loud, wish).keep_sound


@pytest.mark.parametrize("planned", [False, True])
def test_a_new_study_begins_with_its_first_video(*, planned: bool) -> None:
    who = replace(WHO, study_uid="1.2.3", step_id="S-1") if planned else WHO
    later, first, unknown = dated(
        [
            video("a.mp4", who, "2026-11-22T11:00:00+00:00"),
            video("b.mp4", who, "2026-11-22T10:00:00+00:00"),
            video("c.mp4", who, "1970-01-01T00:00:00+00:00"),  # a clock that was never set
        ]
    )
    assert first.identity.study_date == "20261122"
    assert later.identity == first.identity == unknown.identity


def test_dates_that_are_told_stay() -> None:
    there = replace(WHO, study_uid="1.2.3")
    told = replace(WHO, study_date="20260101")
    videos = [video("a.mp4", there, "2026-11-22T11:00:00Z"), video("b.mp4", told, "2026-11-22")]
    assert dated(videos) == videos
    assert dated([video()]) == [video()]


def test_one_patient_id_has_one_name() -> None:
    other = replace(WHO, patient_name="Roe^Jane")
    assert clash([video(), video("b.mp4")]) == ""
    assert "two names" in clash([video(), video("b.mp4", other)])
    elsewhere = replace(other, issuer="Other hospital")
    assert clash([video(), video("b.mp4", elsewhere)]) == ""
