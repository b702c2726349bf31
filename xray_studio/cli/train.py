"""`xray-studio train`: what there is to learn from, and networks trained on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, complain, run_job, say, say_json
from xray_studio.cli.learned import Data, Feedback, tell_trained
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.services.learning.train.asked import Trained

Out = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the training; it goes on from what is there.",
        show_default=False,
    ),
]  # fmt: skip
Epochs = Annotated[int, typer.Option("--epochs", metavar="N", help="Epochs at most.")]
Threads = Annotated[
    int, typer.Option("--threads", metavar="N", help="Threads; 0 for one a processor.")
]
Licence = Annotated[
    list[str] | None,
    typer.Option(
        "--licence", metavar="NAME=TEXT", help="Licence of a collection, for the card; repeatable.",
        show_default=False,
    ),
]  # fmt: skip
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of splits and chance.")]
_TOLD = (  # of what a training of a detector brought
    "drawn_lesions_auroc", "regions", "left_out_by_readers", "normal_by_readers",
)  # fmt: skip
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

    asked = Training(epochs, seed, threads, _licences(licence or []))
    trained = run_job(train_view(data, out, asked), quiet=quiet)
    right = trained.facts["frontal_or_lateral"]
    words = f"Frontal or lateral, films that steered it: {right:.4f} right"
    return tell_trained(trained, [_epochs(trained), words], json=json)


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

    asked = Training(epochs, seed, threads, _licences(licence or []))
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

    asked = Training(epochs, seed, threads, _licences(licence or []))
    trained = run_job(train_denoise(data, out, asked), quiet=quiet)
    words = f"Noise taken away, films that steered it: {trained.facts['score']:.2f} dB"
    return tell_trained(trained, [_epochs(trained), words], json=json)


def anomaly(
    *,
    data: Data,
    out: Out,
    detector: Annotated[
        str, typer.Option("--detector", metavar="NAME", help="default or hog-vit-iforest.")
    ] = "default",
    feedback: Feedback = None,
    epochs: Epochs = 12,
    seed: Seed = 0,
    threads: Threads = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train a detector of the unusual: what normal frontal films of the chest look like.

    DIR of --out then holds the model; stopped or killed at any moment, the same command goes on to
    the same result. Normal films alone are learned from; a quarter of their patients sets the
    threshold. With --feedback patients in whom readers meant a region are left out, and films
    without labels in which all was rejected are learned from. Films that are left out are named;
    the exit code is 3 then.
    """
    from xray_studio.services.learning.train.anomaly import train_anomaly
    from xray_studio.services.learning.train.anomaly_forest import train_forest
    from xray_studio.services.learning.train.asked import Training

    trainings = {"default": train_anomaly, "hog-vit-iforest": train_forest}
    if detector not in trainings:
        raise UsageError(f"There is no detector {detector!r} to train: {', '.join(trainings)}.")
    asked = Training(epochs, seed, threads, _licences(licence or []))
    trained = run_job(trainings[detector](data, out, asked, feedback), quiet=quiet)
    told = trained.facts.items()
    words = [f"{name.replace('_', ' ')}: {value}" for name, value in told if name in _TOLD]
    return tell_trained(trained, words, json=json)


def vit(
    *,
    data: Data,
    out: Out,
    epochs: Epochs = 40,
    seed: Seed = 0,
    threads: Threads = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train the vision transformer: what films of the chest look like, by hiding parts of them.

    DIR of --out then holds the model, learning curves and a checkpoint; stopped or killed at any
    moment, the same command goes on to the same result. Nothing that is said of films is looked
    at. Films with masks, patients to judge by, and films nearly the same as theirs are not learned
    from. Films that are left out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.vit import train_vit

    asked = Training(epochs, seed, threads, _licences(licence or []))
    trained = run_job(train_vit(data, out, asked), quiet=quiet)
    words = f"Of what was hidden, drawn right: {trained.facts['score']:.3f}"
    return tell_trained(trained, [_epochs(trained), words], json=json)


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

    asked = Training(epochs, seed, threads, _licences(licence or []))
    made = Made(decoder, encoder, classifier)
    trained = run_job(train_report(data, out, asked, made), quiet=quiet)
    told = trained.facts
    words = (
        f"Reports that steered it: BLEU-4 {told['bleu4']:.3f}, ROUGE-L {told['rouge_l']:.3f},"
        f" findings F1 {told['findings_f1']:.3f}"
    )
    return tell_trained(trained, [_epochs(trained), words], json=json)


def lungs(
    *,
    data: Data,
    out: Out,
    seed: Seed = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train the finder of lungs on films whose lungs are marked, CASE_lung.png beside CASE.

    DIR of --out then holds the model. It takes about a minute, and ends the same whenever it is
    begun again. Films that are left out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.lungs import train_lungs

    asked = Training(1, seed, 0, _licences(licence or []))
    trained = run_job(train_lungs(data, out, asked), quiet=quiet)
    words = f"Dice, films told by what has not seen them: {trained.facts['dice']:.3f}"
    return tell_trained(trained, [words], json=json)


def mirror(
    *,
    data: Data,
    out: Out,
    seed: Seed = 0,
    licence: Licence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Train what tells mirrored films: on frontal films as they are, and their mirror images.

    DIR of --out then holds the model. It takes minutes, and ends the same whenever it is begun
    again. Films that are left out are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.train.asked import Training
    from xray_studio.services.learning.train.mirror import train_mirror

    asked = Training(1, seed, 0, _licences(licence or []))
    trained = run_job(train_mirror(data, out, asked), quiet=quiet)
    return tell_trained(trained, [f"Films: {trained.facts['films']:,}"], json=json)


def _epochs(trained: Trained) -> str:
    return f"Epochs: {trained.facts['epochs']}, the best one {trained.facts['best_epoch']}"


def _licences(words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    if not all(name and equals and text for name, equals, text in pairs):
        raise UsageError("Write --licence as NAME=TEXT, NAME that of the collection's folder.")
    return {name: text for name, _, text in pairs}


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
