"""Secrets that have to be read again are kept sealed: AES-256-GCM under a key of the installation.

What only has to be recognised is hashed instead, elsewhere.
"""

import os
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backline.platform.secrets.roots import Key, Secrets

_NONCE_BYTES = 12  # NIST SP 800-38D §8.2.2: random ones, far fewer than 2^32 of them


class SealFault(Exception):
    """It was sealed under a root that is gone, for something else, or is damaged."""


class Seal(msgspec.Struct, frozen=True):
    """The keys of one purpose: the one that seals, and all that open, by their id."""

    newest: Key
    keys: Mapping[str, Key]

    def __repr__(self) -> str:
        return f"Seal({self.newest.id!r})"


def seal_for(secrets: Secrets, purpose: str) -> Seal:
    """The seal of one purpose."""
    return Seal(secrets.signing_key(purpose), secrets.keys(purpose))


def close(seal: Seal, plain: bytes, about: bytes) -> bytes:
    """Seal `plain`, which belongs to `about` (a row's id): elsewhere it can't be opened."""
    nonce = os.urandom(_NONCE_BYTES)
    name = seal.newest.id.encode()
    return name + b":" + nonce + AESGCM(seal.newest.secret).encrypt(nonce, plain, about)


def open_sealed(seal: Seal, sealed: bytes, about: bytes) -> bytes:
    """What `close` was given.

    Raises:
        SealFault: the text says which root it needs, and nothing of what is in it.
    """
    name, _, rest = sealed.partition(b":")
    key = seal.keys.get(name.decode("ascii", "replace"))
    if key is None:
        raise SealFault(f"sealed under the root {name[:16]!r}, which isn't there any more")
    nonce, encrypted = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    try:
        return AESGCM(key.secret).decrypt(nonce, encrypted, about)
    except (InvalidTag, ValueError):
        raise SealFault("damaged, or sealed for something else") from None
