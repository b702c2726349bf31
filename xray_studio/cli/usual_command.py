"""Groups of commands with a usual one: what names no command is meant for that."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


def group_with(usual: str) -> type[TyperGroup]:
    """Return a kind of group in which `usual` takes arguments that begin with no command."""

    class WithUsual(TyperGroup):
        """Commands, one of them in the place of what names none."""

        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            """Put the command's name before arguments that begin without one."""
            if usual in self.commands and args and args[0] not in {*self.commands, "--help"}:
                args = [usual, *args]
            return super().parse_args(ctx, args)

    return WithUsual
