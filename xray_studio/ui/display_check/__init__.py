"""Checking the display: patterns on the whole screen, measured luminances judged."""
