"""One file of an answer at a time: what it tells of the patient, what is masked, what is noted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from tests.services.anomaly.fakes import Telling
from tests.services.anomaly.test_results import _loop
from xray_studio.core.job import run
from xray_studio.core.privacy import Marked, Place, Privacy
from xray_studio.core.region import Region
from xray_studio.services.anomaly.files import told
from xray_studio.services.anomaly.results.forms import Form
from xray_studio.services.anomaly.results.privacy import examine_file
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.anomaly.results.writing import write_file, write_results
from xray_studio.services.open import open_paths
from xray_studio.services.privacy.log import log_file

FRAME = 4
CAPTURE, OVERLAY = ".anomalies.overlay.dcm", ".anomalies.png"


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """What was found in a loop, pictures of its fifth frame; nothing is noted yet."""
    monkeypatch.setenv("XRAY_STUDIO_LOG", str(tmp_path / "log"))
    source = tmp_path / "loop.dcm"
    _loop(source)
    clip = run(open_paths([str(source)]))
    found = run(Telling().detect(clip))
    return Result(clip, found, told(found), frame=FRAME)


def noted() -> list[dict[str, object]]:
    """Return the lines of the privacy log."""
    return [json.loads(line) for line in log_file().read_text("ascii").splitlines()]


@pytest.mark.parametrize(
    ("suffix", "places"),
    [
        (".anomalies.seg.dcm", [Place.TAGS]),
        (".anomalies.sr.dcm", [Place.TAGS]),
        (CAPTURE, [Place.TAGS]),
        (".anomalies.json", [Place.MANIFEST]),
        (".anomalies.frames.csv", [Place.MANIFEST]),
        (".anomalies.regions.csv", []),
        (".anomalies.mask.png", []),
        (".anomalies.mask.nii.gz", []),
        (OVERLAY, []),
    ],
)
def test_a_file_says_where_it_tells_the_patient(
    result: Result, tmp_path: Path, suffix: str, places: list[Place]
) -> None:
    """Objects in their tags, lists by UIDs; pictures of this loop hold no text."""
    report = run(examine_file(result, suffix, tmp_path / f"result{suffix}"))
    assert [finding.place for finding in report.findings] == places
    assert (report.detector is None) == (suffix not in {CAPTURE, OVERLAY})
    told_by = str(result.clip.identity.patient_id)
    named = run(examine_file(result, suffix, tmp_path / f"{told_by}{suffix}"))
    assert Place.FILE_NAME in [finding.place for finding in named.findings]


def test_pictures_are_of_the_frame_asked_for_with_places_black(
    result: Result, tmp_path: Path
) -> None:
    """Picture and capture alike; the decision is noted, without a name."""
    region = Region(0, 0, 20, 10)
    decision = Privacy((Marked(region),), detector=1, places=(Place.PIXELS,))
    picture = run(write_file(result, OVERLAY, tmp_path / "one.png", decision))
    plain = run(write_file(result, OVERLAY, tmp_path / "plain.png", Privacy()))
    capture = run(write_file(result, CAPTURE, tmp_path / "one.dcm", decision))
    shown, other = (np.asarray(Image.open(path)) for path in (picture, plain))
    large = shown.shape[1] // result.clip.columns
    within = (slice(0, 10 * large), slice(0, 20 * large))
    assert shown[within].mean() < other[within].mean()
    made = dcmread(capture)
    assert np.array_equal(made.pixel_array, shown)
    assert made.SourceImageSequence[0].ReferencedFrameNumber == FRAME + 1
    assert "made black" in made.DerivationDescription
    lines = noted()
    assert [line["output"] for line in lines] == [".png", ".png", ".dcm"]
    assert [len(line["regions"]) for line in lines] == [1, 0, 1]  # type: ignore[arg-type]  # a list
    assert str(result.clip.identity.patient_id) not in json.dumps(lines)


def test_the_command_notes_every_file(result: Result, tmp_path: Path) -> None:
    """Objects as those that tell the patient."""
    forms = (Form.SEG, Form.MASK, Form.JSON)
    written = run(write_results(result, tmp_path / "loop", forms, overwrite=False))
    lines = noted()
    assert len(lines) == len(written) == 3
    assert [line["told"] for line in lines] == [["tags"], [], ["manifest"]]
