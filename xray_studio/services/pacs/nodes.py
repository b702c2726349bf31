"""Nodes by name, in the settings; their passwords are in the keyring."""

from __future__ import annotations

from typing import Any

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.pacs.node import Node, checked, is_address, node_of
from xray_studio.core.pacs.node_values import from_values, to_values
from xray_studio.services.pacs.secrets import (
    forget_passphrase,
    forget_password,
    keep_passphrase,
    keep_password,
)
from xray_studio.services.settings import load_settings, save_settings


def nodes() -> tuple[Node, ...]:
    """Return the nodes of the settings; one that is damaged is left out, `broken` names it."""
    return tuple(node for _, node in _read() if isinstance(node, Node))


def broken() -> dict[str, str]:
    """Return nodes of the settings that cannot be used, by name, each with the reason."""
    return {name: node for name, node in _read() if isinstance(node, str)}


def node_named(text: str) -> Node:
    """Return the node of a name or an address; "" is the only node that there is.

    Raises UsageError where there is none.
    """
    if is_address(text):
        return node_of(text)
    known = nodes()
    if not text:
        if len(known) == 1:
            return known[0]
        raise UsageError("Name a node with --node: its name, host:port/AETITLE, or a URL.")
    for node in known:
        if node.name == text:
            return node
    if text in broken():
        raise StudioError(f"The node {text} cannot be used: {broken()[text]}")
    names = ", ".join(node.name for node in known) or "none yet"
    raise UsageError(f"There is no node {text}; known are: {names}. Add it first (pacs nodes add).")


def backup_of(node: Node) -> Node | None:
    """Return the node that stands in for one, None where there is none."""
    if not node.backup:
        return None
    found = [one for one in nodes() if one.name == node.backup]
    return found[0] if found else None


def keep_node(node: Node, password: str | None = None) -> None:
    """Put a node into the settings, in place of the one of its name.

    A password or token goes to the keyring, and so does the passphrase of its key; that of a user
    who no longer asks goes from there. Raises UsageError for what does not fit.
    """
    checked(node)
    if not node.name:
        raise UsageError("A node that is kept needs a name.")
    if node.backup and node.backup not in _tables():
        raise UsageError(f"There is no node {node.backup} to stand in; add that one first.")
    for before in nodes():
        if before.name == node.name:
            _forget_others(before, node)
    if password is not None:
        if not node.user and not node.bearer:
            raise UsageError("A password needs a user; name one (--user).")
        keep_password(node, password)
    if node.tls.passphrase:
        keep_passphrase(node)
    _save({name: table for name, table in _tables().items() if name != node.name}
          | {node.name: to_values(node)})  # fmt: skip


def forget_node(name: str) -> None:
    """Take a node out of the settings, and its password out of the keyring.

    Raises UsageError where there is none of this name.
    """
    tables = _tables()
    if name not in tables:
        raise UsageError(f"There is no node {name}; pacs nodes lists those that there are.")
    for node in nodes():
        if node.backup == name:
            raise UsageError(f"{name} stands in for {node.name}; give that another backup first.")
    for node in nodes():
        if node.name == name:
            forget_password(node)
            forget_passphrase(node)
    _save({one: table for one, table in tables.items() if one != name})


def _forget_others(before: Node, node: Node) -> None:
    """Forget secrets that a node no longer needs."""
    if (before.user, before.bearer) != (node.user, node.bearer):
        forget_password(before)
    if before.tls.key != node.tls.key:
        forget_passphrase(before)


def _read() -> list[tuple[str, Node | str]]:
    found: list[tuple[str, Node | str]] = []
    for name, table in load_settings()[0].archives.nodes:
        try:
            found.append((name, from_values(name, table)))
        except StudioError as error:
            found.append((name, str(error)))
        except ValueError:
            found.append((name, "A value has a wrong type; correct it in settings.json."))
    return found


def _tables() -> dict[str, dict[str, Any]]:
    return dict(load_settings()[0].archives.nodes)


def _save(tables: dict[str, dict[str, Any]]) -> None:
    settings, _ = load_settings()
    save_settings(settings.changed("archives", nodes=tuple(sorted(tables.items()))))
