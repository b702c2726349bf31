"""Reasons have one form: no capital, no full stop."""

from __future__ import annotations

import pytest

from xray_studio.core import reasons


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The picture is damaged.", "the picture is damaged"),
        ("A frame is missing.", "a frame is missing"),
        ("JPEG XL is not read here.", "JPEG XL is not read here"),
        ("the file is empty", "the file is empty"),
        ("", ""),
    ],
)
def test_sentences_become_reasons(sentence: str, reason: str) -> None:
    assert reasons.as_reason(sentence) == reason


def test_the_reasons_have_that_form() -> None:
    named = [text for name, text in vars(reasons).items() if name.isupper() and name[0] != "_"]
    assert named
    assert all(reasons.as_reason(text) == text for text in named)
