"""How the libraries behave: silent, since identifiers of patients would stand in their logs."""

from __future__ import annotations

import logging
import warnings
from typing import Final

from pynetdicom import _config

_LIBRARIES: Final = ("pynetdicom", "dicomweb_client")


def silence() -> None:
    """Let neither library log: what matters is told in sentences."""
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    _config.STORE_RECV_CHUNKED_DATASET = True  # what comes goes to the disk, not to memory
    # Of values that break the rules pydicom warns with the value itself.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom\.")
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.setLevel(logging.CRITICAL + 1)
