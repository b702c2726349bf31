"""`xray-studio volume` and its commands."""

from __future__ import annotations

import typer

from xray_studio.cli.volume.batch import batch
from xray_studio.cli.volume.convert import convert
from xray_studio.cli.volume.curve import curve
from xray_studio.cli.volume.filters import (
    apply_filters,
    bias_correct,
    register_volumes,
    steady,
)
from xray_studio.cli.volume.fuse import fuse
from xray_studio.cli.volume.info import info
from xray_studio.cli.volume.measure import measure
from xray_studio.cli.volume.planes import project, reslice
from xray_studio.cli.volume.radiograph import radiograph
from xray_studio.cli.volume.render import render
from xray_studio.cli.volume.segment import segment
from xray_studio.cli.volume.surface import surface


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Volumes: CT, MR and PET series, NIfTI, MINC, NRRD, MetaImage, Analyze, Interfile, "
        "TIFF stacks and raw voxels.",
        epilog="Example: xray-studio volume info ct/ --json",
        no_args_is_help=True,
    )
    group.command("info", epilog="Example: xray-studio volume info brain.nii.gz --json")(info)
    group.command("convert", epilog="Example: xray-studio volume convert ct/ ct.nii.gz")(convert)
    example = "Example: xray-studio volume render ct/ bones.png --preset bone --angles 30 20"
    group.command("render", epilog=example)(render)
    example = "Example: xray-studio volume surface ct/ bones.stl --level 250 --largest"
    group.command("surface", epilog=example)(surface)
    example = "Example: xray-studio volume filter mr/ smooth.nii.gz --filter diffusion"
    group.command("filter", epilog=example)(apply_filters)
    example = "Example: xray-studio volume bias-correct mr/ even.nii.gz"
    group.command("bias-correct", epilog=example)(bias_correct)
    example = "Example: xray-studio volume register ct/ mr/ mr-on-ct.nii.gz --kind rigid"
    group.command("register", epilog=example)(register_volumes)
    example = "Example: xray-studio volume steady perfusion/ still.nii.gz"
    group.command("steady", epilog=example)(steady)
    example = "Example: xray-studio volume radiograph ct/ rao30.dcm --angles -30 0"
    group.command("radiograph", epilog=example)(radiograph)
    group.command(
        "reslice", epilog="Example: xray-studio volume reslice ct/ plane.png --normal 0.3 1 0.2"
    )(reslice)
    group.command(
        "project", epilog="Example: xray-studio volume project ct/ mip.png --thickness 10"
    )(project)
    example = "Example: xray-studio volume fuse ct/ pet/ over.png --uptake bw --plane coronal"
    group.command("fuse", epilog=example)(fuse)
    example = "Example: xray-studio volume curve ct/ vessel.png --points vessel.txt --width 30"
    group.command("curve", epilog=example)(curve)
    example = "Example: xray-studio volume segment ct/ bones.seg.dcm --threshold 250, --kind bone"
    group.command("segment", epilog=example)(segment)
    example = "Example: xray-studio volume measure ct/ bones.seg.dcm --json"
    group.command("measure", epilog=example)(measure)
    example = "Example: xray-studio volume batch cases/ --out smooth --to nii.gz --filter median"
    group.command("batch", epilog=example)(batch)
    app.add_typer(group, name="volume")
