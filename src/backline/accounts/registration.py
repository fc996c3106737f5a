"""Registration: the form is taken in the same time whether or not the address has an account.

So the request does the same in both cases, and a job finds out and writes to the address.
"""

from uuid import UUID

import msgspec

from backline.accounts import letters, recovery, recovery_sql, sql
from backline.accounts.models import RegisterForm
from backline.accounts.passwords import Passwords
from backline.accounts.recovery_sql import RegistrationRow
from backline.platform import audit
from backline.platform.database import Database, Write
from backline.platform.ids import uuid7
from backline.platform.jobs import enqueue
from backline.platform.mail import Mail
from backline.platform.mail.addresses import address_key

REGISTERED = "accounts.registered"


class Registered(msgspec.Struct, frozen=True):
    """The job that sees to a registration."""

    registration_id: UUID


async def register(
    database: Database, passwords: Passwords, form: RegisterForm, mail: Mail, *, address: str
) -> None:
    """Make an account, or none where the address has one: the caller can't tell which.

    Where messages are sent, nobody signs in to it before they opened the link in theirs.
    """
    password_hash = await passwords.hash(form.password)
    email, name = form.email.strip(), form.name.strip()
    row = RegistrationRow(address_key(email), name, password_hash, address[:64])
    registration_id = uuid7()
    async with database.write() as tx:
        await sql.insert_user(
            tx,
            uuid7(),
            email,
            row.email_key,
            name,
            password_hash,
            "user",
            must_verify=mail.is_sent,
        )
        await recovery_sql.insert_registration(tx, registration_id, row)
        await enqueue(tx, REGISTERED, Registered(registration_id))


async def see_to(tx: Write, mail: Mail, registration_id: UUID) -> None:
    """Write to the address that was registered: a link to confirm it, or that it was known.

    While nobody can use the account yet, each registration gets a link of its own, and it
    becomes theirs who opens it, with the password that they chose: somebody who knows no more
    than an address can't prepare an account for its owner to walk into.
    """
    row = await recovery_sql.take_registration(tx, registration_id)
    owners = await recovery_sql.lock_by_email(tx, [row.email_key]) if row is not None else []
    if row is None or not owners:
        return
    owner = owners[0]
    made_it = owner.password_hash == row.password_hash  # hashes have salts: no two are the same
    if made_it:
        await audit.record(tx, owner.id, "user.create", address=row.address)
    if owner.is_disabled:
        return
    if owner.is_pending:
        if not made_it:
            await recovery_sql.set_pending(tx, owner.id, row.name, row.password_hash)
        await recovery.send_verification(
            tx, mail, owner, name=row.name, password_hash=row.password_hash
        )
    elif made_it:
        await recovery.send_verification(tx, mail, owner)
    else:
        await recovery.write(tx, mail, letters.known(mail, owner.email))
