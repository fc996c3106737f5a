"""The address of an S3 bucket as operators write it; talking to it is in `storage/s3`."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import msgspec

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(?:/|$))*")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_KNOWN: Final = frozenset({"endpoint", "region", "path_style", "credentials_file"})
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_EXAMPLE: Final = (
    "s3://bucket/prefix?region=eu-central-1, for other servers than Amazon's with "
    "&endpoint=https://s3.example.org&path_style=true"
)


class Bucket(msgspec.Struct, frozen=True):
    """A place in a bucket. `prefix` is empty or ends without a slash.

    `endpoint` is scheme and host, without the bucket; `access_key` and `secret_key` are None
    where the environment or `credentials_file` has them.
    """

    name: str
    prefix: str
    endpoint: str
    region: str
    path_style: bool
    access_key: str | None = None
    secret_key: str | None = None
    credentials_file: str | None = None

    def __repr__(self) -> str:
        """Without the keys."""
        return f"Bucket({self})"

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix} at {self.endpoint}"

    @property
    def origin(self) -> str:
        """Where browsers are sent to for its files: scheme and host."""
        if self.path_style:
            return self.endpoint
        scheme, _, host = self.endpoint.partition("://")
        return f"{scheme}://{self.name}.{host}"

    def path(self, key: str) -> str:
        """The path of a key of the bucket below `origin`, for characters that need no escape."""
        whole = f"{self.prefix}/{key}" if self.prefix else key
        return f"/{self.name}/{whole}" if self.path_style else f"/{whole}"


def storage_url(given: str) -> Bucket:
    """`s3://[key:secret@]bucket[/prefix][?…]`; what is wrong never quotes it: it has a secret.

    `endpoint` is Amazon's unless it is said, `region` us-east-1, `path_style` false; a bucket
    with a dot in its name is asked by its path, since certificates don't cover its own name.
    """
    try:
        parts = urlsplit(given)
        name = parts.hostname or ""
        said = _said(parts)
        port = parts.port
    except ValueError:
        parts, name, said, port = SplitResult("", "", "", "", ""), "", dict[str, str](), None
    prefix = parts.path.strip("/")
    if parts.scheme != "s3" or port or parts.fragment or not _BUCKET.fullmatch(name):
        raise ValueError(f"isn't an address such as {_EXAMPLE}")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("has a prefix with other characters than A-Z a-z 0-9 . _ - and slashes")
    unknown = sorted(said.keys() - _KNOWN)
    if unknown:
        known = ", ".join(sorted(_KNOWN))
        raise ValueError(f"has {unknown[0]!r} behind the question mark; it knows {known}")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("has only one of the key and its secret in front of the @")
    region = said.get("region", "us-east-1")
    if not _REGION.fullmatch(region):
        raise ValueError("has a region that isn't one, such as eu-central-1")
    path_style = said.get("path_style", "false").lower()
    if path_style not in _FLAGS:
        raise ValueError("has a path_style that is neither true nor false")
    return Bucket(
        name,
        prefix,
        _endpoint(said.get("endpoint", f"https://s3.{region}.amazonaws.com")),
        region,
        _FLAGS[path_style] or "." in name,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        said.get("credentials_file"),
    )


def _said(parts: SplitResult) -> dict[str, str]:
    if not parts.query:
        return {}
    return dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))


def _endpoint(given: str) -> str:
    """Scheme and host, perhaps with a port."""
    wrong = "has an endpoint that isn't one, such as https://s3.example.org"
    try:
        parts = urlsplit(given)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(wrong) from None
    odd = parts.username or parts.query or parts.fragment or parts.path not in ("", "/")
    if parts.scheme not in ("http", "https") or not host or odd:
        raise ValueError(wrong)
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}:{port}" if port else f"{parts.scheme}://{named}"
