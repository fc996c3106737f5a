"""Accounts of before are given the keys that their addresses have now: once, after an upgrade."""

from uuid import UUID

import msgspec
import structlog

from backline.platform.database import Write
from backline.platform.mail.addresses import address_key

_log = structlog.get_logger()
_AT_ONCE = 1_000


class KeyedRow(msgspec.Struct, frozen=True):
    """An account, its address, and the key under which it stands."""

    id: UUID
    email: str
    email_key: str


_KEYED = """
SELECT id, email, email_key FROM users
WHERE deleted_at IS NULL AND id > $1
  AND (octet_length(email) <> char_length(email) OR email LIKE '%.')
ORDER BY id LIMIT $2
FOR UPDATE
"""
_REKEY = """
UPDATE users SET email_key = $2
WHERE id = $1 AND NOT EXISTS (SELECT FROM users WHERE email_key = $2)
"""


async def rekey(tx: Write) -> None:
    """Change the keys that aren't right; whoever shares a mailbox with another keeps theirs.

    Nobody loses an account by that, see `mailboxes`. The log tells the administrator.
    """
    after = UUID(int=0)
    while rows := await tx.fetch(_KEYED, KeyedRow, after, _AT_ONCE):
        for row in rows:
            key = address_key(row.email)
            if key != row.email_key and not await tx.execute(_REKEY, row.id, key):
                _log.warning("accounts_share_a_mailbox", user=row.id.hex)
        after = rows[-1].id
