"""What `doctor` finds, and what it says about what is missing."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from xray_studio.core.job import run
from xray_studio.services import doctor
from xray_studio.services.export.exporters import EXPORTERS


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return run(doctor.examine())


def test_everything_that_ships_is_there(report: dict[str, Any]) -> None:
    assert all(report["packages"].values())
    assert all(report["fonts"].values())
    assert all(report["encoders"].values())
    assert [syntax for syntax in report["decoders"] if syntax["missing"]] == []
    assert report["system"]["memory_megabytes"] > 0
    assert set(report["compute"]) == {"device", "threads", "number"}
    assert all(entry.missing() is None for entry in EXPORTERS.entries().values())


def test_names_of_transfer_syntaxes(report: dict[str, Any]) -> None:
    names = {syntax["transfer_syntax"]: syntax["name"] for syntax in report["decoders"]}
    assert names["1.2.840.10008.1.2.5"] == "RLE Lossless"
    assert len(names) > 20


def test_missing_parts_are_sentences_with_a_way_out(report: dict[str, Any]) -> None:
    broken = report | {
        "packages": {"numpy": None},
        "encoders": {"libx264": False},
        "fonts": {"Inter-Regular.otf": False},
        "display": {"available": False, "missing_libraries": ["libegl1", "libgl1"]},
        "models": {"installed": [], "unusable": [], "torchvision": "broken"},
    }
    told = "\n".join(doctor.problems(broken))
    for words in (
        "numpy is not installed", "encoder libx264 is missing", "font Inter-Regular.otf is missing",
        "no display", "apt-get install libegl1 libgl1", "torchvision is installed but cannot",
    ):  # fmt: skip
        assert words in told


def test_no_display_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not doctor.has_display()
    monkeypatch.setenv("DISPLAY", ":0")
    assert doctor.has_display()
    monkeypatch.setattr(doctor.sys, "platform", "darwin")
    assert doctor.missing_libraries() == []


def test_libraries_that_do_not_load_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor, "QT_LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    assert doctor.missing_libraries() == ["libnowhere9"]


def test_a_broken_torchvision_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.torchvision() in {"absent", "works", "broken"}
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: object())
    failed = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(doctor.subprocess, "run", lambda *args, **more: failed)
    assert doctor.torchvision() == "broken"


def test_graphics_processors_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "nvidia-smi")
    found = subprocess.CompletedProcess([], 0, stdout="NVIDIA T4\n")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *args, **more: found)
    assert doctor.gpu() == ["NVIDIA T4"]
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert doctor.gpu() == []
