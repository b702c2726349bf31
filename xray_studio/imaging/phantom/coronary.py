"""A left coronary artery grown on the surface of a heart.

The large branches follow the anatomy; the smaller ones grow at random. Radii obey Murray's law in
its continuous form: the cube of the radius is the flow that is still to be handed out downstream
(C. D. Murray, PNAS 12, 1926).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xray_studio.imaging.phantom import anatomy
from xray_studio.imaging.phantom.curves import (
    Array,
    arc_length,
    catmull_rom,
    resample,
    smooth,
    through,
    unit,
    wander,
)
from xray_studio.imaging.phantom.heart import Heart

SPACING = 0.18
TIP_RADIUS = 0.17
OSTIUM_RADIUS = 2.25


@dataclass
class Branch:
    """A vessel of the tree; lengths in mm, samples `SPACING` apart. Ask for radii once it is grown.

    `flow` is the cube of the radius at the origin, `joins` the sample of the parent it leaves from.
    """

    name: str
    points: Array
    flow: float
    parent: Branch | None = None
    joins: int = 0
    children: list[Branch] = field(default_factory=list)

    @property
    def length(self) -> float:
        """Arc length."""
        return (len(self.points) - 1) * SPACING

    @property
    def origin_distance(self) -> float:
        """Path length of blood from the ostium to the first point."""
        return self.parent.origin_distance + self.joins * SPACING if self.parent else 0.0

    @cached_property
    def radius(self) -> Array:
        """Radius (n,) by Murray's law: what flows on is what has not left yet."""
        count, tip = len(self.points), TIP_RADIUS**3
        spent = np.zeros(count)
        for child in self.children:
            spent[child.joins :] += child.flow
        leak = max(0.0, self.flow - tip - spent[-1]) * np.linspace(0.0, 1.0, count)
        return smooth(np.cbrt(np.maximum(self.flow - spent - leak, tip)), 1.2 / SPACING)

    def direction(self, sample: int) -> Array:
        """Return the unit tangent at a sample."""
        last = len(self.points) - 1
        return unit(self.points[min(sample + 5, last)] - self.points[max(sample - 5, 0)])

    def outside_parent(self) -> Array:
        """Part of the branch's path that is not within its parent too (n,), 0 to 1.

        A branch that leaves at a right angle is free once it passes the wall; one that leaves
        along its parent is covered by it for longer.
        """
        share = np.ones(len(self.points))
        if self.parent is None:
            return share
        near = min(len(share), int(8.0 / SPACING))
        wall = self.parent.points[max(0, self.joins - near) : self.joins + near : 2]
        apart = np.linalg.norm(self.points[:near, None] - wall[None], axis=2).min(axis=1)
        turn = np.linalg.norm(np.cross(self.direction(12), self.parent.direction(self.joins)))
        share[:near] = _free(apart, self.parent.radius[self.joins], self.radius[:near], float(turn))
        return share


def _free(apart: Array, outer: float, inner: Array, turn: float) -> Array:
    """Part (n,) of a branch of radius `inner` (n,) that is not within a vessel of radius `outer`.

    `apart` (n,) is the distance of the two axes, `turn` the sine of the angle between them.
    """
    beside = np.stack([outer - inner, outer + inner])
    across = np.stack([np.sqrt(np.maximum(outer**2 - inner**2, 0.0)), np.full(len(inner), outer)])
    low, high = turn * across + (1.0 - turn) * beside
    low -= 0.7 * inner  # its mouth is round: it does not begin all at once
    return np.asarray(np.clip((apart - low) / (high - low), 0.0, 1.0))


def grow(heart: Heart, seed: int) -> list[Branch]:
    """Grow the whole tree; the first branch is left main and LAD, parents come before children."""
    rng = np.random.default_rng([seed, 1])
    tree = [_trunk(heart, rng)]
    by_name = {anatomy.TRUNK: tree[0]}
    for course in anatomy.COURSES:
        branch = _named(heart, rng, course, by_name[course.parent])
        by_name[course.name] = branch
        tree.append(branch)
    for parent in [*tree]:
        tree.extend(_twigs(heart, rng, parent, small=False))
    return tree


def surface_path(heart: Heart, controls: tuple[anatomy.Control, ...]) -> Array:
    """Smooth path over the heart through surface positions."""
    return heart.surface(*catmull_rom(np.array(controls)).T)


def _trunk(heart: Heart, rng: np.random.Generator) -> Branch:
    path = surface_path(heart, anatomy.LAD)
    left_main = path[0] + np.array(anatomy.LEFT_MAIN) * rng.uniform(0.95, 1.05)
    points = through(np.concatenate([left_main, path]), SPACING, 3.0)
    points = _tortuous(heart, rng, points, 1.0)
    return Branch(anatomy.TRUNK, points, flow=(OSTIUM_RADIUS * rng.uniform(0.96, 1.04)) ** 3)


def _named(
    heart: Heart, rng: np.random.Generator, course: anatomy.Course, parent: Branch
) -> Branch:
    joins = min(round(course.leaves_at / SPACING), len(parent.points) - 40)
    start = parent.points[joins]
    path = surface_path(heart, course.controls)
    leave = parent.direction(joins) + course.turn * unit(path[0] - start)
    path = np.concatenate([start[None], (start + 5.0 * unit(leave))[None], path])
    points = through(path, SPACING, 4.0)
    points = _tortuous(heart, rng, points, 0.7 if course.name.startswith("S") else 1.0)
    branch = Branch(course.name, points, course.share * parent.flow, parent, joins)
    parent.children.append(branch)
    return branch


def _tortuous(heart: Heart, rng: np.random.Generator, points: Array, amount: float) -> Array:
    """Let a vessel wander over the surface, more so towards its end; the origin stays."""
    length = arc_length(points)
    normal = heart.normal(points)
    across = np.cross(normal, unit(np.gradient(points, axis=0)))
    growing = amount * (1.0 - np.exp(-length / 12.0)) * (0.75 + 0.5 * length / length[-1])
    waves, sizes = (70.0, 34.0, 17.0, 9.0), (1.7, 1.1, 0.42, 0.10)
    sideways = growing * wander(rng, length, waves, sizes)
    upwards = 0.5 * growing * wander(rng, length, waves, sizes)
    moved = points + sideways[:, None] * across + upwards[:, None] * normal
    return resample(smooth(moved, 1.6 / SPACING), SPACING)


def _twigs(heart: Heart, rng: np.random.Generator, parent: Branch, *, small: bool) -> list[Branch]:
    """Small side branches at random places, and theirs in turn."""
    grown: list[Branch] = []
    at = rng.uniform(5.0, 14.0) + (anatomy.LEFT_MAIN_LENGTH if parent.parent is None else 0.0)
    side = rng.choice([-1.0, 1.0])
    while at < parent.length - 5.0:
        side = -side if rng.random() < 0.7 else side
        twig = _twig(heart, rng, parent, round(at / SPACING), side)
        grown.append(twig)
        if not small and twig.length > 13.0:
            grown.extend(_twigs(heart, rng, twig, small=True))
        at += rng.gamma(3.0, 2.6 if small else 3.6)
    return grown


def _twig(
    heart: Heart, rng: np.random.Generator, parent: Branch, joins: int, side: float
) -> Branch:
    left = 1.0 - joins / len(parent.points)
    share = _lognormal(rng, 0.024, 0.75, 0.12) if parent.flow > 0.6 else rng.uniform(0.06, 0.25)
    flow = max(share * parent.flow * (0.4 + 0.6 * left), (TIP_RADIUS * 1.3) ** 3)
    length = rng.uniform(0.7, 1.5) * 42.0 * np.cbrt(flow)
    length *= 0.8 if parent.name.startswith("S") else 1.0
    points = _walk(heart, rng, parent, joins, side=side, length=length)
    twig = Branch(f"{parent.name}.{len(parent.children) + 1}", points, flow, parent, joins)
    parent.children.append(twig)
    return twig


def _lognormal(rng: np.random.Generator, middle: float, spread: float, most: float) -> float:
    return float(min(middle * np.exp(spread * rng.normal()), most))


def _walk(
    heart: Heart,
    rng: np.random.Generator,
    parent: Branch,
    joins: int,
    *,
    side: float,
    length: float,
) -> Array:
    """Path over the surface that leaves the parent at an angle and turns to run along with it."""
    start, ahead = parent.points[joins], parent.direction(joins)
    across = unit(np.cross(heart.normal(start[None])[0], ahead))
    at = np.arange(0.0, length, SPACING)
    first, rest = np.deg2rad([rng.uniform(38.0, 68.0), rng.uniform(8.0, 42.0)])
    angle = side * (rest + (first - rest) * np.exp(-at / rng.uniform(4.0, 9.0)))
    settled = 1.0 - np.exp(-at / 5.0)
    angle += wander(rng, at, (30.0, 15.0, 8.0), (0.30, 0.28, 0.20)) * settled
    steps = SPACING * (np.cos(angle)[:, None] * ahead + np.sin(angle)[:, None] * across)
    flat = start + np.cumsum(steps, axis=0) - steps[0]
    lift = wander(rng, at, (25.0, 12.0), (0.010, 0.004)) * settled
    return resample(heart.onto(flat, heart.depth(start[None])[0] + lift), SPACING)
