"""Who calls: by an app password, shown itself, as a digest made with it, or as an API key."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any, cast

from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.params import Params, parse
from backline.platform.actor import Actor, Callers, Shows
from backline.platform.errors import TooMany, Unauthenticated
from backline.platform.http.asgi import Receive, Scope, exchange_of
from backline.platform.http.bodies import body_chunks

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def credentials(callers: Callers) -> Callable[[Scope, Receive], Awaitable[Actor | None]]:
    """What the door's limits ask."""

    async def find(scope: Scope, receive: Receive) -> Actor | None:
        try:
            params = await read(scope, receive)
            wanted = missing(params)
        except Refused:
            return None  # the door says why
        if wanted is not None:
            return None
        address, passwords = exchange_of(scope).address, callers.app_passwords
        try:
            if "apiKey" in params:
                return await passwords.by_key(params.text("apiKey"), address=address)
            return await passwords.by_name(params.text("u"), _shows(params), address=address)
        except TooMany as fault:
            raise Unauthenticated(fault.detail) from fault

    return find


async def read(scope: Scope, receive: Receive) -> Params:
    """The parameters of a call; what came as a body is taken once and left in the exchange.

    Raises:
        Refused: they can't be read.
    """
    exchange = exchange_of(scope)
    is_form = _is(scope, _FORM)
    if (is_form or _is(scope, _JSON)) and exchange.body is None:
        exchange.body = b"".join([chunk async for chunk in body_chunks(cast("Any", receive))])
    return parse(scope["query_string"], (exchange.body or b"") if is_form else b"")


def body_of(scope: Scope) -> bytes:
    """What came as JSON."""
    return (exchange_of(scope).body or b"") if _is(scope, _JSON) else b""


def _is(scope: Scope, content_type: str) -> bool:
    said = exchange_of(scope).header(b"content-type") or ""
    return scope["method"] == "POST" and said.lower().startswith(content_type)


def missing(params: Params) -> str | None:
    """The parameter that somebody's credentials lack, if any.

    Raises:
        Refused: they say two things at once.
    """
    if "apiKey" in params:
        if any(name in params for name in ("u", "p", "t", "s")):
            detail = "An API key says who you are by itself: leave out the name and the password."
            raise Refused(Code.CONFLICTING, detail)
        return None
    if "u" not in params:
        return "u"
    if "t" in params:
        return None if "s" in params else "s"
    return None if "p" in params else "p"


def refusal(params: Params, said: str | None) -> Refused:
    """Why somebody isn't let in; `said` is what was found out about their credentials.

    Raises:
        Refused: they say two things at once.
    """
    wanted = missing(params)
    if wanted is not None:
        return Refused(
            Code.MISSING, f"The parameter '{wanted}' is missing. Sign in with an app password."
        )
    code = Code.WRONG_KEY if "apiKey" in params else Code.WRONG_PASSWORD
    return Refused(code, said or "That name and password don't fit together.")


def _shows(params: Params) -> Shows:
    if "t" in params:
        token, salt = params.text("t").lower().encode(), params.get("s") or ""

        def by_digest(password: str) -> bool:
            made = hashlib.md5((password + salt).encode(), usedforsecurity=False).hexdigest()
            return hmac.compare_digest(made.encode(), token)

        return by_digest
    given = _plain(params.get("p") or "").encode()
    return lambda password: hmac.compare_digest(password.encode(), given)


def _plain(given: str) -> str:
    if given.startswith("enc:"):
        try:
            return bytes.fromhex(given.removeprefix("enc:")).decode()
        except ValueError:  # it is a password that begins so
            pass
    return given
