"""What accounts need to know of the installation."""

import msgspec

from backline.accounts import app_passwords
from backline.accounts.options import AccountOptions
from backline.accounts.passwords import Passwords
from backline.accounts.second_factor import FactorKeys, factor_keys
from backline.accounts.tokens import TokenKeys
from backline.platform.mail import Mail, mail_settings
from backline.platform.secrets import Secrets
from backline.platform.secrets.sealing import Seal, seal_for
from backline.platform.settings import Settings


class AccountSettings(msgspec.Struct, frozen=True):
    """Injected into the handlers as `accounts`. `quota_bytes` is for people without their own.

    `scopes` are all that an API token or an app password can have; `app_seal` seals the latter.
    """

    passwords: Passwords
    keys: TokenKeys
    factor: FactorKeys
    app_seal: Seal
    scopes: frozenset[str]
    quota_bytes: int
    mail: Mail
    registration_open: bool = True
    secure_cookies: bool = True


def account_settings(
    settings: Settings, secrets: Secrets, scopes: frozenset[str]
) -> AccountSettings:
    """What the installation's settings and keys say about accounts, in this process."""
    options = settings.of(AccountOptions)
    keys = TokenKeys(
        tuple(key.secret for key in secrets.keys("access-token").values()),
        tuple(key.secret for key in secrets.keys("refresh-token").values()),
        tuple(key.secret for key in secrets.keys("api-token").values()),
        options.access_token_ttl_s,
    )
    return AccountSettings(
        Passwords(),
        keys,
        factor_keys(secrets),
        seal_for(secrets, app_passwords.PURPOSE),
        scopes,
        options.quota_bytes,
        mail_settings(settings),
        registration_open=options.registration == "open",
        secure_cookies=settings.is_https,
    )
