"""What services say, as it reads in the window: without what is meant for the command line."""

from __future__ import annotations

import re
from typing import Final

_OPTIONS: Final = re.compile(r" \((?:--|export --|pacs )[^)]*\)")


def in_the_window(sentence: str) -> str:
    """Return a sentence without the options and commands of the command line that it names."""
    return _OPTIONS.sub("", sentence)
