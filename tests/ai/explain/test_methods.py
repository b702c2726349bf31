"""Methods that explain answers, on answers whose explanation is known."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from xray_studio.ai.explain.cascade import STEPS, randomised
from xray_studio.ai.explain.grad_cam import grad_cam
from xray_studio.ai.explain.gradient_shap import gradient_shap
from xray_studio.ai.explain.occlusion import occlusion
from xray_studio.ai.networks.views import ViewsNet
from xray_studio.core.learning.heat import ROUNDS, squares
from xray_studio.services.learning.evaluate import explanations as evaluate_explanations

SIDE = 32
GREYS = (-2.0, 2.0)


def _picture(seed: int = 3) -> Tensor:
    return torch.randn(1, 1, SIDE, SIDE + 16, generator=torch.Generator().manual_seed(seed))


def _weights() -> Tensor:
    """A linear answer that looks at two places, for one and against the other."""
    weights = torch.zeros(SIDE, SIDE + 16)
    weights[4:9, 6:11] = 0.5
    weights[20:24, 30:34] = -0.25
    return weights


def _linear(pictures: Tensor) -> Tensor:
    return torch.stack(
        [0.0 * pictures.sum((1, 2, 3)), (pictures[:, 0] * _weights()).sum((1, 2))], 1
    )


def test_gradient_shap_of_a_linear_answer_is_weight_times_distance_from_blank() -> None:
    picture = _picture()
    heat = sum(gradient_shap(_linear, picture, 1, GREYS, n) for n in range(ROUNDS))
    again = sum(gradient_shap(_linear, picture, 1, GREYS, n) for n in range(ROUNDS))
    assert isinstance(heat, Tensor)
    assert isinstance(again, Tensor)
    assert torch.equal(heat, again)
    assert (heat[_weights() == 0.0] == 0.0).all()
    # Blank pictures have greys from black to white by chance: the same one in every place.
    rest = heat / torch.where(_weights() == 0.0, 1.0, _weights()) - picture[0, 0]
    looked = rest[_weights() != 0.0]
    assert float(looked.std()) < 0.1, "the noise alone differs from place to place"
    assert GREYS[0] < float(-looked.mean()) < GREYS[1]


def test_chance_elsewhere_is_left_alone() -> None:
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    gradient_shap(_linear, _picture(), 1, GREYS, 2)
    assert torch.equal(torch.rand(3), wanted)


def test_occlusion_of_a_linear_answer_is_what_the_squares_over_a_place_held() -> None:
    picture = _picture()
    heat = sum(occlusion(_linear, picture, 1, n) for n in range(len(squares(SIDE))))
    assert isinstance(heat, Tensor)
    parts = (picture[0, 0] - picture.mean()) * _weights()
    told, often = torch.zeros_like(parts), torch.zeros_like(parts)
    for first, end in squares(SIDE):
        for left, right in squares(SIDE + 16):
            told[first:end, left:right] += parts[first:end, left:right].sum()
            often[first:end, left:right] += 1.0
    torch.testing.assert_close(heat, told / often, atol=1e-4, rtol=1e-4)


def test_grad_cam_weighs_maps_by_what_they_raise() -> None:
    stage = nn.Conv2d(1, 2, 1, bias=False)
    with torch.no_grad():
        stage.weight.copy_(torch.tensor([1.0, -1.0])[:, None, None, None])

    def told(pictures: Tensor) -> Tensor:
        return 3.0 * stage(pictures).mean((2, 3))

    picture = _picture()
    one, other = (grad_cam(told, stage, picture, label) for label in (0, 1))
    share = 3.0 / picture[0, 0].numel()
    torch.testing.assert_close(one, torch.relu(picture[:, 0]) * share)
    torch.testing.assert_close(other, torch.relu(-picture[:, 0]) * share)


def test_squares_cover_every_pixel_and_nothing_outside() -> None:
    for length in (1, 7, 8, 31, 224, 227):
        found = squares(length)
        covered = torch.zeros(length)
        for first, end in found:
            covered[first:end] += 1.0
        assert covered.min() >= 1.0
        assert found[0][0] == 0
        assert found[-1][1] == length


@pytest.mark.parametrize("steps", range(len(STEPS) + 1))
def test_weights_are_thrown_away_from_the_answer_inwards(steps: int) -> None:
    torch.manual_seed(0)
    network = ViewsNet(3, 32, 8)
    one, other = randomised(network, steps, 7), randomised(network, steps, 7)
    before, after, again = (dict(n.named_parameters()) for n in (network, one, other))
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    drawn = {name for name in before if name.endswith("weight") and before[name].std() > 0.0}
    wanted = ("end.heads.", "end.blocks.2.", "end.blocks.", "trunk.")[:steps]
    assert {name for name in drawn if name.startswith(wanted or ("nothing",))} == changed & drawn
    assert all(torch.equal(after[name], again[name]) for name in before)


def test_steps_are_named_alike_where_they_are_made_and_where_they_are_judged() -> None:
    assert evaluate_explanations.STEPS == STEPS
