"""Writes the tables of docs/keys.md from the table of actions and the keymaps.

`.venv/bin/python packaging/keys_page.py` renews the page; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "keys.md"
BEGIN, END = "<!-- tables: packaging/keys_page.py -->", "<!-- end of tables -->"


class _Anything(dict[str, Callable[[], object]]):
    """Gives a function for any name: what actions run is of no interest here."""

    def __missing__(self, _name: str) -> Callable[[], object]:
        return lambda: None


def tables() -> str:
    """Return the tables of keys, one for each menu, and that of the mouse, as Markdown."""
    from xray_studio.ui.actions.actions import Spec
    from xray_studio.ui.actions.keymaps import KEYMAPS, keys_of
    from xray_studio.ui.actions.table import table
    from xray_studio.ui.session import Session

    menus = table(Session(), _Anything())
    usual = {spec.name: spec.keys for specs in menus.values() for spec in specs if spec.name}
    maps = [keys_of(usual, keymap) for keymap in KEYMAPS.values()]

    def rows(specs: list[Spec]) -> Iterator[str]:
        for spec in specs:
            keys = [_words(keys[spec.name]) for keys in maps if spec.name]
            if any(keys):
                yield _row(spec.called(spec.text), *keys)

    parts = [
        "\n".join((f"### {title}", "", _head("Action"), *rows(list(specs))))
        for title, specs in menus.items()
    ]
    return "\n\n".join((*parts, _mouse()))


def _mouse() -> str:
    from xray_studio.ui.actions.keymaps import KEYMAPS
    from xray_studio.ui.dialogs.keys import mouse_rows

    columns = [dict(mouse_rows(keymap.mouse)) for keymap in KEYMAPS.values()]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [_row(name, *(column.get(name, "") for column in columns)) for name in names]
    return "\n".join(("### Mouse on a picture", "", _head("Mouse"), *rows))


def _head(first: str) -> str:
    from xray_studio.ui.actions.keymaps import KEYMAPS

    titles = [keymap.title for keymap in KEYMAPS.values()]
    return f"{_row(first, *titles)}\n|{'---|' * (len(titles) + 1)}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.rstrip("…").replace("|", "\\|") for cell in cells) + " |"


def _words(keys: str) -> str:
    from xray_studio.ui.actions.keymap import written

    return ", ".join(f"`{written(key)}`" for key in keys.split())


def renewed(page: str) -> str:
    """Return the page with its tables written anew."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
