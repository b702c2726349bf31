"""`xray-studio evaluate`: methods scored beside their baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json

_COLUMNS = (
    ("psnr", "PSNR, dB", "{:.2f}"), ("psnr_ci", "95 %", "{0[0]:.2f} to {0[1]:.2f}"),
    ("ssim", "SSIM", "{:.3f}"), ("edge_rise", "edge rise, px", "{:.2f}"),
    ("residual_whiteness", "whiteness", "{:.2f}"), ("seconds", "s a frame", "{:.3f}"),
    ("lag_frames", "lag, frames", "{:.2f}"), ("fps", "frames a s", "{:.0f}"),
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio evaluate denoise --data films --json"
    about = "Score methods beside their baselines."
    group = typer.Typer(help=about, epilog=example)
    group.command("denoise", epilog=example)(denoise)
    app.add_typer(group, name="evaluate")


def denoise(
    *,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Folder of films.", show_default=False)
    ],
    n: Annotated[int, typer.Option("-n", metavar="N", help="Films, at most.")] = 40,
    cines: Annotated[int, typer.Option(metavar="N", help="Loops of the phantom, 0 for none.")] = 3,
    seed: Annotated[int, typer.Option(metavar="N", help="Of noise and held-out patients.")] = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score denoisers at 1/2, 1/4 and 1/8 of the dose, on films and on loops of the phantom.

    Without --json the tables of the documentation are printed.
    """
    from xray_studio.services.evaluate_denoise import Judging, evaluate_denoise

    found = run_job(evaluate_denoise(data, Judging(n, cines, seed)), quiet=quiet)
    if json:
        say_json(found)
        return DONE
    for dose, methods in found["doses"].items():
        _table(f"{found['n']} films of {found['dataset']} at {dose} dose", methods)
    if found["cine"]:
        _table("Loops of the phantom at 1/8 dose", found["cine"])
    return DONE


def _table(title: str, methods: dict[str, dict[str, Any]]) -> None:
    """Print a table in Markdown."""
    columns = [one for one in _COLUMNS if one[0] in next(iter(methods.values()))]
    say(f"{title}:")
    say()
    say(f"| method | {' | '.join(name for _, name, _ in columns)} |")
    say(f"|---|{'---|' * len(columns)}")
    for method, facts in methods.items():
        told = ("" if facts[key] is None else form.format(facts[key]) for key, _, form in columns)
        say(f"| {method} | {' | '.join(told)} |")
    say()
