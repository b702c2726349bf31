"""How reports in English speak of each finding.

A finding is mentioned by any of its phrases; some phrases alone say that it is absent ("the heart
is normal in size"). What stands in `REMOVED` is taken out first: it only looks like a mention.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ANY = r"[^.;]*?"  # anything within a clause
_FAR = r"(?:\s+[^\s.;]+){0,6}?\s+"  # up to six words


@dataclass(frozen=True, slots=True)
class Phrases:
    """What mentions a finding, and what says without a negation that it is absent."""

    mentions: re.Pattern[str]
    absent: re.Pattern[str] | None = None


def _phrases(*mentions: str, absent: tuple[str, ...] = ()) -> Phrases:
    return Phrases(_one_of(mentions), _one_of(absent) if absent else None)


def _one_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{word})\b" for word in words))


_HEART = r"(?:heart|cardiac|cardio ?-?mediastinal|cardio ?pericardial)"
_LARGE = r"(?:enlarged|enlargement|large|borderline|prominent|increased)"
_WIDE = (
    r"(?:tortu\w+|ectas\w+|ectatic|enlarg\w+|dilat\w+|calcifi\w+|athero\w+|unfold\w+|uncoil\w+"
    r"|aneurysm\w*|prominen\w+|elongat\w+)"
)
_SPINE = r"(?:spine|spinal|vertebra\w*|thoracic|lumbar|cervical|dis[ck]s?|end ?plates?|t-spine)"

REMOVED: Final = re.compile(
    r"\b(?:no|without|not)(?: \w+){0,3} (?:interval )?change[sd]?\b(?! of)"
    r"|\bx-?ray\b|\bno longer\b"
)

FINDING_PHRASES: Final[Mapping[str, Phrases]] = {
    "cardiomegaly": _phrases(
        r"cardiomegaly", rf"{_HEART}{_FAR}{_LARGE}", rf"{_HEART} {_LARGE}",
        rf"{_LARGE}(?: \w+){{0,3}} {_HEART}",
        absent=(
            rf"{_HEART}{_ANY}(?:normal|unremarkable|within limits|not enlarged)",
            rf"(?:normal|unremarkable)(?: \w+)? {_HEART}",
        ),
    ),
    "effusion": _phrases(
        r"effusions?", r"hydropneumothora\w+", r"ha?emothora\w+", r"pleural fluid",
        absent=(r"pleural spaces? (?:are|is) (?:\w+ )?clear", r"pleural spaces are normal"),
    ),
    "opacity": _phrases(
        r"opacit(?:y|ies)", r"opacifi\w+", r"air ?-?space (?:disease|process|consolidation)\w*",
        r"infiltrat\w*", r"consolidat\w*", r"(?:broncho)?pneumonias?", r"densit(?:y|ies)",
        absent=(r"lungs?(?: \w+){0,4} clear", r"clear lungs?"),
    ),
    "atelectasis": _phrases(r"atelecta\w+", r"volume loss", r"loss of volume", r"lob\w+ collapse"),
    "nodule": _phrases(
        r"(?:fibro|micro)?nodul\w+(?!,? \w* ?(?:densit|opacit))", r"mass(?:es)?", r"mass-?like",
    ),
    "granuloma": _phrases(
        r"granuloma\w*", rf"calcified{_FAR}nodul\w+", r"calcified nodul\w+",
    ),
    "calcinosis": _phrases(
        r"(?<!atherosclerotic )(?<!atherosclerotic vascular )calcifications?",
        r"calcified(?!(?: [^\s.;]+){0,6} granulom)", r"calcific", r"ossific\w+",
    ),
    "hyperinflation": _phrases(
        r"hyper-?inflat\w+", r"hyper-?expan\w+", r"hyper-?lucen\w+", r"emphysem\w+", r"copd",
        r"chronic obstructive", r"bulla\w*", r"blebs?", r"over-?expan\w+", r"hyper-?aerat\w+",
        rf"flatten\w+{_ANY}diaphragm\w*", rf"diaphragm\w*{_ANY}flatten\w+",
    ),
    "oedema": _phrases(r"o?edema", r"congestion", r"congestive", r"heart failure", r"chf"),
    "scar": _phrases(
        r"scar\w*", r"fibrosis", r"fibrotic", r"cicatri\w+", r"interstitial lung disease",
        rf"(?:pleural|apical){_ANY}thickening", r"thickening of the pleura",
    ),
    "spine degeneration": _phrases(
        rf"degenerat\w+{_ANY}{_SPINE}", rf"{_SPINE}{_ANY}degenerat\w+", r"spondyl\w+",
        r"osteophyt\w*", r"spurring", r"hyperostosis", r"degenerative changes?(?! of| in)",
    ),
    "scoliosis": _phrases(
        r"(?:levo|dextro)?-?scolio\w+", r"(?:levo|dextro)curvature", rf"curvature{_ANY}spine",
    ),
    "aorta": _phrases(rf"aort\w+{_ANY}{_WIDE}", rf"{_WIDE}{_ANY}aort\w+", r"atherosclero\w+"),
    "device": _phrases(
        r"pace-?maker\w*", r"pacers?", r"defibrillator\w*", r"icd", r"aicd", r"leads?",
        r"catheters?", r"picc", r"port-?a-?cath\w*", r"mediport", r"port(?= |$)", r"tubes?",
        r"clips?", r"wires?", r"sutures?", r"staples?", r"stents?",
        r"prosthe\w+", r"hardware", r"screws?", r"rods?", r"implants?",
        r"central (?:venous )?lines?", r"foreign bod(?:y|ies)", r"electrodes?", r"stimulator\w*",
        r"devices?", r"valve replacement", r"spinal fusion", r"anchors?", r"tubing", r"tip",
        r"bullets?", r"fixation",
    ),
    "fracture": _phrases(r"fractur\w+"),
    "pneumothorax": _phrases(r"(?:hydro)?pneumothora\w+"),
    "hernia": _phrases(r"hernia\w*"),
}  # fmt: skip

# What makes a film abnormal and is no finding of the list.
OTHER: Final = _phrases(
    r"blunt\w+", r"prominen\w+", r"deformit\w+", r"elevat\w+", r"thicken\w+", r"markings",
    r"adenopathy", r"lymphadenopathy", r"widen\w+", r"lesions?", r"abnormal\w*", r"disease",
    r"eventration", r"kyphosis", r"arthritis", r"osteopeni\w+", r"osteoporo\w+",
).mentions  # fmt: skip
