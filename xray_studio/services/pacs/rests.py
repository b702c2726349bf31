"""Nodes that could not be reached are left alone for a while; others stand in for them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from xray_studio.core.pacs.backoff import Random, Rules, delay
from xray_studio.core.pacs.node import Node
from xray_studio.services.pacs.nodes import backup_of


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a node is left alone, until when, and for which time in a row."""

    why: str
    until: float
    times: int = 1


class Rests:
    """Which nodes are left alone now."""

    def __init__(self, rules: Rules, chance: Random) -> None:
        self._rules, self._chance = rules, chance
        self._rests: dict[str, Rest] = {}

    def begin(self, node: Node, why: str) -> None:
        """Leave a node alone for a while, longer each time in a row."""
        before = self._rests.get(node.told)
        times = before.times + 1 if before else 1
        until = time.time() + delay(times, self._rules, self._chance)
        self._rests[node.told] = Rest(why, until, times)

    def end(self, told: str) -> None:
        """Know that a node was reached."""
        self._rests.pop(told, None)

    def target(self, node: Node) -> Node | Rest:
        """Return where what is for a node goes now: there, to its backup, or why nowhere."""
        rest = self._now(node)
        if rest is None:
            return node
        backup = backup_of(node)
        return rest if backup is None or self._now(backup) is not None else backup

    def _now(self, node: Node) -> Rest | None:
        rest = self._rests.get(node.told)
        return rest if rest is not None and rest.until > time.time() else None
