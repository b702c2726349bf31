"""What a model says of a study: each finding with its probability, bound to pictures and model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FindingScore:
    """One finding of a study.

    `output` is the sigmoid of what the network says, `probability` what is left of it after
    calibration; both are 0 to 1. The finding counts as positive from `threshold` on, where it tells
    best, and as not ruled out from `sensitive_threshold` on, which nine of ten positives reach.
    """

    name: str
    probability: float
    output: float
    threshold: float
    sensitive_threshold: float

    @property
    def positive(self) -> bool:
        """Tell whether the probability reaches the operating point."""
        return self.probability >= self.threshold

    @property
    def ruled_out(self) -> bool:
        """Tell whether the probability is below even the sensitive operating point."""
        return self.probability < self.sensitive_threshold


@dataclass(frozen=True, slots=True)
class Assessed:
    """A picture that a model was shown: file, object and frame (from 0), and what it is a view of.

    `pixels_sha256` is that of the picture as the network took it, `view` what the view classifier
    says ("" where it was not asked).
    """

    path: str
    sop_instance_uid: str
    frame: int
    pixels_sha256: str
    view: str


@dataclass(frozen=True, slots=True)
class ModelMark:
    """Which model it was: its name, its version, and the SHA-256 of its weights."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a model says of the films of one study.

    `findings` are in the order of the model's labels, empty where it abstains; `abstained` then is
    the sentence that tells why. `notes` are sentences that belong to every reading of the answer.
    """

    pictures: tuple[Assessed, ...]
    model: ModelMark
    findings: tuple[FindingScore, ...] = ()
    abstained: str = ""
    notes: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        told = asdict(self)
        for each, one in zip(told["findings"], self.findings, strict=True):
            each["positive"], each["ruled_out"] = one.positive, one.ruled_out
        return {**told, "abstained": self.abstained or None}
