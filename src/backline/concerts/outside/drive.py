"""Google Drive v3 on behalf of one person: lists with time and place, and what changed since.

It backs off where Google asks for that; what it says is passed on unjudged.
"""

import asyncio
import random
import time
from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec
import structlog
from prometheus_client import Counter

from backline.concerts.outside.google import Google
from backline.platform.jobs import GiveUp, Later
from backline.platform.outside.client import Away, Call, Reply

T = TypeVar("T")
SERVICE: Final = "Google Drive"
PAGE: Final = 1_000

_log = structlog.get_logger()
_ASKED = Counter(
    "backline_drive_requests_total", "Requests to Google Drive, by what came of them", ["outcome"]
)
_IMAGES: Final = "mimeType contains 'image/' and trashed=false"
_FILE: Final = (
    "id,name,mimeType,size,md5Checksum,createdTime,modifiedTime,trashed,"
    "imageMediaMetadata(time,location,width,height,rotation,cameraMake,cameraModel)"
)
_LIST: Final = f"nextPageToken,files({_FILE})"
_CHANGE: Final = f"changeType,fileId,removed,file({_FILE})"
_CHANGES: Final = f"nextPageToken,newStartPageToken,changes({_CHANGE})"
_ABOUT: Final = "user(displayName,emailAddress,permissionId)"
_TRIES: Final = 5
_FIRST_PAUSE_S: Final = 1.0
_REST_S: Final = 120.0
_OK, _BAD, _UNAUTHORIZED, _FORBIDDEN, _GONE, _TOO_MANY = 200, 400, 401, 403, 410, 429
_LIMITS: Final = frozenset(
    {
        "userRateLimitExceeded",
        "rateLimitExceeded",
        "dailyLimitExceeded",
        "quotaExceeded",
        "sharingRateLimitExceeded",
    }
)
_LATER: Final = (
    "Google Drive wants to be asked less often, so the scan waits; it goes on by itself."
)


class Rejected(Exception):
    """Google takes a page token no more: begin the list anew."""


class NotAllowed(Exception):
    """What was agreed to doesn't reach as far. The text is for people."""


class About(msgspec.Struct, frozen=True):
    """Whose Drive it is."""

    id: str
    address: str
    name: str


class Page(msgspec.Struct, frozen=True):
    """A page of files as Google gives it, each unread; `following` is the next page's token."""

    files: list[msgspec.Raw]
    following: str | None


class Change(msgspec.Struct, frozen=True):
    """What happened to a file: it went, or is now as `file` says, unread."""

    file_id: str
    is_gone: bool
    file: msgspec.Raw | None


class Changes(msgspec.Struct, frozen=True):
    """A page of changes; `following` is where to go on, `is_last` whether that is for later."""

    changes: list[Change]
    following: str
    is_last: bool


_NOTHING: Final = msgspec.Raw(b"")


class _Files(msgspec.Struct):
    files: list[msgspec.Raw] = []
    nextPageToken: str | None = None  # noqa: N815  # theirs, as in what follows


class _Change(msgspec.Struct):
    changeType: object = "file"  # noqa: N815
    fileId: object = ""  # noqa: N815
    removed: object = False
    file: msgspec.Raw = _NOTHING


class _Changes(msgspec.Struct):
    changes: list[_Change] = []
    nextPageToken: str | None = None  # noqa: N815
    newStartPageToken: str | None = None  # noqa: N815


class _Start(msgspec.Struct):
    startPageToken: str  # noqa: N815


class _User(msgspec.Struct):
    permissionId: str  # noqa: N815
    emailAddress: str = ""  # noqa: N815
    displayName: str = ""  # noqa: N815


class _About(msgspec.Struct):
    user: _User


class _Fault(msgspec.Struct):
    reason: str = ""
    location: str = ""


class _Error(msgspec.Struct):
    errors: list[_Fault] = []


class _Refusal(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


class Drive:
    """One person's Drive, by their refresh token. Raises `google.Ended` where that has ended."""

    def __init__(
        self, google: Google, token: str, *, first_pause_s: float = _FIRST_PAUSE_S
    ) -> None:
        self._google, self._token, self._first_pause_s = google, token, first_pause_s
        self._access, self._good_until_s = "", 0.0

    def __repr__(self) -> str:
        return "Drive(…)"

    async def about(self) -> About:
        """Whose it is.

        Raises:
            Later, GiveUp, NotAllowed, Ended, Misset: as for every request.
        """
        user = (await self._get("about", {"fields": _ABOUT}, _About)).user
        return About(user.permissionId, user.emailAddress, user.displayName)

    async def start_token(self) -> str:
        """Where changes begin from now on."""
        return (await self._get("changes/startPageToken", {}, _Start)).startPageToken

    async def page(self, token: str | None) -> Page:
        """A page of all pictures: the first, or that of a token.

        Raises:
            Rejected: the token counts no more.
        """
        query = {"q": _IMAGES, "pageSize": str(PAGE), "fields": _LIST, "spaces": "drive"}
        found = await self._get("files", query | ({"pageToken": token} if token else {}), _Files)
        return Page(found.files[:PAGE], found.nextPageToken or None)

    async def changes(self, token: str) -> Changes:
        """What happened since a token.

        Raises:
            Rejected: it counts no more.
        """
        query = {"pageToken": token, "pageSize": str(PAGE), "fields": _CHANGES, "spaces": "drive"}
        found = await self._get("changes", query, _Changes)
        following = found.nextPageToken or found.newStartPageToken
        if not following:
            raise Later("Google Drive doesn't say where its changes go on.", after_s=_REST_S)
        changes = [
            Change(one.fileId, one.removed is True, one.file if bytes(one.file) else None)
            for one in found.changes[:PAGE]
            if one.changeType == "file" and isinstance(one.fileId, str)
        ]
        return Changes(changes, following, not found.nextPageToken)

    async def _get(self, path: str, query: Mapping[str, str], shape: type[T]) -> T:
        reply = await self._asked(f"{self._google.addresses.drive}/{path}", query)
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            reason = "Google Drive answers with something that can't be read."
            raise Later(reason, after_s=_REST_S) from fault

    async def _asked(self, url: str, query: Mapping[str, str]) -> Reply:
        """Ask, with pauses that double where Google is away or has had enough."""
        pause_s, renewed = self._first_pause_s, False
        for tries_left in reversed(range(_TRIES)):
            try:
                reply = await self._once(url, query)
            except Away as fault:
                _ASKED.labels("away").inc()
                if tries_left == 0:
                    raise Later(str(fault), after_s=fault.after_s) from fault
            else:
                if reply.status == _OK:
                    _ASKED.labels("answered").inc()
                    return reply
                if reply.status == _UNAUTHORIZED and not renewed:
                    self._good_until_s, renewed = 0.0, True
                    continue
                self._judge(reply)
                if tries_left == 0:
                    raise Later(_LATER, after_s=_REST_S)
            await asyncio.sleep(pause_s * random.uniform(0.75, 1.25))  # noqa: S311  # no secret
            pause_s *= 2
        raise Later(_LATER, after_s=_REST_S)

    async def _once(self, url: str, query: Mapping[str, str]) -> Reply:
        if time.monotonic() >= self._good_until_s:
            grant = await self._google.refresh(self._token)
            self._access, self._good_until_s = grant.access, time.monotonic() + grant.good_s
        if not self._google.client.allows(SERVICE):
            raise Later("Google Drive doesn't answer, so the scan waits.", after_s=_REST_S)
        headers = {"Authorization": f"Bearer {self._access}"}
        return await self._google.client.ask(SERVICE, Call("GET", url, query, headers))

    def _judge(self, reply: Reply) -> None:
        """Return where it is worth trying again.

        Raises:
            Rejected, NotAllowed, GiveUp: it isn't.
        """
        fault = _fault(reply.body)
        if reply.status == _TOO_MANY or (reply.status == _FORBIDDEN and fault.reason in _LIMITS):
            _ASKED.labels("limited").inc()
            return
        _ASKED.labels("refused").inc()
        _log.warning("drive_refused", status=reply.status, reason=fault.reason[:60])
        if reply.status == _GONE or (reply.status == _BAD and fault.location == "pageToken"):
            raise Rejected
        if reply.status in {_UNAUTHORIZED, _FORBIDDEN}:
            raise _forbidden(fault.reason)
        raise GiveUp(f"Google Drive doesn't take what it is asked ({reply.status}).")


def _forbidden(reason: str) -> Exception:
    if reason in {"accessNotConfigured", "SERVICE_DISABLED"}:
        return GiveUp(
            "The Google project of this server's client hasn't turned on the Drive API. Its "
            "operator has to do that, at Google."
        )
    if reason == "domainPolicy":
        return GiveUp("The administrators of this Google account don't let other programs see it.")
    return NotAllowed(
        "Google doesn't let Backline see this Drive any more. Connect it anew, and leave what "
        "Backline asks for ticked."
    )


def _fault(body: bytes) -> _Fault:
    try:
        errors = msgspec.json.decode(body, type=_Refusal).error.errors
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Fault()
    return errors[0] if errors else _Fault()
