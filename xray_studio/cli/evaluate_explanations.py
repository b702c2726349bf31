"""`xray-studio evaluate explanations`: whether heat maps notice that weights are thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from xray_studio.cli.common import Json, Quiet, run_job
from xray_studio.cli.learned import Chance, Data, OfModel, tell_judged
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.learning.heat import Method

EXAMPLE: Final = "Example: xray-studio evaluate explanations --data films -n 6"


def explanations(
    *,
    data: Data,
    model: OfModel = None,
    n: Annotated[int, typer.Option("-n", "--n", metavar="N", help="Films, at most.", min=1)] = 12,
    methods: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="Methods; all where none are named.")
    ] = "",
    seed: Chance = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Compare heat maps of a finding classifier with those of networks whose weights are chance.

    The weights are thrown away from the answer inwards, on held-out frontal films, for the finding
    that is likeliest on each. Films that cannot be read are left out and named; the exit code is 3
    then.
    """
    from xray_studio.services.learning.evaluate.explanations import Check, evaluate_explanations
    from xray_studio.services.learning.models.installed import model_for

    how = Check(n, methods_of(methods), seed)
    installed = model_for("classifier", model)
    found = run_job(evaluate_explanations(data, installed, how), quiet=quiet)
    return tell_judged(found.facts, _lines(found.facts), found.unreadable, json=json)


def methods_of(words: str) -> tuple[Method, ...]:
    """Return the methods that are named. Raises UsageError for one that there is not."""
    from xray_studio.core.learning.heat import Method

    names = [word.strip() for word in words.split(",") if word.strip()]
    return tuple(method_of(name) for name in names) or tuple(Method)


def method_of(name: str) -> Method:
    """Return a method by its name. Raises UsageError for one that there is not."""
    from xray_studio.core.learning.heat import Method

    if name not in set(Method):
        raise UsageError(f"There is no method {name}; choose from {', '.join(Method)}.")
    return Method(name)


def _lines(facts: dict[str, Any]) -> list[str]:
    """Return an answer as a table in Markdown."""
    from xray_studio.core.learning.heat import ABOUT, Method

    films = f"{facts['n']} film{'' if facts['n'] == 1 else 's'} of {facts['dataset']}"
    lines = [f"{films}; likeness to the map of the whole network, intervals are 95 %.", ""]
    lines += ["| method | drawn by chance | rank correlation | 95 % | SSIM | 95 % |"]
    lines += ["|---|---|---|---|---|---|"]
    for method, found in facts["methods"].items():
        title = ABOUT[Method(method)].title
        lines += [_line(title, name, one) for name, one in found["cascade"].items()]
        lines += [_line(title, f"baseline: {n}", one) for n, one in found["baselines"].items()]
    return lines + [_verdict(method, found) for method, found in facts["methods"].items()]


def _verdict(method: str, found: dict[str, Any]) -> str:
    from xray_studio.core.learning.heat import ABOUT, Method

    title = ABOUT[Method(method)].title
    if found["changes"] is None:
        return f"{title}: too few patients to tell whether its maps rest on the weights."
    return (
        f"{title}: its maps {'rest' if found['changes'] else 'do not clearly rest'} on the weights."
    )


def _line(title: str, what: str, one: dict[str, Any]) -> str:
    cells = [title, what]
    for key in ("rank", "ssim"):
        known = one[f"{key}_ci"]
        cells += [f"{one[key]:.3f}", "" if known is None else f"{known[0]:.3f} to {known[1]:.3f}"]
    return f"| {' | '.join(cells)} |"
