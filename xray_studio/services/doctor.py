"""What this program finds on this machine, and what is missing and why."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from typing import Any, Final

from xray_studio.core.job import Job, Progress
from xray_studio.core.resources import resource
from xray_studio.core.version import VERSION

PACKAGES: Final = (
    "numpy", "pydicom", "pypdfium2", "imagecodecs", "opencv-python-headless", "pillow", "av",
    "PySide6-Essentials", "platformdirs", "typer", "rich", "scikit-image", "PyWavelets",
    "torch", "safetensors", "transformers", "onnxruntime", "cryptography", "pynetdicom",
    "dicomweb-client", "keyring",
)  # fmt: skip
FONTS: Final = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")

# What the window's platform plugin for X11 loads, and the Debian packages that bring it.
QT_LIBRARIES: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libdbus-1.so.3": "libdbus-1-3",
}
_SECONDS: Final = 20.0


def examine() -> Job[dict[str, Any]]:
    """Return facts by topic; `problems` are sentences about what is missing and what to do."""
    report: dict[str, Any] = {"program": {"name": "X-Ray Studio", "version": VERSION}}
    topics = (
        ("system", system), ("packages", packages), ("decoders", decoders), ("encoders", encoders),
        ("hardware_encoders", hardware_encoders),
        ("display", display), ("fonts", fonts), ("gpu", gpu), ("compute", compute),
        ("models", models),
    )  # fmt: skip
    for done, (name, look) in enumerate(topics):
        yield Progress(done, len(topics), "Examining")
        report[name] = look()
    report["problems"] = problems(report)
    return report


def system() -> dict[str, Any]:
    """Return operating system, Python, processors and memory."""
    total, free = memory()
    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "frozen": bool(getattr(sys, "frozen", False)),
        "processors": os.cpu_count() or 1,
        "memory_megabytes": total >> 20,
        "free_memory_megabytes": free >> 20,
    }


def memory() -> tuple[int, int]:
    """Return the bytes of memory, all and free; 0 where the system does not tell."""
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        return page * os.sysconf("SC_PHYS_PAGES"), page * os.sysconf("SC_AVPHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0, 0


def packages() -> dict[str, str | None]:
    """Return the version of every package that is needed, None where it is missing."""
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def decoders() -> list[dict[str, Any]]:
    """Return every transfer syntax of compressed frames, and why one cannot be decoded."""
    from xray_studio.dicom.file.syntax_names import syntax_name
    from xray_studio.dicom.pixels.decoders import DECODERS, missing_decoder

    return [
        {"transfer_syntax": uid, "name": syntax_name(uid), "missing": missing_decoder(uid)}
        for uid in sorted(DECODERS.entries())
    ]


def encoders() -> dict[str, bool]:
    """Return the video encoders that are needed, and whether each is there."""
    from xray_studio.video.encoders import encoders as find

    return find()


def hardware_encoders() -> dict[str, str]:
    """Return the encoders of graphics hardware, and why one cannot be used; none is needed."""
    from xray_studio.services.export.encoders import hardware

    return hardware()


def display() -> dict[str, Any]:
    """Return whether a window can open, and on Linux which libraries it lacks."""
    return {"available": has_display(), "missing_libraries": missing_libraries()}


def has_display() -> bool:
    """Tell whether there is a screen to open a window on."""
    if sys.platform in {"win32", "darwin"}:
        return True
    offscreen = os.environ.get("QT_QPA_PLATFORM", "") in {"offscreen", "minimal"}
    return offscreen or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_libraries() -> list[str]:
    """Return the Debian packages of system libraries that Qt needs and does not find."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in QT_LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def fonts() -> dict[str, bool]:
    """Return the fonts that the program ships, and whether each is there."""
    return {name: _is_shipped(f"fonts/{name}") for name in FONTS}


def _is_shipped(name: str) -> bool:
    try:
        resource(name)
    except FileNotFoundError:
        return False
    return True


def gpu() -> list[str]:
    """Return the names of NVIDIA graphics processors; nothing needs one."""
    if shutil.which("nvidia-smi") is None:
        return []
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        found = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return found.stdout.split("\n")[:-1] if found.returncode == 0 else []


def compute() -> dict[str, Any]:
    """Return what networks run on here: device, threads, and kind of number."""
    from xray_studio.ai.compute import found

    return found().facts()


def models() -> dict[str, Any]:
    """Return the installed models, and whether torchvision would break those that come."""
    from xray_studio.services.learning.models.installed import checked, lacking, places

    found = [(place.origin.value, checked(place.folder)) for place in places()]
    return {
        "installed": [
            {
                "name": one.model.name,
                "task": one.model.task,
                "from": origin,
                "licence": one.model.licence,
            }
            for origin, one in found
            if one.model is not None
        ],
        "missing": lacking(),
        "unusable": [one.problem for _, one in found if one.problem],
        "torchvision": torchvision(),
    }


def torchvision() -> str:
    """Return "absent", "works", or "broken": then it takes other libraries with it."""
    if getattr(sys, "frozen", False) or importlib.util.find_spec("torchvision") is None:
        return "absent"
    try:
        command = [sys.executable, "-c", "import torchvision"]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS * 3, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "broken"
    return "works" if done.returncode == 0 else "broken"


def problems(report: dict[str, Any]) -> list[str]:
    """Return what is wrong, each with what to do."""
    found = [
        f"{name} is not installed; run packaging/bootstrap.py again."
        for name, version in report["packages"].items()
        if version is None
    ]
    found += [syntax["missing"] for syntax in report["decoders"] if syntax["missing"]]
    found += [
        f"The encoder {name} is missing; install the package av again."
        for name, there in report["encoders"].items()
        if not there
    ]
    found += [
        f"The font {name} is missing; install the program again."
        for name, there in report["fonts"].items()
        if not there
    ]
    return found + _display_problems(report["display"]) + _model_problems(report["models"])


def _display_problems(display: dict[str, Any]) -> list[str]:
    found = []
    if not display["available"]:
        found.append("There is no display, so no window can open; commands work without one.")
    if display["missing_libraries"]:
        names = " ".join(display["missing_libraries"])
        found.append(f"The window lacks system libraries; on Debian: apt-get install {names}")
    return found


def _model_problems(models: dict[str, Any]) -> list[str]:
    found = list(models["unusable"])
    if models["torchvision"] == "broken":
        found += [
            "torchvision is installed but cannot be imported and breaks others; uninstall it."
        ]
    return found
