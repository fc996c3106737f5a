"""The ASGI layer that refuses who asks too often, and tells everybody else how they stand.

It lies inside the edge and outside of caches, so that every answer of the API is counted. Pages
and `/health` aren't.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import ceil

import msgspec

from backline.platform.actor import Actor, FindActor, KnownActor
from backline.platform.errors import TooMany, Unauthenticated
from backline.platform.front.doors import FindCaller
from backline.platform.http.asgi import App, Message, Receive, Scope, Send, exchange_of
from backline.platform.http.problems import send_fault
from backline.platform.limits.limiter import Limiter
from backline.platform.limits.networks import network_of
from backline.platform.limits.policies import Policy, Rules, normal
from backline.platform.limits.process import Standing

_WINDOWS = {60: "a minute", 3_600: "an hour", 86_400: "a day"}
_WHOSE = {"user": "each person", "token": "each API token", "address": "each network address"}


class Limited(msgspec.Struct, frozen=True):
    """The layer around `app`.

    `known` says whose an access token is if this process can tell at once, `find` asks. Who that
    is stands in the exchange then, as `caller`, for all that lies within. `lacks` says whether a
    token has no scope for a method and a path: its owner didn't want that asked, so it is counted
    for the token and its address alone. `doors` are counted as the API is; where one has
    credentials of its own, they tell who asks, and where it has a policy, that counts them.
    """

    app: App
    limiter: Limiter
    rules: Rules
    known: KnownActor
    find: FindActor
    lacks: Callable[[Actor, str, str], bool]
    doors: Mapping[str, FindCaller | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        end = path.find("/", 1)
        room = path if end < 0 else path[:end]
        if room == "/media":
            await self._limit(scope, receive, send, (self.rules.media,), None)
        elif room == "/api" or room in self.doors:
            exchange = exchange_of(scope)
            find = self.doors.get(room) or self._by_token
            actor = exchange.caller = await self._caller(find, scope, receive)
            method, by_token = scope["method"], False
            is_known = actor is not None
            if actor is not None and actor.scopes is not None:
                by_token, is_known = True, not self.lacks(actor, method, normal(path))
            policies = self.rules.of(method, path, is_known=is_known, by_token=by_token)
            if actor is not None and room in self.rules.doors:
                policies = (self.rules.doors[room],)
            await self._limit(scope, receive, send, policies, actor)
        else:
            await self.app(scope, receive, send)

    async def _caller(self, find: FindCaller, scope: Scope, receive: Receive) -> Actor | None:
        """Whoever asks, or None: credentials that don't count make nobody known.

        Raises:
            Unavailable: only the database could tell, and it doesn't answer.
        """
        try:
            return await find(scope, receive)
        except Unauthenticated as fault:
            exchange_of(scope).refusal = fault.detail
            return None

    async def _by_token(self, scope: Scope, _receive: Receive) -> Actor | None:
        exchange = exchange_of(scope)
        scheme, _, token = (exchange.header(b"authorization") or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return None
        exchange.token = token
        return self.known(token) or await self.find(token)

    async def _limit(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        policies: Sequence[Policy],
        actor: Actor | None,
    ) -> None:
        exchange = exchange_of(scope)
        address = network_of(exchange.address)
        subjects = [_subject(policy, actor, address) for policy in policies]
        exchange.policies, exchange.subjects = policies, subjects
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
    await send_fault(scope, send, fault, figures)
