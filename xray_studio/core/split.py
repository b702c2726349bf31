"""Splitting into parts so that what belongs together stays together. Pure and deterministic."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence

from xray_studio.core.errors import UsageError

SPLITS = ("train", "val", "test")


def together(marks: Sequence[Sequence[Hashable]]) -> list[int]:
    """Return for each thing the number of its group, from 0 in the order they appear.

    Things that share any mark are in one group, and so are those that a chain of others links:
    studies of one Patient ID, and a second ID that one of these studies has as well.
    """
    parents = list(range(len(marks)))

    def top(thing: int) -> int:
        while parents[thing] != thing:
            parents[thing] = parents[parents[thing]]
            thing = parents[thing]
        return thing

    owners: dict[Hashable, int] = {}
    for thing, own in enumerate(marks):
        for mark in own:
            other = owners.setdefault(mark, thing)
            parents[top(thing)] = top(other)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(top(thing), len(numbers)) for thing in range(len(marks))]


def parse_shares(words: str) -> tuple[int, int, int]:
    """Return "80/10/10" as the shares of training, validation and test; two leave out the last.

    Raises UsageError for what is no share.
    """
    parts = words.split("/")
    if 1 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() for part in parts):
        shares = [int(part) for part in parts] + [0] * (3 - len(parts))
        if 0 < sum(shares) <= 1_000_000:
            return shares[0], shares[1], shares[2]
    raise UsageError(f"--split {words} is no split; write for example --split 80/10/10.")


def shuffled(groups: Sequence[str], seed: int) -> list[str]:
    """Return groups in an order that depends on their names and the seed alone."""
    return sorted(groups, key=lambda group: (_rank(group, seed), group))


def _rank(group: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}/{group}".encode("utf-8", "surrogateescape")).hexdigest()


def place_of(group: str, seed: int) -> float:
    """Return where a group stands between 0 and 1, by its name and the seed alone."""
    return int(_rank(group, seed)[:13], 16) / 16**13


def part_of(group: str, shares: tuple[int, int, int], seed: int) -> str:
    """Return the part of a group, the same whatever other groups there are.

    Numbers of groups come near to the shares only where there are many; see `split`.
    """
    place, sums = place_of(group, seed) * sum(shares), 0
    for part, share in zip(SPLITS, shares, strict=True):
        sums += share
        if place < sums:
            return part
    raise ValueError("the shares of a split are nothing")


def fold_of(group: str, folds: int, seed: int) -> int:
    """Return the fold of cross-validation, from 0, that a group is tested in."""
    return int(place_of(group, seed) * folds)


def split(groups: Sequence[str], shares: tuple[int, int, int], seed: int) -> dict[str, str]:
    """Return the part, "train", "val" or "test", that each group belongs to.

    Numbers of groups come as near to the shares as whole groups can; a part that is asked for has
    at least one where there are enough.
    """
    counts = _counts(len(groups), shares)
    parts = [part for part, count in zip(SPLITS, counts, strict=True) for _ in range(count)]
    return dict(zip(shuffled(groups, seed), parts, strict=True))


def _counts(total: int, shares: tuple[int, int, int]) -> list[int]:
    """Return whole numbers near the shares of `total` (largest remainders)."""
    exact = [total * share / sum(shares) for share in shares]
    counts = [int(part) for part in exact]
    by_rest = sorted(range(3), key=lambda part: (counts[part] - exact[part], part))
    for part in by_rest[: total - sum(counts)]:
        counts[part] += 1
    wanted = [part for part in range(3) if shares[part]]
    for part in wanted if total >= len(wanted) else ():
        while not counts[part]:
            largest = max(range(3), key=counts.__getitem__)
            counts[largest] -= 1
            counts[part] += 1
    return counts
