"""The installation's secret and the keys made from it; who signs what with them is elsewhere.

`secrets.json` holds one or several roots: `{"roots": [{"id": "a1b2c3d4", "key": "<base64>"}]}`.
The first signs, all verify: to rotate, put a new root in front and take the old one away once
nothing signed with it is alive. Keys are derived for each purpose by HKDF-SHA256 (RFC 5869), so
that none can be used for another.
"""

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MIN_ROOT_BYTES = 32
_MAX_FILE_BYTES = 64 * 1024
_KEY_BYTES = 32
_SALT = b"backline/keys/1"


class SecretFault(Exception):
    """The secret can't be used; the text says why and what to do, and never the secret."""


class Key(msgspec.Struct, frozen=True):
    """A key for one purpose. `id` may be shown to anyone: it tells which root made the key."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key(id={self.id!r})"


class Secrets:
    """The roots of this installation, and the keys made from them so far."""

    def __init__(self, roots: tuple[Key, ...]) -> None:
        self._roots = roots
        self._keys: dict[str, dict[str, Key]] = {}

    def __repr__(self) -> str:
        return f"Secrets(roots={[root.id for root in self._roots]!r})"

    def signing_key(self, purpose: str) -> Key:
        """The key that signs for `purpose` now (`media`, `access-token`, `cursor`, …)."""
        return self.keys(purpose)[self._roots[0].id]

    def keys(self, purpose: str) -> dict[str, Key]:
        """All keys that may verify for `purpose`, by their id."""
        keys = self._keys.get(purpose)
        if keys is None:
            keys = {root.id: _derived(root, purpose) for root in self._roots}
            self._keys[purpose] = keys
        return keys


class _Root(msgspec.Struct, frozen=True):
    id: str
    key: str


class _File(msgspec.Struct, frozen=True):
    roots: tuple[_Root, ...]


def load_secrets(path: Path) -> Secrets:
    """Read the secret.

    Raises:
        SecretFault: it is missing, open to others, unreadable or too short.
    """
    return Secrets(_roots_of(path, _read_private(path)))


def load_or_make_secrets(path: Path, owner: tuple[int, int] | None = None) -> Secrets:
    """Read the secret, or make one of 32 random bytes if there is none.

    Several processes may call this at once: one secret comes out. `owner` is the user and group
    id that the new file is given, for a supervisor that runs as root.

    Raises:
        SecretFault: as `load_secrets`, or it can't be written.
    """
    if not path.exists():
        try:
            _make(path, owner)
        except OSError as fault:
            raise SecretFault(f"{path} can't be written: {fault.strerror}.") from fault
    return load_secrets(path)


def _make(path: Path, owner: tuple[int, int] | None) -> None:
    root = _Root(secrets.token_hex(4), base64.b64encode(secrets.token_bytes(32)).decode())
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if owner is not None:
                os.fchown(file.fileno(), *owner)
            file.write(msgspec.json.encode(_File((root,))) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name exists, unlike a rename: the first process wins.
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(_MAX_FILE_BYTES + 1)
    except FileNotFoundError as fault:
        raise SecretFault(f"There is no {path}. {_how_to_make()}") from fault
    except OSError as fault:
        raise SecretFault(f"{path} can't be read: {fault.strerror}.") from fault
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretFault(
            f"{path} is open to other users (mode {stat.S_IMODE(mode):04o}). "
            f"Close it with: chmod 600 {path}"
        )
    if len(text) > _MAX_FILE_BYTES:
        raise SecretFault(f"{path} is larger than {_MAX_FILE_BYTES // 1024} KiB: the wrong file?")
    return text


def _roots_of(path: Path, text: bytes) -> tuple[Key, ...]:
    try:
        roots = msgspec.json.decode(text, type=_File).roots
    except msgspec.MsgspecError:
        # Not chained: the decoder's message may quote what it read.
        raise SecretFault(f"{path} isn't understood. {_how_to_make()}") from None
    if not roots or len({root.id for root in roots}) < len(roots):
        raise SecretFault(f"{path} needs at least one root, and no id twice. {_how_to_make()}")
    return tuple(_checked(path, root) for root in roots)


def _checked(path: Path, root: _Root) -> Key:
    if not (root.id.isascii() and root.id.isalnum() and len(root.id) <= 16):  # noqa: PLR2004
        raise SecretFault(f"A root's id in {path} isn't 1 to 16 letters and digits.")
    try:
        key = base64.b64decode(root.key, validate=True)
    except (binascii.Error, ValueError):
        raise SecretFault(f"The key of root {root.id} in {path} isn't base64.") from None
    if len(key) < _MIN_ROOT_BYTES:
        raise SecretFault(
            f"The key of root {root.id} in {path} has {len(key)} bytes and needs at least "
            f"{_MIN_ROOT_BYTES}. {_how_to_make()}"
        )
    return Key(root.id, key)


def _how_to_make() -> str:
    return (
        'It looks like {"roots": [{"id": "a1", "key": "…"}]}, the key being 32 or more random '
        "bytes in base64, such as `openssl rand -base64 32` prints."
    )


def _derived(root: Key, purpose: str) -> Key:
    hkdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=_SALT, info=purpose.encode())
    return Key(root.id, hkdf.derive(root.secret))
