"""The installation's secret, and what is made from it."""

from backline.platform.secrets.roots import (
    Key,
    SecretFault,
    Secrets,
    load_or_make_secrets,
    load_secrets,
)

__all__ = [
    "Key",
    "SecretFault",
    "Secrets",
    "load_or_make_secrets",
    "load_secrets",
]
