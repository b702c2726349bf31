"""Measured luminances judged: a perfect display, others, and tables of both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.displays import perfect, srgb
from xray_studio.core.display_check import LEVELS, PRIMARY, SECONDARY, Measured, respond
from xray_studio.core.display_table import read_measured, written
from xray_studio.core.errors import UsageError


@given(st.floats(0.06, 3), st.floats(100, 2000), st.floats(0, 1))
def test_a_display_that_follows_the_function_deviates_by_nothing(
    dark: float, bright: float, ambient: float
) -> None:
    response = respond(perfect(dark, bright, ambient))
    # The function begins at 0.04998, the table at 0.0500 cd/m2.
    assert response.worst < 0.05
    assert response.ratio == pytest.approx((bright + ambient) / (dark + ambient), rel=1e-3)


def test_classes() -> None:
    response = respond(perfect())
    assert response.passes == "primary"
    assert response.failed(PRIMARY) == ()
    dim = respond(perfect(1.0, 120.0))
    assert dim.passes == "secondary"
    assert dim.failed(PRIMARY) == (
        "the luminance ratio is 120, below 250", "white has 120 cd/m², less than 171",
    )  # fmt: skip
    assert respond(perfect(1.0, 90.0)).passes == ""


def test_one_wrong_step_is_found() -> None:
    values = list(perfect().luminances)
    values[9] *= 1.03
    response = respond(Measured(tuple(values)))
    assert response.worst_step in {(120, 135), (135, 150)}
    step = response.wanted_contrasts[8]
    assert response.deviations[8] == pytest.approx(100 * 0.03 / step, rel=0.05)
    assert response.deviations[9] < 0
    others = [value for n, value in enumerate(response.deviations) if n not in {8, 9}]
    assert max(map(abs, others)) < 0.01


def test_a_display_as_sold_does_not_follow_the_function() -> None:
    response = respond(srgb())
    assert response.passes == ""
    assert response.worst > 20
    assert "the contrast from level" in response.failed(SECONDARY)[0]


def test_a_display_that_becomes_darker_is_judged_not_refused() -> None:
    values = list(perfect().luminances)
    values[4], values[5] = values[5], values[4]
    assert respond(Measured(tuple(values))).deviations[4] < -100


@pytest.mark.parametrize(
    ("values", "ambient", "words"),
    [
        ((1.0,) * 17, 0.0, "17 luminances"),
        ((1.0,) * 18, 0.0, "not brighter"),
        ((*range(17), float("inf")), 0.0, "level 255"),
        ((-1.0, *range(17)), 0.0, "level 0"),
        (tuple(range(18)), -1.0, "ambient"),
        (tuple(range(18)), float("nan"), "ambient"),
    ],
)
def test_what_cannot_be_luminances_is_refused(
    values: tuple[float, ...], ambient: float, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        Measured(values, ambient)


def test_black_of_nothing_needs_the_light_of_the_room() -> None:
    values = (0.0, *perfect().luminances[1:])
    with pytest.raises(UsageError, match="outside"):
        respond(Measured(values))
    assert respond(Measured(values, 0.2)).ratio > 1000


@given(st.floats(0.06, 3), st.floats(100, 2000), st.floats(0, 1))
def test_tables_are_read_as_written(dark: float, bright: float, ambient: float) -> None:
    measured = perfect(dark, bright, ambient)
    text = written(respond(measured))
    assert read_measured(text) == measured
    assert read_measured(text, 0.5).ambient == 0.5


def test_tables_of_others() -> None:
    measured = perfect(ambient=0.25)
    values = [f"{value!r}" for value in measured.luminances]
    plain = Measured(measured.luminances)
    assert read_measured("\n".join(values)) == plain
    assert read_measured(" ".join(values)) == plain
    assert read_measured(",".join(values)) == plain
    pairs = zip(LEVELS, values, strict=True)
    german = "\ufeffStufe;cd/m²;\r\n" + "\r\n".join(
        f"{level};{value.replace('.', ',')};" for level, value in pairs
    )
    assert read_measured(german + "\r\nAmbient;0,25") == measured
    tabs = "\n".join(f"{level}\t{value}" for level, value in zip(LEVELS, values, strict=True))
    assert read_measured(f"# meter 7\n\n{tabs}\n") == plain


@pytest.mark.parametrize(
    "text",
    [
        "", "level,luminance", "1,2,3", "x" * 70_000,
        "\n".join(f"{value},45" for value in range(18)),  # decimal commas between no separators
        "\n".join(f"{level},{level}" for level in LEVELS[:9]),  # 18 numbers, half of them levels
        "\n".join(f"{level},{level + 1}" for level in reversed(LEVELS)),
        "\n".join(f"{level},one" for level in LEVELS),
        "\n".join(["1"] * 17 + ["1e999"]),
        "\n".join(map(str, range(1, 19))) + "\nambient",
        "\n".join(map(str, range(1, 19))) + "\nambient,1\nambient,2",
    ],
)  # fmt: skip
def test_numbers_are_never_mistaken(text: str) -> None:
    with pytest.raises(UsageError):
        read_measured(text)
