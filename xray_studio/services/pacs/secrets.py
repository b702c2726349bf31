"""Passwords of nodes, in the system's own keyring and nowhere else."""

from __future__ import annotations

from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.node import Node

SERVICE: Final = "xray-studio"
NO_KEYRING: Final = (
    "This system has no keyring to keep a password in; set one up (GNOME Keyring or KWallet on "
    "Linux), or use the node without a user."
)


def why_no_keyring() -> str:
    """Return why this system keeps no passwords, "" where it does."""
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    return NO_KEYRING if isinstance(keyring.get_keyring(), NoKeyring) else ""


def password_of(node: Node) -> str:
    """Return the password of a node, "" for one without a user.

    Raises StudioError where the keyring cannot be asked or holds none.
    """
    if not node.user:
        return ""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        found = keyring.get_password(SERVICE, _account(node))
    except NoKeyringError:
        raise StudioError(NO_KEYRING) from None
    except KeyringError as error:
        raise StudioError(_locked()) from error
    if found is None:
        raise StudioError(
            f"The keyring holds no password of {node.told}; set it anew (pacs nodes add)."
        )
    return found


def keep_password(node: Node, password: str) -> None:
    """Put a password into the keyring. Raises StudioError where that cannot be done."""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        keyring.set_password(SERVICE, _account(node), password)
    except NoKeyringError:
        raise StudioError(NO_KEYRING) from None
    except KeyringError as error:
        raise StudioError(_locked()) from error


def forget_password(node: Node) -> None:
    """Take the password of a node out of the keyring, if it is there."""
    import keyring
    from keyring.errors import KeyringError

    if node.user:
        try:
            keyring.delete_password(SERVICE, _account(node))
        except KeyringError:
            return


def _account(node: Node) -> str:
    return f"{node.told} {node.user}"


def _locked() -> str:
    return "The keyring of this system cannot be used; unlock it, and try again."
