"""Where in the body a video was taken, by names that people type (PS3.16 CID 4031 and others)."""

from __future__ import annotations

from typing import Final

from xray_studio.core.errors import UsageError

Code = tuple[str, str, str]
REGIONS: Final[dict[str, str]] = {
    "abdomen": "818981001",
    "bladder": "89837001",
    "breast": "76752008",
    "bronchus": "955009",
    "chest": "51185008",
    "colon": "71854001",
    "duodenum": "38848004",
    "ear": "117590005",
    "esophagus": "32849002",
    "eye": "81745001",
    "foot": "56459004",
    "hand": "85562004",
    "heart": "80891009",
    "kidney": "64033007",
    "knee": "72696002",
    "larynx": "4596009",
    "liver": "10200004",
    "lung": "39607008",
    "nose": "45206002",
    "rectum": "34402009",
    "skin": "39937001",
    "stomach": "69695003",
    "uterus": "35039007",
}


def region_of(told: str) -> Code:
    """Return the code of a region: one of the names, or CODE|SCHEME|MEANING. Raises UsageError."""
    parts = tuple(part.strip() for part in told.split("|"))
    if len(parts) == 3 and all(parts) and len(parts[0]) <= 16 and len(parts[1]) <= 16:
        return parts[0], parts[1], parts[2]
    name = told.strip().lower()
    if name not in REGIONS:
        raise UsageError(
            f"{told} is no region that is known here; choose one of {', '.join(REGIONS)}, or write"
            ' a code as "CODE|SCHEME|MEANING".'
        )
    return REGIONS[name], "SCT", name.capitalize()
