"""Passwords, tokens and passphrases of nodes, in the system's own keyring and nowhere else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.node import Node

SERVICE: Final = "xray-studio"
_TOKEN, _KEY = "bearer token", "key passphrase"
NO_KEYRING: Final = (
    "This system has no keyring to keep a password in; set one up (GNOME Keyring or KWallet on "
    "Linux), or use the node without a user."
)


def why_no_keyring() -> str:
    """Return why this system keeps no passwords, "" where it does."""
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    return NO_KEYRING if isinstance(keyring.get_keyring(), NoKeyring) else ""


def unlocked(node: Node, password: str | None = None) -> tuple[Node, str]:
    """Return a node whose key can be opened, and its password or token, else the one given.

    Raises StudioError where the keyring cannot be asked or holds none.
    """
    secret = password_of(node) if password is None else password
    if node.tls.passphrase or not _is_locked(node.tls.key):
        return node, secret
    found = _kept(f"{node.told} {_KEY}")
    if found is None:
        raise StudioError(
            f"The key of {node.told} is locked, and the keyring holds no passphrase of it; give it "
            "in the node (pacs nodes add --key-passphrase)."
        )
    return replace(node, tls=replace(node.tls, passphrase=found)), secret


def password_of(node: Node) -> str:
    """Return the password or the token of a node, "" for one that has neither.

    Raises StudioError where the keyring cannot be asked or holds none.
    """
    if not node.user and not node.bearer:
        return ""
    found = _kept(_account(node))
    if found is None:
        what = "token" if node.bearer else "password"
        raise StudioError(
            f"The keyring holds no {what} of {node.told}; set it anew (pacs nodes add)."
        )
    return found


def keep_password(node: Node, password: str) -> None:
    """Put a password or a token into the keyring. Raises StudioError where that cannot be done."""
    _keep(_account(node), password)


def keep_passphrase(node: Node) -> None:
    """Put the passphrase of a node's key into the keyring, as `keep_password` does."""
    _keep(f"{node.told} {_KEY}", node.tls.passphrase)


def forget_password(node: Node) -> None:
    """Take the password or the token of a node out of the keyring, if it is there."""
    if node.user or node.bearer:
        _forget(_account(node))


def forget_passphrase(node: Node) -> None:
    """Take the passphrase of a node's key out of the keyring, if it is there."""
    if node.tls.key:
        _forget(f"{node.told} {_KEY}")


def _kept(account: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return keyring.get_password(SERVICE, account)
    except NoKeyringError:
        raise StudioError(NO_KEYRING) from None
    except KeyringError as error:
        raise StudioError(_locked()) from error


def _keep(account: str, secret: str) -> None:
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        keyring.set_password(SERVICE, account, secret)
    except NoKeyringError:
        raise StudioError(NO_KEYRING) from None
    except KeyringError as error:
        raise StudioError(_locked()) from error


def _forget(account: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    with suppress(KeyringError):
        keyring.delete_password(SERVICE, account)


def _account(node: Node) -> str:
    return f"{node.told} {_TOKEN if node.bearer else node.user}"


def _is_locked(path: str) -> bool:
    """Tell whether a key in PEM is locked by a passphrase (RFC 1421, RFC 5958)."""
    if not path:
        return False
    try:
        return b"ENCRYPTED" in Path(path).read_bytes()
    except OSError:
        return False  # whoever uses it tells that it is not there


def _locked() -> str:
    return "The keyring of this system cannot be used; unlock it, and try again."
