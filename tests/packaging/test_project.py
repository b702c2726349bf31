"""The project's files agree with one another."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from studio_setup import lockfile, places

README_COMMAND = "python3 packaging/bootstrap.py test"


@pytest.fixture
def setup() -> dict[str, Any]:
    """What pyproject.toml tells setuptools."""
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text("utf-8"))
    return project["tool"]["setuptools"]


def test_every_package_and_resource_is_in_the_wheel(setup: dict[str, Any]) -> None:
    sources = places.ROOT / "xray_studio"
    folders = {file.parent.relative_to(places.ROOT) for file in sources.rglob("__init__.py")}
    inner = [one for one in (places.ROOT / "resources").rglob("*") if one.is_dir()]
    names = [".".join(folder.relative_to(places.ROOT).parts) for folder in inner]
    resources = ["resources", *names]
    expected = {".".join(folder.parts) for folder in folders}
    assert set(setup["packages"]) == expected | {f"xray_studio.{name}" for name in resources}


def test_every_kind_of_resource_file_is_in_the_wheel(setup: dict[str, Any]) -> None:
    files = [file for file in (places.ROOT / "resources").rglob("*") if file.is_file()]
    assert {f"*{file.suffix}" for file in files} <= set(setup["package-data"]["*"])


def test_no_folder_of_modules_lacks_its_init_file() -> None:
    for file in (places.ROOT / "xray_studio").rglob("*.py"):
        assert (file.parent / "__init__.py").exists(), file


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    assert README_COMMAND in (places.ROOT / "README.md").read_text("utf-8")
    last = (places.ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1]
    assert last == f"exec {README_COMMAND}"


@pytest.mark.parametrize("name", sorted(lockfile.pins(lockfile.read(places.LOCK), "run")))
def test_every_library_that_ships_has_its_licence_named(name: str) -> None:
    notices = (places.ROOT / "docs" / "third-party.md").read_text("utf-8")
    assert f"| {name} |" in notices


def test_every_decision_is_in_the_index() -> None:
    folder = places.ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    for record in folder.glob("0*.md"):
        title = record.read_text("utf-8").splitlines()[0].removeprefix("# ")
        number, _, words = title.partition(". ")
        assert f"| [{number}]({record.name}) | {words} |" in index
