"""The project's files agree with one another."""

from __future__ import annotations

import tomllib

import pytest
from studio_setup import lockfile, places

README_COMMAND = "python3 packaging/bootstrap.py test"


def test_every_package_is_in_the_wheel() -> None:
    setup = tomllib.loads((places.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    files = (places.ROOT / "xray_studio").rglob("__init__.py")
    found = {".".join(file.parent.relative_to(places.ROOT).parts) for file in files}
    assert set(setup["packages"]) == found | {"xray_studio.resources"}


def test_no_folder_of_modules_lacks_its_init_file() -> None:
    for file in (places.ROOT / "xray_studio").rglob("*.py"):
        assert (file.parent / "__init__.py").exists(), file


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    assert README_COMMAND in (places.ROOT / "README.md").read_text("utf-8")
    last = (places.ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1]
    assert last == f"exec {README_COMMAND}"


@pytest.mark.parametrize("name", sorted(lockfile.read(places.LOCK)["run"].pins))
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
