"""One-time codes by the clock (RFC 6238 with SHA-1, six digits, 30 s), and recovery codes.

Pure arithmetic: who has which secret, and which codes were used, is in `second_factor`.
"""

import base64
import hashlib
import hmac
import io
import secrets
import struct
from urllib.parse import quote
from uuid import UUID

import segno

STEP_S = 30
_TOLERANCE_STEPS = 1
_DIGITS = 6
_SECRET_BYTES = 20  # RFC 4226 §4: 160 bits
RECOVERY_CODES = 10
_PART_LENGTH = 5
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike


def new_secret() -> bytes:
    """A secret to share with someone's authenticator."""
    return secrets.token_bytes(_SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The code of one step of 30 s since 1970 (RFC 4226 §5.3)."""
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4]) & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def step_of(secret: bytes, code: str, *, now_s: float, after: int) -> int | None:
    """The step that a code belongs to: the present one or a neighbour, and later than `after`."""
    present = int(now_s // STEP_S)
    found: int | None = None
    for step in range(present - _TOLERANCE_STEPS, present + _TOLERANCE_STEPS + 1):
        is_it = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if is_it and step > after and found is None:
            found = step
    return found


def is_time_code(code: str) -> bool:
    """Whether this has the form of a code by the clock, once `plain`."""
    return len(code) == _DIGITS and code.isascii() and code.isdigit()


def plain(code: str) -> str:
    """A code as it is compared: people type spaces, hyphens and capitals."""
    return "".join(code.split()).replace("-", "").lower()


def base32_of(secret: bytes) -> str:
    """The secret as authenticators take it."""
    return base64.b32encode(secret).decode()


def uri_of(secret: bytes, *, account: str, issuer: str) -> str:
    """The address that authenticators read out of the QR code (Key URI Format)."""
    label = quote(f"{issuer}:{account}", safe="@:")
    return f"otpauth://totp/{label}?secret={base32_of(secret)}&issuer={quote(issuer)}"


def qr_svg(uri: str) -> str:
    """The QR code of an address, black on white, as an SVG."""
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, light="#fff", xmldecl=False, title=None
    )
    return out.getvalue().decode()


def new_recovery_codes() -> list[str]:
    """Ten codes of the form `abcde-fgh23`, 49 bits each."""
    return [f"{_letters()}-{_letters()}" for _ in range(RECOVERY_CODES)]


def recovery_digest(key: bytes, user_id: UUID, code: str) -> bytes:
    """What is kept of a recovery code: useless without the installation's key."""
    return hmac.new(key, user_id.bytes + plain(code).encode(), hashlib.sha256).digest()


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_PART_LENGTH))
