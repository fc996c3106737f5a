"""The headers of tus 1.0, read and written; what follows from them is the module `tus`'s."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

from litestar.params import HeaderParameter
from msgspec import UNSET

from backline.platform.errors import BacklineError, FieldFault, Invalid
from backline.platform.media.conditions import http_date
from backline.uploads.names import as_text
from backline.uploads.resumable import Checksum, Upload

VERSION = "1.0.0"
ALGORITHMS = {"sha1": 20, "sha256": 32}  # and the bytes of their digests
_MAX_METADATA_CHARACTERS = 8192

TusVersion = Annotated[
    str | None, HeaderParameter(name="Tus-Resumable", description="The protocol's version, 1.0.0")
]
Length = Annotated[
    int, HeaderParameter(name="Upload-Length", ge=0, le=1 << 50, description="The file's bytes")
]
Offset = Annotated[
    int,
    HeaderParameter(name="Upload-Offset", ge=0, le=1 << 50, description="Where these bytes begin"),
]
Metadata = Annotated[
    str | None,
    HeaderParameter(
        name="Upload-Metadata",
        max_length=_MAX_METADATA_CHARACTERS,
        description="`filename` and `filetype`, each with its value in base64, by commas",
    ),
]
Concat = Annotated[
    str | None,
    HeaderParameter(
        name="Upload-Concat",
        max_length=_MAX_METADATA_CHARACTERS,
        description="Refused: files come in one piece after the other, not side by side",
    ),
]
ChecksumHeader = Annotated[
    str | None,
    HeaderParameter(
        name="Upload-Checksum",
        max_length=100,
        description="`sha1` or `sha256`, and the digest of this request's bytes in base64",
    ),
]


class WrongVersion(BacklineError):
    """The client speaks another version of tus."""

    status, kind, title = 412, "tus-version", "Another version of the protocol"


def check_version(version: str | None) -> None:
    """Refuse clients of another version.

    Raises:
        WrongVersion: it isn't 1.0.0, or isn't said.
    """
    if version != VERSION:
        raise WrongVersion(f"Send the header Tus-Resumable: {VERSION}")


def check_whole(concat: str | None) -> None:
    """Refuse pieces that are to be joined later: each would be taken for a file of its own.

    Raises:
        Invalid: it is one of them, or the joining.
    """
    if concat is not None:
        raise Invalid(
            "Files aren't taken in parallel pieces here (the tus extension `concatenation`). "
            "Send the whole file as one upload, such as with `parallelUploads: 1`."
        )


def progress_headers(upload: Upload) -> dict[str, str]:
    """What every answer about an upload says of it."""
    return {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.length),
        "Upload-Expires": http_date(upload.expires_at),
    }


def read_metadata(text: str | None) -> dict[str, str]:
    """`filename d29ybGQ=,is_private` -> `{"filename": "world", "is_private": ""}`.

    Raises:
        Invalid: not that form.
    """
    read: dict[str, str] = {}
    for pair in (text or "").split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            read[key] = as_text(base64.b64decode(value.strip(), validate=True))
        except (binascii.Error, ValueError) as fault:
            raise Invalid("The header Upload-Metadata isn't what tus 1.0 describes.") from fault
    return read


def read_subject(metadata: dict[str, str]) -> UUID | None:
    """What the upload is for, where it says so.

    Raises:
        Invalid: it isn't an id.
    """
    try:
        return UUID(metadata["subject"]) if metadata.get("subject") else None
    except ValueError as fault:
        detail = "The `subject` in the header Upload-Metadata isn't an id."
        raise Invalid(detail, FieldFault("subject", "isn't an id")) from fault


def written_metadata(upload: Upload) -> str:
    """The metadata as they came, as far as they are kept."""
    known = {"filename": upload.filename, "filetype": upload.content_type}
    if upload.kind is not UNSET:
        known["kind"] = upload.kind
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in known.items())


def read_checksum(text: str | None) -> Checksum | None:
    """`sha1 <digest in base64>`, checked for its length.

    Raises:
        Invalid: another algorithm, or no digest of its.
    """
    if text is None:
        return None
    algorithm, _, value = text.strip().partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm == "sha1" and len(digest) == ALGORITHMS["sha1"]:
        return Checksum("sha1", digest)
    if algorithm == "sha256" and len(digest) == ALGORITHMS["sha256"]:
        return Checksum("sha256", digest)
    raise Invalid("The header Upload-Checksum is `sha1` or `sha256` and the digest in base64.")
