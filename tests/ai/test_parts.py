"""What is familiar, what calibrates, and pictures changed by chance."""

from __future__ import annotations

import pytest
import torch

from xray_studio.ai.calibration import temperature
from xray_studio.ai.familiar import Familiar
from xray_studio.ai.training.augment import Augment, augmented


def _chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_what_is_far_from_every_class_is_strange() -> None:
    spread = torch.tensor([1.0, 4.0, 0.2])
    classes = torch.arange(600) % 2
    middle = torch.stack([classes * 6.0, classes * 0.0, classes * 1.0], dim=1)
    features = middle + torch.randn(600, 3, generator=_chance(1)) * spread
    known = Familiar.of(features[:500], classes[:500], features[500:])
    assert float((known.strangeness(features[500:]) <= 1.0).float().mean()) >= 0.98
    assert (known.strangeness(torch.tensor([[3.0, 0, 9], [-40, 0, 0], [0, 90, 0]])) > 1.0).all()
    again = Familiar.taken(dict(known.weights()))
    assert torch.equal(again.strangeness(features), known.strangeness(features))
    with pytest.raises(KeyError):
        Familiar.taken({})


@pytest.mark.parametrize("heat", [0.4, 1.0, 3.0])
def test_the_temperature_that_spoilt_outputs_is_found(heat: float) -> None:
    told = 2.0 * torch.randn(6000, 3, generator=_chance(2))
    truth = torch.multinomial(torch.softmax(told, 1), 1, generator=_chance(3))[:, 0]
    assert temperature(told * heat, truth) == pytest.approx(heat, rel=0.08)


def test_nothing_asked_changes_nothing() -> None:
    films = torch.randint(0, 256, (3, 32, 24), dtype=torch.uint8, generator=_chance(4))
    still = Augment(turn=0, scale=0, shift=0, gamma=0, noise=0, flip=0, invert=0)
    assert torch.equal(augmented(films, still, _chance(0)), films)
    mirrored = Augment(turn=0, scale=0, shift=0, gamma=0, noise=0, flip=1, invert=0)
    assert torch.equal(augmented(films, mirrored, _chance(0)), films.flip(2))
    negative = Augment(turn=0, scale=0, shift=0, gamma=0, noise=0, flip=0, invert=1)
    assert torch.equal(augmented(films, negative, _chance(0)), 255 - films)


def test_chance_alone_decides_and_each_picture_goes_its_own_way() -> None:
    films = torch.randint(0, 256, (1, 32, 24), dtype=torch.uint8, generator=_chance(4))
    films = films.repeat(4, 1, 1)
    one, other, third = (augmented(films, Augment(), _chance(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, other)
    assert not torch.equal(one, third)
    assert not torch.equal(one[0], one[1])
    assert torch.equal(films[0], films[3]), "the films themselves stay"
