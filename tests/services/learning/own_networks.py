"""Small networks as others hand them on: a Hugging Face folder, an ONNX file, a package."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np

PAGE = Path(__file__).parents[3] / "docs" / "models" / "own.md"
SIDE = 64


def blocks(kind: str) -> list[str]:
    """Return the examples of one kind of the page that tells how models are brought."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def vit(folder: Path) -> Path:
    """Save a vision transformer drawn by chance, with the outputs of the page's example."""
    import torch
    from transformers import ViTConfig, ViTForImageClassification
    from transformers.utils import logging

    logging.disable_progress_bar()
    outputs = dict(enumerate(("AP", "PA", "LL", "REST")))
    torch.manual_seed(1)
    config = ViTConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        image_size=SIDE, patch_size=16, id2label=outputs,
        label2id={label: number for number, label in outputs.items()},
        initializer_range=0.5,
    )  # fmt: skip
    ViTForImageClassification(config).save_pretrained(folder)
    given = {
        "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2,
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
        "image_mean": [0.5, 0.4, 0.3], "image_std": [0.5, 0.6, 0.7],
        "image_processor_type": "ViTImageProcessor",
    }  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(given), "utf-8")
    return folder


def onnx(path: Path, *, outputs: int = 2, channels: int = 3) -> Path:
    """Write a graph: means of channels, and a line for each output."""
    from onnx import TensorProto, checker, helper, save

    weights = np.arange(outputs * channels, dtype=np.float32).reshape(channels, outputs) - 2.0
    given = helper.make_tensor_value_info(
        "pictures", TensorProto.FLOAT, ["n", channels, SIDE, SIDE]
    )
    told = helper.make_tensor_value_info("told", TensorProto.FLOAT, ["n", outputs])
    nodes = [
        helper.make_node("GlobalAveragePool", ["pictures"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["told"]),
    ]
    numbers = helper.make_tensor(
        "weights", TensorProto.FLOAT, weights.shape, weights.flatten().tolist()
    )
    graph = helper.make_graph(nodes, "small", [given], [told], [numbers])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 10
    checker.check_model(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(made, path)
    return path


def plugin(place: Path) -> Path:
    """Write the package of the page's example as if it were installed in `place`."""
    package = place / "chest_plugin"
    package.mkdir(parents=True)
    (code,) = blocks("python")
    (package / "__init__.py").write_text(code, "utf-8")
    np.save(package / "weights.npy", np.array([1.0, -1.0, 0.5], np.float32))
    digest = hashlib.sha256((package / "weights.npy").read_bytes()).hexdigest()
    (package / "model.toml").write_text(
        'name = "chest"\nversion = "1"\ntask = "view"\nlicence = "MIT"\nintended_use = "Tests."\n'
        f'labels = ["frontal", "lateral", "other"]\nsha256 = "{digest}"\n'
        '[network]\nkind = "chest-plugin"\nfile = "weights.npy"\n'
        f"[input]\nrows = {SIDE}\ncolumns = {SIDE}\n",
        "utf-8",
    )
    facts = place / "chest_plugin-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: chest-plugin\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(
        "[xray_studio.networks]\nchest-plugin = chest_plugin:Network\n"
        "[xray_studio.models]\nchest = chest_plugin\n"
    )
    return place
