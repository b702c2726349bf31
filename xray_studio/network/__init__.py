"""Talks to archives: DIMSE over pynetdicom, DICOMweb over dicomweb-client."""
