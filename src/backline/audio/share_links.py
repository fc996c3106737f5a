"""What stands in the link of a share: its id, and a signature of it by the installation's secret.

So a link can be shown to its owner again, and nothing of it is stored. It stands behind the `#`,
which browsers tell no server.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.platform.secrets import Key, Secrets

PAGE: Final = "/s"
_PURPOSE: Final = "share"
_ID_BYTES: Final = 16
_SIGNATURE_BYTES: Final = 16  # 128 bits (RFC 2104 §5 lets half of the output go)

LinkToken = Annotated[str, Meta(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class LinkKeys(msgspec.Struct, frozen=True):
    """The key that signs links, and all whose signatures count."""

    newest: Key
    every: tuple[Key, ...]


def link_keys(secrets: Secrets) -> LinkKeys:
    """The keys of an installation."""
    return LinkKeys(secrets.signing_key(_PURPOSE), tuple(secrets.keys(_PURPOSE).values()))


def path_of(keys: LinkKeys, share_id: UUID) -> str:
    """The link of a share, relative to the site's root."""
    return f"{PAGE}#{token_of(keys, share_id)}"


def token_of(keys: LinkKeys, share_id: UUID) -> str:
    """What stands behind the `#`; 43 characters."""
    said = share_id.bytes + _signature(keys.newest, share_id.bytes)
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def share_of(keys: LinkKeys, token: str) -> UUID | None:
    """Which share a token is of; None where we haven't made it."""
    try:
        said = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    share_id, signature = said[:_ID_BYTES], said[_ID_BYTES:]
    if len(signature) != _SIGNATURE_BYTES:
        return None
    known = [hmac.compare_digest(signature, _signature(key, share_id)) for key in keys.every]
    return UUID(bytes=share_id) if any(known) else None


def _signature(key: Key, share_id: bytes) -> bytes:
    return hmac.digest(key.secret, share_id, hashlib.sha256)[:_SIGNATURE_BYTES]
