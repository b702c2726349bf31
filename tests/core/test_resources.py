"""The shipped fonts and icons are found."""

from __future__ import annotations

from xray_studio.core.resources import font_paths, icon_path


def test_fonts_and_icons_are_where_the_program_looks() -> None:
    assert all(path.is_file() for path in font_paths())
    assert icon_path("play").is_file()
