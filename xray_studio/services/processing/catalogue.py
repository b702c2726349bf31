"""Which steps there are: loaded once, since their titles and parameters stand in their classes."""

from __future__ import annotations

from xray_studio.core.job import Job, Progress, run
from xray_studio.core.step import Group, Step
from xray_studio.services.processing.steps import STEPS


def steps_there_are() -> Job[tuple[type[Step], ...]]:
    """Return the steps that can be used here, by group and then in the order of the registry.

    Those of other packages that cannot be loaded are left out.
    """
    found: list[type[Step]] = []
    entries = STEPS.entries()
    for number, name in enumerate(entries):
        yield Progress(number, len(entries), "Loading steps")
        try:
            found.append(STEPS.load(name))
        except Exception:  # noqa: BLE001, S112 - whatever packages of others do when they begin
            continue
    order = list(Group)
    return tuple(sorted(found, key=lambda step: order.index(step.group)))


def steps_known() -> tuple[type[Step], ...]:
    """Return the steps that can be used here, at once (see `steps_there_are`)."""
    return run(steps_there_are())
