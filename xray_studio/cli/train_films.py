"""`xray-studio train` for detectors of the unusual in films, and for what they rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from xray_studio.cli.common import Json, Quiet, run_job
from xray_studio.cli.learned import Data, Feedback, tell_trained
from xray_studio.cli.training import Epochs, Licence, Out, Seed, Threads, epochs_words, licences
from xray_studio.core.errors import UsageError

_TOLD = (  # of what a training of a detector brought
    "drawn_lesions_auroc", "regions", "left_out_by_readers", "normal_by_readers",
)  # fmt: skip


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
    asked = Training(epochs, seed, threads, licences(licence or []))
    trained = run_job(trainings[detector](data, out, asked, feedback), quiet=quiet)
    told = trained.facts.items()
    words = [f"{name.replace('_', ' ')}: {value}" for name, value in told if name in _TOLD]
    return tell_trained(trained, words, json=json)


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

    asked = Training(1, seed, 0, licences(licence or []))
    trained = run_job(train_mirror(data, out, asked), quiet=quiet)
    return tell_trained(trained, [f"Films: {trained.facts['films']:,}"], json=json)


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

    asked = Training(1, seed, 0, licences(licence or []))
    trained = run_job(train_lungs(data, out, asked), quiet=quiet)
    words = f"Dice, films told by what has not seen them: {trained.facts['dice']:.3f}"
    return tell_trained(trained, [words], json=json)


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

    asked = Training(epochs, seed, threads, licences(licence or []))
    trained = run_job(train_vit(data, out, asked), quiet=quiet)
    words = f"Of what was hidden, drawn right: {trained.facts['score']:.3f}"
    return tell_trained(trained, [epochs_words(trained), words], json=json)
