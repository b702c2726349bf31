"""`xray-studio models`: what is installed, and whether it is what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli import own_models
from xray_studio.cli.common import DONE, FAILED, Json, complain, say, say_json

if TYPE_CHECKING:
    from xray_studio.services.learning.models.installed import Checked

Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[DIR...]", help="Folders or names of models; without any, all that are there.",
        show_default=False,
    ),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio models list"
    group = typer.Typer(help="Models that are installed.", epilog=example, no_args_is_help=False)
    group.callback(invoke_without_command=True)(_listed)
    group.command("list", epilog=example)(listed)
    group.command("verify", epilog="Example: xray-studio models verify view/model")(verify)
    group.command("install", epilog="Example: xray-studio models install view-2")(install)
    group.command("roll-back", epilog="Example: xray-studio models roll-back view")(roll_back)
    group.command("sign", epilog="Example: xray-studio models sign view/model --key mine")(sign)
    group.command("key", epilog="Example: xray-studio models key mine")(key)
    group.command("trust", epilog="Example: xray-studio models trust theirs.pub")(trust)
    own_models.register(group)
    app.add_typer(group, name="models")


def _listed(context: typer.Context, *, json: Json = False) -> int:
    """Show what is installed; see also list and verify."""
    return DONE if context.invoked_subcommand else listed(None, json=json)


def listed(folders: Folders = None, *, json: Json = False) -> int:
    """Show models: what they are for, their licence, what is missing and why."""
    return _shown(folders, verify=False, json=json)


def verify(folders: Folders = None, *, json: Json = False) -> int:
    """Compare the weights of models with the hashes that they were made with."""
    return _shown(folders, verify=True, json=json)


def install(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
) -> int:
    """Install a model that somebody signed whom you trust; it takes the place of an older one."""
    from xray_studio.services.learning.models.installed import named_model, why_waiting
    from xray_studio.services.learning.models.updates import install as install_model

    made = install_model(folder)
    say(f"{made.name} {made.version} is installed.")
    waits = why_waiting(named_model(Path(made.name)))
    if waits:
        say(f"It is not asked yet. {waits}")
    return DONE


def roll_back(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
) -> int:
    """Take back the model that was installed last, and use the one before it again."""
    from xray_studio.services.learning.models.updates import roll_back as take_back

    before = take_back(name)
    say(f"Taken back; now used: {before or 'what the program ships, where it ships one'}")
    return DONE


def sign(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    *,
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="Your private key.", show_default=False)
    ],
) -> int:
    """Sign a model, so that others who trust your key can install it."""
    from xray_studio.services.learning.models.updates import sign as sign_model

    made = sign_model(folder, key)
    say(f"{made.name} {made.version} is signed.")
    return DONE


def key(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
) -> int:
    """Make a private key to sign with, FILE, and the public key to hand on, FILE.pub."""
    from xray_studio.services.learning.models.keys import make_key

    say(f"Keep {file} to yourself; hand on {make_key(file)}")
    return DONE


def trust(
    file: Annotated[Path, typer.Argument(metavar="FILE.pub", show_default=False)],
) -> int:
    """Trust models that the holder of a public key has signed."""
    from xray_studio.services.learning.models.keys import trust as trust_key

    say(f"Trusted from now on: {trust_key(file).stem}")
    return DONE


def _shown(named: list[Path] | None, *, verify: bool, json: bool) -> int:
    from xray_studio.services.learning.models.installed import (
        asked_first,
        checked,
        folders,
        lacking,
        places,
    )

    origins = {} if named else {place.folder: place.origin.value for place in places()}
    found = [checked(folder, verify=verify) for folder in folders(named or [])]
    missing = {} if named else lacking() | _engines()
    asked = set() if named else {one.folder for one in asked_first()}
    if json:
        told = [
            _facts(one) | {"origin": origins.get(one.folder), "asked": one.folder in asked}
            for one in found
        ]
        say_json({"models": told, "missing": missing})
    else:
        for one in found:
            words = [origins.get(one.folder, ""), "asked" if one.folder in asked else ""]
            _say(one, [word for word in words if word], verified=verify)
        for task, why in missing.items():
            say(f"{task}: {why}")
    return FAILED if any(one.problem for one in found) else DONE


def _waits(one: Checked) -> str | None:
    """Return why a model may not be asked before it has passed a gate, None where it may."""
    from xray_studio.services.learning.models.installed import Installed, why_waiting

    if one.model is None:
        return None
    return why_waiting(Installed(one.folder, one.model)) or None


def _engines() -> dict[str, str]:
    """Return the report engines that cannot be used here, and why and what to do."""
    from xray_studio.services.report.engines import engines_known

    known = engines_known()
    return {f"report engine {o['name']}": o["unavailable"] for o in known if o["unavailable"]}


def _facts(one: Checked) -> dict[str, Any]:
    model = one.model
    known = {} if model is None else {
        "name": model.name, "version": model.version, "task": model.task,
        "labels": list(model.labels), "licence": model.licence, "sha256": model.sha256,
        "digest": model.digest,
        "sources": [{"name": s.name, "licence": s.licence} for s in model.sources],
    }  # fmt: skip
    facts = {"folder": str(one.folder), **known, "bytes": one.size}
    return {**facts, "problem": one.problem or None, "waits": _waits(one)}


def _say(one: Checked, words: list[str], *, verified: bool) -> None:
    if one.problem:
        complain(f"{one.folder}: {one.problem}")
    if one.model is None:
        return
    state = "not usable" if one.problem else "verified" if verified else "installed"
    told = "; ".join([state, *words])
    say(f"{one.model.name} {one.model.version} ({one.model.task}): {told}")
    waits = _waits(one)
    if waits:
        say(f"  {waits}")
    say(f"  {one.model.intended_use}")
    say(f"  {one.size / 1e6:.1f} MB; licence: {one.model.licence}")
    for source in one.model.sources:
        say(f"  learned from {source.name} ({source.licence})")
