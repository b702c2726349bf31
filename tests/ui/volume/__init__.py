"""Tests of a volume in the window."""
