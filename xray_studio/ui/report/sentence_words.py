"""What is said of one sentence of a report: who wrote it, and whose probability is behind it."""

from __future__ import annotations

from xray_studio.core.report.sentence import Review, Sentence, chance_words

NO_BREAK = "\N{NO-BREAK SPACE}"


def spoken(sentence: Sentence) -> str:
    """Return in words who wrote a sentence and what became of it."""
    if not sentence.is_ai:
        told = "written by a person" if sentence.source is None else "from a template"
    else:
        told = {
            Review.UNTOUCHED: "AI, not reviewed",
            Review.ACCEPTED: "AI, accepted",
            Review.CHANGED: "AI, changed by a person",
        }[sentence.review]
    return ", ".join(filter(None, (told, finding_words(sentence))))


def finding_words(sentence: Sentence) -> str:
    """Return the finding of a sentence and how likely it is, "" for none."""
    chance = chance_words(sentence).replace(" %", f"{NO_BREAK}%")
    return f"probability of {chance}" if chance and sentence.finding else chance


def rests_words(sentence: Sentence) -> str:
    """Return whose probability stands below a sentence, and what a click on it does."""
    told = f"The model gives this film a {finding_words(sentence)}, whatever the sentence says."
    return f"{told} Click to see what in the picture speaks for it."
