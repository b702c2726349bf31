"""Nothing that nodes send is said again by the libraries that read it."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from xray_studio.network.quiet import silence

PROGRAM = """
from pydicom import config
from pydicom.dataset import Dataset
from xray_studio.network.association import associated
from xray_studio.network.datasets import IMPLICIT, decoded, encoded, text
made = Dataset()
with config.disable_value_validation():
    made.SpecificCharacterSet = "ISO_IR 999"
    made.PatientName, made.PatientID = "Secret^Name" * 12, "SECRET" * 20
    made.StudyInstanceUID, made.PatientBirthDate = "1.2.SECRET", "SECRET"
    content = encoded(made, IMPLICIT)
found = decoded(content, IMPLICIT)
print([len(text(found, one)) for one in ("PatientName", "PatientID", "StudyInstanceUID")])
"""


def test_values_that_break_the_rules_are_not_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[132, 120, 10]\n"
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["pynetdicom", "pynetdicom.association", "dicomweb_client.web"])
def test_libraries_log_nothing(name: str, caplog: pytest.LogCaptureFixture) -> None:
    silence()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(name).error("Secret^Name")
    assert caplog.text == ""
