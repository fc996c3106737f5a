"""Sessions: begun by a login, carried on by refreshes, ended by logout, reuse, or from above."""

from uuid import UUID

import msgspec

from backline.accounts import (
    api_tokens_sql,
    app_passwords_sql,
    changes,
    second_factor,
    sql,
    tokens,
    tries,
)
from backline.accounts.faults import SecondFactorRequired, WrongCode
from backline.accounts.mailboxes import keys_of, pick
from backline.accounts.models import Credentials, OpenSessionRow
from backline.accounts.passwords import Checked, Passwords
from backline.accounts.second_factor import FactorKeys
from backline.accounts.tokens import TokenKeys
from backline.platform import audit
from backline.platform.actor import Actor, require_session
from backline.platform.database import Database, Read, Write
from backline.platform.errors import BacklineError, Forbidden, NotFound, Unauthenticated
from backline.platform.ids import uuid7

MOST = 200
_WRONG = "That e-mail and password don't belong together."
_UNCONFIRMED = " If you have just registered, open the link in our mail first."
_GRACE_S = 10.0  # two tabs may refresh with the same token within this


class SignedIn(msgspec.Struct, frozen=True):
    """A session's present tokens."""

    access_token: str
    refresh_token: str
    expires_in_s: int


async def login(
    database: Database,
    passwords: Passwords,
    keys: TokenKeys,
    factor: FactorKeys,
    *,
    email: str,
    password: str,
    code: str | None,
    address: str,
    user_agent: str,
    confirms: bool,
) -> SignedIn:
    """Check a password, and a code where the account wants one, and begin a session.

    The password is verified outside of any transaction, since that takes its time, and judged in
    one together with the code, see `tries`. Where people confirm their addresses (`confirms`), an
    account that waits for that is refused like one that isn't there: else whoever registers an
    address could tell whether it had an account before.

    Raises:
        TooMany: 5 failures in 15 minutes for the account from this address, 50 for the account,
            or 100 from the address.
        Unauthenticated: no such account, not its password, or its address isn't confirmed yet.
        SecondFactorRequired: a code is wanted.
        WrongCode: not the right one.
        Forbidden: an administrator has closed the account.
    """
    async with database.read() as read:
        tried = await tries.begin(read, email, address)
        known = pick(await sql.credentials(read, keys_of(email)), email)
    checked = await passwords.verify(known.password_hash if known else None, password)
    async with database.write() as tx:
        await tries.settle(tx, tried)
        fault = await _fault(tx, factor, known, checked, code, confirms=confirms)
        # Who lacks nothing but a code, or an open account, has shown the right password.
        is_right = fault is None or isinstance(fault, SecondFactorRequired | Forbidden)
        await tries.note(tx, tried, is_right=is_right)
        if known is not None and fault is None:
            await tries.forgive(tx, tried)
            await tries.renew(tx, known, checked)
            await audit.record(tx, known.id, "session.login", address=address)
            return await begin(tx, keys, known.id, address=address, user_agent=user_agent)
    raise fault or Unauthenticated(_WRONG)


async def _fault(
    tx: Write,
    factor: FactorKeys,
    known: Credentials | None,
    checked: Checked,
    code: str | None,
    *,
    confirms: bool,
) -> BacklineError | None:
    """Why a sign-in is refused, if it is; a code that is right is used up."""
    refusal = Unauthenticated(_WRONG + _UNCONFIRMED if confirms else _WRONG)
    if known is None or not checked.is_right or known.is_unverified:
        return refusal
    if known.disabled_at is not None:
        return Forbidden("An administrator has closed this account. Ask them to open it.")
    # Else a session could begin by the old password just after a reset has ended them all.
    if not await sql.is_still(tx, known.id, known.password_hash):
        return refusal
    if known.has_totp and not code:
        return SecondFactorRequired("Send the code of your authenticator, or a recovery code, too.")
    if known.has_totp and not await second_factor.takes(tx, factor, known.id, code or ""):
        return WrongCode("That code isn't right, or it was used before. Wait for the next one.")
    return None


async def begin(
    tx: Write, keys: TokenKeys, user_id: UUID, *, address: str, user_agent: str
) -> SignedIn:
    """Begin a session for someone whose right to it has been checked.

    Where they have more than 200 now, those end that were seen the longest ago.
    """
    session_id = uuid7()
    agent = user_agent.replace("\0", "")[:300]
    args = (session_id, user_id, keys.refresh_ttl_s, agent, address[:64])
    changes.tell(tx, *await sql.insert_session(tx, *args, beside=MOST - 1))
    return _signed_in(keys, session_id, user_id, generation=1)


async def refresh(tx: Write, keys: TokenKeys, token: str, *, address: str) -> SignedIn | None:
    """Exchange a refresh token for the next one and a new access token.

    A token used a second time has been stolen or copied: the whole session ends, and None comes
    back so that the caller commits that before it refuses. Within 10 s of a rotation the token
    before it still gives the present one, for two tabs at once.

    Raises:
        Unauthenticated: not one of ours, or the session has ended.
    """
    session_id, generation = tokens.read_refresh_token(keys, token)
    row = await sql.refreshable(tx, session_id)
    if row is None:
        raise Unauthenticated("You are signed out. Sign in again.")
    if generation == row.generation:
        await sql.rotate(tx, session_id, keys.refresh_ttl_s)
        return _signed_in(keys, session_id, row.user_id, generation=generation + 1)
    if generation == row.generation - 1 and row.age_s <= _GRACE_S:
        return _signed_in(keys, session_id, row.user_id, generation=row.generation)
    await sql.end_session(tx, session_id, "refresh token used twice")
    whose = ("user", row.user_id)
    await audit.record(tx, None, "session.reuse", subject=whose, address=address)
    changes.tell(tx, session_id)
    return None


async def logout(tx: Write, session_id: UUID, *, address: str) -> None:
    """End one session everywhere."""
    user_id = await sql.end_session(tx, session_id, "signed out")
    if user_id is not None:
        await audit.record(tx, user_id, "session.logout", address=address)
        changes.tell(tx, session_id)


async def end_all(tx: Write, user_id: UUID, reason: str, *, keep: Actor | None = None) -> None:
    """End all of someone's sessions everywhere, but the one that `keep` acts through.

    API tokens and app passwords stay, and count as long as the account does: every process looks
    again whether.
    """
    ended = await sql.end_sessions(tx, user_id, reason, keep=keep.session_id if keep else None)
    changes.tell(tx, *ended, *await _touch_keys(tx, user_id))


async def reread(tx: Write, user_id: UUID) -> None:
    """Have every process read someone's sessions and keys again, after a change of role."""
    touched = await sql.touch_sessions(tx, user_id)
    changes.tell(tx, *touched, *await _touch_keys(tx, user_id))


async def _touch_keys(tx: Write, user_id: UUID) -> list[UUID]:
    tokens = await api_tokens_sql.touch(tx, user_id)
    return [*tokens, *await app_passwords_sql.touch(tx, user_id)]


async def page(read: Read, actor: Actor) -> list[OpenSessionRow]:
    """Where one is signed in, the latest seen first; at most 200."""
    require_session(actor)
    return await sql.sessions(read, actor.user_id, MOST)


async def revoke(tx: Write, actor: Actor, session_id: UUID, *, address: str) -> None:
    """End one of one's own sessions everywhere.

    Raises:
        NotFound: there is none with this id, or it is another's.
    """
    require_session(actor)
    if not await sql.end_own_session(tx, session_id, actor.user_id, "ended from the list"):
        raise NotFound("There is no such session.")
    subject = ("session", session_id)
    await audit.record(tx, actor.user_id, "session.revoke", subject=subject, address=address)
    changes.tell(tx, session_id)


async def revoke_others(tx: Write, actor: Actor, *, address: str) -> None:
    """End all of one's own sessions everywhere, but the one that asks."""
    require_session(actor)
    ended = await sql.end_sessions(tx, actor.user_id, "ended from the list", keep=actor.session_id)
    if ended:
        await audit.record(tx, actor.user_id, "session.revoke", address=address, count=len(ended))
        changes.tell(tx, *ended)


def _signed_in(keys: TokenKeys, session_id: UUID, user_id: UUID, *, generation: int) -> SignedIn:
    return SignedIn(
        tokens.access_token(keys, session_id, user_id),
        tokens.refresh_token(keys, session_id, generation),
        keys.access_ttl_s,
    )
