"""The samples of `backline up --demo`: a project each, whose destinations are off."""

from collections.abc import Sequence
from typing import Final

from backline.live import destinations, projects
from backline.live.keys import LiveKeys, live_keys
from backline.live.models import DestinationForm, LiveProjectForm
from backline.live.presets import PRESETS
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.shared import Platform

# Keys that no platform has given out.
_KEY: Final = "not-a-real-key"
_PROJECTS: Final = (
    ("Friday rehearsal", ("youtube", "twitch")),
    ("Live from the gear room", ("twitch",)),
    ("Living room sessions", ("youtube", "facebook")),
)


async def add(platform: Platform, people: Sequence[Actor]) -> dict[str, int]:
    """A project for each who has none, a transaction a person; how many `live projects`."""
    added, keys = 0, live_keys(platform.secrets)
    for place, actor in enumerate(people):
        async with platform.database.write() as tx:
            added += await _add(tx, keys, actor, *_PROJECTS[place % len(_PROJECTS)])
    return {"live projects": added}


async def _add(tx: Write, keys: LiveKeys, actor: Actor, name: str, presets: Sequence[str]) -> int:
    if await projects.projects(tx, actor):
        return 0
    made = await projects.create(tx, keys, actor, LiveProjectForm(name))
    for preset in (PRESETS[one] for one in presets):
        form = DestinationForm(preset.name, preset.servers[0].url, _KEY, preset.id, enabled=False)
        await destinations.add(tx, keys, actor, made.id, form)
    return 1
