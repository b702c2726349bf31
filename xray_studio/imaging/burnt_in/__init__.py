"""Text that is part of a picture: where it stands.

Classical vision, no character recognition: strokes of one brightness (`letters`) that stand in
rows (`lines`) are scored by what drawn text has and anatomy has not (`features`, `score`), at
several sizes (`find`).
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 1  # of what is found; manifests tell it
