"""What schemathesis does before each call; loaded by it as a module of its own process.

It takes its place in `SCHEMATHESIS_HOOKS`. `FUZZ_URL` tells where the API is, and
`FUZZ_AUTHORIZATION` who calls it.
"""

import itertools
import os
from typing import Any

import httpx
import schemathesis

PASSWORD = "a long enough password"  # noqa: S105  # of users that live for one call
SESSION_ENDING = {("DELETE", "/api/v1/users/me")}
_numbers = itertools.count(1)


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Calls that end the caller's session or account are made by somebody made for them."""
    del kwargs
    caller = os.environ["FUZZ_AUTHORIZATION"]
    is_caller = caller and (case.headers or {}).get("Authorization") == caller
    # Where the header itself is on trial, schemathesis will leave it out or spoil it.
    is_on_trial = getattr(case.meta.phase.data, "parameter", None) == "Authorization"
    ends_session = (case.method.upper(), case.operation.path) in SESSION_ENDING
    if is_caller and ends_session and not is_on_trial:
        case.headers = {**case.headers, "Authorization": f"Bearer {_somebody()}"}


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: Any, value: Any) -> bytes:
    """The body of a resumed upload (tus 1.0)."""
    return value if isinstance(value, bytes) else str(value).encode()


def _somebody() -> str:
    """The access token of a new user. They come from another address than the fuzzed calls."""
    number = next(_numbers)
    body = {"email": f"once{number}-{os.getpid()}@example.org", "password": PASSWORD}
    address = {"X-Forwarded-For": f"203.0.113.{number % 250 + 1}"}
    with httpx.Client(base_url=os.environ["FUZZ_URL"], headers=address) as client:
        client.post("/auth/register", json={**body, "name": "Once"}).raise_for_status()
        answer = client.post("/auth/login", json={**body, "transport": "body"}).raise_for_status()
    return str(answer.json()["access_token"])
