"""Keymaps: what wins, what can be given, and files of keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from tests.ui.conftest import Drive
from tests.ui.keys import press
from xray_studio.services.setting_groups import Keys, choices_of
from xray_studio.services.settings import Settings, load_settings, save_settings
from xray_studio.ui.actions.key_changes import (
    KeyFileError,
    given,
    owner_of,
    read_keys,
    refusal,
    write_keys,
)
from xray_studio.ui.actions.keymap import clashes
from xray_studio.ui.actions.keymaps import KEYMAPS, Keymap, keys_of, standard
from xray_studio.ui.main_window import MainWindow

USUAL = {"play": "Space C", "invert": "I", "fit": "F", "window_1": "1", "window_3": "3"}


def test_every_keymap_can_be_chosen() -> None:
    assert tuple(KEYMAPS) == choices_of(Keys, "keymap")


def test_keys_of_a_keymap_are_taken_from_others() -> None:
    keys = keys_of(USUAL, Keymap("Other", {"fit": "Space", "window_3": "1", "unknown": "Q"}))
    assert keys == {"play": "C", "invert": "I", "fit": "Space", "window_1": "", "window_3": "1"}


def test_what_a_person_changed_wins() -> None:
    keys = keys_of(USUAL, Keymap("Other", {"fit": "Space"}), (("invert", "Space"), ("play", "")))
    assert keys["invert"] == "Space"
    assert keys["fit"] == ""
    assert keys["play"] == ""


@hypothesis_given(
    st.dictionaries(st.sampled_from(sorted(USUAL)), st.sampled_from(["", "A", "b", "Space", "1"])),
    st.sampled_from(sorted(KEYMAPS)),
)
def test_a_key_never_has_two_actions_but_by_a_person(changed: dict[str, str], name: str) -> None:
    keys = keys_of(USUAL, KEYMAPS[name], tuple(changed.items()))
    assert set(keys) == set(USUAL)
    given_twice = clashes(key for own in keys.values() for key in own.split())
    by_hand = clashes(key for own in changed.values() for key in own.split())
    assert set(given_twice) <= set(by_hand)


@pytest.mark.parametrize("name", KEYMAPS)
def test_no_keymap_gives_a_key_twice_in_the_window(drive: Drive, name: str) -> None:
    save_settings(Settings(keys=Keys(name)))

    def script(window: MainWindow) -> None:
        keys = window.commands.keys
        assert clashes(key for own in keys.values() for key in own.split()) == []
        assert all(not refusal(key) for key in KEYMAPS[name].keys.values())

    drive(script)


def test_a_key_is_written_in_one_way() -> None:
    assert standard("shift+r") == standard("Shift+R") == "Shift+R"
    assert owner_of("space", USUAL) == "play"
    assert owner_of("Q", USUAL) == ""


def test_a_key_is_taken_over() -> None:
    assert given("fit", "c", USUAL, {}) == {"play": "Space", "fit": "C"}
    assert given("fit", "F", USUAL, {}) == {"fit": "F"}
    assert given("fit", "X", USUAL, {"invert": "U"}) == {"invert": "U", "fit": "X"}


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        *(("Tab", True), ("Return", True), ("Esc", True), ("F10", True), ("Alt+F", True)),
        *(("Ctrl+C", True), ("Meta+L", True), ("", True)),
        *(
            ("Q", False),
            ("Shift+Q", False),
            ("Ctrl+Shift+Z", False),
            ("Alt+Left", False),
            ("Alt+1", False),
        ),
    ],
)
def test_reserved_keys(key: str, refused: bool) -> None:
    assert bool(refusal(key)) is refused


def test_keys_go_through_a_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_keys(path, "ohif", {"fit": "X", "play": ""})
    assert json.loads(path.read_text("utf-8"))["changed"] == {"fit": "X", "play": ""}
    assert read_keys(path, USUAL, KEYMAPS) == ("ohif", {"fit": "X", "play": ""})
    assert read_keys(path, {"fit": ""}, KEYMAPS) == ("ohif", {"fit": "X"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "other"}',
        '{"format": "x-ray-studio-keys", "keymap": "none", "changed": {}}',
        '{"format": "x-ray-studio-keys", "keymap": "ohif", "changed": ["fit"]}',
        '{"format": "x-ray-studio-keys", "keymap": "ohif", "changed": {"fit": 3}}',
        '{"format": "x-ray-studio-keys", "keymap": "ohif", "changed": {"fit": "Tab"}}',
    ],
)
def test_other_files_are_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text, "utf-8")
    with pytest.raises(KeyFileError, match=r"keys\.json .*\."):
        read_keys(path, USUAL, KEYMAPS)


def test_a_changed_key_works_at_once_and_is_remembered(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.session.change_settings("keys", changed=(("corner_text", "Ctrl+Y"),))
        before = window.session.state.overlay
        press(window, "O")
        assert window.session.state.overlay is before
        window.session.change_settings("keys", changed=(("corner_text", "U"),))
        assert "(U)" in window.commands["corner_text"].toolTip()
        window.stage.focus()
        press(window, "U")
        assert window.session.state.overlay is not before

    drive(script)
    assert load_settings()[0].keys.changed == (("corner_text", "U"),)
