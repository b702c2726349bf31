"""What can be named as an input, and what is said of each."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.objects import make_object, save
from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]


def answer(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    path = tmp_path / "two" / "1.dcm"
    path.parent.mkdir()
    save(make_object(np.arange(32 * 24, dtype=np.uint16).reshape(24, 32)), path)
    return path


def test_a_duplicate_that_is_left_out_is_never_replaced(capsys: Captured, dicom: Path) -> None:
    twin = dicom.with_name("x.mp4")
    shutil.copyfile(dicom, twin)
    before = twin.read_bytes()
    status, out, err = answer(capsys, "export", dicom.parent, twin, "--overwrite", "-q")
    assert (status, out) == (2, "")
    assert "originals are never changed" in err
    assert twin.read_bytes() == before
