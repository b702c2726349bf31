"""Actions of findings: asking for them, and what in the picture speaks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.core.learning.heat import ABOUT, Method
from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer import finding_commands as f
from xray_studio.ui.viewer.finding_commands import FindingCommands

MENU = Submenu("Findings", named=True)


def finding_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    return inside(MENU, _specs(session, runs))


def _specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    findings, has = FindingCommands(session), f.has_findings
    look = runs["look_for_findings"]
    yield Spec("look_for_findings", "Look for findings", look, "Ctrl+Alt+G", f.can_look)
    yield Spec("stop_findings", "Stop", runs["stop_findings"], "", f.is_looking)
    yield SEPARATOR
    yield Spec("next_finding", "Next finding", partial(findings.step, 1), "Shift+Down", has)
    back = partial(findings.step, -1)
    yield Spec("previous_finding", "Previous finding", back, "Shift+Up", has)
    more, less = partial(findings.cover_by, f.STEP), partial(findings.cover_by, -f.STEP)
    yield Spec("heat_more", "Heat map stronger", more, "", has)
    yield Spec("heat_less", "Heat map weaker", less, "", has)
    yield SEPARATOR
    for method in Method:
        use = partial(findings.use, method)
        yield Spec(f"by_{method}", f"By {ABOUT[method].title}", use, on=partial(_is_by, method))


def _is_by(method: Method, state: State) -> bool:
    return state.settings.findings.method == method
