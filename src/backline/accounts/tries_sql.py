"""The queries that count tries at a secret."""

from datetime import datetime

import msgspec

from backline.platform.database import Read, Write


class Standing(msgspec.Struct, frozen=True):
    """What the database's clock says, and the seconds until one may try; 0 where one may now."""

    now: datetime
    wait_s: float


# One after the other: all that concerns an account, then all from an address. In this order
# everywhere, so that nobody waits for each other.
_LOCK = """
SELECT pg_advisory_xact_lock(hashtext('backline.tries.account'), hashtext($1)),
  pg_advisory_xact_lock(hashtext('backline.tries.address'), hashtext($2))
"""
_STANDING = """
SELECT clock_timestamp() AS now, greatest(
  CASE WHEN own >= 5 THEN 900 - extract(epoch FROM now() - first_own) ELSE 0 END,
  CASE WHEN of_account >= 50 THEN 900 - extract(epoch FROM now() - first_of_account) ELSE 0 END,
  CASE WHEN from_address >= 100
    THEN 900 - extract(epoch FROM now() - first_from_address) ELSE 0 END,
  CASE WHEN own > 0 AND own + beside >= 5 THEN 1 ELSE 0 END
)::float8 AS wait_s
FROM (
  SELECT
    count(*) FILTER (WHERE email_key = $1 AND address = $2) AS own,
    min(at) FILTER (WHERE email_key = $1 AND address = $2) AS first_own,
    count(*) FILTER (WHERE email_key = $1) AS of_account,
    min(at) FILTER (WHERE email_key = $1) AS first_of_account,
    count(*) FILTER (WHERE address = $2) AS from_address,
    min(at) FILTER (WHERE address = $2) AS first_from_address,
    (
      SELECT count(*) FROM login_successes WHERE email_key = $1 AND address = $2 AND at > $3
    ) AS beside
  FROM (
    SELECT email_key, address, at FROM login_failures
    WHERE email_key = $1 AND at > now() - interval '15 minutes'
    UNION ALL
    SELECT email_key, address, at FROM login_failures
    WHERE address = $2 AND email_key <> $1 AND at > now() - interval '15 minutes'
  ) recent
) counted
"""
_FAILED = "INSERT INTO login_failures (at, email_key, address) VALUES (clock_timestamp(), $1, $2)"
_PASSED = """
INSERT INTO login_successes (at, email_key, address) VALUES (clock_timestamp(), $1, $2)
RETURNING at
"""
_FORGIVE = """
DELETE FROM login_failures
WHERE email_key = $1 AND address = $2 AND ($3::timestamptz IS NULL OR at < $3)
"""
_PRUNE_FAILURES = "DELETE FROM login_failures WHERE at < now() - interval '1 hour'"
_PRUNE_SUCCESSES = "DELETE FROM login_successes WHERE at < now() - interval '1 hour'"


async def lock(tx: Write, email_key: str, address: str) -> None:
    """Have nobody else judge a try at this account, or from this address, until `tx` ends."""
    await tx.execute(_LOCK, email_key, address)


async def standing(
    read: Read, email_key: str, address: str, since: datetime | None = None
) -> Standing:
    """Whether this account may be tried from this address.

    Of what succeeded only that counts which came after `since`, and only beside failures.
    """
    found = await read.fetch_one(_STANDING, Standing, email_key, address, since)
    assert found is not None  # noqa: S101  # an aggregate always gives one
    return found


async def failed(tx: Write, email_key: str, address: str) -> None:
    """Remember that a try failed."""
    await tx.execute(_FAILED, email_key, address)


async def passed(tx: Write, email_key: str, address: str) -> datetime:
    """Remember that one succeeded; when that was."""
    return await tx.fetch_value(_PASSED, email_key, address)


async def forgive(tx: Write, email_key: str, address: str, before: datetime | None = None) -> None:
    """Have what failed before then, or ever, count no more."""
    await tx.execute(_FORGIVE, email_key, address, before)


async def prune(tx: Write) -> None:
    """Remove tries that count no more."""
    await tx.execute(_PRUNE_FAILURES)
    await tx.execute(_PRUNE_SUCCESSES)
