"""Resources are found from a source tree and inside an installed package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from xray_studio.core import resources


@pytest.fixture(autouse=True)
def _fresh_folder() -> Iterator[None]:
    resources.folder.cache_clear()
    yield
    resources.folder.cache_clear()


def test_an_icon_and_a_font_are_found() -> None:
    assert resources.resource("icons/play.svg").read_text("utf-8").count("<svg") == 1
    assert resources.resource("fonts/Inter-Regular.otf").read_bytes()[:4] == b"OTTO"


def test_every_icon_is_drawn_with_the_same_stroke() -> None:
    icons = sorted(resources.resource("icons").glob("*.svg"))
    assert len(icons) >= 69
    for icon in icons:
        # A tick in a box of ten pixels, an arrow of twelve; style sheets give pictures no colour.
        if icon.stem.endswith("-on-accent") or icon.stem == "open-down":
            continue
        text = icon.read_text("utf-8")
        assert 'stroke-width="1.5"' in text, icon.name
        assert 'stroke="currentColor"' in text, icon.name


@pytest.mark.parametrize("name", ["fonts/OFL.txt", "icons/LICENSE.txt"])
def test_licences_travel_with_what_they_cover(name: str) -> None:
    assert "Permission" in resources.resource(name).read_text("utf-8")


def test_a_name_that_is_not_shipped_is_named_in_the_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/absent\.svg"):
        resources.resource("icons/absent.svg")


def test_the_folder_inside_the_package_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "xray_studio"
    (tmp_path / "resources").mkdir()
    (package / "resources").mkdir(parents=True)
    monkeypatch.setattr(resources, "PACKAGE", package)
    assert resources.folder() == package / "resources"
