"""Archives of others, started on loopback for tests: Orthanc, and storescp of DCMTK.

Each listens on free ports, keeps what it gets in a temporary folder, and is ended with the tests.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from xray_studio.core.pacs.node import Kind, Node

STORED = """
function OnStoredInstance(instanceId, tags, metadata, origin)
  local file = io.open("{path}", "a")
  file:write(tags["SOPInstanceUID"] .. "\\n")
  file:close()
end
"""
PLUGINS = Path("/usr/share/orthanc/plugins")
START = 30.0  # seconds


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def needed(program: str) -> str:
    """Return the path of a program; the test is skipped without it.

    pynetdicom brings programs of the same names, so those beside our Python do not count.
    """
    ours = Path(sys.prefix).resolve()
    folders = [one for one in os.environ["PATH"].split(os.pathsep)
               if one and ours not in Path(one).resolve().parents]  # fmt: skip
    found = shutil.which(program, path=os.pathsep.join([*folders, "/usr/sbin", "/usr/local/sbin"]))
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@dataclass
class Server:
    """A program that listens; `log` is what it wrote."""

    command: list[str]
    port: int
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=os.environ | self.environment, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        end = time.monotonic() + START
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 1),
            ):
                return
            time.sleep(0.02)
        raise RuntimeError(f"{self.command[0]} does not listen: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """Let it hold its connections and answer nothing."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGCONT)


@dataclass
class Orthanc(Server):
    """An Orthanc with its web server, DICOMweb and worklists."""

    web_port: int = 0
    password: tuple[str, str] = ("", "")

    def node(self, **values: Any) -> Node:
        usual = {"name": "orthanc", "host": "127.0.0.1", "port": self.port,
                 "called_ae_title": "ORTHANC", "answer_timeout": 20.0}  # fmt: skip
        return Node(**usual | values)

    def web_node(self, **values: Any) -> Node:
        url = f"http://127.0.0.1:{self.web_port}/dicom-web"
        return Node(**{"name": "web", "kind": Kind.DICOMWEB, "url": url} | values)

    @property
    def worklists(self) -> Path:
        return self.folder / "worklists"

    def get(self, path: str) -> bytes:
        words = base64.b64encode(":".join(self.password).encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web_port}{path}", headers={"Authorization": f"Basic {words}"}
        )
        with urllib.request.urlopen(request) as answer:
            return bytes(answer.read())

    def json(self, path: str) -> Any:
        return json.loads(self.get(path))

    def stored(self) -> dict[str, str]:
        """Return Orthanc's numbers of instances by SOP Instance UID."""
        found = self.json("/instances?expand")
        return {one["MainDicomTags"]["SOPInstanceUID"]: one["ID"] for one in found}

    def file(self, sop_instance_uid: str) -> bytes:
        return self.get(f"/instances/{self.stored()[sop_instance_uid]}/file")

    def times_stored(self) -> dict[str, int]:
        """Return how often each SOP Instance was stored, the same one over itself too."""
        path = self.folder / "stored"
        lines = path.read_text().split() if path.exists() else []
        return {uid: lines.count(uid) for uid in lines}

    def _wait(self) -> None:
        super()._wait()
        end = time.monotonic() + START
        while time.monotonic() < end:
            with contextlib.suppress(OSError, urllib.error.URLError):
                self.get("/system")
                return
            time.sleep(0.05)
        raise RuntimeError(f"Orthanc does not answer: {self.log.read_text()[-2000:]}")


def make_orthanc(folder: Path, *, plugins: bool = True, **settings: Any) -> Orthanc:
    """Return an Orthanc that is not started yet."""
    program = needed("Orthanc")
    if plugins and not PLUGINS.is_dir():
        pytest.skip("Orthanc's plug-ins are not installed")
    (folder / "worklists").mkdir(parents=True)
    port, web_port = free_port(), free_port()
    config: dict[str, Any] = {
        "Name": "test", "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": web_port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
        "DicomAet": "ORTHANC", "DicomPort": port, "DicomCheckCalledAet": False,
        "DicomAlwaysAllowFind": True, "DicomAlwaysAllowFindWorklist": True,
        "DicomAlwaysAllowGet": True, "DicomAlwaysAllowMove": True,
        "OverwriteInstances": True,  # so that storing twice is told to the script
        "LuaScripts": [str(folder / "stored.lua")],
        "Plugins": [str(PLUGINS / "libOrthancDicomWeb.so"),
                    str(PLUGINS / "libModalityWorklists.so")] if plugins else [],
        "Worklists": {"Enable": True, "Database": str(folder / "worklists")},
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    } | settings  # fmt: skip
    (folder / "stored.lua").write_text(STORED.replace("{path}", str(folder / "stored")))
    path = folder / "orthanc.json"
    path.write_text(json.dumps(config))
    nodelay = {"TCP_NODELAY": "1"}  # else it gathers its short answers
    return Orthanc([program, str(path)], port, folder, nodelay, web_port=web_port)


@contextlib.contextmanager
def running(server: Server) -> Iterator[Any]:
    """Run a server for a while."""
    server.start()
    try:
        yield server
    finally:
        server.kill()


def make_storescp(folder: Path, *options: str) -> Server:
    """Return DCMTK's storescp, not started yet: it stores, and answers no questions."""
    program = needed("storescp")
    (folder / "got").mkdir(parents=True)
    port = free_port()
    command = [program, "-od", str(folder / "got"), "+xa", "--fork", *options, str(port)]
    return Server(command, port, folder, {"TCP_NODELAY": "1"})


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """An Orthanc for all tests; what they send it should have UIDs of its own."""
    with running(make_orthanc(tmp_path_factory.mktemp("orthanc"))) as server:
        yield server


@pytest.fixture(scope="session")
def storescp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(make_storescp(tmp_path_factory.mktemp("storescp"))) as server:
        yield server
