"""Actions that fetch from archives and send to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xray_studio.core.kinds import DICOM, DOCUMENT
from xray_studio.ui.actions.actions import Spec, Submenu, inside
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.state import State

MENU = Submenu("Archives")


@needs("Open DICOM objects first, and wait until all are read.")
def has_objects(state: State) -> bool:
    """Tell whether DICOM objects are open and nothing is being read any more."""
    kinds = {DICOM, DOCUMENT}
    return not state.scanning and any(one.kind in kinds for one in state.catalog.all_series())


def archive_specs(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    return inside(MENU, _specs(runs))


def _specs(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    yield Spec("find_in_archive", "Find in archive…", runs["find_in_archive"], "Ctrl+G")
    yield Spec("send", "Send…", runs["send"], "Ctrl+U", has_objects)
    yield Spec("send_queue", "Send queue…", runs["send_queue"], "Ctrl+Shift+U")
    yield Spec("nodes", "Nodes…", runs["nodes"])
