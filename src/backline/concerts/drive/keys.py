"""What seals refresh tokens and the verifiers of consents; none is ever shown or logged."""

from typing import Final
from uuid import UUID

from backline.platform.secrets import Secrets
from backline.platform.secrets.sealing import Seal, close, open_sealed, seal_for

_PURPOSE: Final = "google-drive-seal"
_VERIFIER: Final = b"verifier:"


def drive_seal(secrets: Secrets) -> Seal:
    """The seal of this installation."""
    return seal_for(secrets, _PURPOSE)


def seal_token(seal: Seal, owner_id: UUID, token: str) -> bytes:
    """Somebody's refresh token as it is kept."""
    return close(seal, token.encode(), owner_id.bytes)


def open_token(seal: Seal, owner_id: UUID, sealed: bytes) -> str:
    """Somebody's refresh token.

    Raises:
        SealFault: it can't be read any more.
    """
    return open_sealed(seal, sealed, owner_id.bytes).decode()


def seal_verifier(seal: Seal, owner_id: UUID, verifier: str) -> bytes:
    """The verifier of a consent as it is kept."""
    return close(seal, verifier.encode(), _VERIFIER + owner_id.bytes)


def open_verifier(seal: Seal, owner_id: UUID, sealed: bytes) -> str:
    """The verifier of a consent.

    Raises:
        SealFault: it can't be read any more.
    """
    return open_sealed(seal, sealed, _VERIFIER + owner_id.bytes).decode()
