"""`xray-studio train`: what there is to learn from, and networks trained on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, complain, run_job, say, say_json
from xray_studio.cli.learned import Data, tell_trained
from xray_studio.cli.train_films import anomaly, lungs, mirror, vit
from xray_studio.cli.training import (
    Epochs,
    Licence,
    Out,
    Seed,
    Threads,
    epochs_words,
    licences,
)

_SHOWN = 20  # rows left out that are listed without --json


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio train survey --data films --copies"
    group = typer.Typer(help="Learn from folders of films.", epilog=example)
    group.command("survey", epilog=example)(survey)
    group.command("view", epilog="Example: xray-studio train view --data films --out view")(view)
    classes = "Example: xray-studio train classifier --data films --out findings"
    group.command("classifier", epilog=classes)(classifier)
    group.command("denoise", epilog="Example: xray-studio train denoise --data films --out d")(
        denoise
    )
    group.command("vit", epilog="Example: xray-studio train vit --data films --out vit")(vit)
    group.command("report", epilog="Example: xray-studio train report --data films --out r")(report)
    ways = "Example: xray-studio train mirror --data films --out m"
    group.command("mirror", epilog=ways)(mirror)
    group.command("lungs", epilog="Example: xray-studio train lungs --data films --out l")(lungs)
    unusual = "Example: xray-studio train anomaly --data films --out a"
    group.command("anomaly", epilog=unusual)(anomaly)
    app.add_typer(group, name="train")


def survey(
    *,
    data: Data,
    copies: Annotated[
        bool, typer.Option("--copies", help="Open every film and find those nearly the same.")
    ] = False,
    seed: Seed = 0,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what a folder holds to learn from: cases, views, labels, folds, and what is left out."""
    from xray_studio.services.learning.films.survey import survey as survey_job

    found = run_job(survey_job(data, copies=copies, seed=seed), quiet=quiet)
    if json:
        say_json(found)
        return DONE
    for one in found["collections"]:
        _collection(one)
    sizes = ", ".join(f"{fold['test']:,}" for fold in found["folds"])
    say(f"Cases tested in each of {len(found['folds'])} folds: {sizes}")
    for pair in found["alike"]:
        say(f"Nearly the same ({pair['likeness']:.3f}): {pair['one']} and {pair['other']}")
    for film in found["unreadable"]:
        complain(f"{film['path']}: {film['reason']}")
    return DONE


def view(
    *,
    data: Data,
    out: Out,
    epochs: Epochs = 12,
    seed: Seed = 0,
    threads: Threads = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train the view classifier: frontal film of the chest, lateral film, or other.

    DIR of --out then holds the model, learning curves and a checkpoint; stopped or killed at any
    moment, the same command goes on to the same result. Films of tables that tell the view are
    learned from. Films that are left out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.view import train_view

    asked = Training(epochs, seed, threads, licences(licence or []))
    trained = run_job(train_view(data, out, asked), quiet=quiet)
    right = trained.facts["frontal_or_lateral"]
    words = f"Frontal or lateral, films that steered it: {right:.4f} right"
    return tell_trained(trained, [epochs_words(trained), words], json=json)


def classifier(
    *,
    data: Data,
    out: Out,
    epochs: Epochs = 8,
    folds: Annotated[
        int, typer.Option("--folds", metavar="N", help="Networks, each judged on its own part.")
    ] = 5,
    seed: Seed = 0,
    threads: Threads = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train the finding classifier: one network for each fold of the labelled studies.

    DIR of --out then holds the model and, for each fold, learning curves and a checkpoint; stopped
    or killed at any moment, the same command goes on to the same result. Films that are left
    out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.classifier import train_classifier

    asked = Training(epochs, seed, threads, licences(licence or []))
    trained = run_job(train_classifier(data, out, asked, folds), quiet=quiet)
    scores = ", ".join(f"{score:.3f}" for score in trained.facts["steered"])
    words = f"Macro AUROC of the studies that steered each network: {scores}"
    return tell_trained(trained, [words], json=json)


def denoise(
    *,
    data: Data,
    out: Out,
    epochs: Epochs = 24,
    seed: Seed = 0,
    threads: Threads = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train the learned denoiser on films at simulated lower doses, and on the phantom.

    DIR of --out then holds the model, learning curves and a checkpoint; stopped or killed at any
    moment, the same command goes on to the same result. The patients whom evaluate denoise judges
    are not learned from. Films that are left out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.denoise import train_denoise

    asked = Training(epochs, seed, threads, licences(licence or []))
    trained = run_job(train_denoise(data, out, asked), quiet=quiet)
    words = f"Noise taken away, films that steered it: {trained.facts['score']:.2f} dB"
    return tell_trained(trained, [epochs_words(trained), words], json=json)


def report(
    *,
    data: Data,
    out: Out,
    decoder: Annotated[
        str, typer.Option("--decoder", metavar="transformer|lstm", help="What writes the words.")
    ] = "transformer",
    encoder: Annotated[
        str,
        typer.Option(
            "--encoder",
            metavar="lite0|resnet|DIR",
            help="What sees the films; DIR is a Hugging Face folder such as CLIP or ViT.",
        ),
    ] = "lite0",
    classifier: Annotated[
        Path | None,
        typer.Option(
            "--classifier",
            metavar="DIR",
            show_default=False,
            help="Folder of the finding classifier that is asked of each study.",
        ),
    ] = None,
    epochs: Epochs = 24,
    seed: Seed = 0,
    threads: Threads = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train a network that writes the findings section of reports.

    DIR of --out then holds the model, learning curves and a checkpoint; stopped or killed at any
    moment, the same command goes on to the same result. Studies that the publisher holds out are
    not learned from. Films that are left out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.report import Made, train_report

    asked = Training(epochs, seed, threads, licences(licence or []))
    made = Made(decoder, encoder, classifier)
    trained = run_job(train_report(data, out, asked, made), quiet=quiet)
    told = trained.facts
    words = (
        f"Reports that steered it: BLEU-4 {told['bleu4']:.3f}, ROUGE-L {told['rouge_l']:.3f},"
        f" findings F1 {told['findings_f1']:.3f}"
    )
    return tell_trained(trained, [epochs_words(trained), words], json=json)


def _collection(one: dict[str, Any]) -> None:
    views = ", ".join(f"{count:,} {view}" for view, count in one["views"].items())
    say(f"{one['name']} ({one['layout']}): {one['cases']:,} cases of {one['patients']:,} patients")
    say(f"  films: {views or 'none'}")
    if one["parts"]:
        said = ", ".join(f"{count:,} {part}" for part, count in one["parts"].items())
        say(f"  parts of its publisher: {said}")
    for finding, count in one["findings"].items():
        say(f"  {finding:<20} {count:>7,}")
    if one["unlabelled"]:
        say(f"  {'unlabelled':<20} {one['unlabelled']:>7,}")
    say()
    for each in one["skipped"][:_SHOWN]:
        complain(f"{each['path']}: {each['reason']}")
    if len(one["skipped"]) > _SHOWN:
        complain(f"{one['name']}: {len(one['skipped']) - _SHOWN:,} more are left out; see --json")
