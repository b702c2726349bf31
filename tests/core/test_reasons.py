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


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (["damaged: x"], "1 file"),
        ([reasons.FOLDER + "x"], "1 folder"),
        (["x"] * 1200 + [reasons.FOLDER + "x"] * 2, "1,200 files and 2 folders"),
    ],
)
def test_files_and_folders_are_counted_apart(what: list[str], words: str) -> None:
    assert reasons.counted(what) == words
