"""The network that finds noise: the same with PyTorch and in parts, and nothing out of nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
import torch
from torch import nn

from xray_studio.ai.networks import build
from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.model import WEIGHTS, Model
from xray_studio.imaging import noise_net
from xray_studio.imaging.noise_net import NoiseFinder, noise_finder
from xray_studio.services.learning.models.folder import UNHASHED, write_model
from xray_studio.services.learning.tasks.denoiser import LABELS, SPEC, TASK

NETWORK = {"kind": "noise", "widths": [4, 8, 6], "depths": [1, 2, 1]}


@cache
def network() -> nn.Module:
    """A network as it begins, but with answers as strong as its input."""
    torch.manual_seed(3)
    made = build(NETWORK).eval()
    with torch.no_grad():
        made.get_parameter("last.weight").mul_(10.0)
    return made


def model() -> Model:
    return Model("denoiser", "1", TASK, LABELS, NETWORK, SPEC, UNHASHED, "none", "a test")


def finder(threads: int = 2) -> NoiseFinder:
    return NoiseFinder(
        model(), {n: one.numpy() for n, one in network().state_dict().items()}, threads
    )


def picture(rows: int, columns: int) -> np.ndarray:
    rng = np.random.default_rng(rows * columns)
    made = rng.normal(0.0, 1.0, (rows, columns)) + 20.0 * (np.arange(columns) > columns // 2)
    return made.astype(np.float32)


def test_it_is_what_pytorch_makes_of_the_mirrored_picture() -> None:
    even = picture(64, 72)
    wide = cv2.copyMakeBorder(even, 16, 16, 16, 16, cv2.BORDER_REFLECT)
    with torch.no_grad():
        known = network()(torch.from_numpy(wide)[None, None], torch.full((1, 1, 1, 1), 0.7))
    assert finder().noise(even, 0.7) == pytest.approx(known[0, 0, 16:-16, 16:-16].numpy(), abs=1e-4)


def test_the_graph_is_a_valid_onnx_model(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(noise_net, "_session", lambda graph, _: seen.append(graph))
    finder()
    onnx.checker.check_model(onnx.load_from_string(seen[0]), full_check=True)


@pytest.mark.parametrize("size", [(120, 210), (97, 64), (1, 1), (3, 150)])
def test_parts_make_the_whole_and_threads_change_nothing(size: tuple[int, int]) -> None:
    even = picture(*size)
    whole = finder().noise(even)
    assert whole.shape == size
    assert finder().noise(even, part=56) == pytest.approx(whole, abs=1e-4)
    assert finder(1).noise(even) == pytest.approx(whole, abs=1e-4)


def test_no_more_is_seen_than_is_said() -> None:
    one = finder()
    even = picture(64, 400)
    other = even.copy()
    other[:, : 200 - one.sight] += 50.0
    assert np.array_equal(one.noise(even)[:, 200:], one.noise(other)[:, 200:])


def test_a_picture_times_a_number_has_noise_times_that_number() -> None:
    even = picture(60, 60)
    found = finder().noise(even, 1.0)
    assert finder().noise(even * np.float32(8.0), 8.0) == pytest.approx(8.0 * found, abs=1e-3)
    assert not finder().noise(np.zeros((50, 60), np.float32)).any(), "nothing out of nothing"


def test_a_folder_is_read_once_and_damage_is_told(tmp_path: Path) -> None:
    write_model(tmp_path / "m", model(), {k: v.clone() for k, v in network().state_dict().items()})
    assert noise_finder(tmp_path / "m") is noise_finder(tmp_path / "m")
    weights = {name: one.clone() for name, one in network().state_dict().items()}
    del weights["last.weight"]
    write_model(tmp_path / "less", model(), weights)
    with pytest.raises(UnreadableError, match="less is no network that finds noise"):
        noise_finder(tmp_path / "less")
    (tmp_path / "m2").mkdir()
    (tmp_path / "m2" / WEIGHTS).write_bytes(b"")
    with pytest.raises(UnreadableError, match="m2 holds no model"):
        noise_finder(tmp_path / "m2")
