"""`xray-studio evaluate`: methods scored beside their baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import DONE, IN_PART, Json, Quiet, complain, run_job, say, say_json
from xray_studio.cli.evaluate_explanations import EXAMPLE, explanations


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio evaluate denoise --data films --json"
    about = "Score methods beside their baselines."
    group = typer.Typer(help=about, epilog=example)
    group.command("denoise", epilog=example)(denoise)
    group.command("view", epilog="Example: xray-studio evaluate view --data films")(view)
    group.command("explanations", epilog=EXAMPLE)(explanations)
    classes = "Example: xray-studio evaluate classifier --data films --json"
    group.command("classifier", epilog=classes)(classifier)
    app.add_typer(group, name="evaluate")


def denoise(
    *,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Folder of films.", show_default=False)
    ],
    n: Annotated[int, typer.Option("-n", "--n", metavar="N", help="Films, at most.")] = 40,
    methods: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="Denoisers; all where none are named.")
    ] = "",
    doses: Annotated[
        str, typer.Option(metavar="PART,PART", help="Parts of the full dose.")
    ] = "1/2,1/4,1/8",
    cines: Annotated[int, typer.Option(metavar="N", help="Loops of the phantom, 0 for none.")] = 3,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, help="Of noise, and of which films.")
    ] = 1,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            help="Folder of a model for the learned denoiser; without it the one that is shipped.",
            show_default=False,
        ),
    ] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Write the numbers into the card of that model.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score denoisers at parts of the dose, on films and on loops of the phantom.

    Of the patients below DIR a fifth is held out and judged. Without --json tables are printed.
    Films that cannot be judged are left out and named; the exit code is 3 then.
    """
    from xray_studio.services.evaluate.denoise import Judging, evaluate_denoise
    from xray_studio.services.evaluate.denoise_table import result_lines
    from xray_studio.services.learning.models.folder import write_results
    from xray_studio.services.learning.tasks.denoiser import denoiser_model

    judged = denoiser_model(model) if model or card else None
    how = Judging(n, cines, seed, _words(methods), _words(doses), judged.folder if judged else None)
    found = run_job(evaluate_denoise(data, how), quiet=quiet)
    lines = result_lines(found.facts)
    if card and judged:
        write_results(judged.folder, judged.model, lines)
    if json:
        say_json(found.facts)
    else:
        for line in lines:
            say(line)
    for film in found.skipped:
        complain(f"{Path(film.path).name} is left out: {film.reason}")
    return IN_PART if found.skipped else DONE


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def view(
    *,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Folder of films.", show_default=False)
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            help="Folder of a model; without it the one that is shipped.",
            show_default=False,
        ),
    ] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Write the numbers into the card of the model.")
    ] = False,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Of the intervals.")] = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score a view classifier on films that it did not learn from, and on other pictures.

    Judged are the patients that train view holds out, and every picture of folders without a table
    that tells its view. Pictures that cannot be read are left out and named; the exit code is 3
    then.
    """
    from xray_studio.services.learning.evaluate.view import evaluate_view
    from xray_studio.services.learning.evaluate.view_table import result_lines
    from xray_studio.services.learning.models.folder import write_results
    from xray_studio.services.learning.models.installed import model_for

    installed = model_for("view", model)
    found = run_job(evaluate_view(data, installed, seed), quiet=quiet)
    lines = result_lines(found.facts)
    if json:
        say_json(found.facts)
    else:
        for line in lines:
            say(line)
        for one in found.facts["wrong"]:
            say(f"{one['path']}: {one['view']}, taken for {one['answer']}")
    for path, why in found.unreadable:
        complain(f"{path} is left out: {why}")
    if card:  # last, since the numbers are worth more than a card that cannot be written
        write_results(installed.folder, installed.model, lines)
    return IN_PART if found.unreadable else DONE


def classifier(
    *,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Folder of films.", show_default=False)
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            help="Folder of a model; without it the one that is shipped.",
            show_default=False,
        ),
    ] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Write the numbers into the card of the model.")
    ] = False,
    seed: Annotated[int, typer.Option(metavar="N", help="Of the intervals.")] = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score a finding classifier on studies that it did not learn from, beside baselines.

    Studies that the training of the model knew are judged by the one network that never saw them,
    all others by all networks together. Films that cannot be read are left out and named; the exit
    code is 3 then.
    """
    from xray_studio.services.learning.evaluate.classifier import evaluate_classifier
    from xray_studio.services.learning.evaluate.classifier_table import result_lines
    from xray_studio.services.learning.models.folder import write_results
    from xray_studio.services.learning.models.installed import model_for

    installed = model_for("classifier", model)
    found = run_job(evaluate_classifier(data, installed, seed), quiet=quiet)
    lines = result_lines(found.facts)
    if card:
        write_results(installed.folder, installed.model, lines)
    if json:
        say_json(found.facts)
    else:
        for line in lines:
            say(line)
    for path, why in found.unreadable:
        complain(f"{path} is left out: {why}")
    return IN_PART if found.unreadable else DONE
