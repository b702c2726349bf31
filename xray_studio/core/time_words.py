"""Lengths of time and moments as people write them."""

from __future__ import annotations


def digits(value: float) -> str:
    """Return a number with its digits, at most six that count."""
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def span_text(seconds: float) -> str:
    """Return a length of time: "32.5 s", "7 min 32.5 s", "24 h 00 min 00 s"."""
    # Hundredths are finer than any clock of a modality: 7.99998 s is 8 s told in another unit.
    minutes, rest = divmod(round(seconds, 2), 60.0)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours} h {minutes:02} min {int(rest):02} s"
    return f"{minutes} min {rest:04.1f} s" if minutes else f"{digits(rest)} s"


def moment_text(seconds: float, places: int = 0) -> str:
    """Return a moment of a recording: "8.502 s" within the first minute, then "1:02:08.502"."""
    if abs(seconds) < 60.0:
        return f"{seconds:.{places}f} s"
    width = places + 3 if places else 2
    minutes, rest = divmod(round(seconds, places), 60.0)
    hours, minutes = divmod(int(minutes), 60)
    clock = f"{minutes:02}:{rest:0{width}.{places}f}"
    return f"{hours}:{clock}" if hours else clock


def duration_words(seconds: float) -> str:
    """Return "4 s", "2 min 5 s" or "1 h 10 min"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
