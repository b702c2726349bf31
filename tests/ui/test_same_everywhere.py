"""The same steps give the same values, bit for bit, wherever they run.

In the window (what stands behind the picture on screen), in Python, in exports of values, in
derived objects, in batches of this machine and of a cluster of other processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pytestqt.qtbot import QtBot

from tests.services.clusters import Cluster
from tests.services.test_batch import write_runs
from tests.ui.conftest import Drive
from tests.ui.test_processing import ask, settle
from tests.ui.waiting import LONG, wait_for_picture
from xray_studio import open as open_clip
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.step_state import is_processed

LIVE = ("nlm-frames", "learned:strength=0.8", "multiscale", "grid-lines", "clahe")
RECURSIVE = ("motion-compensated", "wavelet", "unsharp:amount=0.7")
SUBTRACTED = ("median", "subtract:first=2,count=2,right=0.4,down=-0.2")


def command(*words: str) -> None:
    """Run the program as a process of its own; nothing it keeps in memory is shared."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    asked = [sys.executable, "-P", "-m", "xray_studio", *words, "-q"]
    subprocess.run(asked, env=environment, check=True, capture_output=True)


def values(path: Path) -> np.ndarray:
    with np.load(path) as found:
        return found["values"]


def differences(path: Path) -> np.ndarray:
    """Return the values of an object by what it says its numbers mean."""
    made = pydicom.dcmread(path)
    (scale,) = made.RealWorldValueMappingSequence
    return made.pixel_array * scale.RealWorldValueSlope + scale.RealWorldValueIntercept


def in_window(qtbot: QtBot, window: MainWindow, steps: tuple[str, ...]) -> np.ndarray:
    """Return the values of every frame behind what is on screen, before any window."""
    wait_for_picture(qtbot, window)
    pipeline = pipeline_of(steps)
    if pipeline.recursive:
        window.commands["show_steps"].trigger()
        window.session.update_view(pipeline=pipeline)
        window.commands["run_steps"].trigger()
        qtbot.waitUntil(lambda: is_processed(window.session.view), timeout=LONG)
    else:
        ask(qtbot, window, pipeline)
    clip = window.session.view.clip
    assert clip is not None
    return np.stack([shown_values(qtbot, window, n) for n in range(len(clip))])


def shown_values(qtbot: QtBot, window: MainWindow, frame: int) -> np.ndarray:
    window.session.update_view(frame=frame)
    settle(qtbot, window)
    clip, answer = window.session.view.clip, window.stage.viewport.answer
    assert clip is not None
    assert answer is not None
    assert answer.stored is not None
    return clip.modality_at(frame).apply(answer.stored)


@pytest.mark.filterwarnings("ignore")  # Dask's own
@pytest.mark.parametrize("steps", [LIVE, RECURSIVE, SUBTRACTED], ids=["live", "recursive", "dsa"])
@pytest.mark.parametrize("real", [False, True], ids=["made", "real"])
def test_the_same_everywhere(
    drive: Drive, qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest, cluster: Cluster,
    steps: tuple[str, ...], *, real: bool,
) -> None:  # fmt: skip
    if real:
        data: Path = request.getfixturevalue("shared_data")
        source = data / "dicom" / "pydicom_data__emri_small.dcm"
    else:
        source = write_runs(tmp_path / "runs", 1) / "0.dcm"
    found = {"Python": np.stack(list(open_clip(source).process(*steps)))}

    def script(window: MainWindow) -> None:
        found["window"] = in_window(qtbot, window, steps)

    drive(script, source)
    words = [word for step in steps for word in ("--step", step)]
    recipe = str(tmp_path / "mine.toml")
    command("export", str(source), str(tmp_path / "one.npz"), *words, "--save-recipe", recipe)
    found["export"] = values(tmp_path / "one.npz")
    for name, where in (("local", ("--workers", "2")), ("cluster", ("--scheduler", cluster[0]))):
        command("batch", recipe, str(source), "--out", str(tmp_path / name), *where)
        (made,) = (tmp_path / name).glob("*.npz")
        found[name] = values(made)
    wanted = found["Python"]
    assert wanted.std() > 0.0
    for name, one in found.items():
        assert np.array_equal(one, wanted), name
    command("process", str(source), str(tmp_path / "one.dcm"), *words)
    if steps is SUBTRACTED:  # differences are stored with a scale of their own
        assert np.array_equal(differences(tmp_path / "one.dcm"), wanted)
        return
    derived = pydicom.dcmread(tmp_path / "one.dcm")
    assert derived.BitsStored == pydicom.dcmread(source).BitsStored
    top = (1 << derived.BitsStored) - 1
    assert np.array_equal(derived.pixel_array, np.clip(np.rint(wanted), 0, top))
