"""What is limited, by how much and for whom; counting is elsewhere."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from backline.platform.settings import SettingsFault

Per = Literal["user", "token", "address"]
API_PATH = "/api/v1"
_SLASHES = re.compile(r"/{2,}")
_MINUTE_S, _QUARTER_S = 60, 900


class Policy(msgspec.Struct, frozen=True):
    """At most `quota` requests in `window_s` seconds for each user, token or address.

    `gcra` lets the whole quota go at once and refills it evenly; `window` counts what the last
    `window_s` saw, the window before in proportion. A policy that isn't `shared` is counted in
    each process by itself: for generous ones that needn't be exact.
    """

    name: str
    quota: int
    window_s: int
    per: Per
    kind: Literal["gcra", "window"] = "gcra"
    shared: bool = True


class Limit(msgspec.Struct, frozen=True):
    """Requests of one `method` under `/api/v1` that a policy counts.

    `path` is one path, or with a slash at its end all beneath; an empty `method` is any. With
    `instead` the usual policy doesn't count them.
    """

    policy: Policy
    method: str
    path: str
    instead: bool = False


API = Policy("api", 100, _MINUTE_S, "user")
# Of what a person has: a program that runs wild doesn't lock its owner out.
_TOKENS_SHARE = 0.6
TOKEN = Policy("token", 60, _MINUTE_S, "token")
ANONYMOUS = Policy("anonymous", 100, _QUARTER_S, "address")
MEDIA = Policy("media", 6_000, _MINUTE_S, "address", shared=False)


class Rules(msgspec.Struct, frozen=True):
    """Which policies count which requests. Made by `assemble`.

    `doors` count people who are known, by the door's prefix.
    """

    api: Policy
    token: Policy
    anonymous: Policy
    media: Policy
    exact: Mapping[tuple[str, str], tuple[Limit, ...]]
    beneath: tuple[Limit, ...]
    doors: Mapping[str, Policy] = {}

    def policies(self) -> tuple[Policy, ...]:
        """Each of them once."""
        declared = [limit for limits in self.exact.values() for limit in limits]
        named = {limit.policy.name: limit.policy for limit in (*declared, *self.beneath)}
        named |= {policy.name: policy for policy in self.doors.values()}
        return (self.api, self.token, self.anonymous, self.media, *named.values())

    def of(
        self, method: str, path: str, *, is_known: bool, by_token: bool = False
    ) -> tuple[Policy, ...]:
        """What counts a request to the API, by someone known or by an address only.

        Limits per user say nothing of strangers: those have the usual policy of addresses. What
        comes by an API token counts for the token, and for the person, too; or for the address
        where it isn't what the person gave the token for.
        """
        path = normal(path)
        usual = (self.api,) if is_known else (self.anonymous,)
        if by_token:
            usual = (self.token, *usual)
        found = [
            *self.exact.get((method, path), ()),
            *self.exact.get(("", path), ()),
            *(
                limit
                for limit in self.beneath
                if limit.method in ("", method) and path.startswith(API_PATH + limit.path)
            ),
        ]
        if not found:
            return usual
        found = [limit for limit in found if is_known or limit.policy.per == "address"]
        policies = tuple(limit.policy for limit in found)
        return policies if any(limit.instead for limit in found) else (*policies, *usual)


def normal(path: str) -> str:
    """A path as the router reads it: a second slash, or one at the end, changes nothing."""
    if "//" in path:
        path = _SLASHES.sub("/", path)
    return path.rstrip("/") or "/"


def assemble(
    declared: Sequence[Limit],
    *,
    api_per_minute: int,
    anonymous_per_15_minutes: int,
    doors: Mapping[str, Policy] = {},
    quotas: Sequence[str] = (),
) -> Rules:
    """Put limits together, those of `doors` too; `quotas` (`register=50`) are the operator's own.

    Raises:
        SettingsFault: `quotas` names a policy that there isn't.
    """
    changed = dict(_quota(text) for text in quotas)
    known = {limit.policy.name for limit in declared} | {MEDIA.name, TOKEN.name}
    known |= {policy.name for policy in doors.values()}
    for name in changed:
        if name not in known:
            names = ", ".join(sorted(known))
            raise SettingsFault(f"BACKLINE_LIMITS has no limit {name!r}. There are: {names}.")

    def of(policy: Policy) -> Policy:
        quota = changed.get(policy.name, policy.quota)
        return msgspec.structs.replace(policy, quota=quota)

    exact: dict[tuple[str, str], tuple[Limit, ...]] = {}
    beneath: list[Limit] = []
    for given in declared:
        limit = msgspec.structs.replace(given, policy=of(given.policy))
        if limit.path.endswith("/"):
            beneath.append(limit)
        else:
            key = (limit.method, API_PATH + limit.path)
            exact[key] = (*exact.get(key, ()), limit)
    return Rules(
        msgspec.structs.replace(API, quota=api_per_minute),
        of(msgspec.structs.replace(TOKEN, quota=max(1, int(api_per_minute * _TOKENS_SHARE)))),
        msgspec.structs.replace(ANONYMOUS, quota=anonymous_per_15_minutes),
        of(MEDIA),
        exact,
        tuple(beneath),
        {prefix: of(policy) for prefix, policy in doors.items()},
    )


def _quota(text: str) -> tuple[str, int]:
    name, _, quota = text.partition("=")
    return name, int(quota)
