"""From probabilities of findings to sentences: what is told, what is denied, what is left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from xray_studio.core.learning.findings import FINDINGS, NORMAL, SENSITIVE
from xray_studio.core.reporting.templates import (
    CLEAR,
    TEMPLATES,
    TOGETHER,
    UNDECIDED,
    Certainty,
    certainty_of,
)

MENTION: Final = " in reports"  # behind the finding, of the operating points of a model
ABSENT: Final = " absent in reports"
ACUTE: Final = frozenset(("effusion", "opacity", "atelectasis", "oedema"))
_AND: Final = " and "


@dataclass(frozen=True, slots=True)
class Points:
    """From which probability on a finding is told, and below which it is told to be absent.

    A finding without a point is never written of: the model cannot tell it well enough. Where
    nothing is told and "normal" is less likely than `normal`, that finding is told which comes
    nearest to its point.
    """

    mention: Mapping[str, float]
    absent: Mapping[str, float] = field(default_factory=dict)
    normal: float = 0.0

    @classmethod
    def of(cls, thresholds: Mapping[str, float]) -> Points:
        """Return the points for reports of a model, else its operating points."""
        own = {n: thresholds[f"{n}{MENTION}"] for n in FINDINGS if f"{n}{MENTION}" in thresholds}
        own.pop(NORMAL, None)
        if not own:
            return cls({n: v for n, v in thresholds.items() if n in TEMPLATES})
        lows = {n: thresholds[f"{n}{ABSENT}"] for n in own if f"{n}{ABSENT}" in thresholds}
        points = cls(own, lows, thresholds.get(f"{NORMAL}{MENTION}", 0.0))
        return points.denying_what_is_ruled_out(thresholds)

    def denying_what_is_ruled_out(self, thresholds: Mapping[str, float]) -> Points:
        """Return them with nothing denied that a model's sensitive operating points leave open."""
        lows = {n: min(v, thresholds.get(f"{n}{SENSITIVE}", v)) for n, v in self.absent.items()}
        return replace(self, absent=lows)

    def facts(self) -> dict[str, float]:
        """Return them as they stand among the operating points of a model."""
        told = {f"{name}{MENTION}": value for name, value in self.mention.items()}
        told[f"{NORMAL}{MENTION}"] = self.normal
        return told | {f"{name}{ABSENT}": value for name, value in self.absent.items()}

    def unjudged(self) -> list[str]:
        """Return the findings that are never written of."""
        return [name for name in FINDINGS if name not in self.mention and name != NORMAL]


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence, the finding that it rests on, its probability, and whether that is told."""

    text: str
    finding: str
    probability: float
    positive: bool


def sentences(chances: Mapping[str, float], points: Points) -> Iterator[Written]:
    """Yield the sentences of the findings section in the order in which a report goes on.

    `chances` are probabilities, 0 to 1, by finding, "normal" among them. What is neither likely
    enough to be told nor rare enough to be denied is left to the reader.
    """
    told = _told(chances, points)
    denied = {n: p for n, p in chances.items() if n not in told and p < points.absent.get(n, -1.0)}
    gone = set[str]()
    for name, template in TEMPLATES.items():
        if name in told:
            text = template.text(certainty_of(told[name]))
            yield Written(text, name, told[name], positive=True)
        elif name in denied and name not in gone:
            names, text = _denial(name, frozenset(denied) - gone, frozenset(told))
            gone |= names
            if text:
                worst = max(names, key=lambda each: denied.get(each, 0.0))
                yield Written(text, worst, denied[worst], positive=False)


def _told(chances: Mapping[str, float], points: Points) -> dict[str, float]:
    """Return the findings that are told, with their probabilities."""
    known = {n: p for n, p in chances.items() if n in points.mention}
    told = {n: p for n, p in known.items() if p >= points.mention[n]}
    if told or not known or chances.get(NORMAL, 1.0) >= points.normal:
        return told
    next_one = max(known, key=lambda name: known[name] / max(points.mention[name], 1e-9))
    return {next_one: known[next_one]}


def _denial(name: str, denied: frozenset[str], told: frozenset[str]) -> tuple[frozenset[str], str]:
    """Return which findings one sentence denies, and the sentence."""
    for group in TOGETHER:
        if name in group.denied and group.denied <= denied and not group.unless & told:
            return group.denied, group.text
    return frozenset((name,)), TEMPLATES[name].absent


def impression(written: Sequence[Written]) -> Iterator[Written]:
    """Yield the sentences of the impression: what was told, the likeliest first."""
    told = sorted((one for one in written if one.positive), key=lambda one: -one.probability)
    for certainty in Certainty:
        own = [one for one in told if certainty_of(one.probability) is certainty]
        if own:
            text = f"{certainty.value.capitalize()}: {listed([one.finding for one in own])}."
            yield Written(text, own[0].finding, own[0].probability, positive=True)
    if told:
        return
    denied = [one for one in written if not one.positive]
    covered = {one.finding for one in denied} | {
        name for one in denied for group in TOGETHER if group.text == one.text
        for name in group.denied
    }  # fmt: skip
    is_clear = covered >= ACUTE
    # A sentence carries the probability of a finding that it speaks of.
    meant = [one for one in denied if one.finding in ACUTE or not is_clear]
    worst = max(meant, key=lambda one: one.probability, default=None)
    if worst is not None:
        text = CLEAR if is_clear else UNDECIDED
        yield Written(text, worst.finding, worst.probability, positive=False)


def listed(findings: Sequence[str]) -> str:
    """Return names of findings as a list in words."""
    names = [TEMPLATES[name].noun for name in findings]
    return _AND.join(filter(None, (", ".join(names[:-1]), names[-1])))
