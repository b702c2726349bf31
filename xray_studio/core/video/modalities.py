"""Modalities as people type them, against the defined terms of PS3.3 C.7.3.1.1.1."""

from __future__ import annotations

from typing import Final

from xray_studio.core.errors import UsageError

MODALITIES: Final = frozenset(
    (
        "ANN", "AR", "ASMT", "AU", "BDUS", "BI", "BMD", "CFM", "CR", "CT", "CTPROTOCOL", "DG",
        "DMS", "DOC", "DX", "ECG", "EEG", "EMG", "EOG", "EPS", "ES", "FID", "GM", "HC", "HD", "IO",
        "IOL", "IVOCT", "IVUS", "KER", "KO", "LEN", "LS", "M3D", "MG", "MR", "NM", "OAM", "OCT",
        "OP", "OPM", "OPT", "OPTBSV", "OPTENF", "OPV", "OSS", "OT", "PA", "PLAN", "POS", "PR", "PT",
        "PX", "REG", "RESP", "RF", "RG", "RTDOSE", "RTIMAGE", "RTINTENT", "RTPLAN", "RTRAD",
        "RTRECORD", "RTSEGANN", "RTSTRUCT", "RWV", "SEG", "SM", "SMR", "SR", "SRF", "STAIN",
        "TEXTUREMAP", "TG", "US", "VA", "XA", "XAPROTOCOL", "XC",
    )
)  # fmt: skip
_CALLED: Final = {
    "ES": (
        "arthroscopy", "bronchoscopy", "colonoscopy", "cystoscopy", "endoscope", "endoscopic",
        "endoscopy", "gastroscopy", "hysteroscopy", "laparoscopy", "laryngoscopy",
        # retired terms
        "as", "cp", "cs", "lp",
    ),
    "GM": ("general microscopy", "microscope", "microscopic", "microscopy", "dm"),
    "US": ("echo", "echocardiography", "sonography", "ultrasound", "usg", "cd", "dd", "ec"),
    "XC": (
        "camera", "clinical photo", "external camera", "photo", "photograph", "photographic",
        "photography", "video",
    ),
    "SM": ("slide microscopy", "histology"),
    "OP": ("fundus", "ophthalmic photography", "ophthalmoscopy", "fa", "fs"),
    "XA": ("angiography", "x-ray angiography", "ds"),
    "RF": ("fluoroscopy", "radiofluoroscopy", "cf", "df", "vf"),
    "MR": ("magnetic resonance", "mri", "ma", "ms"),
    "NM": ("nuclear medicine", "scintigraphy", "spect", "st"),
    "PT": ("pet",),
    "OT": ("other",),
}  # fmt: skip
_TERMS: Final = {name: term for term, names in _CALLED.items() for name in names}


def modality_of(told: str) -> str:
    """Return the defined term of a modality that was typed, "" for none.

    Raises UsageError for any other word, with the term that is right where that is known.
    """
    term, name = told.strip().upper(), told.strip().lower()
    if not term or term in MODALITIES:
        return term
    right = _TERMS.get(name) or _TERMS.get(name.replace("-", " "))
    if right is not None:
        raise UsageError(f"DICOM has no modality {told}; write {right} for that.")
    raise UsageError(
        f"DICOM has no modality {told}; write its term, such as ES for endoscopy, US for"
        " ultrasound, GM for microscopy, XC for a camera, or OT for others."
    )
