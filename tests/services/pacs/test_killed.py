"""Program and archive are killed at random moments: nothing is lost, and nothing is stored twice.

    python -m pytest tests/services/pacs/test_killed.py -m soak       # 200 times

The seed of each ten times is printed; PACS_SEED repeats them.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.peers import Orthanc, make_orthanc, running
from tests.sent_objects import several
from xray_studio.core.job import run
from xray_studio.core.pacs.backoff import Rules
from xray_studio.core.pacs.entry import State
from xray_studio.core.pacs.node import Node
from xray_studio.services.pacs.nodes import keep_node
from xray_studio.services.pacs.runner import Patience, run_queue
from xray_studio.services.pacs.store import Queue

TIMES = 10
PER_KILL = 40  # objects
RULES = Rules(attempts=100_000, first=0.1, longest=0.5, settle=0.7, doubts=2)
PROGRAM = f"""
from xray_studio.core.job import run
from xray_studio.core.pacs.backoff import Rules
from xray_studio.services.pacs.runner import Patience, run_queue
print("begun", flush=True)
run(run_queue(Patience(1e9), {RULES!r}))
"""


class Program:
    """Something that sends the queue until it is killed."""

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"begun\n"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def seeded() -> random.Random:
    """Return chance, with its seed printed."""
    seed = int(os.environ.get("PACS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"PACS_SEED={seed}")  # noqa: T201 - it repeats the run
    return random.Random(seed)


def killed(node: Node, orthanc: Orthanc, folder: Path) -> Counter[str]:
    """Send objects while program and archive are killed, and return what was killed how often."""
    chance = seeded()
    keep_node(replace(node, answer_timeout=5.0))
    objects, counts, program = [], Counter[str](), Program()
    for number in range(TIMES):
        few = several(folder / str(number), PER_KILL)
        objects += few
        with Queue() as base:
            base.add(node.name, few, again=False)
        if number == 0:
            program.start()
        time.sleep(chance.uniform(0.05, 0.9))
        if chance.random() < 0.5:
            orthanc.kill()
            time.sleep(chance.uniform(0.0, 0.3))
            orthanc.start()
            counts["archive"] += 1
        else:
            program.kill()
            program.start()
            counts["program"] += 1
        with Queue() as base:
            counts["unsure"] += sum(one.unsure for one in base.all())
    program.kill()
    run(run_queue(Patience(60.0), RULES))
    with Queue() as base:
        assert base.counts()[State.SENT] == len(objects), base.counts()
    assert set(orthanc.stored()) == {one.sop_instance_uid for one in objects}
    assert set(orthanc.times_stored().values()) == {1}
    return counts


@pytest.fixture
def own_orthanc(tmp_path: Path) -> Iterator[Orthanc]:
    """An Orthanc that may be killed."""
    with running(make_orthanc(tmp_path / "orthanc")) as server:
        yield server


def test_ten_times(own_orthanc: Orthanc, tmp_path: Path) -> None:
    counts = killed(own_orthanc.node(), own_orthanc, tmp_path / "files")
    print(dict(counts))  # noqa: T201 - what the run did
    assert counts["archive"] + counts["program"] == TIMES


def test_a_backup_takes_over_and_nothing_is_in_both(own_orthanc: Orthanc, tmp_path: Path) -> None:
    chance, program = seeded(), Program()
    with running(make_orthanc(tmp_path / "spare", plugins=False)) as spare:
        keep_node(spare.node(name="spare"))
        keep_node(own_orthanc.node(name="main", backup="spare", answer_timeout=5.0))
        objects = several(tmp_path / "files", 6 * PER_KILL)
        with Queue() as base:
            base.add("main", objects, again=False)
        program.start()
        time.sleep(chance.uniform(0.3, 0.8))
        own_orthanc.kill()
        time.sleep(chance.uniform(0.5, 1.5))
        program.kill()
        own_orthanc.start()
        run(run_queue(Patience(60.0), RULES))
        main, other = own_orthanc.times_stored(), spare.times_stored()
        both = set(own_orthanc.stored()), set(spare.stored())
    print(len(main), len(other))  # noqa: T201 - how it was shared out
    assert both[0] | both[1] == {one.sop_instance_uid for one in objects}
    assert not both[0] & both[1]
    assert set((main | other).values()) == {1}


@pytest.mark.soak
@pytest.mark.parametrize("number", range(20))
def test_two_hundred_times(own_orthanc: Orthanc, tmp_path: Path, number: int) -> None:
    """Over DIMSE and DICOMweb in turns."""
    node = own_orthanc.web_node() if number % 2 else own_orthanc.node()
    print(number, dict(killed(node, own_orthanc, tmp_path / "files")))  # noqa: T201 - as above
