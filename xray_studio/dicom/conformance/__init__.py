"""Checks objects against the information object definitions of PS3.3 and the encoding of PS3.5."""
