"""Headers and voxels of research formats, by their kind; called in worker processes."""

from __future__ import annotations

from xray_studio.core.volume.volume import Voxels
from xray_studio.volume.formats import Format
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.voxels import check_length


def read_header(path: str, kind: Format) -> VolumeHeader:
    """Return what a file tells of its volume; no voxel is read.

    Raises UnreadableError where it is damaged or too short for its voxels, UnsupportedError.
    """
    header = _header(path, kind)
    if header.stored is not None:
        check_length(header.stored)
    return header


def _header(path: str, kind: Format) -> VolumeHeader:
    if kind in {Format.NRRD, Format.META, Format.MINC_2}:
        from xray_studio.volume.itk import itk_header

        return itk_header(path, kind)
    if kind is Format.MINC_1:
        from xray_studio.volume.minc_reader import minc1_header

        return minc1_header(path)
    if kind is Format.INTERFILE:
        from xray_studio.volume.interfile import interfile_header

        return interfile_header(path)
    if kind is Format.ENVI:
        from xray_studio.volume.envi import envi_header

        return envi_header(path)
    if kind is Format.FLIR:
        from xray_studio.volume.flir import flir_header

        return flir_header(path)
    from xray_studio.volume.nifti_reader import nifti_header

    return nifti_header(path, kind)


def library_values(path: str, kind: Format) -> Voxels:
    """Return values that only code for their format can read (MINC, FLIR, packed in rare ways)."""
    if kind is Format.MINC_1:
        from xray_studio.volume.minc_reader import minc1_values

        return minc1_values(path)
    if kind is Format.FLIR:
        from xray_studio.volume.flir import flir_values

        return flir_values(path)
    from xray_studio.volume.itk import itk_values

    return itk_values(path, kind)
