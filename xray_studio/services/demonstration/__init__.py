"""The demonstration: one patient who never lived, made on the first call and kept.

No patient's picture ships with the program: all of it is computed. What is in it and what is known
to be true of it stands in docs/demonstration.md.
"""

from xray_studio.services.demonstration.folder import demonstration

__all__ = ["demonstration"]
