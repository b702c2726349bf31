"""What objects without pixel data are read as documents, and what to call them (PS3.4 B.5)."""

from __future__ import annotations

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_SR, _WAVEFORM, _STATE = _STORAGE + "88.", _STORAGE + "9.", _STORAGE + "11."
KEY_OBJECTS = _SR + "59"
PDF, CDA = _STORAGE + "104.1", _STORAGE + "104.2"

# The longest beginning that fits is the one that counts.
_NOUNS = {
    _SR: "structured report",
    _SR + "40": "procedure log",
    _SR + "50": "CAD report",
    KEY_OBJECTS: "selection of key images",
    _SR + "65": "CAD report",
    _SR + "67": "radiation dose report",
    _SR + "68": "radiopharmaceutical dose report",
    _SR + "69": "CAD report",
    _SR + "73": "patient dose report",
    _SR + "76": "radiation dose report",
    _WAVEFORM: "waveform",
    _WAVEFORM + "1.": "ECG",
    _WAVEFORM + "1.1": "12-lead ECG",
    _WAVEFORM + "1.3": "ambulatory ECG",
    _WAVEFORM + "2.": "haemodynamic waveform",
    _WAVEFORM + "3.": "electrophysiology waveform",
    _WAVEFORM + "4.": "audio recording",
    _WAVEFORM + "5.": "pulse waveform",
    _WAVEFORM + "6.": "respiratory waveform",
    _WAVEFORM + "7.": "EEG or muscle waveform",
    _WAVEFORM + "8.": "body position record",
    PDF: "PDF document",
    CDA: "clinical document",
    _STATE: "presentation state",
}
_ICONS = {
    "key": "star",
    "dose": "radiation",
    "presentation": "layers",
    "audio": "audio-lines",
    "ECG": "heart-pulse",
    "waveform": "activity",
}
_VOWELS = ("a", "e", "i", "o", "E")  # ECG and EEG are spelt out, a "US" would be too


def is_document(sop_class_uid: str) -> bool:
    """Tell whether objects of a class are read as documents."""
    return _longest(sop_class_uid) is not None


def is_structured(sop_class_uid: str) -> bool:
    """Tell whether a class is a structured report, key object selections and dose included."""
    return sop_class_uid.startswith(_SR)


def is_waveform(sop_class_uid: str) -> bool:
    """Tell whether a class holds waveforms."""
    return sop_class_uid.startswith(_WAVEFORM)


def noun(sop_class_uid: str) -> str:
    """Return what a document is, as "structured report" or "12-lead ECG"."""
    return _NOUNS[_longest(sop_class_uid) or _SR] if sop_class_uid else "document"


def name(sop_class_uid: str) -> str:
    """Return what a document is, as the title of one that has none of its own."""
    words = noun(sop_class_uid)
    return words[0].upper() + words[1:]


def with_article(words: str) -> str:
    """Return "a structured report" or "an ECG"."""
    return f"{'an' if words.startswith(_VOWELS) else 'a'} {words}"


def icon(sop_class_uid: str) -> str:
    """Return the name of the icon that stands for a document."""
    words = noun(sop_class_uid)
    return next((icon for word, icon in _ICONS.items() if word in words), "file-text")


def _longest(sop_class_uid: str) -> str | None:
    fitting = [start for start in _NOUNS if _fits(start, sop_class_uid)]
    return max(fitting, key=len, default=None)


def _fits(start: str, sop_class_uid: str) -> bool:
    """Tell whether a class is the one that `start` names, or is below it."""
    if start.endswith("."):
        return sop_class_uid.startswith(start)
    return sop_class_uid == start or sop_class_uid.startswith(start + ".")
