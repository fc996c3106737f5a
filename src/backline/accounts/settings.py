"""What accounts need to know of the installation."""

import msgspec

from backline.accounts.tokens import TokenKeys
from backline.platform.http.origins import Origins


class AccountSettings(msgspec.Struct, frozen=True):
    """Injected into the handlers as `accounts`. `quota_bytes` is for people without their own."""

    keys: TokenKeys
    origins: Origins
    quota_bytes: int
    registration_open: bool = True
    secure_cookies: bool = True
