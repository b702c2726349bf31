"""BLIP from a Hugging Face folder on this machine: words for a picture, one known architecture.

Li et al., "BLIP: Bootstrapping Language-Image Pre-training", ICML 2022. transformers builds it from
its own module, the weights are those bytes whose hash is given, and words come from a list of them;
nothing of the folder is run and nothing is fetched.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import torch

from xray_studio.ai.asking import asked, settled
from xray_studio.ai.weights import Weights, read_weights, verified
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.hugging_face import CONFIG
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import WEIGHTS

KIND: Final = "blip"
LONGEST: Final = 100  # tokens of a draft
_BEAMS: Final = 3
_GLUED: Final = "##"  # before a piece that goes on with the word before
_UNSAID: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]")


def written(
    folder: str,
    hashes: tuple[str, str],
    words: tuple[str, ...],
    ends: tuple[Any, Any],
    picture: Normalised,
) -> str:
    """Return what BLIP writes of a picture, float32 (rows, columns).

    `hashes` are those of weights and config, `words` its tokens by number, `ends` mean and
    deviation of its channels. Runs in a worker process; raises StudioError with the reason.
    """

    def ask(network: _Blip, _note: str) -> str:
        return text_of(network.tokens(picture, ends), words)

    return asked(folder, lambda: _loaded(folder, hashes), ask)


def text_of(tokens: list[int], words: tuple[str, ...]) -> str:
    """Return tokens as text: pieces of words are joined, marks of the network left out."""
    said: list[str] = []
    for token in tokens:
        piece = words[token] if 0 <= token < len(words) else ""
        if piece in _UNSAID or not piece:
            continue
        if piece.startswith(_GLUED) and said:
            said[-1] += piece[len(_GLUED) :]
        elif piece in {".", ",", ";", ":"} and said:
            said[-1] += piece
        else:
            said.append(piece)
    return " ".join(said)


@lru_cache(maxsize=1)
def _loaded(folder: str, hashes: tuple[str, str]) -> _Blip:
    weights = read_weights(Path(folder) / WEIGHTS, hashes[0])
    config = json.loads(verified(Path(folder) / CONFIG, hashes[1]))
    return settled(lambda compute: _Blip(_built(config, weights), compute.device))


class _Blip:
    """The network, loaded and ready to write."""

    def __init__(self, network: Any, device: str) -> None:
        self._network, self.device = network.to(device), device

    def on_processor(self) -> _Blip:
        """Move to the processor, and stay there."""
        return _Blip(self._network, "cpu")

    def tokens(self, picture: Normalised, ends: tuple[Any, Any]) -> list[int]:
        """Return the tokens of the likeliest text that the search finds."""
        mean, deviation = (torch.tensor(one).reshape(1, -1, 1, 1) for one in ends)
        given = (torch.from_numpy(picture)[None, None] - mean) / deviation
        with torch.inference_mode():
            told = self._network.generate(
                pixel_values=given.float().to(self.device), max_new_tokens=LONGEST,
                num_beams=_BEAMS, do_sample=False,
            )  # fmt: skip
        return [int(token) for token in told[0].tolist()]


def _built(config: dict[str, Any], weights: Weights) -> Any:
    # The library asks the network for nothing: it is told so before it is imported.
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    from transformers import BlipConfig, BlipForConditionalGeneration
    from transformers.utils import logging

    quiet: Any = logging
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    if config.get("model_type") != KIND:
        raise UnsupportedError(f"{CONFIG} names {config.get('model_type')!r}, which is not BLIP.")
    kind: Any = BlipForConditionalGeneration
    try:
        network, told = kind.from_pretrained(
            None, config=BlipConfig.from_dict(config), state_dict=dict(weights),
            output_loading_info=True,
        )  # fmt: skip
    except (RuntimeError, ValueError, TypeError) as error:
        raise _other() from error
    # Position numbers are counted anew; the output layer shares its weights with the input.
    missing = [name for name in told["missing_keys"] if not name.endswith(_COUNTED)]
    if missing:
        raise _other()
    return network.eval()


_COUNTED: Final = ("position_ids", "decoder.weight", "decoder.bias")


def _other() -> UnreadableError:
    return UnreadableError(
        f"{WEIGHTS} does not hold the numbers of the network that {CONFIG} names; ask for both from"
        " one source."
    )
