"""Links in letters that end them: signed, good for as long as the installation's secret is.

A link needs no sign-in, as RFC 8058 wants it, so it can end letters and nothing else.
"""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.errors import NotFound
from backline.platform.secrets import Key, Secrets

DIGEST: Final = "digest"
PATH: Final = "/notifications/unsubscribe"
_PURPOSE: Final = "unsubscribe"
_SIGNATURE_BYTES: Final = 16  # 128 bits (RFC 2104 §5 lets half of the output go)
_ID_BYTES: Final = 16
_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{24,120})\.([A-Za-z0-9]{1,16})\.([A-Za-z0-9_-]{22})")


class Meant(msgspec.Struct, frozen=True):
    """Whose letters a link ends, and which: of a kind, or the digest."""

    owner_id: UUID
    about: str


class Unsubscribing:
    """Makes and reads such links; `base_url` is where people reach this installation."""

    def __init__(self, secrets: Secrets, base_url: str) -> None:
        self._secrets, self.base_url = secrets, base_url

    def token(self, owner_id: UUID, about: str) -> str:
        """What stands in the links of a letter."""
        said = _encoded(owner_id.bytes + about.encode())
        key = self._secrets.signing_key(_PURPOSE)
        return f"{said}.{key.id}.{_signature(key, said)}"

    def one_click(self, token: str) -> str:
        """Where mail programs say at once that no more is wanted (`List-Unsubscribe`)."""
        return f"{self.base_url}/api/v1{PATH}?token={token}"

    def page(self, token: str) -> str:
        """The page that asks first; the token is in no server's log."""
        return f"{self.base_url}/unsubscribe#{token}"

    def read(self, token: str) -> Meant:
        """What a token ends.

        Raises:
            NotFound: it isn't one of ours, or not whole.
        """
        match = _TOKEN.fullmatch(token)
        key = self._secrets.keys(_PURPOSE).get(match[2]) if match else None
        if match and key and hmac.compare_digest(match[3], _signature(key, match[1])):
            said = _decoded(match[1])
            return Meant(UUID(bytes=said[:_ID_BYTES]), said[_ID_BYTES:].decode())
        raise NotFound(
            "This link isn't one of ours, or it isn't whole. Open it from the letter itself, or "
            "sign in and look into your settings."
        )


def _encoded(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def _decoded(said: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
    except (binascii.Error, ValueError) as fault:  # pragma: no cover  # it was signed by us
        raise NotFound("This link isn't one of ours.") from fault


def _signature(key: Key, said: str) -> str:
    mac = hmac.digest(key.secret, said.encode(), hashlib.sha256)[:_SIGNATURE_BYTES]
    return _encoded(mac)
