"""The findings that are learned, and how the words of each source become them.

Indiana University's cases carry `mesh`, headings with places and qualities ("Opacity/lung/base/
left"), and `problems`, the headings alone, among them mere places ("Lung"). NIH's carry fourteen
names found in reports by a program. A word that is no rule here gives no finding, but is none the
less a reason why a case is not normal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

NORMAL: Final = "normal"
SENSITIVE: Final = " at 90 % sensitivity"  # behind a finding, of its second operating point
FINDINGS: Final = (
    NORMAL, "cardiomegaly", "effusion", "opacity", "atelectasis", "nodule", "granuloma",
    "calcinosis", "hyperinflation", "oedema", "scar", "spine degeneration", "scoliosis", "aorta",
    "device", "fracture", "pneumothorax", "hernia",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """Headings that give a finding, with one of `qualities` where there are any: "degenerative"."""

    headings: frozenset[str]
    qualities: frozenset[str] = frozenset()

    def fits(self, heading: str, told: frozenset[str]) -> bool:
        """Tell whether a heading with its places and qualities gives the finding."""
        return heading in self.headings and (
            not self.qualities or not self.qualities.isdisjoint(told)
        )


def _rule(headings: str, qualities: str = "") -> Rule:
    return Rule(frozenset(_parts(headings, ";")), frozenset(_parts(qualities, ";")))


def _parts(words: str, separator: str) -> list[str]:
    return [" ".join(part.split()).casefold() for part in words.split(separator) if part.strip()]


# Headings as the National Library of Medicine indexed the collection (MeSH, and RadLex beside it).
INDIANA: Final[Mapping[str, tuple[Rule, ...]]] = {
    NORMAL: (_rule("normal"),),
    "cardiomegaly": (_rule("cardiomegaly"), _rule("cardiac shadow; heart", "enlarged")),
    "effusion": (_rule("pleural effusion; hydropneumothorax; hemothorax; hemopneumothorax"),),
    "opacity": (
        _rule("opacity; airspace disease; infiltrate; consolidation; pneumonia"),
        _rule("density", "lung; retrocardiac"),
    ),
    "atelectasis": (_rule("pulmonary atelectasis; volume loss"),),
    "nodule": (_rule("nodule; mass"),),
    "granuloma": (_rule("granuloma; calcified granuloma; granulomatous disease"),),
    "calcinosis": (_rule("calcinosis"),),
    "hyperinflation": (
        _rule("emphysema; pulmonary emphysema; bullous emphysema; lung, hyperlucent"),
        _rule("pulmonary disease, chronic obstructive; blister"),
        _rule("lung", "hyperdistention"),
        _rule("diaphragm", "flattened"),
    ),
    "oedema": (_rule("pulmonary edema; pulmonary congestion; heart failure"),),
    "scar": (
        _rule(
            "cicatrix; pulmonary fibrosis; fibrosis; lung diseases, interstitial; cystic fibrosis"
        ),
        _rule("thickening", "pleura"),
    ),
    "spine degeneration": (
        _rule("osteophyte; spondylosis; hyperostosis, diffuse idiopathic skeletal"),
        _rule("spine; thoracic vertebrae; lumbar vertebrae; cervical vertebrae", "degenerative"),
    ),
    "scoliosis": (_rule("scoliosis"),),
    "aorta": (
        _rule("atherosclerosis; aortic aneurysm"),
        _rule("aorta; aorta, thoracic", "tortuous; enlarged; prominent"),
        _rule("calcinosis", "aorta; aorta, thoracic"),
    ),
    "device": (
        _rule("catheters, indwelling; surgical instruments; implanted medical device"),
        _rule("medical device; tube, inserted; stents; spinal fusion; sutures; foreign bodies"),
        _rule("breast implants"),
    ),
    "fracture": (_rule("fractures, bone"),),
    "pneumothorax": (_rule("pneumothorax; hydropneumothorax; hemopneumothorax"),),
    "hernia": (_rule("hernia, hiatal; hernia, diaphragmatic"),),
}
_UNREAD: Final = frozenset(("no indexing", "technical quality of image unsatisfactory"))

# Wang et al., "ChestX-ray8", CVPR 2017; pleural thickening counts as scar, as it does above.
NIH: Final[Mapping[str, str]] = {
    "no finding": NORMAL, "cardiomegaly": "cardiomegaly", "effusion": "effusion",
    "infiltration": "opacity", "consolidation": "opacity", "pneumonia": "opacity",
    "atelectasis": "atelectasis", "nodule": "nodule", "mass": "nodule",
    "emphysema": "hyperinflation", "edema": "oedema", "fibrosis": "scar",
    "pleural_thickening": "scar", "pneumothorax": "pneumothorax", "hernia": "hernia",
}  # fmt: skip
NIH_FINDINGS: Final = tuple(name for name in FINDINGS if name in NIH.values())


def indiana_labels(mesh: str, problems: str = "") -> frozenset[str] | None:
    """Return the findings of a case from both columns, separated by ";"; None where unlabelled.

    Nobody has labelled a case that was not indexed, or whose only word is of its poor quality.
    """
    told = [_parts(word, "/") for word in (*_parts(mesh, ";"), *_parts(problems, ";"))]
    words = [(parts[0], frozenset(parts[1:])) for parts in told if parts]
    if all(heading in _UNREAD for heading, _ in words):
        return None
    return _consistent(_fitting(words))


def _fitting(words: Iterable[tuple[str, frozenset[str]]]) -> Iterator[str]:
    for heading, told in words:
        for name, rules in INDIANA.items():
            if any(rule.fits(heading, told) for rule in rules):
                yield name


def nih_labels(words: str) -> frozenset[str] | None:
    """Return the findings of "Effusion|Mass"; None where there is no word that NIH uses."""
    parts = _parts(words, "|")
    if not parts or any(part not in NIH for part in parts):
        return None
    return _consistent(NIH[part] for part in parts)


def _consistent(names: Iterable[str]) -> frozenset[str]:
    """Return the findings as a set: with any other, none is normal."""
    found = frozenset(names)
    return found - {NORMAL} if len(found) > 1 else found
