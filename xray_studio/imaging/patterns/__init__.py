"""Test patterns for grey-scale displays, drawn for the pixels of one screen.

Drawings of our own in the manner of AAPM On-line Report 03 (TG18, 2005) and IEC 62563-1: what they
show and how they are judged is the same, how they are laid out is not.
"""
