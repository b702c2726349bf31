"""Numbers of bytes as people write them."""

from __future__ import annotations


def byte_words(size: int) -> str:
    """Return a number of bytes: "9.6 MB"."""
    if size >= 1e9:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"
