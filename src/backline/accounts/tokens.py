"""Access and refresh tokens: made and read here; whether they still count, the sessions say."""

import hashlib
import hmac
import time
from uuid import UUID

import jwt
import msgspec

from backline.platform.errors import Unauthenticated

_ALGORITHM = "HS256"
_ISSUER = "backline"


class TokenKeys(msgspec.Struct, frozen=True):
    """The keys of the three kinds, newest first; the first signs, all verify. Never logged."""

    access: tuple[bytes, ...]
    refresh: tuple[bytes, ...]
    api: tuple[bytes, ...]
    access_ttl_s: int = 900
    refresh_ttl_s: int = 30 * 86_400

    def __repr__(self) -> str:
        return "TokenKeys(…)"


def access_token(keys: TokenKeys, session_id: UUID, user_id: UUID) -> str:
    """A JWT (RFC 7519) bound to a session row."""
    now_s = int(time.time())
    claims = {
        "iss": _ISSUER,
        "sub": user_id.hex,
        "sid": session_id.hex,
        "iat": now_s,
        "exp": now_s + keys.access_ttl_s,
    }
    return jwt.encode(claims, keys.access[0], algorithm=_ALGORITHM)


class Access(msgspec.Struct, frozen=True):
    """What an access token says: its session, and until when it counts (seconds since 1970)."""

    session_id: UUID
    expires_s: float


def read_access_token(keys: TokenKeys, token: str) -> Access:
    """The session that a token belongs to.

    Raises:
        Unauthenticated: expired, forged, or no token at all.
    """
    for key in keys.access:
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                options={"require": ["exp", "sub", "sid", "iss"]},
            )
            return Access(UUID(str(claims["sid"])), float(claims["exp"]))
        except jwt.ExpiredSignatureError as fault:
            raise Unauthenticated("Your access token has expired. Refresh it.") from fault
        except (jwt.InvalidTokenError, ValueError):
            continue
    raise Unauthenticated("The access token isn't one of ours. Sign in again.")


def refresh_token(keys: TokenKeys, session_id: UUID, generation: int) -> str:
    """The refresh token of a session's generation: the same each time, and kept nowhere."""
    return f"{session_id.hex}.{generation}.{_mac(keys.refresh[0], session_id, generation)}"


def read_refresh_token(keys: TokenKeys, token: str) -> tuple[UUID, int]:
    """The session and generation that a refresh token stands for.

    Raises:
        Unauthenticated: it isn't one of ours.
    """
    parts = token.split(".")
    if len(parts) == 3 and parts[1].isascii() and parts[1].isdigit():  # noqa: PLR2004
        try:
            session_id, generation = UUID(parts[0]), int(parts[1][:9])
        except ValueError:
            session_id, generation = None, 0
        if session_id is not None and any(
            hmac.compare_digest(_mac(key, session_id, generation).encode(), parts[2].encode())
            for key in keys.refresh
        ):
            return session_id, generation
    raise Unauthenticated("You are signed out. Sign in again.")


def _mac(key: bytes, session_id: UUID, generation: int) -> str:
    message = session_id.bytes + generation.to_bytes(8)
    return hmac.new(key, message, hashlib.sha256).hexdigest()
