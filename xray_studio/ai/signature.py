"""Signatures by Ed25519 (RFC 8032): who made a model, and that nothing was changed since."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)


def new_key() -> tuple[bytes, bytes]:
    """Return a new private key and its public key, 32 bytes each."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def signed(data: bytes, private: bytes) -> bytes:
    """Return the signature of data, 64 bytes. Raises ValueError for what is no private key."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(data)


def is_signed(data: bytes, signature: bytes, public: bytes) -> bool:
    """Tell whether the holder of a public key signed data; False for what is no key as well."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
