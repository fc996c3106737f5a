"""How Google Drive is asked on behalf of one person: tokens, pauses, and what refusals mean."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import BinaryIO, Final

import msgspec
import structlog
from prometheus_client import Counter

from backline.concerts.outside.google import Google
from backline.platform.jobs import GiveUp, Later
from backline.platform.outside.client import Away, Call, Reply

SERVICE: Final = "Google Drive"
PICTURES: Final = "Google Drive's pictures"  # they lie elsewhere, and may be away by themselves
REST_S: Final = 120.0

_log = structlog.get_logger()
_ASKED = Counter(
    "backline_drive_requests_total", "Requests to Google Drive, by what came of them", ["outcome"]
)
_TRIES: Final = 5
FIRST_PAUSE_S: Final = 1.0
_WHOLE_S: Final = 600.0
_OK, _PARTIAL, _BAD, _UNAUTHORIZED, _FORBIDDEN = 200, 206, 400, 401, 403
_MISSING, _GONE, _UNSATISFIABLE, _TOO_MANY = 404, 410, 416, 429
_LIMITS: Final = frozenset(
    {
        "userRateLimitExceeded",
        "rateLimitExceeded",
        "dailyLimitExceeded",
        "quotaExceeded",
        "sharingRateLimitExceeded",
    }
)
_SCOPES: Final = frozenset({"insufficientPermissions", "insufficientScopes"})
_LATER: Final = "Google Drive wants to be asked less often, so this waits; it goes on by itself."
_NOT_THERE: Final = "This file isn't in Google Drive any more."


class Rejected(Exception):
    """Google takes a page token no more: begin the list anew."""


class NotAllowed(Exception):
    """What was agreed to doesn't reach as far. The text is for people."""


class Unreadable(NotAllowed):
    """It reaches as far as the list, and no picture may be read."""


class Withheld(Exception):
    """One file isn't given, whatever is done. The text is for people."""


class LinkEnded(Exception):
    """A link to a small picture leads to nothing any more."""


class Fault(msgspec.Struct):
    """What Google says is wrong with a request."""

    reason: str = ""
    location: str = ""


class _Error(msgspec.Struct):
    errors: list[Fault] = []


class _Refusal(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


Judge = Callable[[Reply, Fault], None]


class Asking:
    """One person's token at work; `scopes` is what Google last said that it is good for."""

    def __init__(self, google: Google, token: str, first_pause_s: float) -> None:
        self.google, self.scopes = google, frozenset[str]()
        self._token, self._first_pause_s = token, first_pause_s
        self._access, self._good_until_s = "", 0.0
        self._renewing = asyncio.Lock()

    def __repr__(self) -> str:
        return "Asking(…)"

    async def ask(
        self, call: Call, judge: Judge, service: str = SERVICE, into: BinaryIO | None = None
    ) -> Reply:
        """Ask, with pauses that double where Google is away or has had enough.

        `judge` sees each refusal that isn't one of those, and returns where it is worth another
        try. With `into`, what comes is written there.

        Raises:
            Later, Ended, Misset: it can't be asked now, or not by this token any more.
        """
        pause_s, renewed = self._first_pause_s, False
        for tries_left in reversed(range(_TRIES)):
            try:
                reply = await self._once(call, service, into)
            except Away as fault:
                _ASKED.labels("away").inc()
                if tries_left == 0:
                    raise Later(str(fault), after_s=fault.after_s) from fault
            else:
                if reply.status in {_OK, _PARTIAL}:
                    _ASKED.labels("answered").inc()
                    return reply
                if reply.status == _UNAUTHORIZED and not renewed:
                    self._good_until_s, renewed = 0.0, True
                    continue
                _weigh(reply, judge)
                if tries_left == 0:
                    raise Later(_LATER, after_s=REST_S)
            await asyncio.sleep(pause_s * random.uniform(0.75, 1.25))  # noqa: S311  # no secret
            pause_s *= 2
        raise Later(_LATER, after_s=REST_S)

    async def _once(self, call: Call, service: str, into: BinaryIO | None) -> Reply:
        await self._renew()
        client = self.google.client
        if not client.allows(service):
            raise Later(f"{service} can't be reached, so this waits.", after_s=REST_S)
        headers = {"Authorization": f"Bearer {self._access}"}
        asked = msgspec.structs.replace(call, headers=headers)
        if into is None:
            return await client.ask(service, asked)
        reply = await client.fetch(service, asked, into, whole_s=_WHOLE_S)
        if reply.status == _UNSATISFIABLE:  # what is there isn't the beginning of it: anew
            into.seek(0)
            into.truncate()
        return reply

    async def _renew(self) -> None:
        """Have an access token that counts; whoever comes meanwhile waits for it."""
        async with self._renewing:
            if time.monotonic() < self._good_until_s:
                return
            grant = await self.google.refresh(self._token)
            self._access, self._good_until_s = grant.access, time.monotonic() + grant.good_s
            self.scopes = grant.scopes or self.scopes


def _weigh(reply: Reply, judge: Judge) -> None:
    fault = _fault(reply.body)
    if reply.status == _TOO_MANY or (reply.status == _FORBIDDEN and fault.reason in _LIMITS):
        _ASKED.labels("limited").inc()
        return
    _ASKED.labels("refused").inc()
    judge(reply, fault)


def judge_list(reply: Reply, fault: Fault) -> None:
    """What a refusal of a list means.

    Raises:
        Rejected, NotAllowed, GiveUp: asking again doesn't help.
    """
    _log.warning("drive_refused", status=reply.status, reason=fault.reason[:60])
    if reply.status == _GONE or (reply.status == _BAD and fault.location == "pageToken"):
        raise Rejected
    if reply.status in {_UNAUTHORIZED, _FORBIDDEN}:
        raise _forbidden(fault.reason)
    raise GiveUp(f"Google Drive doesn't take what it is asked ({reply.status}).")


def judge_file(reply: Reply, fault: Fault) -> None:
    """What a refusal of one file means, its bytes or its link.

    Raises:
        Withheld, NotAllowed, GiveUp: asking again doesn't help, but for a range that isn't there.
    """
    if reply.status == _UNSATISFIABLE:
        return
    if reply.status in {_MISSING, _GONE}:
        raise Withheld(_NOT_THERE)
    if reply.status == _FORBIDDEN and fault.reason in _SCOPES:
        raise Unreadable("Google lets Backline see the list of this Drive, and none of its files.")
    if reply.status == _UNAUTHORIZED or fault.reason in {"accessNotConfigured", "domainPolicy"}:
        raise _forbidden(fault.reason)
    raise Withheld(f"Google Drive doesn't give this file to other programs ({reply.status}).")


def judge_link(reply: Reply, fault: Fault) -> None:
    """What a refusal of a small picture means: its link has ended.

    Raises:
        LinkEnded: whatever else it says.
    """
    raise LinkEnded(f"{reply.status} {fault.reason}"[:60])


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


def _fault(body: bytes) -> Fault:
    try:
        errors = msgspec.json.decode(body, type=_Refusal).error.errors
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Fault()
    return errors[0] if errors else Fault()
