"""`backline demo`: sample people and music for an empty installation, added as anybody would.

The supervisor starts it once the server answers. The pieces come in by the same operation as an
upload by form, so their renditions and covers are made by the worker.
"""

import asyncio
import secrets
import shutil
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import uvloop

from backline.accounts import sql as accounts_sql
from backline.accounts.passwords import Passwords
from backline.accounts.sessions import email_key
from backline.audio import intake, kept_sql
from backline.audio.demo import PEOPLE, PIECES
from backline.audio.demo.compose import compose
from backline.audio.settings import AudioSettings
from backline.commands.role import enter
from backline.main import job_registry
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.platform.openness import demo_fault
from backline.platform.parts import Platform, open_platform
from backline.platform.settings import Settings

# Not secret: it stands in the README, and the server only listens on this machine.
PASSWORD: Final = "backline-demo"  # noqa: S105
_FACT: Final = "demo"
_BEGUN, _DONE = "begun", "done"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('backline.demo'))"
_READ_BYTES: Final = 256 * 1024


class DemoReport(msgspec.Struct, frozen=True):
    """What `fill` did. `refused` says why nothing was added to an installation in use."""

    tracks_added: int = 0
    was_complete: bool = False
    refused: str | None = None


class DemoFault(Exception):
    """The samples can't be added here; the text says why."""


def run() -> int:
    """Add the samples and say how to sign in; the exit code."""
    role = enter()
    report = uvloop.run(_run(role.settings))
    sys.stdout.write(_told(report) + "\n")
    return 0


def _told(report: DemoReport) -> str:
    if report.refused is not None:
        return report.refused
    emails = ", ".join(person.email for person in PEOPLE)
    how = f"Sample people: {emails}. Their password: {PASSWORD}"
    if report.was_complete:
        return how
    return f"{report.tracks_added} sample tracks were added; they are being prepared.\n{how}"


async def _run(settings: Settings) -> DemoReport:
    fault = demo_fault(settings)
    if fault is not None:
        raise DemoFault(fault)
    job_registry()
    async with open_platform(settings, connections=2) as platform:
        return await fill(platform)


async def fill(platform: Platform) -> DemoReport:
    """Add people and pieces to an empty installation; once that is done, never again.

    What was begun and cut off goes on with what is missing.
    """
    state = await _begin(platform.database)
    if state is None:
        return DemoReport(
            refused="There are accounts here already, so no sample people and music were added."
        )
    if state == _DONE:
        return DemoReport(was_complete=True)
    people = [await _person(platform.database, place) for place in range(len(PEOPLE))]
    folder = platform.settings.data_dir / "demo"
    added = 0
    try:
        for place, piece in enumerate(PIECES):
            owner_id = people[piece.owner]
            async with platform.database.read() as read:
                present = await kept_sql.filenames(read, owner_id)
            if piece.filename not in present:
                await _add(platform, owner_id, place, folder)
                added += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    async with platform.database.write() as tx:
        await accounts_sql.set_fact(tx, _FACT, _DONE)
    return DemoReport(tracks_added=added)


async def _begin(database: Database) -> str | None:
    """How far the samples are; None where the installation is in use without them."""
    async with database.write() as tx:
        await tx.execute(_LOCK)
        state = await accounts_sql.fact(tx, _FACT)
        if state is not None:
            return state
        if await accounts_sql.users(tx, before=None, search="", limit=1):
            return None
        # In one transaction: whoever signs up from now on doesn't make the installation one in use.
        await accounts_sql.set_fact(tx, _FACT, _BEGUN)
        return _BEGUN


async def _person(database: Database, place: int) -> UUID:
    person = PEOPLE[place]
    key, password_hash = email_key(person.email), await Passwords().hash(PASSWORD)
    async with database.write() as tx:
        await accounts_sql.insert_user(
            tx, uuid7(), person.email, key, person.name, password_hash, "user"
        )
        known = await accounts_sql.credentials(tx, key)
    if known is None:
        raise DemoFault(f"The account of {person.email} can't be made.")
    return known.id


async def _add(platform: Platform, owner_id: UUID, place: int, folder: Path) -> None:
    path = await asyncio.to_thread(_compose, place, folder)
    settings = platform.settings
    into = intake.Intake(
        platform.database,
        platform.storage,
        platform.staging,
        AudioSettings(settings.max_upload_bytes, settings.quota_bytes),
    )
    boundary = secrets.token_hex(16)
    await intake.take_form(
        into,
        Actor(owner_id, "user", uuid7()),
        _form(path, PIECES[place].filename, boundary),
        content_type=f"multipart/form-data; boundary={boundary}",
        length_bytes=path.stat().st_size,
    )


def _compose(place: int, folder: Path) -> Path:
    # Made anew: what a cut off composition left there is of no use.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(0o700)
    path = folder / "piece.flac"
    compose(place, str(path))
    return path


async def _form(path: Path, filename: str, boundary: str) -> AsyncGenerator[bytes]:
    """A form with a file, as a browser sends it (RFC 7578)."""
    disposition = f'Content-Disposition: form-data; name="file"; filename="{filename}"'
    yield f"--{boundary}\r\n{disposition}\r\nContent-Type: audio/flac\r\n\r\n".encode()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            yield piece
    yield f"\r\n--{boundary}--\r\n".encode()
