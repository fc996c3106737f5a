"""Reviews of somebody in a running installation, which has no service to tell what was on."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec

from backline.concerts.history.facts import Candidate, Facts, PlayedFacts, VenueFacts
from backline.platform.postgres.cluster import dsn_of
from tests.support.installation import Installation, wait_for
from tests.support.photos import BERLIN, jpeg

_SESSIONS = """
SELECT DISTINCT s.id, s.state, s.began_at, s.photo_count,
  s.look_at > now() + interval '1 hour' AS put_off
FROM photo_sessions s
JOIN photos p ON p.owner_id = s.owner_id AND p.session_id = s.id
WHERE s.owner_id = $1 AND p.id = ANY($2::uuid[]) ORDER BY s.began_at
"""
_REVIEW = """
UPDATE photo_sessions SET state = 'review', candidates = $3::text::jsonb, version = version + 1
WHERE owner_id = $1 AND id = $2
"""


class Night(msgspec.Struct, frozen=True):
    """An evening with a camera, and what it may have been."""

    began: datetime
    candidates: Sequence[Candidate]
    photos: int = 2


def candidate(
    name: str,
    *,
    held_on: date,
    confidence: float,
    venue: str = "Astra Kulturhaus",
    reasons: Sequence[str] = ("Taken 40 m from Astra Kulturhaus.",),
    opener: str = "",
) -> Candidate:
    """An evening in Berlin."""
    openers = [PlayedFacts(opener)] if opener else []
    top = PlayedFacts(
        name, is_headliner=True, setlist_url="https://www.setlist.fm/setlist/x/2024/y-1.html"
    )
    place = VenueFacts(venue, "Berlin", "DE", *BERLIN)
    facts = Facts(held_on, venue=place, bill=[*openers, top])
    return Candidate(f"{held_on}:{name}:{venue}", facts, confidence, list(reasons))


def reviews(
    installation: Installation, user: httpx.Client, nights: Sequence[Night], *, seed: int
) -> list[str]:
    """Sessions to decide on, the earliest first: their photos are uploaded, cut into sessions and
    judged, which puts them off where there is no service. What may have been is then put in.
    """
    taken = [one.began + timedelta(minutes=12 * n) for one in nights for n in range(one.photos)]
    photos = [_uploaded(user, seed + n, at) for n, at in enumerate(taken)]
    owner_id = UUID(user.get("/users/me").json()["id"])
    found: list[Any] = []

    def are_judged() -> bool:
        found[:] = _asked(installation, _SESSIONS, owner_id, photos)
        # All of its photos may not have come yet when a night is first judged.
        seen = [(row["put_off"], row["photo_count"]) for row in found]
        return seen == [(True, one.photos) for one in nights]

    wait_for(are_judged, "sessions to be judged", limit_s=180, context=lambda: str(found))
    for row, night in zip(found, nights, strict=True):
        encoded = msgspec.json.encode(list(night.candidates)).decode()
        _asked(installation, _REVIEW, owner_id, row["id"], encoded)
    return [str(row["id"]) for row in found]


def _uploaded(user: httpx.Client, seed: int, at: datetime) -> UUID:
    data = jpeg(seed=seed, taken=f"{at:%Y:%m:%d %H:%M:%S}", place=BERLIN)
    made = user.post("/photos", files={"file": (f"{seed}.jpg", data)}).raise_for_status().json()
    address = f"/photos/{made['id']}"
    wait_for(lambda: user.get(address).json()["status"] == "ready", "a photo to be looked at")
    return UUID(made["id"])


def _asked(installation: Installation, sql: str, *values: Any) -> list[Any]:
    """The rows of a statement, on a thread of its own: Playwright has a loop on this one."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(dsn_of(installation.data, None))
        try:
            return await connection.fetch(sql, *values)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()
