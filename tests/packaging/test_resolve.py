"""What other systems need besides is found in the metadata of what pip chose here."""

from __future__ import annotations

from typing import Any

import pytest
from studio_setup import relock, resolve
from studio_setup.console import SetupError
from studio_setup.resolve import Pin


def _item(name: str, *requires: str, version: str = "1.0") -> dict[str, Any]:
    metadata = {"name": name, "version": version, "requires_dist": list(requires)}
    wheel = f"{name}-{version}-{'cp311-win_amd64' if name == 'click' else 'none-any'}.whl"
    download = {"url": wheel, "archive_info": {"hashes": {"sha256": name.lower()}}}
    return {"metadata": metadata, "download_info": download}


INDEX = {
    "click": _item("click", 'colorama; platform_system == "Windows"', 'sphinx; extra == "docs"'),
    "colorama": _item("colorama", version="0.4.6"),
    "pyinstaller": _item("PyInstaller", 'macholib>=1.8; sys_platform == "darwin"'),
    "macholib": _item("macholib", "altgraph"),
    "altgraph": _item("altgraph"),
}


def _pip(wanted: list[str], *_: str, **__: object) -> list[dict[str, Any]]:
    return [INDEX[name.partition("==")[0].lower()] for name in wanted]


def test_libraries_of_other_systems_join_with_their_marker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "ask_pip", _pip)
    assert resolve.closure(["click", "pyinstaller"], {}) == {
        "click": Pin("click", "1.0"),
        "colorama": Pin("colorama", "0.4.6", 'platform_system == "Windows"'),
        "pyinstaller": Pin("PyInstaller", "1.0"),
        "macholib": Pin("macholib", "1.0", 'sys_platform == "darwin"'),
        "altgraph": Pin("altgraph", "1.0"),
    }


def test_a_section_is_written_as_pip_reads_it() -> None:
    pins = {"b": Pin("B", "2", 'sys_platform == "win32"'), "a": Pin("a", "1")}
    text = relock._sections("run", pins, {"a": {"22", "11"}, "b": {"33"}})
    assert text == (
        "\n[run]\na==1 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22\n"
        'B==2 ; sys_platform == "win32" \\\n    --hash=sha256:33\n'
    )


def test_what_differs_between_machines_is_written_by_version_alone() -> None:
    pins = {"a": Pin("a", "1"), "torch": Pin("torch", "2.13.0+cpu")}
    text = relock._sections("run", pins, {"a": {"11"}})
    assert text == ("\n[run]\na==1 \\\n    --hash=sha256:11\n\n[run-unhashed]\ntorch==2.13.0\n")


def test_what_has_no_wheel_on_a_system_is_left_out_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pip(wanted: list[str], *_: str) -> list[dict[str, Any]]:
        if "click==8" in wanted:
            raise SetupError("ERROR: No matching distribution found for click==8")
        return _pip(wanted)

    monkeypatch.setattr(relock, "ask_pip", pip)
    pins = [Pin("click", "8"), Pin("altgraph", "1")]
    items = relock._wheels(pins, "Windows x86_64", ["win_amd64"], "3.11")
    assert [item["metadata"]["name"] for item in items] == ["altgraph"]
    assert "no wheel of click==8 for Windows x86_64" in capsys.readouterr().err


def test_a_wheel_for_every_system_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def pip(wanted: list[str], *_: str) -> list[dict[str, Any]]:
        asked.append(list(wanted))
        return _pip(wanted)

    monkeypatch.setattr(relock, "ask_pip", pip)
    found = relock._hashes([Pin("click", "8"), Pin("altgraph", "1")], {})
    assert found == {"click": {"click"}, "altgraph": {"altgraph"}}
    assert len(asked) == len(relock.SYSTEMS) * len(relock.PYTHONS)
    assert asked[0] == ["click==8", "altgraph==1"]
    assert asked[1:] == [["click==8"]] * (len(asked) - 1)


def test_hashes_of_versions_that_stay_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relock, "ask_pip", lambda wanted, *_: _pip(wanted))
    pins = [Pin("Click", "8"), Pin("altgraph", "2")]
    known = {"Click==8": {"kept"}, "altgraph==1": {"old"}}
    assert relock._hashes(pins, known) == {"click": {"kept"}, "altgraph": {"altgraph"}}
    monkeypatch.setattr(relock, "ask_pip", None)
    assert relock._hashes(pins[:1], known) == {"click": {"kept"}}


def test_any_other_refusal_of_pip_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def pip(*_: object) -> list[dict[str, Any]]:
        raise SetupError("ERROR: something else")

    monkeypatch.setattr(relock, "ask_pip", pip)
    with pytest.raises(SetupError, match="something else"):
        relock._wheels([Pin("click", "8")], "Windows x86_64", ["win_amd64"], "3.11")
