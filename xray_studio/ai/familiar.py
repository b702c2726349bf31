"""Whether a picture is like those that a network learned from.

Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples", NeurIPS 2018:
the Mahalanobis distance of what the last stage sees to the nearest class. A network alone is sure
of itself also on what it has never seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from xray_studio.ai.weights import Weights

_PREFIX: Final = "familiar."
_SHRINK: Final = 0.05  # towards a round cloud, since many channels move together
QUANTILE: Final = 0.995  # of held-out films that count as familiar


@dataclass(frozen=True, slots=True)
class Familiar:
    """Means of the classes (classes, channels), what makes their cloud round, and the limit."""

    means: Tensor
    whitening: Tensor
    limit: Tensor

    @classmethod
    def of(cls, features: Tensor, classes: Tensor, held_out: Tensor) -> Familiar:
        """Return what is familiar after `features` (films, channels) of `classes` (films,).

        `held_out` are features of films that nothing was learned from: nearly all of them are
        within the limit.
        """
        parts = [features[classes == one] for one in sorted(set(classes.tolist()))]
        means = torch.stack([part.mean(0) for part in parts])
        rest = torch.cat([part - mean for part, mean in zip(parts, means, strict=True)])
        cloud = rest.T @ rest / len(rest)
        round_one = torch.eye(len(cloud)) * cloud.diagonal().mean()
        cloud = (1.0 - _SHRINK) * cloud + _SHRINK * round_one
        whitening = torch.linalg.inv(torch.linalg.cholesky(cloud))
        plain = cls(means, whitening, torch.ones(()))
        return cls(means, whitening, plain.strangeness(held_out).quantile(QUANTILE))

    def strangeness(self, features: Tensor) -> Tensor:
        """Return the distance of features (pictures, channels) over the limit; 1 is strange."""
        apart = (features[:, None] - self.means[None]) @ self.whitening.T
        return apart.square().sum(2).sqrt().amin(1) / self.limit

    def weights(self) -> Weights:
        """Return the tensors by name, to stand beside those of the network."""
        return {f"{_PREFIX}{name}": getattr(self, name) for name in self.__slots__}

    @classmethod
    def taken(cls, weights: Weights) -> Familiar:
        """Take the tensors out of those of a model. Raises KeyError where they are not there."""
        return cls(*(weights.pop(f"{_PREFIX}{name}") for name in cls.__slots__))
