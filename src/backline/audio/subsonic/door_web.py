"""`/rest/<call>` and `/rest/<call>.view`: an ASGI application that finds a call and answers it."""

from typing import Final

from backline.audio.subsonic import credentials_web, rendering, system_web
from backline.audio.subsonic.asking import Asked, Sends
from backline.audio.subsonic.calls_web import CALLS
from backline.audio.subsonic.faults import Code, Refused, code_of
from backline.audio.subsonic.params import Params
from backline.audio.subsonic.playing import Playing, playing
from backline.audio.subsonic.rendering import CONTENT_TYPES, Answer, Fault, Format
from backline.platform.actor import require_scope
from backline.platform.errors import BacklineError
from backline.platform.http.asgi import App, Receive, Scope, Send, exchange_of, send_answer
from backline.platform.http.compression import Compression
from backline.platform.limits import Policy
from backline.platform.shared import Platform

PREFIX: Final = "/rest"
# A first sync asks for a cover of every album, as fast as it can.
POLICY: Final = Policy("rest", 3_000, 60, "user", shared=False)
_METHODS: Final = ("GET", "HEAD", "POST")
_EXTENSIONS: Final = "getOpenSubsonicExtensions"


def door(platform: Platform) -> App:
    """The application."""
    sounds = playing(platform)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        params, status = Params({}), 200
        try:
            params = await credentials_web.read(scope, receive)
            found = await _called(platform, sounds, scope, params)
        except BacklineError as fault:
            exchange_of(scope).problem = f"urn:backline:problem:{fault.kind}"
            found = Fault(code_of(fault), fault.detail)
            status = fault.status if isinstance(fault, _HttpFault) else 200
        if isinstance(found, Answer | Fault):
            await _send(scope, send, params, found, status)
        else:
            await found(scope, receive, send)

    return Compression(answer)


class _HttpFault(Refused):
    """What HTTP itself has a status for."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(Code.OTHER, detail)
        self.status = status


async def _called(
    platform: Platform, sounds: Playing, scope: Scope, params: Params
) -> Answer | Sends:
    if scope["method"] not in _METHODS:
        raise _HttpFault(405, "A call is a GET, or a POST with a form.")
    path: str = scope["path"]
    name = path.removeprefix(PREFIX).strip("/").removesuffix(".view")
    if name == _EXTENSIONS:
        scope["path_template"] = f"{PREFIX}/{name}"
        return system_web.extensions()
    call = CALLS.get(name)
    if call is not None:
        scope["path_template"] = f"{PREFIX}/{name}"
    exchange = exchange_of(scope)
    actor = exchange.caller
    if actor is None:
        raise credentials_web.refusal(params, exchange.refusal)
    exchange.user = actor.user_id.hex
    if call is None:
        raise _HttpFault(404, f"There is no call {name[:100]!r} here.")
    require_scope(actor, [call.needs])
    body = credentials_web.body_of(scope)
    return await call.run(Asked(platform, params, actor, exchange.address, sounds, body))


async def _send(
    scope: Scope, send: Send, params: Params, found: Answer | Fault, status: int
) -> None:
    said, callback = params.text("f", "xml").lower(), None
    form: Format = "json" if said in ("json", "jsonp") else "xml"
    if said == "jsonp":
        callback = rendering.callback_of(params.get("callback"))
        if callback is not None:
            form = "jsonp"
        elif isinstance(found, Answer):
            found = Fault(Code.MISSING, "JSONP needs the name of a function as 'callback'.")
    headers = [(b"content-type", CONTENT_TYPES[form]), (b"cache-control", b"private, no-cache")]
    await send_answer(scope, send, status, headers, rendering.render(found, form, callback))
