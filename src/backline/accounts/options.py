"""What accounts can be set to."""

from typing import Final

import msgspec

from backline.platform.settings import Option, Options, parsing


class AccountOptions(msgspec.Struct, frozen=True):
    """Its values. `quota_bytes` is for people without their own."""

    quota_bytes: int
    registration: str
    access_token_ttl_s: int


OPTIONS: Final = Options(
    AccountOptions,
    (
        Option(
            "QUOTA_BYTES",
            parsing.size,
            50_000_000_000,
            "How much each person may store.",
            "50 GB",
        ),
        Option(
            "REGISTRATION",
            parsing.one_of("open", "closed"),
            "open",
            "Whether people can make their own account.",
        ),
        Option(
            "ACCESS_TOKEN_TTL_S",
            parsing.between(60, 86_400),
            900,
            "How many seconds an access token is valid.",
        ),
    ),
)
