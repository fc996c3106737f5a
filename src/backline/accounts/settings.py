"""What accounts need to know of the installation."""

import msgspec

from backline.accounts.passwords import Passwords
from backline.accounts.second_factor import FactorKeys, factor_keys
from backline.accounts.tokens import TokenKeys
from backline.platform.http.origins import Origins
from backline.platform.mail import Mail, mail_settings
from backline.platform.secrets import Secrets
from backline.platform.settings import Settings


class AccountSettings(msgspec.Struct, frozen=True):
    """Injected into the handlers as `accounts`. `quota_bytes` is for people without their own.

    `scopes` are all that an API token can have.
    """

    passwords: Passwords
    keys: TokenKeys
    factor: FactorKeys
    scopes: frozenset[str]
    origins: Origins
    quota_bytes: int
    mail: Mail
    registration_open: bool = True
    secure_cookies: bool = True


def account_settings(
    settings: Settings, secrets: Secrets, origins: Origins, scopes: frozenset[str]
) -> AccountSettings:
    """What the installation's settings and keys say about accounts, in this process."""
    keys = TokenKeys(
        tuple(key.secret for key in secrets.keys("access-token").values()),
        tuple(key.secret for key in secrets.keys("refresh-token").values()),
        tuple(key.secret for key in secrets.keys("api-token").values()),
        settings.access_token_ttl_s,
    )
    return AccountSettings(
        Passwords(),
        keys,
        factor_keys(secrets),
        scopes,
        origins,
        settings.quota_bytes,
        mail_settings(settings),
        registration_open=settings.registration == "open",
        secure_cookies=settings.is_https,
    )
