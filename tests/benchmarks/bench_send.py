"""Sending 1,000 small CT objects to Orthanc: this program beside storescu of DCMTK.

    python tests/benchmarks/bench_send.py [--objects 1000] [--rounds 3] [--json]

Orthanc is started on loopback for each measurement, with an empty store; senders take turns, and
the median of the rounds is printed. storescu sets TCP_NODELAY on its side as Orthanc does on its
own. `send` opens the associations that a node allows and sends files as they are; `queue` is
`pacs send` as people use it: headers read, everything written into the queue before it goes out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

import numpy as np  # noqa: E402
from pydicom.uid import generate_uid  # noqa: E402

from tests.dicom.objects import make_object, save  # noqa: E402
from tests.peers import Orthanc, make_orthanc, needed, running  # noqa: E402
from xray_studio.core import workers  # noqa: E402
from xray_studio.core.job import run  # noqa: E402
from xray_studio.core.pacs.outgoing import Outgoing, Result  # noqa: E402
from xray_studio.dicom.outgoing import outgoing  # noqa: E402

CT = "1.2.840.10008.5.1.4.1.1.2"
SIDE = 128


def write(folder: Path, count: int) -> list[Outgoing]:
    """Write slices of one series."""
    folder.mkdir()
    shared = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()}
    pixels = np.random.default_rng(1).integers(0, 4096, (SIDE, SIDE), dtype=np.uint16)
    found = []
    for number in range(count):
        made = make_object(pixels, SOPClassUID=CT, Modality="CT", InstanceNumber=number, **shared)
        found.append(outgoing(save(made, folder / f"{number}.dcm")))
    return found


def by_storescu(server: Orthanc, folder: Path, objects: list[Outgoing]) -> None:
    """Send all of a folder on one association of DCMTK."""
    subprocess.run(
        [needed("storescu"), "-aec", "ORTHANC", "+sd", "127.0.0.1", str(server.port), str(folder)],
        check=True, env=os.environ | {"TCP_NODELAY": "1"}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def by_send(server: Orthanc, folder: Path, objects: list[Outgoing]) -> None:
    """Send objects on as many associations as a node has."""
    from xray_studio.network.store import dimse_sender

    node = server.node()
    waiting = iter(objects)
    lock = threading.Lock()

    def work() -> None:
        with dimse_sender(node, [objects[0].pair]) as sender:
            while True:
                with lock:
                    one = next(waiting, None)
                if one is None:
                    return
                assert sender.send(one, lambda _: True).result is Result.STORED

    threads = [threading.Thread(target=work) for _ in range(node.associations)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_queue(server: Orthanc, folder: Path, objects: list[Outgoing]) -> None:
    """Send a folder through the queue."""
    from xray_studio.services.pacs.sending import send

    address = f"127.0.0.1:{server.port}/ORTHANC"
    assert run(send([str(folder)], address)).arrived == len(objects)


SENDERS: dict[str, Callable[[Orthanc, Path, list[Outgoing]], None]] = {
    "storescu": by_storescu, "send": by_send, "queue": by_queue,
}  # fmt: skip


def measure(sender: str, folder: Path, objects: list[Outgoing]) -> float:
    """Return the objects a second of one sender to an empty Orthanc."""
    with (
        tempfile.TemporaryDirectory() as place,
        running(make_orthanc(Path(place) / "orthanc", plugins=False, LuaScripts=[])) as server,
    ):
        os.environ["XRAY_STUDIO_DATA"] = os.environ["XRAY_STUDIO_CONFIG"] = f"{place}/own"
        begun = time.perf_counter()
        SENDERS[sender](server, folder, objects)
        seconds = time.perf_counter() - begun
        assert len(server.stored()) == len(objects)
    return len(objects) / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rates: dict[str, list[float]] = {sender: [] for sender in SENDERS}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "files"
        objects = write(folder, options.objects)
        for sender in (*SENDERS, *list(SENDERS) * options.rounds):  # the first of each warms up
            rates[sender].append(measure(sender, folder, objects))
    workers.shutdown_shared()
    found = {sender: round(statistics.median(some[1:]), 1) for sender, some in rates.items()}
    ratio = {sender: round(rate / found["storescu"], 2) for sender, rate in found.items()}
    if options.json:
        print(json.dumps({"objects_per_second": found, "ratio": ratio}))
        return
    for sender, rate in found.items():
        print(f"{sender:<10} {rate:8.1f} objects/s  {ratio[sender]:.2f} of storescu")


if __name__ == "__main__":
    main()
