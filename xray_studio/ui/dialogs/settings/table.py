"""Every setting in words: its title, one line of help, and what its values are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xray_studio.ui.actions.keymaps import KEYMAPS


@dataclass(frozen=True, slots=True)
class Item:
    """One setting: where it is kept (`group` and `name`), and its words.

    `words` names the values of a setting that has a few; `unit` is that of a number. `more` are
    further words that find it.
    """

    group: str
    name: str
    title: str
    help: str
    words: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    more: str = ""

    def text(self) -> str:
        """Return all words in which a search looks, in lower case."""
        parts = (self.title, self.help, *self.words.values(), self.more)
        return " ".join(parts).lower()


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together."""

    title: str
    items: tuple[Item, ...]


SECTIONS = (
    Section(
        "Appearance",
        (
            Item(
                "appearance",
                "theme",
                "Theme",
                "The colours of the window. Viewports stay black in every theme.",
                {"dark": "Dark", "light": "Light", "system": "As the system"},
                more="colour bright night",
            ),
            Item(
                "appearance",
                "text",
                "Size of letters",
                "Larger letters here and round the pictures. "
                "The scaling of the screen is followed by itself.",
                {"usual": "Usual", "large": "115 %", "larger": "130 %", "largest": "150 %"},
                more="text font scaling zoom dpi",
            ),
        ),
    ),
    Section(
        "Viewing",
        (
            Item(
                "viewing",
                "level_up",
                "Drag up to raise the level",
                "Raising the level darkens the picture. Off: dragging up lowers it.",
                more="window direction mouse brightness",
            ),
            Item(
                "viewing",
                "corner_text",
                "Corner text",
                "What stands round a picture. Name and ID stay unless identity is hidden.",
                {"all": "Shown", "none": "Name and ID only"},
                more="overlay annotation",
            ),
            Item(
                "viewing",
                "orientation_letters",
                "Orientation letters",
                "Letters at the edges tell which side of the patient they are.",
                more="left right anterior posterior head feet",
            ),
            Item(
                "viewing",
                "scale_bar",
                "Scale bar",
                "A ruler at the foot of a picture whose size is known.",
                more="ruler millimetres",
            ),
            Item(
                "viewing",
                "smooth",
                "Smooth pixels",
                "Blend pixels when a picture is enlarged; off shows each as a square.",
                more="interpolation",
            ),
            Item(
                "viewing",
                "loupe",
                "Magnifier",
                "The shape of the magnifier at the pointer.",
                {"round": "Round", "square": "Square"},
                more="loupe lens",
            ),
        ),
    ),
    Section(
        "Playback",
        (
            Item(
                "playback",
                "autoplay",
                "Play clips when they open",
                "A clip starts to play as soon as its first frame is there.",
                more="automatic cine loop",
            ),
            Item(
                "playback",
                "loop",
                "At the end of a clip",
                "How a clip goes on when it is opened; the file may prefer a way.",
                {
                    "file": "As the file says",
                    "loop": "Loop",
                    "ping-pong": "Ping-pong",
                    "once": "Play once",
                },
                more="repeat sequencing",
            ),
        ),
    ),
    Section(
        "Memory",
        (
            Item(
                "memory",
                "cache_megabytes",
                "Memory for decoded frames",
                "More keeps longer clips ready to play. Automatic: 2 GB, at most a quarter of all.",
                unit="MB",
                more="cache ram",
            ),
        ),
    ),
    Section(
        "Export",
        (
            Item(
                "export",
                "folder",
                "Folder",
                "Where the export dialog proposes to write; the one used last.",
                more="directory path",
            ),
            Item(
                "export",
                "quality",
                "Quality",
                "What the export dialog proposes for clips.",
                {"low": "Low", "medium": "Medium", "high": "High", "lossless": "Lossless"},
                more="video compression",
            ),
            Item(
                "objects",
                "uid_root",
                "Root of UIDs",
                "New DICOM objects get UIDs below the root of your organisation; empty: 2.25.",
                more="dicom organisation oid prefix",
            ),
        ),
    ),
    Section(
        "Privacy",
        (
            Item(
                "privacy",
                "hide_identity",
                "Hide identity from the start",
                "Names, numbers and dates of patients stay hidden until you show them.",
                more="anonymous teaching",
            ),
            Item(
                "privacy",
                "remember_headers",
                "Remember what folders hold",
                "Unchanged folders open at once again. What is kept can name patients.",
                more="index cache fast opening",
            ),
            Item(
                "privacy",
                "keep_measurements",
                "Keep what is measured",
                "It is there again when the picture is opened again. Off: all of it is forgotten.",
                more="annotations marks forget remember notes",
            ),
            Item(
                "privacy",
                "last_session",
                "After an unexpected end",
                "What was open can come back: paths, frames and windows are kept, no names.",
                {"ask": "Ask", "always": "Restore", "never": "Keep nothing"},
                more="session restore crash kill recover",
            ),
        ),
    ),
    Section(
        "Findings",
        (
            Item(
                "findings",
                "automatic",
                "Look for findings by itself",
                "Asks the installed model about every film that comes on screen.",
                more="ai artificial intelligence classifier heat map explain",
            ),
        ),
    ),
    Section(
        "Reports",
        (
            Item(
                "reports",
                "spelling",
                "Check the spelling of reports",
                "Underlines English words that no list knows. Nothing leaves this computer.",
                more="spell check words language dictionary",
            ),
        ),
    ),
    Section(
        "Archives",
        (
            Item(
                "archives",
                "attempts",
                "Attempts to send",
                "How often the send queue tries an object before it gives up.",
                unit="times",
                more="pacs nodes queue retry dicom dicomweb",
            ),
            Item(
                "archives",
                "port",
                "Port for fetching",
                "Where objects come from nodes that send them only by C-MOVE.",
                more="pacs nodes move retrieve listen",
            ),
        ),
    ),
    Section(
        "Keys and mouse",
        (
            Item(
                "keys",
                "keymap",
                "Keymap",
                "Keys and mouse buttons as in another viewer. Single keys can be changed below.",
                {name: keymap.title for name, keymap in KEYMAPS.items()},
                more="shortcuts keyboard bindings weasis ohif horos",
            ),
        ),
    ),
)
