"""A masked autoencoder: a transformer sees some patches of a picture, a small one draws the rest.

He et al., "Masked autoencoders are scalable vision learners", CVPR 2022. The transformer learns
what a film looks like without being told anything; where the drawing and the film differ, the film
is not as others are.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from xray_studio.ai.networks.vit import Block, Vit, begin, patches, places

FLOOR = 0.01  # squared deviation that is added to a patch's own: nearly plain ones count little


class MaskedNet(nn.Module):
    """Pictures (count, 1, size, size) to tokens (count, 1 + patches, width), as its encoder's.

    The decoder has `drawn_width` channels and `drawn_depth` blocks.
    """

    places: Tensor

    def __init__(
        self,
        *,
        size: int,
        patch: int,
        width: int,
        depth: int,
        heads: int,
        drawn_width: int,
        drawn_depth: int,
    ) -> None:
        super().__init__()
        if not (4 <= drawn_width <= width and drawn_width % 4 == 0 and 1 <= drawn_depth <= 8):
            raise ValueError("drawn_width or drawn_depth")
        self.encoder = Vit(size, patch, width, depth, heads)
        self.narrow = nn.Linear(width, drawn_width)
        self.hidden = nn.Parameter(torch.zeros(1, 1, drawn_width))
        self.drawing = nn.ModuleList(Block(drawn_width, 4) for _ in range(drawn_depth))
        self.last = nn.LayerNorm(drawn_width)
        self.pixels = nn.Linear(drawn_width, patch * patch)
        self.register_buffer("places", places(self.encoder.side, drawn_width), persistent=False)
        begin(self)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the tokens of all patches."""
        return cast("Tensor", self.encoder(pictures))

    def drawn(self, pictures: Tensor, order: Tensor, shown: int) -> Tensor:
        """Return all patches as they are drawn from some, (count, patches, patch x patch).

        `order` (count, patches) holds the numbers of patches; the first `shown` of each picture are
        seen. What is drawn is normalised as `targets` tells.
        """
        tokens = self.encoder.begun(pictures)
        which = order[:, :shown, None].expand(-1, -1, tokens.shape[2])
        known = self.narrow(self.encoder.seen(tokens.gather(1, which)))
        whole, known = known[:, :1], known[:, 1:]
        hidden = self.hidden.to(known.dtype).expand(len(order), order.shape[1] - shown, -1)
        mixed = torch.cat([known, hidden], dim=1)
        back = order.argsort(dim=1)[..., None].expand(-1, -1, mixed.shape[2])
        made = torch.cat([whole, mixed.gather(1, back) + self.places], dim=1)
        for block in self.drawing:
            made = block(made)
        return cast("Tensor", self.pixels(self.last(made)))[:, 1:]

    def targets(self, pictures: Tensor) -> Tensor:
        """Return patches less their mean over their deviation, (count, patches, patch x patch)."""
        cut = patches(pictures, self.encoder.patch)
        apart = cut - cut.mean(dim=2, keepdim=True)
        return apart / (apart.square().mean(dim=2, keepdim=True) + FLOOR).sqrt()
