"""What a model says of itself is written, read again, and refused with the reason when broken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import FACTS, Model, Source, read_model

MODEL = Model(
    name="view",
    version="0.1",
    task="view",
    labels=("frontal", "spine degeneration"),
    network={"kind": "residual", "outputs": 2, "pooled": True},
    input=InputSpec(rows=64, columns=48, low=0.5),
    sha256="ab" * 32,
    licence='"none"\n of anybody, \\ ü \x7f\x1b',
    intended_use="Tests.",
    sources=(Source("a", "CC BY 4.0", 3, 5), Source("b", "not stated", 1, 1)),
    calibration={"temperature": 1.25},
    thresholds={"spine degeneration": 0.4},
    training={"epochs": 3, "device": "cpu"},
)


def _write(folder: Path, text: str) -> Path:
    (folder / FACTS).write_text(text, "utf-8")
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_model(_write(tmp_path, MODEL.text())) == MODEL


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('task = "view"\n', "", "it lacks task"),
        ('labels = ["frontal", "spine degeneration"]\n', "", "it lacks labels"),
        ("[network]", "[web]", "names web, which this version does not know"),
        ("rows = 64", "rows = -1", "size or range"),
        ('sha256 = "ab', 'sha256 = "xy', "its sha256 is none"),
        ('name = "view"', "name = 7", "a word that it needs is no text"),
        ("[input]", "[input", "cannot be used"),
        ("rows = 64", "rows = 64.5", "size or range"),
        ("mean = 0.5", "mean = nan", "size or range"),
        ("deviation = 0.25", "deviation = inf", "size or range"),
        ('["frontal", "spine degeneration"]', '"ab"', "no list of different names"),
        ('["frontal", "spine degeneration"]', '["a", "a"]', "no list of different names"),
        ("cases = 3", 'cases = "3"', "no number of cases"),
        ('kind = "residual"', 'kind = ["residual"]', "the kind of its network is no text"),
        ("epochs = 3", "epochs = nan", "no text, number, table"),
        ("epochs = 3", "epochs = [{ a = 1979-05-27 }]", "no text, number, table"),
        ('"spine degeneration" = 0.4', '"spine degeneration" = nan', "a threshold is no number"),
        ("[network]", "x = " + "[" * 50_000 + "\n[network]", "it is too deep"),
        ("[network]", "a." * 50_000 + "b = 1\n[network]", "it is too large"),
        ("[network]", "# " + "x" * (1 << 18) + "\n[network]", "it is too large"),
    ],
)
def test_a_broken_one_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = MODEL.text()
    assert old in text
    with pytest.raises(UnreadableError, match=told):
        read_model(_write(tmp_path, text.replace(old, new, 1)))


def test_other_files_are_no_models(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="holds no model"):
        read_model(tmp_path)
    (tmp_path / FACTS).write_bytes(b"\xff\x00" * 50)
    with pytest.raises(UnreadableError, match="cannot be used"):
        read_model(tmp_path)
    _write(tmp_path, replace(MODEL, intended_use="x" * 300_000).text())
    with pytest.raises(UnreadableError, match="cannot be used"):
        read_model(tmp_path)


def test_the_digest_changes_with_all_that_decides_answers(tmp_path: Path) -> None:
    assert read_model(_write(tmp_path, MODEL.text())).digest == MODEL.digest
    assert replace(MODEL, version="0.2", training={}).digest == MODEL.digest
    others = [
        replace(MODEL, sha256="cd" * 32), replace(MODEL, calibration={"temperature": 1.5}),
        replace(MODEL, thresholds={}), replace(MODEL, labels=("frontal", "lateral")),
        replace(MODEL, input=InputSpec(rows=64, columns=48, low=1.0)),
    ]  # fmt: skip
    assert len({MODEL.digest, *(one.digest for one in others)}) == 6
