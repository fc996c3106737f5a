"""The ASGI layer that refuses who asks too often, and tells everybody else how they stand.

It lies inside the edge and outside of caches, so that every answer of the API is counted. Pages
and `/health` aren't.
"""

from collections.abc import Sequence
from functools import cache
from math import ceil

import msgspec

from backline.platform.actor import Actor, FindActor, KnownActor
from backline.platform.errors import TooMany, Unauthenticated
from backline.platform.http.address import network_of
from backline.platform.http.asgi import App, Message, Receive, Scope, Send
from backline.platform.http.headers import header
from backline.platform.http.problems import PROBLEM_TYPE, headers_of, problem_of
from backline.platform.limits.limiter import Limiter
from backline.platform.limits.policies import Policy, Rules
from backline.platform.limits.process import Standing

_API_ROOMS = frozenset({"/api", "/rest", "/graphql"})
_WINDOWS = {60: "a minute", 3_600: "an hour", 86_400: "a day"}
_WHOSE = {"user": "each person", "token": "each API token", "address": "each network address"}


class Limited(msgspec.Struct, frozen=True):
    """The layer around `app`.

    `known` says whose an access token is if this process can tell at once, `find` asks. Who that
    is stands in the scope's state then, under `caller`, for all that lies within.
    """

    app: App
    limiter: Limiter
    rules: Rules
    known: KnownActor
    find: FindActor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        end = path.find("/", 1)
        room = path if end < 0 else path[:end]
        if room == "/media":
            await self._limit(scope, receive, send, (self.rules.media,), None)
        elif room in _API_ROOMS:
            actor = scope["state"]["caller"] = await self._caller(scope)
            by_token = actor is not None and actor.scopes is not None
            policies = self.rules.of(
                scope["method"], path, is_known=actor is not None, by_token=by_token
            )
            await self._limit(scope, receive, send, policies, actor)
        else:
            await self.app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Actor | None:
        """Whoever asks, or None: a token that doesn't count makes nobody known.

        Raises:
            Unavailable: only the database could tell, and it doesn't answer.
        """
        scheme, _, token = (header(scope["headers"], b"authorization") or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return None
        scope["state"]["token"] = token
        try:
            return self.known(token) or await self.find(token)
        except Unauthenticated:
            return None

    async def _limit(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        policies: Sequence[Policy],
        actor: Actor | None,
    ) -> None:
        address = network_of(scope["state"]["address"])
        subjects = [_subject(policy, actor, address) for policy in policies]
        scope["state"]["limits"] = policies, subjects
        standings = await self.limiter.take(policies, subjects)
        # Answers with media may be kept by a CDN, where one visitor's figures have no place.
        figures = figures_of(standings) if policies[0] is not self.rules.media else []
        violated = [one for one in standings if not one.allowed]
        if violated:
            await _refuse(scope, send, violated, figures_of(standings))
            return

        async def send_with_figures(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *figures]}
            await send(message)

        await self.app(scope, receive, send_with_figures if figures else send)


def _subject(policy: Policy, actor: Actor | None, address: str) -> str:
    if policy.per == "address" or actor is None:
        return address
    return (actor.user_id if policy.per == "user" else actor.session_id).hex


def figures_of(standings: Sequence[Standing]) -> list[tuple[bytes, bytes]]:
    """The headers of draft-ietf-httpapi-ratelimit-headers-10 §4 and §5."""
    if len(standings) == 1:
        return [_policy_header(standings[0].policy), (b"ratelimit", _figure(standings[0]))]
    policies = b", ".join(_policy_header(one.policy)[1] for one in standings)
    figures = b", ".join(map(_figure, standings))
    return [(b"ratelimit-policy", policies), (b"ratelimit", figures)]


@cache
def _policy_header(policy: Policy) -> tuple[bytes, bytes]:
    text = f'"{policy.name}";q={policy.quota};w={policy.window_s}'
    return b"ratelimit-policy", text.encode()


def _figure(one: Standing) -> bytes:
    return b'"%b";r=%d;t=%d' % (one.policy.name.encode(), one.remaining, ceil(one.reset_s))


async def _refuse(
    scope: Scope, send: Send, violated: Sequence[Standing], figures: list[tuple[bytes, bytes]]
) -> None:
    policy = violated[0].policy
    wait_s = max(1, ceil(max(one.retry_after_s for one in violated)))
    window = _WINDOWS.get(policy.window_s, f"{policy.window_s // 60} minutes")
    fault = TooMany(
        f"The limit is {policy.quota} requests in {window} for {_WHOSE[policy.per]} "
        f"({policy.name}). Try again in {wait_s} s.",
        retry_after_s=wait_s,
        policies=tuple(one.policy.name for one in violated),
    )
    problem = problem_of(fault, scope["state"].get("request_id"))
    scope["state"]["problem"] = problem.type
    body = msgspec.json.encode(problem)
    headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in headers_of(fault).items()),
        *figures,
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": body, "more_body": False})
