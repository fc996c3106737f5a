"""Stream keys: made to be copied and read aloud, kept sealed, found by a keyed hash of theirs."""

import hashlib
import hmac
import secrets
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.errors import Unavailable
from backline.platform.secrets import Secrets
from backline.platform.secrets.sealing import Seal, SealFault, close, open_sealed, seal_for

# Without what looks like something else: 119 bits in six groups of four.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 6, 4


class LiveKeys(msgspec.Struct, frozen=True):
    """What seals the keys of projects and of destinations, and what digests are made with."""

    projects: Seal
    destinations: Seal
    digests: tuple[bytes, ...]  # the newest first

    def __repr__(self) -> str:
        return "LiveKeys(…)"


def live_keys(secrets_: Secrets) -> LiveKeys:
    """The keys of this installation."""
    newest = secrets_.signing_key("stream-key")
    others = [key for key in secrets_.keys("stream-key").values() if key.id != newest.id]
    return LiveKeys(
        seal_for(secrets_, "stream-key-seal"),
        seal_for(secrets_, "destination-key-seal"),
        tuple(key.secret for key in (newest, *others)),
    )


def new_stream_key() -> str:
    """A key that nobody guesses."""
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def digests_of(keys: LiveKeys, stream_key: str) -> list[bytes]:
    """The hashes under which a key may be kept, the one for new ones first.

    Dashes, capitals and spaces around it don't matter: somebody may have typed it.
    """
    plain = stream_key.strip().lower().replace("-", "").encode()
    return [hmac.new(key, plain, hashlib.sha256).digest() for key in keys.digests]


def seal_own(keys: LiveKeys, project_id: UUID, stream_key: str) -> bytes:
    """A project's key as it is kept."""
    return close(keys.projects, stream_key.encode(), project_id.bytes)


def open_own(keys: LiveKeys, project_id: UUID, sealed: bytes) -> str:
    """A project's key as its owner is shown it.

    Raises:
        Unavailable: it can't be read any more.
    """
    try:
        return open_sealed(keys.projects, sealed, project_id.bytes).decode()
    except SealFault as fault:
        raise Unavailable(
            f"This stream key can't be read: {fault}. Make a new one, and tell whoever runs this "
            "server."
        ) from fault


def seal_theirs(keys: LiveKeys, destination_id: UUID, stream_key: str) -> bytes:
    """A destination's key as it is kept."""
    return close(keys.destinations, stream_key.encode(), destination_id.bytes)


def open_theirs(keys: LiveKeys, destination_id: UUID, sealed: bytes) -> str:
    """A destination's key, for whoever connects there.

    Raises:
        SealFault: it can't be read any more.
    """
    return open_sealed(keys.destinations, sealed, destination_id.bytes).decode()
