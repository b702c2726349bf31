"""What sentences must not claim without a basis: sides, sizes, degrees, changes."""

from __future__ import annotations

import re
from typing import Final

_CLAIMS: Final = re.compile(
    r"\b(?:left|right|bilateral\w*|unilateral\w*|lingula\w*"
    r"|stable|unchanged|changed?|new|worse\w*|improv\w*|interval|previous\w*|prior|again|compar\w*"
    r"|persist\w*|resol\w*|increas\w*|decreas\w*"
    r"|mild\w*|moderate\w*|severe\w*|small|large|\d+(?:\.\d+)? ?(?:mm|cm)|xxxx)\b"
)


def is_unfounded(sentence: str) -> bool:
    """Tell whether a sentence names a side, a size, a degree, a change, or what was blacked out."""
    return bool(_CLAIMS.search(sentence.casefold()))
