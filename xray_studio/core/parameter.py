"""Parameters of a step: typed fields that give the form, the options, and the recipe at once."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from xray_studio.core.errors import UsageError

Value: TypeAlias = float | int | bool | str
_KEY: Final = "parameter"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a step.

    `low` and `high` bound numbers, both included; `choices` are values and titles of a choice.
    `unit` is what a number is in, "" for a plain one. `whole` numbers have no fraction, `odd` ones
    are odd.
    """

    name: str
    title: str
    default: Value
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    whole: bool = False
    odd: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    about: str = ""

    def check(self, value: Value, step: str) -> None:
        """Raise UsageError, naming step and value, for what this parameter cannot be."""
        if self.choices:
            self._check_choice(value, step)
        elif isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise UsageError(f"{step}: {self.name} is on or off, not {value}.")
        else:
            self._check_number(value, step)

    def _check_choice(self, value: Value, step: str) -> None:
        known = [name for name, _ in self.choices]
        if value not in known:
            raise UsageError(f"{step}: {self.name} is one of {', '.join(known)}, not {value}.")

    def _check_number(self, value: Value, step: str) -> None:
        wanted = f"{self.low:g} to {self.high:g}{self.unit and ' '}{self.unit}"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not self.low <= float(value) <= self.high:  # what is no number fails too
            raise UsageError(f"{step}: {self.name} is {wanted}, not {value}.")
        if self.whole and value != int(value):
            raise UsageError(f"{step}: {self.name} is a whole number, not {value}.")
        if self.odd and int(value) % 2 == 0:
            raise UsageError(f"{step}: {self.name} is an odd number, not {value}.")

    def typed(self, value: Value) -> Value:
        """Return a value that fits as the type that this parameter has."""
        if self.choices or isinstance(self.default, bool | str):
            return value
        return int(value) if self.whole else float(value)

    def facts(self) -> dict[str, Any]:
        """Return what a list of steps tells of this: name, title, usual value, and what it can be.

        A bound that there is not is None.
        """
        told: dict[str, Any] = {"name": self.name, "title": self.title, "default": self.default}
        if self.choices:
            told["choices"] = [{"value": value, "title": title} for value, title in self.choices]
        elif not isinstance(self.default, bool):
            ends = {"low": self.low, "high": self.high}
            told |= {key: end if math.isfinite(end) else None for key, end in ends.items()}
            told |= {"unit": self.unit, "whole": self.whole, "odd": self.odd}
        return told | ({"about": self.about} if self.about else {})

    def read(self, word: str, step: str) -> Value:
        """Return the value that a word of a command line stands for. Raises UsageError."""
        value = self._read(word, step)
        self.check(value, step)
        return value

    def _read(self, word: str, step: str) -> Value:
        if self.choices:
            return word
        if isinstance(self.default, bool):
            if word not in ("on", "off"):
                raise UsageError(f"{step}: {self.name} is on or off, not {word}.")
            return word == "on"
        plain = word if word.isascii() else ""  # Python takes digits of any script, and "1_0"
        try:
            return (int if self.whole else float)(plain.replace("_", "x"))
        except ValueError:
            kind = "whole number" if self.whole else "number"
            raise UsageError(f"{step}: {self.name} is a {kind}, not {word}.") from None

    def word(self, value: Value) -> str:
        """Return a value as a command line says it."""
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, float) and float(short := f"{value:g}") == value:
            return short
        return str(value)


def number(
    title: str, default: float, low: float, high: float, *, unit: str = "", about: str = ""
) -> Any:
    """Return a dataclass field for a number from `low` to `high`."""
    made = Parameter("", title, default, low, high, unit, about=about)
    return field(default=default, metadata={_KEY: made})


def whole(
    title: str,
    default: int,
    low: int,
    high: int,
    *,
    unit: str = "",
    about: str = "",
    odd: bool = False,
) -> Any:
    """Return a dataclass field for a whole number from `low` to `high`."""
    made = Parameter("", title, default, low, high, unit, whole=True, odd=odd, about=about)
    return field(default=default, metadata={_KEY: made})


def choice(title: str, default: str, choices: dict[str, str], about: str = "") -> Any:
    """Return a dataclass field for one of several values, each with its title."""
    made = Parameter("", title, default, choices=tuple(choices.items()), about=about)
    return field(default=default, metadata={_KEY: made})


def flag(title: str, default: bool, about: str = "") -> Any:
    """Return a dataclass field for something that is on or off."""
    return field(default=default, metadata={_KEY: Parameter("", title, default, about=about)})


def parameters_of(step: Any) -> tuple[Parameter, ...]:
    """Return the parameters of a step or of its class, in order."""
    return tuple(
        dataclasses.replace(f.metadata[_KEY], name=f.name)
        for f in dataclasses.fields(step)
        if _KEY in f.metadata
    )
