"""Colour tokens: every colour in the window, by what it means, in a dark and a light set.

Letters keep a contrast of at least 4.5 to 1 on every ground they stand on (WCAG 2.2, 1.4.3);
`faint` and `disabled` are for marks and for what cannot be used now.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they mean, as "#RRGGBB".

    Grounds are background, panel, raised, selected, and accent_fill below `on_accent`. Inks are
    text, secondary, accent, ai, done and danger. `note_ink` stands on `note_fill`.
    """

    background: str
    panel: str
    raised: str
    border: str
    strong_border: str
    text: str
    secondary: str
    faint: str
    disabled: str
    accent: str
    accent_fill: str
    accent_hover: str
    accent_pressed: str
    accent_ring: str
    on_accent: str
    selected: str
    handle: str
    ai: str
    done: str
    danger: str
    note_ink: str
    note_fill: str
    note_border: str


DARK = Tokens(
    background="#0E1116",
    panel="#151A21",
    raised="#1C222B",
    border="#1F2630",
    strong_border="#2B3441",
    text="#E6EAF0",
    secondary="#98A2B1",
    faint="#6B7584",
    disabled="#4A5361",
    accent="#4DA3FF",
    accent_fill="#2A75C8",
    accent_hover="#2F6FB5",
    accent_pressed="#245F9F",
    accent_ring="#CFE5FF",
    on_accent="#FFFFFF",
    selected="#20364F",
    handle="#FFFFFF",
    ai="#F2B84B",
    done="#4CC38A",
    danger="#F58080",
    note_ink="#F0CE8A",
    note_fill="#241E12",
    note_border="#4A3B1A",
)

LIGHT = Tokens(
    background="#EEF1F5",
    panel="#F8FAFC",
    raised="#FFFFFF",
    border="#DCE2EA",
    strong_border="#C3CCD8",
    text="#11161D",
    secondary="#55606F",
    faint="#8A94A3",
    disabled="#AEB7C3",
    accent="#1B64BA",
    accent_fill="#1F6FCC",
    accent_hover="#1A60B2",
    accent_pressed="#165296",
    accent_ring="#0A2F5C",
    on_accent="#FFFFFF",
    selected="#DCEBFB",
    handle="#FFFFFF",
    ai="#8C5C00",
    done="#17754A",
    danger="#C03434",
    note_ink="#5E4300",
    note_fill="#FFF5DC",
    note_border="#E6CB8B",
)

PLANES = {"axial": "#FF6B6B", "coronal": "#4CD27A", "sagittal": "#FFD166"}
"""Colours of planes through a volume, on black, in both themes: those of 3D Slicer's slices."""

GROUNDS = ("background", "panel", "raised", "selected")
INKS = ("text", "secondary", "accent", "ai", "done", "danger")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, "#RRGGBB", from 1 to 21 (WCAG 2.2, contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
