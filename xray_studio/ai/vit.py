"""The vision transformer of this program, loaded: what it sees in films, patch by patch."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from xray_studio.ai.asking import settled
from xray_studio.ai.networks.vit import Vit
from xray_studio.ai.trunk import TrunkNetwork


class VitNetwork(TrunkNetwork[Vit]):
    """A vision transformer that is loaded."""

    def regions(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return the tokens of the patches, and how much the class takes from each.

        (count, patches, width) and, of the last block, (count, heads, patches), which is 1 where
        the class takes as much from a patch as from the mean of all.
        """
        attention = self.network.attentions(pictures)[-1]
        taken = attention[:, :, 0, 1:]
        return self.network(pictures)[:, 1:], taken / taken.mean(dim=-1, keepdim=True)

    def rollout(self, pictures: Tensor) -> Tensor:
        """Return how much of each patch reaches the class through all blocks, (count, patches).

        Attention rollout (Abnar and Zuidema, "Quantifying attention flow in transformers", ACL
        2020): of each block the mean of its heads, half of what goes on untouched. Sums are 1.
        """
        whole = self.network.attentions(pictures).mean(dim=2)
        own = torch.eye(whole.shape[-1], device=whole.device)
        flow = own.expand_as(whole[0])
        for block in whole:
            flow = (0.5 * block + 0.5 * own) @ flow
        taken = flow[:, 0, 1:]
        return taken / taken.sum(dim=-1, keepdim=True)

    def pooled(self, pictures: Tensor) -> Tensor:
        """Return the mean of the patches' tokens, (count, width)."""
        return torch.mean(self.network(pictures)[:, 1:], dim=1)


@lru_cache(maxsize=1)
def vit_network(folder: str, sha256: str) -> VitNetwork:
    """Return the network in a folder, loaded once. Raises StudioError with the reason."""
    return settled(lambda compute: VitNetwork(Path(folder), sha256, compute, Vit))
