"""Settings: sparse, replaced in one step, forgiving."""

from __future__ import annotations

import json
import os

import pytest

from xray_studio.core.errors import WriteError
from xray_studio.services.setting_groups import (
    Appearance,
    Exporting,
    Keys,
    Memory,
    Place,
    Viewing,
)
from xray_studio.services.settings import (
    MOST_RECENT,
    Settings,
    cache_limit,
    load_settings,
    save_settings,
    settings_file,
    total_memory,
)


def test_no_file_means_defaults_and_no_message() -> None:
    assert load_settings() == (Settings(), "")


def test_what_is_saved_comes_back() -> None:
    saved = Settings(
        appearance=Appearance(theme="light", text="large"),
        viewing=Viewing(level_up=False),
        memory=Memory(512),
        export=Exporting(folder="/out"),
        keys=Keys("ohif", (("play", "Space"), ("invert", ""))),
        place=Place((10, 20, 1600, 1000), True, (256, 350)),
        recent=("/a", "/b"),
        used=("play",),
    )
    save_settings(saved)
    assert load_settings() == (saved, "")


def test_the_file_holds_only_what_differs() -> None:
    save_settings(Settings(place=Place(maximised=True)))
    assert json.loads(settings_file().read_text("utf-8")) == {"place": {"maximised": True}}


def test_nothing_else_is_left_in_the_folder() -> None:
    save_settings(Settings(place=Place(maximised=True)))
    assert list(settings_file().parent.iterdir()) == [settings_file()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"recent": "x"}',
        '{"window": [1, 2]}',
        '{"window": [1, 2, 3, "x"]}',
        '{"maximised": 1}',
        '{"cache_megabytes": -1}',
        '{"cache_megabytes": true}',
        '{"theme": 3}',
        '{"appearance": {"theme": "sepia"}}',
        '{"appearance": "light"}',
        '{"keys": {"changed": ["play"]}}',
        '{"keys": {"changed": {"play": 1}}}',
    ],
)
def test_a_damaged_file_gives_defaults_and_a_message_and_is_kept(text: str) -> None:
    settings_file().write_text(text, "utf-8")
    settings, message = load_settings()
    assert settings == Settings()
    assert "settings.damaged.json" in message
    assert settings_file().with_suffix(".damaged.json").read_text("utf-8") == text


def test_bytes_that_are_no_text_give_defaults() -> None:
    settings_file().write_bytes(b"\xff\xfe\x00")
    assert load_settings()[0] == Settings()


def test_names_of_a_later_version_do_not_hurt() -> None:
    settings_file().write_text('{"place": {"maximised": true, "later": 1}, "later": {}}', "utf-8")
    assert load_settings() == (Settings(place=Place(maximised=True)), "")


def test_a_file_without_groups_is_read() -> None:
    old = {"theme": "light", "level_up": False, "export_folder": "/out", "window": [1, 2, 3, 4]}
    settings_file().write_text(json.dumps({**old, "panels": [5, 6], "recent": ["/a"]}), "utf-8")
    assert load_settings() == (
        Settings(
            appearance=Appearance(theme="light"),
            viewing=Viewing(level_up=False),
            export=Exporting(folder="/out"),
            place=Place(window=(1, 2, 3, 4), panels=(5, 6)),
            recent=("/a",),
        ),
        "",
    )


def test_recent_paths_are_few_unique_and_latest_first() -> None:
    settings = Settings()
    for number in range(MOST_RECENT + 3):
        settings = settings.with_recent(f"/{number}")
    settings = settings.with_recent("/5")
    assert settings.recent[0] == "/5"
    assert len(settings.recent) == len(set(settings.recent)) == MOST_RECENT


def test_the_cache_takes_a_quarter_of_memory_at_most() -> None:
    assert cache_limit(Settings()) <= total_memory() // 4
    assert cache_limit(Settings(memory=Memory(100))) == 100 << 20


def test_a_folder_that_cannot_be_made_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XRAY_STUDIO_CONFIG", os.devnull + "/nothing")
    with pytest.raises(WriteError):
        save_settings(Settings())
