"""An authenticator: the codes that go with a secret."""

import base64
import time

from backline.accounts import totp


def code_now(secret: str, steps: int = 0) -> str:
    """The code of the present step of 30 s, or of so many after it."""
    return totp.code_at(base64.b32decode(secret), int(time.time() // totp.STEP_S) + steps)
