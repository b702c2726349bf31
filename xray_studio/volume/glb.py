"""Surfaces as binary glTF 2.0: vertices in millimetres of the patient, laid as the format asks.

glTF counts in metres with y upwards and the front towards +z (Khronos, glTF 2.0, section 3.4); one
matrix in the file leads there, so the numbers of the vertices stay those of the patient.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final

import numpy as np

from xray_studio.core.volume.surface import Surface

METRES: Final = np.array(
    [
        [0.001, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.001, 0.0],
        [0.0, -0.001, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
)  # from millimetres in LPS
_MAGIC, _VERSION = b"glTF", 2
_JSON, _BINARY = b"JSON", b"BIN\0"
_FLOAT, _WHOLE = 5126, 5125
_VERTICES, _INDICES = 34962, 34963
_TRIANGLES: Final = 4


def glb_bytes(surface: Surface, about: str) -> bytes:
    """Return a surface as a file; `about` names the program that wrote it."""
    points = np.ascontiguousarray(surface.vertices, "<f4")
    corners = np.ascontiguousarray(surface.triangles, "<u4")
    binary = corners.tobytes() + points.tobytes()
    told = json.dumps(_document(surface, points, corners, about)).encode()
    chunks = _chunk(_JSON, told, b" ") + _chunk(_BINARY, binary, b"\0")
    return struct.pack("<4sII", _MAGIC, _VERSION, 12 + len(chunks)) + chunks


def _chunk(kind: bytes, content: bytes, filler: bytes) -> bytes:
    padded = content + filler * (-len(content) % 4)
    return struct.pack("<I4s", len(padded), kind) + padded


def _document(surface: Surface, points: Any, corners: Any, about: str) -> dict[str, Any]:
    material = {"baseColorFactor": [*surface.colour, 1.0], "metallicFactor": 0.0}
    return {
        "asset": {"version": "2.0", "generator": about},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": surface.name, "matrix": METRES.T.reshape(-1).tolist()}],
        "meshes": [
            {
                "name": surface.name,
                "primitives": [
                    {
                        "attributes": {"POSITION": 1},
                        "indices": 0,
                        "material": 0,
                        "mode": _TRIANGLES,
                    }
                ],
            }
        ],
        "materials": [{"pbrMetallicRoughness": material}],
        "buffers": [{"byteLength": corners.nbytes + points.nbytes}],
        "bufferViews": [
            {"buffer": 0, "byteLength": corners.nbytes, "target": _INDICES},
            {
                "buffer": 0,
                "byteOffset": corners.nbytes,
                "byteLength": points.nbytes,
                "target": _VERTICES,
            },
        ],
        "accessors": [
            {"bufferView": 0, "componentType": _WHOLE, "count": corners.size, "type": "SCALAR"},
            {
                "bufferView": 1, "componentType": _FLOAT, "count": len(points), "type": "VEC3",
                "min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist(),
            },
        ],
    }  # fmt: skip
