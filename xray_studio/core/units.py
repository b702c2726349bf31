"""Units as people write them, from their UCUM codes (PS3.16 CID 82, https://ucum.org)."""

from __future__ import annotations

import re
from functools import lru_cache

_WHOLE = {
    "1": "",
    "{ratio}": "",
    "{no units}": "",
    "no units": "",
    "mm[Hg]": "mmHg",
    "cm[H2O]": "cmH₂O",
    "[in_i]": "in",
    "[lb_av]": "lb",
    "[hnsf'U]": "HU",
    "{HU}": "HU",
    "deg": "°",
    "Cel": "°C",
    "[degF]": "°F",
    "{score}": "",
    "[pH]": "",
    "{pixels}": "pixels",
    "{pixel}": "pixels",
}
_PARTS = {**_WHOLE, "1": "1"}
_MICRO = re.compile(r"^u(?=(m|g|s|A|V|L|l|Gy|Sv|W|mol|Ci)\b|(m|s)\d)")
_EXPONENT = re.compile(r"(?<=[A-Za-zµ°])(-?\d)$")
_POWER = re.compile(r"^10\*(-?\d+)$")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SPLIT = re.compile(r"([./])(?![^{]*})")


@lru_cache(maxsize=512)
def unit_text(ucum: str) -> str:
    """Return a UCUM code as people write it: "cm²", "mmHg", "beats/min", "µGy·m²".

    What is no UCUM code comes back as it is; the unit of plain numbers is "".
    """
    whole = ucum.strip()
    if whole in _WHOLE:
        return _WHOLE[whole]
    parts = [_separator(part) or _part(part) for part in _SPLIT.split(whole)]
    return "".join(parts)


def _separator(part: str) -> str:
    return {".": "·", "/": "/"}.get(part, "")


def _part(part: str) -> str:
    if part in _PARTS:
        return _PARTS[part]
    if part.startswith("{") and part.endswith("}"):
        return part[1:-1]
    if power := _POWER.match(part.partition("{")[0]):
        return f"10{power[1].translate(_RAISED)}"
    plain = re.sub(r"\{[^}]*\}", "", part).replace("[", "").replace("]", "")
    return _EXPONENT.sub(lambda found: found[1].translate(_RAISED), _MICRO.sub("µ", plain))


def with_unit(number: str, ucum: str) -> str:
    """Return "12 mm", "45°", "30 %"."""
    unit = unit_text(ucum)
    return f"{number}{'' if unit.startswith('°') and unit == '°' else ' '}{unit}".rstrip()
