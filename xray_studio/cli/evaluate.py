"""`xray-studio evaluate`: methods scored beside their baselines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import FAILED, Json, Quiet, run_job
from xray_studio.cli.evaluate_explanations import EXAMPLE, explanations
from xray_studio.cli.evaluate_report import EXAMPLE as REPORTS
from xray_studio.cli.evaluate_report import report
from xray_studio.cli.learned import Card, Chance, Data, Feedback, OfModel, tell_judged

if TYPE_CHECKING:
    from xray_studio.core.job import Job
    from xray_studio.services.learning.evaluate.anomaly import Judging
    from xray_studio.services.learning.evaluate.answer import Answer
    from xray_studio.services.learning.models.installed import Installed


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio evaluate denoise --data films --json"
    about = "Score methods beside their baselines."
    group = typer.Typer(help=about, epilog=example)
    group.command("denoise", epilog=example)(denoise)
    group.command("view", epilog="Example: xray-studio evaluate view --data films")(view)
    group.command("explanations", epilog=EXAMPLE)(explanations)
    group.command("report", epilog=REPORTS)(report)
    classes = "Example: xray-studio evaluate classifier --data films --json"
    group.command("classifier", epilog=classes)(classifier)
    group.command("vit", epilog="Example: xray-studio evaluate vit --data films --card")(vit)
    group.command("lungs", epilog="Example: xray-studio evaluate lungs --data films --card")(lungs)
    ways = "Example: xray-studio evaluate mirror --data films --card"
    group.command("mirror", epilog=ways)(mirror)
    unusual = "Example: xray-studio evaluate anomaly --data films --json"
    group.command("anomaly", epilog=unusual)(anomaly)
    app.add_typer(group, name="evaluate")


def denoise(
    *,
    data: Data,
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
    model: OfModel = None,
    card: Card = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score denoisers at parts of the dose, on films and on loops of the phantom.

    Of the patients below DIR a fifth is held out and judged. Without --json tables are printed.
    Films that cannot be judged are left out and named; the exit code is 3 then.
    """
    from xray_studio.services.evaluate.denoise import Judging, evaluate_denoise
    from xray_studio.services.evaluate.denoise_table import result_lines
    from xray_studio.services.learning.tasks.denoiser import denoiser_model

    judged = denoiser_model(model) if model or card else None
    how = Judging(n, cines, seed, _words(methods), _words(doses), judged.folder if judged else None)
    found = run_job(evaluate_denoise(data, how), quiet=quiet)
    lines = result_lines(found.facts)
    left_out = [(film.path, film.told) for film in found.skipped]
    written = (judged, lines) if card and judged else None
    return tell_judged(found.facts, lines, left_out, json=json, card=written)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def view(
    *,
    data: Data,
    model: OfModel = None,
    card: Card = False,
    seed: Chance = 1,
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
    from xray_studio.services.learning.models.installed import model_for

    installed = model_for("view", model)
    found = run_job(evaluate_view(data, installed, seed), quiet=quiet)
    lines = result_lines(found.facts)
    wrong = [f"{o['path']}: {o['view']}, taken for {o['answer']}" for o in found.facts["wrong"]]
    written = (installed, lines) if card else None
    return tell_judged(found.facts, [*lines, *wrong], found.unreadable, json=json, card=written)


def classifier(
    *,
    data: Data,
    model: OfModel = None,
    card: Card = False,
    seed: Chance = 1,
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

    judge = partial(evaluate_classifier, data, seed=seed)
    return _scored("classifier", model, judge, result_lines, card=card, json=json, quiet=quiet)


def vit(
    *,
    data: Data,
    model: OfModel = None,
    card: Card = False,
    seed: Chance = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score what the vision transformer sees: how far normal films differ from others in it.

    A regression on features of the films that it learned from is judged on those that train vit
    holds out, beside the same on simpler features. Films that cannot be read are left out and
    named; the exit code is 3 then.
    """
    from xray_studio.services.learning.evaluate.vit import evaluate_vit, result_lines

    judge = partial(evaluate_vit, data, seed=seed)
    return _scored("vit", model, judge, result_lines, card=card, json=json, quiet=quiet)


def lungs(
    *,
    data: Data,
    model: OfModel = None,
    card: Card = False,
    seed: Chance = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score the finder of lungs by films whose lungs are marked, beside the mean of others' lungs.

    A film that it learned from is told by a readout that has not seen it. Films that cannot be read
    are left out and named; the exit code is 3 then.
    """
    from xray_studio.services.learning.evaluate.lungs import evaluate_lungs, result_lines

    judge = partial(evaluate_lungs, data, seed=seed)
    return _scored("lungs", model, judge, result_lines, card=card, json=json, quiet=quiet)


def mirror(
    *,
    data: Data,
    model: OfModel = None,
    card: Card = False,
    seed: Chance = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score what tells mirrored films, on films that it did not learn from and their mirror images.

    Films that cannot be read are left out and named; the exit code is 3 then.
    """
    from xray_studio.services.learning.evaluate.mirror import evaluate_mirror, result_lines

    judge = partial(evaluate_mirror, data, seed=seed)
    return _scored("mirror", model, judge, result_lines, card=card, json=json, quiet=quiet)


def anomaly(
    *,
    data: Data,
    detector: Annotated[
        list[str] | None,
        typer.Option(
            "--detector",
            metavar="NAME",
            help="Detector of films; repeatable; all without it.",
            show_default=False,
        ),
    ] = None,
    model: OfModel = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Judge all films: nothing was learned from this folder.")
    ] = False,
    phantoms: Annotated[
        int,
        typer.Option(
            "--phantoms",
            metavar="N",
            min=0,
            max=100,
            help="Chests made from physics with a known nodule, judged apart.",
        ),
    ] = 12,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate",
            help="Let a model that was installed pass the gate, beside the one that ships.",
        ),
    ] = False,
    feedback: Feedback = None,
    card: Card = False,
    seed: Chance = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score detectors of what is unusual in frontal films, beside baselines that need no detector.

    Judged are patients whom train vit and train anomaly hold out: whether abnormal films have
    higher scores, and whether what people marked is marked; with --feedback also what readers
    accepted or redrew, which favours the detector that had marked it. Films that cannot be read are
    left out and named; the exit code is 3 then. A model that was installed is asked once it has
    passed the gate; the exit code is 1 where it does not pass.
    """
    from xray_studio.services.learning.evaluate.anomaly import (
        JUDGED,
        Judging,
        evaluate_anomaly,
        models_judged,
    )
    from xray_studio.services.learning.evaluate.anomaly_table import result_lines
    from xray_studio.services.learning.models.folder import write_results

    if gate:
        asked = Judging(whole=whole, seed=seed, phantoms=phantoms, feedback=feedback)
        return _gated(data, model, asked, json=json, quiet=quiet)
    detectors = tuple(detector or JUDGED)
    asked = Judging(detectors, model, whole, seed, phantoms, feedback=feedback)
    found = run_job(evaluate_anomaly(data, asked), quiet=quiet)
    lines = result_lines(found.facts)
    code = tell_judged(found.facts, lines, found.unreadable, json=json)
    if card:  # last: a card that cannot be written costs no numbers
        for judged in models_judged(asked).values():
            write_results(judged.folder, judged.model, lines)
    return code


def _gated(data: Path, model: Path | None, asked: Judging, *, json: bool, quiet: bool) -> int:
    """Let a model pass the gate, and tell what came of it."""
    from xray_studio.services.learning.evaluate.anomaly_gate import gate_anomaly, gate_lines
    from xray_studio.services.learning.evaluate.anomaly_table import result_lines

    found = run_job(gate_anomaly(data, model, asked), quiet=quiet)
    facts = {**found.answer.facts, "gate": found.gate.facts()}
    lines = [*result_lines(found.answer.facts), "", *gate_lines(found)]
    code = tell_judged(facts, lines, found.answer.unreadable, json=json)
    return code if found.gate.passed else FAILED


def _scored(
    task: str,
    model: Path | None,
    judge: Callable[[Installed], Job[Answer]],
    lines_of: Callable[[dict[str, Any]], list[str]],
    *,
    card: bool,
    json: bool,
    quiet: bool,
) -> int:
    """Judge the model of a task, tell the numbers, and write them into its card where asked to."""
    from xray_studio.services.learning.models.installed import model_for

    installed = model_for(task, model)
    found = run_job(judge(installed), quiet=quiet)
    lines = lines_of(found.facts)
    written = (installed, lines) if card else None
    return tell_judged(found.facts, lines, found.unreadable, json=json, card=written)
