"""The sample people of `backline up --demo`, and how far the samples of an installation are."""

from typing import Final

import msgspec

from backline.accounts import sql
from backline.accounts.passwords import Passwords
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.domain import Sampled, Samples
from backline.platform.ids import uuid7
from backline.platform.mail.addresses import address_key

_FACT: Final = "demo"
_BEGUN, _DONE = "begun", "done"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('backline.demo'))"


class DemoPerson(msgspec.Struct, frozen=True):
    """A sample user; the address can't belong to anyone (RFC 2606)."""

    name: str
    email: str


PEOPLE: Final = (
    DemoPerson("Ada Lindqvist", "ada@example.com"),
    DemoPerson("Jonas Okafor", "jonas@example.com"),
    DemoPerson("Mei Tanaka", "mei@example.com"),
)
# Not secret: it stands in the README, and the server only listens on this machine.
PASSWORD: Final = "backline-demo"  # noqa: S105


async def begin(database: Database) -> Sampled | None:
    """Make the people who are missing; None where others use the installation without them.

    It takes a transaction for the beginning and one for each of them.
    """
    state = await _begun(database)
    if state is None:
        return None
    if state == _DONE:
        return Sampled((), is_whole=True)
    return Sampled([await _person(database, person) for person in PEOPLE], is_whole=False)


async def finish(database: Database) -> None:
    """Remember that nothing is missing any more; one transaction."""
    async with database.write() as tx:
        await sql.set_fact(tx, _FACT, _DONE)


async def _begun(database: Database) -> str | None:
    async with database.write() as tx:
        await tx.execute(_LOCK)
        state = await sql.fact(tx, _FACT)
        if state is not None:
            return state
        if await sql.users(tx, before=None, search="", limit=1):
            return None
        # In one transaction: whoever signs up from now on doesn't make the installation one in use.
        await sql.set_fact(tx, _FACT, _BEGUN)
        return _BEGUN


async def _person(database: Database, person: DemoPerson) -> Actor:
    key, password_hash = address_key(person.email), await Passwords().hash(PASSWORD)
    async with database.write() as tx:
        await sql.insert_user(tx, uuid7(), person.email, key, person.name, password_hash, "user")
        known = await sql.credentials(tx, [key])
    if not known:
        raise LookupError(f"The account of {person.email} can't be made.")
    return Actor(known[0].id, "user", uuid7())


SAMPLES: Final = Samples([person.email for person in PEOPLE], PASSWORD, begin, finish)
