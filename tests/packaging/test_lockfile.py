"""The lock: its form, and that the one in the project is whole."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from studio_setup import lockfile, places
from studio_setup.console import SetupError


@pytest.fixture(scope="module")
def locked() -> dict[str, lockfile.Section]:
    """The sections of the project's own lock."""
    return lockfile.read(places.LOCK)


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The project's pyproject.toml."""
    return tomllib.loads((places.ROOT / "pyproject.toml").read_text("utf-8"))


def _pins(sections: dict[str, lockfile.Section], name: str) -> dict[str, str]:
    pins = lockfile.pins(sections, name)
    return {canonicalize_name(name): version for name, version in pins.items()}


def _assert_pinned(wanted: list[str], pins: dict[str, str]) -> None:
    for text in wanted:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), text


def test_every_dependency_of_the_program_is_pinned_as_asked(
    locked: dict[str, lockfile.Section], project: dict[str, Any]
) -> None:
    _assert_pinned(project["project"]["dependencies"], _pins(locked, "run"))


def test_every_tool_is_pinned_as_asked(
    locked: dict[str, lockfile.Section], project: dict[str, Any]
) -> None:
    wanted = project["dependency-groups"]["develop"]
    _assert_pinned(wanted, _pins(locked, "develop") | _pins(locked, "run"))


def test_no_library_is_pinned_twice(locked: dict[str, lockfile.Section]) -> None:
    names = [canonicalize_name(name) for section in locked.values() for name in section.pins]
    assert len(names) == len(set(names))


def test_every_pin_has_a_hash(locked: dict[str, lockfile.Section]) -> None:
    for section in locked.values():
        if section.hashed:
            for line in lockfile._joined(section.text):
                assert "--hash=sha256:" in line, line


def test_the_lock_names_no_place_to_download_from() -> None:
    text = places.LOCK.read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text


def test_sections_are_read_with_versions_and_without_comments(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text(
        "# a comment\n[run]\nnumpy==2.4.6 ; python_version > '3' \\\n    --hash=sha256:00 \\\n"
        "    --hash=sha256:11\npillow==13.0.0 --hash=sha256:22\n\n[run-unhashed]\ntorch==2.13.0\n",
        "utf-8",
    )
    sections = lockfile.read(lock)
    assert sections["run"].pins == {"numpy": "2.4.6", "pillow": "13.0.0"}
    assert sections["run"].hashed
    assert not sections["run-unhashed"].hashed
    assert sections["run"].hashes == {"numpy==2.4.6": {"00", "11"}, "pillow==13.0.0": {"22"}}
    assert sections["run-unhashed"].hashes == {"torch==2.13.0": set()}
    assert [s.name for s in lockfile.group(sections, "run")] == ["run", "run-unhashed"]


def test_the_digest_changes_with_the_section() -> None:
    first, second = (lockfile.Section("run", f"numpy=={v}\n") for v in ("2.4.5", "2.4.6"))
    assert first.digest != second.digest
    assert first.digest == lockfile.Section("run", "numpy==2.4.5\n").digest


def test_a_missing_lock_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="is missing: restore it"):
        lockfile.read(tmp_path / "absent.lock")


def test_a_requirement_outside_a_section_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.lock").write_text("numpy==2.4.6\n", "utf-8")
    with pytest.raises(SetupError, match="before its first section"):
        lockfile.read(tmp_path / "x.lock")
