"""System packages: the libraries Qt needs, and the programs tests compare with.

On Debian and its relatives root has them installed; anybody else is told the one command.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import environment, processes
from .console import SetupError, say

# Library -> the Debian package that has it. PySide6's wheels bring all the rest.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
}

ORTHANC_PLUGINS = "/usr/share/orthanc/plugins"


@dataclass(frozen=True)
class Peer:
    """What some tests compare with: a program or a file, its Debian package, what is skipped."""

    program: str
    package: str
    tests: str

    @property
    def is_there(self) -> bool:
        """Tell whether it is installed."""
        return Path(self.program).exists() or shutil.which(self.program) is not None


PEERS = (
    Peer("Xvfb", "xvfb", "tests of the window on a real screen (they run off screen instead)"),
    Peer("dcm2pnm", "dcmtk", "pictures compared with DCMTK"),
    Peer("dciodvfy", "dicom3tools", "validity of written DICOM objects"),
    Peer("ffprobe", "ffmpeg", "exported videos looked at by FFmpeg"),
    Peer("gdcmscanner", "libgdcm-tools", "scanning compared with GDCM"),
    Peer("Orthanc", "orthanc", "sending to and fetching from an archive over DIMSE"),
    Peer(f"{ORTHANC_PLUGINS}/libOrthancDicomWeb.so", "orthanc-dicomweb", "the same over DICOMweb"),
    Peer("xdotool", "xdotool", "mouse and keys sent from outside the window"),
)


def require() -> None:
    """See to what Python and Qt need of the system. Raises SetupError when it stays missing."""
    packages = _missing_venv() + _missing_libraries()
    if not packages:
        return
    if not _may_install():
        raise SetupError(f"Something the program needs is missing: {_advice(packages)}")
    _apt_install(packages)


def offer_peers() -> None:
    """Install the programs tests compare with, or name them and the tests that are skipped."""
    absent = [peer for peer in PEERS if not peer.is_there]
    if not absent or not sys.platform.startswith("linux"):
        return
    packages = [peer.package for peer in absent]
    try:
        if _may_install():
            _apt_install(packages)
            return
    except SetupError as error:
        say(str(error))
    for peer in absent:
        say(f"Skipped without {peer.program}: {peer.tests}")
    say(f"To run them too: {_advice(packages)}")


def _missing_venv() -> list[str]:
    """Return the Debian package of Python's venv module when an environment cannot be made."""
    if environment.exists() or all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        return []
    major, minor = sys.version_info[:2]
    return [f"python{major}.{minor}-venv"]


def _missing_libraries() -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in QT_LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _debian() -> bool:
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def _may_install() -> bool:
    return _debian() and os.geteuid() == 0


def _advice(packages: list[str]) -> str:
    if _debian():
        return f"sudo apt-get install {' '.join(packages)}"
    return f"install what Debian calls {', '.join(packages)}"


def _apt_install(packages: list[str]) -> None:
    say(f"Installing system packages: {' '.join(packages)}")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = processes.ask(["apt-get", "-qq", *words], environment=quiet)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(f"System packages could not be installed ({last}): {_advice(packages)}")
