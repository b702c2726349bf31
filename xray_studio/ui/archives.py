"""Archives: nodes that objects are sent to, kept, tested and forgotten in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.pacs.node import Node
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.preferences import LANE as SETTINGS
from xray_studio.ui.work import JobRunner

if TYPE_CHECKING:
    from xray_studio.core.pacs.tested import NodeTest

TEST = "node test"


@dataclass(frozen=True, slots=True)
class Known:
    """The nodes that are known; `broken` tells by name why others cannot be used.

    `no_keyring` tells why this system keeps no passwords, "" where it does.
    """

    nodes: tuple[Node, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)
    no_keyring: str = ""


class Archives(QObject):
    """Reads and changes the nodes, and tests one at a time.

    `listed` tells what is known whenever that was read or changed, `kept` the name of a node that
    was, `refused` why something was not done. `answered` tells what a test has found so far,
    `tested` all of it, `silent` why there is no answer.
    """

    listed = Signal(object)
    kept = Signal(str)
    refused = Signal(str)
    answered = Signal(object)
    tested = Signal(object)
    silent = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner

    def look(self) -> None:
        """Read the nodes; other programs may have changed them."""
        self._change(known(), "Reading nodes")

    def keep(self, node: Node, password: str | None) -> None:
        """Keep a node in place of the one of its name; a password goes to the keyring."""
        self._change(_kept(node, password), "Keeping a node", node.name)

    def forget(self, name: str) -> None:
        """Forget a node and its password."""
        self._change(_forgotten(name), "Forgetting a node")

    def test(self, node: Node, password: str | None) -> None:
        """Ask a node what it takes; without a password the one in the keyring is used."""
        self._runner.start(
            _tested(node, password), title=f"Testing {node.told}", lane=TEST, visible=False,
            replace=True, on_progress=self._answered, on_result=self.tested.emit,
            on_error=lambda error: self.silent.emit(in_the_window(str(error))),
        )  # fmt: skip

    def leave(self) -> None:
        """Stop a test; nobody looks at it any more."""
        self._runner.cancel_lane(TEST)

    def _change(self, job: Job[Known], title: str, name: str = "") -> None:
        # In the lane of the settings, in whose file nodes are: no change is written over another.
        self._runner.start(
            job, title=title, lane=SETTINGS, visible=False,
            on_result=partial(self._changed, name), on_error=self._refused,
        )  # fmt: skip

    def _changed(self, name: str, found: Known) -> None:
        self.listed.emit(found)
        if name:
            self.kept.emit(name)

    def _refused(self, error: StudioError) -> None:
        self.refused.emit(in_the_window(str(error)))

    def _answered(self, progress: Progress) -> None:
        if progress.partial is not None:
            self.answered.emit(progress.partial)


def known() -> Job[Known]:
    """Return what is known of nodes."""
    yield Progress(message="Reading nodes")
    return _known()


def _kept(node: Node, password: str | None) -> Job[Known]:
    yield Progress(message="Keeping a node")
    from xray_studio.services.pacs.nodes import keep_node

    keep_node(node, password)
    return _known()


def _forgotten(name: str) -> Job[Known]:
    yield Progress(message="Forgetting a node")
    from xray_studio.services.pacs.nodes import forget_node

    forget_node(name)
    return _known()


def _tested(node: Node, password: str | None) -> Job[NodeTest]:
    yield Progress(message=f"Calling {node.told}")
    from xray_studio.services.pacs.asking import tested

    found = yield from tested(node, password)
    return found


def _known() -> Known:
    from xray_studio.services.pacs.nodes import broken, nodes
    from xray_studio.services.pacs.secrets import why_no_keyring

    return Known(nodes(), broken(), why_no_keyring())
