"""Conditional requests (RFC 9110 §13): whether to answer with the bytes, 304 or 412."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def http_date(moment: datetime) -> str:
    """A time as headers carry it (RFC 9110 §5.6.7)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def early_status(headers: Mapping[str, str], etag: str, modified_at: datetime) -> int | None:
    """304 or 412 if the conditions say so, in the order of §13.2.2; None to go on.

    `headers` have lower-case names; `etag` is strong and quoted.
    """
    modified_at = modified_at.replace(microsecond=0)
    match, since = headers.get("if-match"), _date(headers.get("if-unmodified-since"))
    if match is not None:
        if not _lists(match, etag, weak=False):
            return 412
    elif since is not None and modified_at > since:
        return 412
    none_match, since = headers.get("if-none-match"), _date(headers.get("if-modified-since"))
    if none_match is not None:
        return 304 if _lists(none_match, etag, weak=True) else None
    return 304 if since is not None and modified_at <= since else None


def range_holds(if_range: str | None, etag: str, modified_at: datetime) -> bool:
    """Whether a Range may be honoured: there is no If-Range, or it names this very file."""
    if if_range is None:
        return True
    if if_range.endswith('"'):
        return if_range == etag
    # §13.1.5: a date counts only if it matches exactly.
    return _date(if_range) == modified_at.replace(microsecond=0)


def _lists(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    tags = (tag.strip() for tag in header.split(","))
    return any((tag.removeprefix("W/") if weak else tag) == etag for tag in tags)


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
