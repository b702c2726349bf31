"""What files of segments tell of the patient."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.segmenting.patients import SHAPE, values
from tests.volume.phantom import affine
from xray_studio.core.clip import Identity
from xray_studio.core.privacy import Place
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.privacy import examine_segments
from xray_studio.services.segmenting.saving import Form, Saving
from xray_studio.services.segmenting.session import begun


@pytest.mark.parametrize(
    ("form", "name", "segment", "told"),
    [
        (Form.SEG, "marks.dcm", "Liver", [Place.TAGS]),
        (Form.RTSTRUCT, "marks.dcm", "Liver", [Place.TAGS]),
        (Form.NIFTI, "marks.nii.gz", "Liver", []),
        (Form.NIFTI, "Oldmiller.nii.gz", "Liver", [Place.FILE_NAME]),
        (Form.STL, "marks.stl", "tumour of Oldmiller", [Place.CAPTIONS]),
    ],
)
def test_a_file_is_told_of_by_what_it_holds(
    form: Form, name: str, segment: str, told: list[Place]
) -> None:
    made = Volume(values(), VolumeGeometry(SHAPE, affine()), "CT", "HU")
    session = begun(replace(made, identity=Identity(patient_name="Oldmiller^Anna")))
    session.add_segment(segment)
    report = examine_segments(session.volume, session.segments, Saving(Path(name), form))
    assert [finding.place for finding in report.findings] == told
