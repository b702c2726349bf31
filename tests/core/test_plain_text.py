"""Nothing that is printed moves the cursor of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.plain_text import in_one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße\u3000山田\xa0€", "Grüße\u3000山田\xa0€"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\x1b[31mred\x07\x7f\x9b", r"\x1b[31mred\x07\x7f\x9b"),
        ("\udcff.png", r"\udcff.png"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    assert in_one_line(text) == shown


@given(st.text())
def test_any_text_is_one_line(text: str) -> None:
    assert len(in_one_line(text).splitlines()) <= 1
    in_one_line(text).encode("utf-8")
