"""Text drawn into the pixels themselves, which no hiding of tags takes away."""

from __future__ import annotations

from xray_studio.core.clip import Clip

# Modalities (PS3.3 C.7.3.1.1.1) whose devices draw names and numbers into the picture as a rule.
DRAWN_INTO = frozenset(("US", "IVUS", "SC", "ES", "XC", "OT"))
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def may_hold_text(clip: Clip) -> bool:
    """Tell whether the picture may name the patient by text that is part of it.

    Burned In Annotation (0028,0301) decides where the file has it. Without it, ultrasound,
    screen captures and photographs may, and so may pictures and videos that are not DICOM. Graphics
    of an overlay plane may be words, whatever the file says of its pixels.
    """
    made = clip.acquisition
    if any(plane.kind == "G" for plane in clip.overlays):
        return True
    if made.burned_in in {"YES", "NO"}:
        return made.burned_in == "YES"
    # PS3.4 B.5: multi-frame Secondary Capture has the same root as the single one.
    captured = f"{made.sop_class_uid}.".startswith(f"{SECONDARY_CAPTURE}.")
    return captured or not made.modality or made.modality in DRAWN_INTO
