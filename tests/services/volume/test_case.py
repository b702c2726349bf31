"""Contrasts and labels of one case."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import pytest

from tests.volume.phantom import affine
from xray_studio.cli.main import main
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.core.place import to_ras
from xray_studio.core.volume.case import case_of
from xray_studio.services.volume.case import case_facts, open_case
from xray_studio.services.volume.case_files import case_in

SHAPE = (10, 12, 14)
OLD, NEW = "BraTS20_Training_001", "BraTS-GLI-00003-000"
OLD_FILES = {key: f"{OLD}_{key}.nii.gz" for key in ("t1", "t1ce", "t2", "flair", "seg")}
NEW_FILES = {key: f"{NEW}-{key}.nii.gz" for key in ("t1n", "t1c", "t2w", "t2f", "seg")}


def labels() -> np.ndarray:
    made = np.zeros(SHAPE, np.uint8)
    made[2:8, 3:9, 4:10] = 2
    made[4:6, 5:7, 6:9] = 1
    return made


def write(folder: Path, files: dict[str, str], shift: dict[str, float] | None = None) -> None:
    folder.mkdir()
    for n, (key, name) in enumerate(files.items()):
        values = labels() if key == "seg" else np.full(SHAPE, n + 1, np.int16)
        place = to_ras(affine(turned=False))
        place[0, 3] += (shift or {}).get(key, 0.0)
        nibabel.save(nibabel.Nifti1Image(values.T, place), folder / name)


@pytest.mark.parametrize("files", [OLD_FILES, NEW_FILES])
def test_contrasts_and_labels_of_a_case(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path / "case", files)
    case = run(open_case(tmp_path / "case"))
    titles = ["T1", "T1 with contrast agent", "T2", "FLAIR"]
    assert [one.title for one in case.contrasts] == titles
    assert [int(one.volume.values[0, 0, 0]) for one in case.contrasts] == [1, 2, 3, 4]
    assert case.labels is not None
    core, around = case_facts(case)["labels"]
    assert "core" in core["name"]
    assert [one.number for one in case.labels.segments] == [1, 2]
    assert (core["value"], core["voxels"], around["value"], around["voxels"]) == (1, 12, 2, 204)
    assert core["millilitres"] == pytest.approx(12 * 0.8 * 1.3 * 2.5 / 1000)
    np.testing.assert_array_equal(case.labels.values, labels())


def test_what_numbers_mean_goes_by_the_names(tmp_path: Path) -> None:
    old, new = case_of(OLD_FILES.values()), case_of(NEW_FILES.values())
    assert old is not None
    assert new is not None
    assert (old.name, new.name) == (OLD, NEW)
    assert (old.names[4], new.names[3]) == ("Enhancing tumour", "Enhancing tumour")
    assert (old.names[2], new.names[4]) == ("Oedema", "Resection cavity")
    assert case_of(["a_t1.nii", "b_t2.nii"]) is None
    assert case_of(["a_t1.nii", "a_t1n.nii", "a_t2.nii"]) is None
    assert case_of(["a_t1.nii", "notes.txt"]) is None
    assert case_of(["a_seg.nii", "a_label.nii"]) is None
    assert case_of(["p1_T1.nii", "p1_T1GD.nii", "p1_FLAIR.nii"]) is not None
    assert case_in(tmp_path / "none") is None
    with pytest.raises(UnreadableError, match="no case"):
        run(open_case(tmp_path))


def test_grids_that_differ_are_told(tmp_path: Path) -> None:
    write(tmp_path / "case", OLD_FILES, {"t2": 3.0})
    with pytest.raises(UnreadableError, match="T2 does not lie on the grid of T1"):
        run(open_case(tmp_path / "case"))
    values = np.zeros((5, 6, 7), np.int16)
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "case" / OLD_FILES["t2"])
    with pytest.raises(UnreadableError, match="5 x 6 x 7 voxels against 14 x 12 x 10"):
        run(open_case(tmp_path / "case"))


def test_a_map_that_holds_no_labels_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "case", OLD_FILES)
    parts = nibabel.Nifti1Image(labels().T * np.float32(0.5), to_ras(affine(turned=False)))
    nibabel.save(parts, tmp_path / "case" / OLD_FILES["seg"])
    with pytest.raises(UnreadableError, match="whole numbers"):
        run(open_case(tmp_path / "case"))


def test_info_tells_a_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "case", OLD_FILES)
    assert main(["volume", "info", str(tmp_path / "case"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["case"]["labels"][0]["name"] == "Necrotic and non-enhancing tumour core"
    assert [one["title"] for one in told["case"]["contrasts"]][-1] == "FLAIR"
    assert told["columns"] == 14
    assert main(["volume", "info", str(tmp_path / "case")]) == 0
    assert "Label       2 Oedema: 204 voxels, 0.53 ml" in capsys.readouterr().out
    assert main(["volume", "info", str(tmp_path / "case"), "--part", "1"]) == 0
