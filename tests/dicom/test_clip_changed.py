"""Files that change while they are open: never the pictures of one under the name of another."""

from __future__ import annotations

import os
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save, save_frames
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.file import syntaxes

pytestmark = pytest.mark.usefixtures("inside")


def write(path: Path, syntax: str, seed: int) -> str:
    stack = np.stack([picture(0, 4095, (16, 16), seed + s) for s in range(2)]).astype(np.uint16)
    dataset = make_object(stack)
    if syntax != syntaxes.JPEG_LS:
        return save(dataset, path, syntax)
    frames = [bytes(imagecodecs.jpegls_encode(frame)) for frame in stack]
    return save_frames(dataset, path, frames, syntax)


@pytest.mark.parametrize("syntax", [syntaxes.EXPLICIT_LITTLE, syntaxes.DEFLATED, syntaxes.JPEG_LS])
def test_a_file_put_in_the_place_of_another_is_refused(tmp_path: Path, syntax: str) -> None:
    path = tmp_path / "IM0001"
    clip = open_clip([write(path, syntax, 1)])
    first = clip.stored(0)
    write(path, syntax, 5)
    os.utime(path, ns=(1, 1))
    with pytest.raises(UnreadableError, match="changed since it was opened"):
        clip.stored(1)
    assert not np.array_equal(open_clip([str(path)]).stored(0), first)
