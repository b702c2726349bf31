"""Volumes made of the demonstration's CT: an uptake that was invented, over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from studio_pictures.photographer import Photographer, shrink

if TYPE_CHECKING:
    from xray_studio.core.volume.volume import Volume

NODULE = (-78.0, -14.0, 74.0)  # mm, LPS


def fusion(at: Photographer) -> None:
    """Show uptake over the CT: in colours, and in squares of a checkerboard."""
    from xray_studio.core.job import run
    from xray_studio.core.presentation import Overlay, Presentation, Window
    from xray_studio.core.volume.fusion import Blend, FusionLook
    from xray_studio.core.volume.planes import View, view
    from xray_studio.services.export.frame_picture import displayed
    from xray_studio.services.volume.fusion import Fusion, fused_clip
    from xray_studio.services.volume.open import open_volume

    catalog = at.window.session.state.catalog
    series = next(one for one in catalog.pictures() if one.modality == "CT")
    ct = run(open_volume(series.paths))
    fused = Fusion(ct, _uptake(ct))
    fused.windows = (Window(40.0, 400.0), fused.windows[1])
    looks = (FusionLook(opacity=0.5, colour_map="pet"), FusionLook(Blend.CHECKERBOARD, square=25.0))
    plane = view(ct.geometry, View.AXIAL, NODULE)
    pictures = [
        displayed(
            fused_clip(fused, [plane], look, legend=True), 0, Presentation(), Overlay.ANONYMOUS
        )
        for look in looks
    ]
    _save(at, "fusion", np.concatenate(pictures, axis=1))


def _uptake(ct: Volume) -> Volume:
    """Return uptake on a grid of 4 mm: much in the nodule, little in soft tissue, soft edges."""
    from xray_studio.core.volume.geometry import from_axes
    from xray_studio.core.volume.volume import Volume
    from xray_studio.imaging.curved import looked_up

    low, high = ct.geometry.corners().min(axis=0), ct.geometry.corners().max(axis=0)
    columns, rows, planes = (int(side) for side in (high - low) // 4.0)
    grid = from_axes((planes, rows, columns), low, np.eye(3), (4.0, 4.0, 4.0))
    numbers = np.indices(grid.shape)[::-1].reshape(3, -1)
    points = grid.points(numbers.T)
    tissue = np.nan_to_num(looked_up(ct.values, ct.geometry, points), nan=-1000.0)
    values = np.where(tissue > -200.0, 0.8, 0.2) + np.where(tissue > 120.0, 1.0, 0.0)
    away = ((points - np.array(NODULE)) ** 2).sum(axis=1)
    values += 9.0 * np.exp(-away / (2.0 * 8.0**2))
    soft = values.reshape(grid.shape)
    for axis in range(3):
        soft = (np.roll(soft, 1, axis) + 2.0 * soft + np.roll(soft, -1, axis)) / 4.0
    return Volume(
        soft.astype(np.float32), grid, "PT", "g/ml",
        frame_of_reference=ct.frame_of_reference, identity=ct.identity,
    )  # fmt: skip


def _save(at: Photographer, name: str, picture: Any) -> None:
    from xray_studio.imaging.save import save

    path = at.folder / f"{name}.png"
    save(path, picture, ".png")
    shrink(path)
    print(path)
