"""Connecting a Google Drive: the way to Google's page and back, and the end of a connection.

The way is OAuth's with a code, a state that is bound to the session, and PKCE (RFC 6749, 7636).
"""

import base64
import hashlib
import secrets
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts import photos
from backline.concerts.drive import keys, sql
from backline.concerts.drive.models import (
    Agreed,
    Consent,
    DriveChanged,
    DriveState,
    RevokeJob,
    State,
)
from backline.concerts.drive.sql import ConnectionRow
from backline.concerts.outside.drive import About, Drive
from backline.concerts.outside.drive_asking import NotAllowed
from backline.concerts.outside.google import METADATA, READ, Ended, Google, Grant, Misset
from backline.platform import events
from backline.platform.actor import Actor, require_session
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, Invalid, NotFound, Unavailable
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, Later, enqueue
from backline.platform.secrets.sealing import Seal, SealFault

REVOKE: Final = "concerts.drive-revoke"
PATH: Final = "/photos/drive"
_CONSENT_S: Final = 900.0
_SECRET_BYTES: Final = 32
_MOST_NAME: Final = 200
_MOST_ID: Final = 200
_MOST_STARRED: Final = 100  # at once; the others are copied by the nightly repair
_NOT_SET_UP: Final = (
    "Nobody can connect a Google Drive here: the operator of this server has to set "
    "BACKLINE_GOOGLE_CLIENT_ID and BACKLINE_GOOGLE_CLIENT_SECRET."
)
_ELSEWHERE: Final = (
    "This answer from Google isn't one that this window asked for, or it came too late. Please "
    "connect the Drive once more."
)
_LEFT_OUT: Final = (
    "Without permission to see which files there are, Backline finds no photos. Please connect the "
    "Drive once more, and leave what Backline asks for ticked."
)


class Connecting(msgspec.Struct, frozen=True):
    """What it takes: the operator's client, if there is one, and where Google leads back."""

    google: Google | None
    seal: Seal
    redirect_uri: str
    missing: tuple[str, ...]


async def state(read: Read, actor: Actor, with_: Connecting) -> DriveState:
    """How the actor's connection stands."""
    row = await sql.connection(read, actor.user_id)
    return _shown(row, with_)


def _shown(row: ConnectionRow | None, with_: Connecting) -> DriveState:
    missing = list(with_.missing)
    if row is None:
        told: State = "not-set-up" if with_.google is None else "not-connected"
        return DriveState(told, with_.redirect_uri, missing)
    return DriveState(
        state="reconnect" if row.fault is not None else "connected",
        redirect_uri=with_.redirect_uri,
        missing=missing,
        account=row.address or None,
        name=row.name or None,
        source_id=row.source_id,
        may_read=row.may_read,
        fault=row.fault,
    )


async def begin(tx: Write, actor: Actor, with_: Connecting, *, pictures: bool = False) -> Consent:
    """The page on which the actor agrees; its answer counts in this session alone, for 15 min.

    What they agreed to before goes on counting; with `pictures`, those may be read besides.

    Raises:
        Forbidden: an API token isn't a session.
        Conflict: the operator has set no client.
    """
    require_session(actor)
    if with_.google is None:
        raise Conflict(_NOT_SET_UP)
    row = await sql.connection(tx, actor.user_id)
    state_, verifier = _secret(), _secret()
    sealed = keys.seal_verifier(with_.seal, actor.user_id, verifier)
    ids = (actor.user_id, actor.session_id)
    await sql.agree(tx, *ids, _digest(state_), sealed, _CONSENT_S)
    url = with_.google.consent_url(
        redirect_uri=with_.redirect_uri,
        state=state_,
        challenge=_challenge(verifier),
        scopes=_wanted(row, pictures=pictures),
        hint=row.address if row is not None else "",
    )
    return Consent(url)


def _wanted(row: ConnectionRow | None, *, pictures: bool) -> list[str]:
    """What is asked for: Google adds what was agreed to, unless that has ended."""
    if row is not None and row.fault is None and pictures:
        return [READ]
    return [METADATA, READ] if pictures or (row is not None and row.may_read) else [METADATA]


async def finish(database: Database, actor: Actor, agreed: Agreed, with_: Connecting) -> DriveState:
    """Keep the connection that the actor agreed to, in transactions of its own.

    Raises:
        Forbidden: an API token isn't a session.
        Conflict: the operator has set no client.
        Invalid: nobody asked for this answer here, it doesn't count, or it allows too little.
        Unavailable: Google can't be asked now.
    """
    require_session(actor)
    if with_.google is None:
        raise Conflict(_NOT_SET_UP)
    async with database.write() as tx:
        sealed = await sql.agreed(tx, actor.user_id, actor.session_id, _digest(agreed.state))
    try:
        if sealed is None:
            raise Invalid(_ELSEWHERE)
        verifier = keys.open_verifier(with_.seal, actor.user_id, sealed)
    except SealFault as fault:
        raise Invalid(_ELSEWHERE) from fault
    grant, about = await _granted(with_.google, agreed.code, verifier, with_.redirect_uri)
    async with database.write() as tx:
        return await _keep(tx, actor, grant, about, with_)


async def _granted(
    google: Google, code: str, verifier: str, redirect_uri: str
) -> tuple[Grant, About]:
    """What was agreed to, and whose Drive it is."""
    try:
        grant = await google.exchange(code, verifier, redirect_uri)
        if not grant.scopes & {METADATA, READ}:
            raise Invalid(_LEFT_OUT)
        if grant.refresh is None:
            raise Invalid(_ELSEWHERE)
        about = await Drive(google, grant.refresh).about()
    except Ended as fault:
        raise Invalid(_ELSEWHERE) from fault
    except NotAllowed as fault:
        raise Invalid(_LEFT_OUT) from fault
    except (Misset, GiveUp) as fault:
        raise Unavailable(str(fault), retry_after_s=600) from fault
    except Later as fault:
        raise Unavailable(str(fault), retry_after_s=round(fault.after_s)) from fault
    if not 0 < len(about.id) <= _MOST_ID:
        raise Unavailable("Google doesn't say whose Drive this is.", retry_after_s=600)
    return grant, about


async def _keep(
    tx: Write, actor: Actor, grant: Grant, about: About, with_: Connecting
) -> DriveState:
    owner_id = actor.user_id
    before = await sql.lock(tx, owner_id)
    address = _line(about.address) or "Google Drive"
    source_id = await sql.source(tx, owner_id, uuid7(), about.id, address)
    if before is not None and before.source_id != source_id:
        await _give_back(tx, owner_id, before.token)  # of another account
    token = keys.seal_token(with_.seal, owner_id, grant.refresh or "")
    may_read = READ in grant.scopes
    await sql.connect(
        tx, owner_id, source_id, address=address, name=_line(about.name), may_read=may_read,
        token=token,
    )  # fmt: skip
    await tell(tx, owner_id, "connected")
    if may_read:
        for photo_id in await sql.starred(tx, owner_id, source_id, _MOST_STARRED):
            await photos.queue(tx, photos.PREPARE, owner_id, photo_id, since="drive")
        if before is None or not before.may_read:
            await sql.go_on(tx, owner_id, source_id, None)  # a whole list tells of pictures
    return _shown(await sql.connection(tx, owner_id), with_)


async def disconnect(tx: Write, actor: Actor) -> None:
    """End the actor's connection; a job gives the grant back to Google. Photos stay.

    Raises:
        NotFound: there is none.
    """
    token = await sql.disconnect(tx, actor.user_id)
    if token is None:
        raise NotFound("No Google Drive is connected.")
    await _give_back(tx, actor.user_id, token)
    await tell(tx, actor.user_id, "not-connected")


async def forget(tx: Write, owner_id: UUID) -> None:
    """As `disconnect`, of somebody who is gone."""
    token = await sql.disconnect(tx, owner_id)
    if token is not None:
        await _give_back(tx, owner_id, token)
    await sql.forget(tx, owner_id)


async def fail(tx: Write, row: ConnectionRow, fault: str) -> None:
    """Note that a connection counts no more, unless it was made anew meanwhile."""
    if await sql.fail(tx, row.owner_id, row.token, fault):
        await tell(tx, row.owner_id, "reconnect")


async def set_may_read(tx: Write, row: ConnectionRow, *, may_read: bool) -> None:
    """Note what Google says that a connection is good for."""
    if await sql.set_may_read(tx, row.owner_id, row.token, may_read=may_read):
        await tell(tx, row.owner_id, "connected")


async def revoke(google: Google | None, seal: Seal, payload: RevokeJob) -> None:
    """Give a grant back.

    Raises:
        GiveUp: it can't be done from here.
        Later: Google can't be asked now.
    """
    if google is None:
        raise GiveUp("There is no client for Google any more to give this grant back with.")
    try:
        token = keys.open_token(seal, payload.owner_id, base64.b64decode(payload.token))
    except SealFault as fault:
        raise GiveUp(f"The token can't be read: {fault}.") from fault
    await google.revoke(token)


async def tell(tx: Write, owner_id: UUID, state_: State) -> None:
    """Have pages hear of it."""
    await events.publish(tx, owner_id, "photos", "drive", DriveChanged(state_))


async def _give_back(tx: Write, owner_id: UUID, token: bytes) -> None:
    payload = RevokeJob(owner_id, base64.b64encode(token).decode())
    await enqueue(tx, REVOKE, payload)


def _line(text: str) -> str:
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:_MOST_NAME]


def _secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _digest(state_: str) -> bytes:
    return hashlib.sha256(state_.encode()).digest()


def _challenge(verifier: str) -> str:
    """RFC 7636 §4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
