"""Candidates for a draft: what a beam finds, and what is drawn by chance."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch

from xray_studio.ai.networks.report_net import ReportNet
from xray_studio.ai.networks.word_nets import Memory
from xray_studio.ai.reports.search import Found, Rules, beams, drawn, followed
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.fusion import probabilities
from xray_studio.core.reporting.consensus import Candidate, Candidates, Writing
from xray_studio.core.reporting.finding_f1 import NAMES, Numbers
from xray_studio.core.reporting.vocabulary import Vocabulary

_SEED: Final = 0  # the same films give the same draft
_OF_NAMES: Final = [FINDINGS.index(name) for name in NAMES]


def candidates(
    network: ReportNet, memory: Memory, vocabulary: Vocabulary, how: Writing, found: Numbers
) -> Candidates:
    """Return texts for the memory of one study; `found` are log-odds of findings (findings,)."""
    texts = list[tuple[Found, bool]]()
    rules = Rules(vocabulary)
    with torch.inference_mode():
        if how.beams:
            texts += [(one, False) for one in beams(network.words, memory, rules, how.beams)]
        if how.drawn:
            chance = torch.Generator().manual_seed(_SEED)
            pick = drawn(chance, how.heat)
            some = followed(network.words, memory, rules, pick, how.drawn)
            texts += [(one, True) for one in some]
    known = [
        Candidate(tuple(vocabulary.said(one.words)), one.likelihood, one.coverage, is_drawn)
        for one, is_drawn in texts
    ]
    return Candidates(known, np.asarray(probabilities(found)[_OF_NAMES], np.float64))
